"""What the terminal shows: tables and summaries by command, and the one way of errors."""
