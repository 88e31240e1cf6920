"""Places of a home by what people call them: name, UN/LOCODE, IATA or ICAO code, place_id, or latitude and longitude.

A text in capitals is a code before it is a name. Words that only say what a place is ("Port of") and accents do not
count; "Georgetown, Guyana" names the country too. Of places of one name those of the likeliest kind are meant (a port
before a city before an airport, unless the text or the mode says otherwise); where these lie apart, all are listed and
none is guessed. A row that is joined to another place (`same_as`) leads to the one that counts.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from graphs.countries import name_of
from graphs.errors import InputError, UnknownCode
from graphs.place_names import words
from graphs.places import capitals
from graphs.sphere import distance_km
from pipelines.queries import country as country_of

KINDS = ("port", "city", "airport", "border", "smelter", "refinery", "strait", "anchorage")
"""What a name means first."""
WORDS = {"port": "port", "harbour": "port", "harbor": "port", "airport": "airport", "city": "city"}
"""Words of a name that say which kind is meant."""
BY_MODE = {"air": "airport", "sea": "port"}
POINT = re.compile(r"\s*([+-]?\d+(?:\.\d+)?)\s*[,;\s]\s*([+-]?\d+(?:\.\d+)?)\s*")
AIRPORT = re.compile(r"\bairport\b", re.IGNORECASE)
"""Whoever says so means no port and no city; "Port Said" is a city all the same."""
CODES = (("locode", 5), ("iata", 3), ("icao", 4))
ONE_SPOT_KM = 50.0
"""Places of one name, kind and country that lie closer than this are one spot."""
ROADS_KM = 200.0
"""The same for anchorages: one harbour's are told in many cells."""
PORT_SIZES = {"Large": 0, "Medium": 1, "Small": 2, "Very Small": 3}
CITY_SIZES = {name: at for at, name in enumerate(
    ("5,000,000 and more", "1,000,000 and more", "100,000 and more", "below 100,000")
)}  # fmt: skip
"""Sizes as lists of ports and cities tell them, the largest first."""
TOWN_KM = 30.0
"""A port this near to a city is one of its own."""
LISTED = 12
"""Candidates listed at most."""


@dataclass(frozen=True)
class Spot:
    """A place as somebody named it; `place_id` is None for a bare position."""

    name: str
    lon: float
    lat: float
    place_id: str | None = None
    kind: str | None = None
    country: str | None = None
    code: str | None = None
    others: tuple[str, ...] = ()
    """What else has this name, in words."""

    @property
    def end(self) -> str | tuple[float, float]:
        """What `models.linkage.routes` takes: a vertex where the kind of place is one, a position elsewhere."""
        from models.linkage.network import SERVES  # here, because questions about ships need no network

        return self.place_id if self.place_id and self.kind in SERVES else (self.lon, self.lat)

    @property
    def said(self) -> str:
        """Tema (GHTEM), port in Ghana."""
        if self.place_id is None:
            return self.name
        code = f" ({self.code})" if self.code else ""
        where = f" in {name_of(self.country)}" if self.country else ""
        return f"{self.name}{code}, {self.kind}{where}"


def find(places: pl.DataFrame, text: str, modes: Sequence[str] = (), kinds: Sequence[str] = KINDS) -> Spot:
    """The place that a text names. Raises InputError where nothing has that name, or several places apart."""
    if point := _point(text):
        return point
    wanted, area = _country(text)
    kinds = ("airport",) if AIRPORT.search(text) and "airport" in kinds else kinds
    rows = _coded(places, wanted, kinds)
    if rows is None:
        rows = _named(places, wanted, kinds)
    if area is not None:
        rows = rows.filter(pl.col("country") == area)
    if rows.is_empty():
        raise InputError(
            f"no {' or '.join(kinds) if len(kinds) < 3 else 'place'} is called {text!r}: give a name, a UN/LOCODE, an "
            "IATA code, a place_id, or latitude,longitude such as 6.2,-1.6"
        )
    spots = _spots(rows, _kinds(text, modes, kinds))
    first = [one for one in spots if one.kind == spots[0].kind]
    if len(first) > 1 and all(one.place_id != wanted for one in first):
        raise InputError(_ambiguous(text, spots))
    others = tuple(f"{one.said} [{one.place_id}]" for one in spots[1 : LISTED + 1])
    return Spot(**{**spots[0].__dict__, "others": others})


def standing(places: pl.DataFrame) -> pl.DataFrame:
    """Places that count for themselves."""
    return places.filter(pl.col("same_as").is_null())


def _point(text: str) -> Spot | None:
    found = POINT.fullmatch(text)
    if not found:
        return None
    lat, lon = (float(one) for one in found.groups())
    if abs(lat) > 90 or abs(lon) > 180:
        raise InputError(f"{text!r} lies nowhere: give latitude,longitude, -90 to 90 and -180 to 180, in this order")
    return Spot(f"{lat:g}, {lon:g}", lon, lat)


def _country(text: str) -> tuple[str, str | None]:
    """Name and country of "Georgetown, Guyana"; a part behind a comma that is no country belongs to the name."""
    name, comma, area = text.rpartition(",")
    if not comma or not name.strip():
        return text.strip(), None
    try:
        return name.strip(), country_of(area)
    except UnknownCode:
        return text.strip(), None


