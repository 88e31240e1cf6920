"""Ways between two places of a home: the network that a run left there, asked by names.

Avoiding a country means the canals and straits within it too, which is said with the answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from graphs.errors import InputError, UnknownCode
from graphs.leg_rows import AMOUNTS
from graphs.leg_rows import SOURCE as OWN
from graphs.transport import Cost, costs
from models.linkage.network import By, Network
from models.linkage.routes import routes, totals
from pipelines.archive import Archive
from pipelines.home import Home
from pipelines.inventory import FILES, local_copy
from pipelines.place_queries import Spot, find
from pipelines.queries import country as country_of
from pipelines.sources import airports, land_network, sea_lanes, transport_costs
from pipelines.sources.land_outlines import dry

MODES = ("road", "rail", "river", "sea", "air")
INSIDE = {"EGY": ("suez",), "PAN": ("panama",), "TUR": ("bosporus", "dardanelles")}
"""Canals and straits that lie within one country, as the sea lanes call them."""
NO_RIVERS = (
    "This home knows no river: no list of navigable ones comes with oretrace. Name a GeoPackage or GeoParquet file of "
    "yours with `oretrace run --data`."
)
CREDITS = {
    sea_lanes.SOURCE: f"{sea_lanes.CITATION} ({sea_lanes.LICENCE})",
    land_network.CITATION: f"{land_network.CITATION} ({land_network.LICENCE})",
    "listed route": f"{airports.OPENFLIGHTS_CITATION} ({airports.OPENFLIGHTS_LICENCE})",
    OWN: "a file of legs given with --data",
}
"""Who must be named for a leg, by its source."""


@dataclass(frozen=True)
class Asked:
    """What is asked: two texts, the means allowed (none: all), what to avoid, how many ways, and by what."""

    start: str
    end: str
    modes: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    ways: int = 1
    by: By = "cost"


@dataclass(frozen=True)
class Ways:
    """Steps of every way (models.linkage.routes), their sums, and the two ends as they were understood."""

    start: Spot
    end: Spot
    asked: Asked
    steps: pl.DataFrame
    sums: pl.DataFrame
    names: dict[str, str]
    """Names of the places on the way."""
    notes: list[str] = field(default_factory=list)


def ways(home: Home, asked: Asked) -> Ways:
    """Up to so many ways. Raises InputError for unknown or ambiguous ends, HomeError where no network was made."""
    check_modes(asked.modes)
    places = home.scan("places").collect()
    nodes, edges, legs = (home.scan(name) for name in ("network_nodes", "network_edges", "legs"))
    start, end = (find(places, text, asked.modes) for text in (asked.start, asked.end))
    if start.end == end.end:
        raise InputError(f"{asked.start!r} and {asked.end!r} are one place, {start.said}: name two")
    own = pl.col("source") == OWN
    airways = legs.filter(pl.col("mode").cast(pl.String) == "air", ~own).select("from_place", "to_place").collect()
    ends = _ends(places, start, end)
    network = Network.of(nodes.collect(), edges.collect(), ends, costs_of(home), airways, dry(places))
    network = with_legs(network, legs.filter(own).collect())
    avoided, straits = avoiding(network, asked.avoid)
    steps = routes(network, start.end, end.end, asked.ways, asked.modes or None, avoided, asked.by)
    named = names(places, steps)
    meant = ", ".join(named.get(one, one) for one in straits)
    notes = [f"Avoided with its country: {meant}."] if meant else []
    return Ways(start, end, asked, steps, totals(steps), named, [*notes, *_known(network, asked.modes)])


def with_legs(network: Network, legs: pl.DataFrame) -> Network:
    """A user's own legs (table legs) beside the network; of both directions the mean, since ways go either way."""
    known = pl.DataFrame(list(network.numbers.items()), schema={"place": pl.String, "at": pl.Int64}, orient="row")
    placed = legs
    for end, name in (("from_place", "one"), ("to_place", "other")):
        placed = placed.join(known.rename({"place": end, "at": name}), on=end, how="inner")
    edges = (
        placed.with_columns(start=pl.min_horizontal("one", "other"), end=pl.max_horizontal("one", "other"))
        .group_by("start", "end", pl.col("mode").cast(pl.String))
        .agg(
            pl.col(*AMOUNTS, "off_network_km").mean(),
            pl.col("crosses_border", "is_estimated").any(),
            pl.col("source").first(),
        )
        .sort("start", "end", "mode")
        .with_columns(fixed_hours=0.0, fixed_usd_per_t=0.0, passage=pl.lit(None, pl.String))
    )
    both = pl.concat([network.edges, edges.select(network.edges.columns)], how="vertical_relaxed")
    return replace(network, edges=both)


