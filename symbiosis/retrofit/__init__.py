"""Retrofit over time: projects lived through stage by stage, as discrete events."""
