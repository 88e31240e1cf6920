"""Relational features: what stands around a flow, as numbers that mean the same for every country and commodity.

No feature names a country, a commodity or a year, and none of year t reads a later year. A number that cannot be
known is NaN, never zero.
"""

from models.learned.features.build import FEATURES, features

__all__ = ["FEATURES", "features"]
