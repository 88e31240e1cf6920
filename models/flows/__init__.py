"""Commodity flows: the cube, the channels that score it, the ordinary causes, the alerts."""
