"""What the terminal shows: tables and summaries, one file per command, and the one way of errors."""