def _coded(places: pl.DataFrame, text: str, kinds: Sequence[str]) -> pl.DataFrame | None:
    """Places whose id or code a text is, each as the one that counts; None where it is none."""
    by_id = places.filter(pl.col("place_id") == text)
    if by_id.height:
        return _counting(places, by_id, (*KINDS,))
    plain = text.replace(" ", "")
    if plain != plain.upper():
        return None
    for column, length in CODES:
        found = places.filter(pl.col(column) == plain) if len(plain) == length else by_id
        if (counting := _counting(places, found, kinds)).height:
            return counting
    return None


def _named(places: pl.DataFrame, text: str, kinds: Sequence[str]) -> pl.DataFrame:
    """Places of this name, or of a name with the same words; else those whose name holds the words."""
    key = words(text)
    if not key:
        return places.clear()
    names = places["name"].unique().to_list()
    exact = {one for one in names if words(one) == key}
    found = _counting(places, places.filter(pl.col("name").is_in(exact)), kinds)
    if found.height:
        return found
    parts = set(key.split())
    holds = {one for one in names if parts <= set(words(one).split())}
    return _counting(places, places.filter(pl.col("name").is_in(holds)), kinds)


def _counting(places: pl.DataFrame, rows: pl.DataFrame, kinds: Sequence[str]) -> pl.DataFrame:
    """Rows replaced by the places that count instead of them; of some kinds."""
    ids = rows.select(pl.coalesce("same_as", "place_id").alias("id"))["id"].unique()
    return places.filter(pl.col("place_id").is_in(ids.to_list()), pl.col("kind").cast(pl.String).is_in(list(kinds)))


def _kinds(text: str, modes: Sequence[str], kinds: Sequence[str]) -> list[str]:
    """Kinds in the order in which they are meant."""
    said = [WORDS[one] for one in re.findall(r"[a-z]+", text.lower()) if one in WORDS]
    by_mode = [BY_MODE[one] for one in modes if one in BY_MODE]
    return list(dict.fromkeys([*said, *by_mode, *kinds, *KINDS]))


def _spots(rows: pl.DataFrame, order: Sequence[str]) -> list[Spot]:
    """Spots, the likeliest kind first, then by place_id; rows of one kind and country close to one before are left."""
    kept: list[Spot] = []
    ranked = rows.with_columns(pl.col("kind").cast(pl.String)).to_dicts()
    for row in sorted(ranked, key=lambda one: (order.index(one["kind"]), one["place_id"])):
        spot = Spot(row["name"], row["lon"], row["lat"], row["place_id"], row["kind"], row["country"],
                    row["locode"] or row["iata"] or row["icao"])  # fmt: skip
        if not any(_is_one(spot, other) for other in kept):
            kept.append(spot)
    return kept


def _is_one(one: Spot, other: Spot) -> bool:
    same = one.kind == other.kind and one.country == other.country
    reach = ROADS_KM if one.kind == "anchorage" and words(one.name) == words(other.name) else ONE_SPOT_KM
    return same and float(distance_km(one.lon, one.lat, other.lon, other.lat)) < reach


def _ambiguous(text: str, spots: Sequence[Spot]) -> str:
    listed = [f"{one.said} [{one.place_id}]" for one in spots[:LISTED]]
    more = f", and {len(spots) - LISTED} more" if len(spots) > LISTED else ""
    return f"{text!r} names several places: {'; '.join(listed)}{more}. Give one's place_id, or add its country"


def main_place(
    places: pl.DataFrame, country: str, calls: pl.DataFrame | None = None, *, is_bulk: bool = True
) -> Spot | None:
    """The place that stands for a country: for goods in bulk its port with most calls seen, else its largest port, else
    the port of its largest city by the sea; for others, and without a port, its largest city, the seat before others.

    `places` that count for themselves; `calls` with place_id. None where neither port nor city is known.
    """
    mine = places.filter(pl.col("country") == country).with_columns(pl.col("kind").cast(pl.String))
    ports, cities = (mine.filter(pl.col("kind") == kind).sort("place_id") for kind in ("port", "city"))
    seen = {} if calls is None else dict(calls["place_id"].value_counts().iter_rows())
    seat = capitals().get(country)

    def of_port(row: dict[str, Any]) -> tuple[Any, ...]:
        size = PORT_SIZES.get(row["size"], len(PORT_SIZES))
        return -seen.get(row["place_id"], 0), size, -(row["max_draught_m"] or 0.0), *_town(row, cities)

    def of_city(row: dict[str, Any]) -> tuple[Any, ...]:
        size = CITY_SIZES.get(row["size"], len(CITY_SIZES))
        return size, float(distance_km(row["lon"], row["lat"], *seat)) if seat else 0.0

    for rows, order in ((ports, of_port), (cities, of_city)) if is_bulk else ((cities, of_city), (ports, of_port)):
        if rows.height:
            best = min(rows.iter_rows(named=True), key=order)
            return Spot(best["name"], best["lon"], best["lat"], best["place_id"], best["kind"], country,
                        best["locode"] or best["iata"] or best["icao"])  # fmt: skip
    return None


def _town(port: dict[str, Any], cities: pl.DataFrame) -> tuple[int, float]:
    """Size of the largest city near a port, and how far it is: lists without sizes leave ports to be told apart so."""
    km = distance_km(port["lon"], port["lat"], cities["lon"].to_numpy(), cities["lat"].to_numpy())
    size = cities["size"].replace_strict(CITY_SIZES, default=len(CITY_SIZES), return_dtype=pl.Int64).to_numpy()
    return min(
        ((int(one), float(far)) for one, far in zip(size, km, strict=True) if far <= TOWN_KM),
        default=(len(CITY_SIZES), TOWN_KM),
    )
