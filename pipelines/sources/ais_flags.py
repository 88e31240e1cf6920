"""Which country the first three digits of a ship's identity belong to, as pyais lists them.

An MMSI of a ship begins with its Maritime Identification Digits, which the International Telecommunication Union gives
to administrations. They say under which flag the radio was registered and nothing of who owns or sails the ship.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from pyais.constants import COUNTRY_MAPPING

from graphs.country_names import from_alpha_2


@cache
def flags() -> Mapping[int, str]:
    """Alpha-3 by three digits; digits whose country no list of countries has are left out."""
    told = {int(digits): from_alpha_2(short) for digits, (short, _) in COUNTRY_MAPPING.items()}
    return MappingProxyType({digits: code for digits, code in sorted(told.items()) if code})