def costs_of(home: Home) -> Mapping[str, Cost]:
    """The table of costs that a run uses: the user's last file of them, else the built-in one."""
    archive = Archive(home.archive_path)
    folders = [Path(one).resolve() for one in home.analysis.data]
    named = {
        one.query
        for one in archive.entries(FILES)
        if one.details.get("kind") == "transport_costs" and any(Path(one.query).is_relative_to(at) for at in folders)
    }
    found = [entry for query in named if (entry := archive.latest(FILES, query)) is not None]
    last = max(found, key=lambda one: (one.citation, one.sha256), default=None)
    return costs() if last is None else transport_costs.parse(local_copy(archive, last))


def _ends(places: pl.DataFrame, start: Spot, end: Spot) -> pl.DataFrame:
    """Places that a way may lead over: as for the table of legs, and both ends whatever they are."""
    asked = pl.col("place_id").is_in([one.place_id for one in (start, end) if one.place_id])
    is_strip = (pl.col("kind").cast(pl.String) == "airport") & pl.col("iata").is_null() & (pl.col("source") != "places")
    return places.filter(~is_strip | asked)


def check_modes(modes: Sequence[str]) -> None:
    """Raises InputError for a means of transport that is none."""
    for one in modes:
        if one not in MODES:
            raise InputError(f"there is no mode {one!r}; the modes are {', '.join(MODES)}")


def avoiding(network: Network, texts: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """Countries and straits by the network's own names, and the straits avoided with their country."""
    passages = set(network.edges["passage"].drop_nulls().unique())
    found: list[str] = []
    meant: list[str] = []
    for text in texts:
        word = text.strip().lower().replace(" ", "_").removesuffix("_canal")
        if word in passages:
            found.append(word)
            continue
        try:
            code = country_of(text)
        except UnknownCode as error:
            straits = ", ".join(sorted(passages)) or "none"
            raise InputError(f"{error}; straits that can be avoided are {straits}") from None
        inside = [one for one in INSIDE.get(code, ()) if one in passages]
        found += [code, *inside]
        meant += inside
    is_known = set(network.vertices["country"].drop_nulls().unique()) | passages
    return tuple(one for one in found if one in is_known), meant


def sources_of(steps: pl.DataFrame) -> list[str]:
    """Sources of the legs, each once, in order."""
    return sorted({one for text in steps["source"].drop_nulls() for one in text.split("; ")})


def names(places: pl.DataFrame, steps: pl.DataFrame) -> dict[str, str]:
    """Name of every place and strait on the way, by place_id; the straits also by the name that lanes give them."""
    on_way = pl.concat([steps["from_place"], steps["to_place"]]).unique()
    found = places.filter(pl.col("place_id").is_in(on_way.to_list()))
    named = pl.when(pl.col("locode").is_null()).then("name").otherwise(pl.format("{} ({})", "name", "locode"))
    straits = places.filter(pl.col("kind") == "strait").select(pl.col("place_id").str.strip_prefix("strait:"), "name")
    return dict([*straits.iter_rows(), *found.select("place_id", named.alias("said")).iter_rows()])


def _known(network: Network, modes: Sequence[str]) -> list[str]:
    """Networks that this home lacks; of rivers only where somebody asks for them, since none come with oretrace."""
    there = set(network.vertices["mode"].drop_nulls().unique())
    there |= set(network.edges.filter(pl.col("off_network_km") == 0)["mode"].unique())
    notes = [NO_RIVERS] if "river" in modes and "river" not in there else []
    missing = [one for one in ("road", "rail", "sea") if one not in there]
    if missing:
        notes.append(
            f"This home knows no {' and no '.join(missing)} network, so such ways are straight lines or missing: "
            "`oretrace run` without --only-data fetches one."
        )
    return notes
