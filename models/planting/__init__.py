"""Schemes planted into real flows: a truth for flows of which nobody knows it.

Real flows hold real implausibilities, so that a planted flow is surely a trace while an unplanted one is only probably
clean. Where offices declare, seven kinds are planted; where a source holds one reconciled amount (BACI) only those that
change supply: a scheme that lives from the difference of two declarations cannot be planted where these are gone.
Planting knows no detector, and detectors know no planting.
"""

from models.planting.market import at_risk
from models.planting.planted import Planted, plant
from models.planting.rules import Rules

__all__ = ["Planted", "Rules", "at_risk", "plant"]
