"""Dagster assets, each a thin call of a model with its metadata."""
