"""Results side by side: what differs, and how sure one can be that it does."""
