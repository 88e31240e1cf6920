"""Cypher that people write themselves: read in full, and refused unless it only reads."""
