"""What a park file can say, one noun per file, and how it is read."""
