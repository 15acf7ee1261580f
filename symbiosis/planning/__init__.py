"""Which projects, in which year, paid by whom: the question, its model, its answer, its tables."""
