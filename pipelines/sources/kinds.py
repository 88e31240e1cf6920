"""What a table is, told from its column names alone, or from its first row where it has none.

Names are compared as `layouts.normal` writes them: small letters and digits.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Literal, get_args

from pipelines.sources.layouts import is_comtrade, normal

Kind = Literal[
    "comtrade", "baci", "world_mining", "usgs", "events", "geopolrisk",
    "places", "place_joins", "wpi", "anchorages", "airports", "air_routes", "legs", "transport_costs", "network",
    "land_network",
    "ais_marine", "ais_danish", "ais_points", "ais_nmea",
    "manifest", "manifest_mapping",
]  # fmt: skip
AIS: tuple[Kind, ...] = ("ais_marine", "ais_danish", "ais_points", "ais_nmea")
"""Positions of ships."""
TEXT_ONLY: frozenset[Kind] = frozenset(
    {"places", "place_joins", "wpi", "anchorages", "airports", "air_routes", "legs", "transport_costs", *AIS}
)
"""Kinds that are read as csv alone."""
MEANINGS: Mapping[Kind, str] = {
    "comtrade": "declarations of UN Comtrade",
    "baci": "reconciled trade of BACI",
    "world_mining": "mine output of World Mining Data",
    "usgs": "mine output of the U.S. Geological Survey",
    "events": "published export bans",
    "geopolrisk": "the default open data",
    "places": "places",
    "place_joins": "which places are one",
    "wpi": "ports of the World Port Index",
    "anchorages": "anchorages of Global Fishing Watch",
    "airports": "airports of OpenFlights",
    "air_routes": "air routes of OpenFlights",
    "legs": "legs between places",
    "transport_costs": "costs of transport",
    "network": "roads, railways or rivers",
    "land_network": "roads and railways of the world",
    "ais_marine": "positions of ships, as MarineCadastre writes them",
    "ais_danish": "positions of ships, as the Danish Maritime Authority writes them",
    "ais_points": "bare positions of ships",
    "ais_nmea": "positions of ships, as receivers write them (NMEA)",
    "manifest": "bills of lading",
    "manifest_mapping": "a mapping of bills of lading",
}
"""What each kind of file is, in words."""
BACI_HEADERS = ["t", "i", "j", "k", "v", "q"]
USGS_HEADERS = ({"commodity", "country", "type", "unitmeas"}, {"commodity", "country", "statistics", "unit", "value"})
HEADERS: Mapping[Kind, frozenset[str]] = {
    "world_mining": frozenset({"mineral", "iso3", "year", "production", "unit"}),
    "events": frozenset({"kind", "country", "codes", "start", "end", "citation"}),
    "wpi": frozenset({"worldportindexnumber", "mainportname", "countrycode", "latitude", "longitude"}),
    "anchorages": frozenset({"s2id", "latitude", "longitude", "label", "sublabel", "iso3"}),
    "places": frozenset({"placeid", "kind", "name", "country", "lon", "lat"}),
    "place_joins": frozenset({"placeid", "sameas"}),
    "legs": frozenset({"fromplace", "toplace", "mode", "lengthkm", "hours", "costusdpert"}),
    "transport_costs": frozenset({"mode", "kmperhour", "usdpertkm", "fixedhours", "fixedusdpert"}),
}
"""Columns by which a table is known; others may stand beside them."""
AIRPORT_CELLS, ROUTE_CELLS = 14, 9
CODE = re.compile(r"[A-Z0-9]{3,4}")


def kind_of(headers: Sequence[str]) -> Kind | None:
    """What a table with these columns is; None where it is none that is known."""
    plain = [normal(one) for one in headers]
    present = set(plain)
    if plain == BACI_HEADERS:
        return "baci"
    if any(present >= wanted for wanted in USGS_HEADERS):
        return "usgs"
    found: Kind | None = next((kind for kind, wanted in HEADERS.items() if present >= wanted), None)
    if found is None and is_comtrade(headers):
        found = "comtrade"
    if found is None:
        from pipelines.sources.ais_layouts import ais_kind  # here: it needs the schema library

        found = ais_kind(headers)
    return found or headless(headers)


def headless(cells: Sequence[str]) -> Kind | None:
    """What a table without a header is, told from its first row: airports or routes of OpenFlights."""
    if len(cells) == AIRPORT_CELLS and cells[0].isdigit() and all(map(_is_degrees, cells[6:8])):
        return "airports"
    ends = (cells[2], cells[4]) if len(cells) == ROUTE_CELLS else ()
    if ends and all(CODE.fullmatch(one) for one in ends) and cells[7].isdigit():
        return "air_routes"
    return None


def _is_degrees(cell: str) -> bool:
    try:
        return abs(float(cell)) <= 180
    except ValueError:
        return False


KINDS: tuple[Kind, ...] = get_args(Kind)
