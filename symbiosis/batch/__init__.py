"""Batches: many scenarios, one result set, nothing lost and nothing twice."""
