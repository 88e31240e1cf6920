"""Nodes and edges of `graphs.schema_places` from the tables places and legs; part of `graphs.build`.

The table legs holds hundreds of thousands of ways, between all towns and from every port to every large one. The graph
keeps flights, changes between two modes, what begins or ends at a port, border crossing, smelter or refinery, and what
crosses a border; of the ways by sea those to the nearest ports and between large ports. The others stay in their table,
where `models.linkage` looks for ways.
"""

import polars as pl

from graphs.edge_types import EdgeType
from graphs.ids import SEPARATOR
from graphs.tidied import Tidy

LABELS = {"port": "Port", "airport": "Airport", "city": "Place", "border": "Place", "smelter": "Place",
          "refinery": "Place", "strait": "Place"}  # fmt: skip
"""Node type of each kind of place; anchorages have none."""
ALWAYS = ("port", "border", "smelter", "refinery", "strait")
"""Kinds that are nodes whether or not a leg touches them."""
CHANGES = ("air", "transfer")
"""Modes whose legs are all kept."""
NEAREST = 8
"""Ways by sea that each port keeps, the cheapest first."""
LARGE = "Large"
"""Harbour size of ports between which every way by sea is kept (World Port Index)."""
TO = ">"
"""Between the two ends in the identifier of an edge: identifiers of places hold colons."""


def standing(tidy: Tidy) -> pl.LazyFrame:
    """Places that count for all that were joined to them, with the `label` of their node."""
    label = pl.col("kind").cast(pl.String).replace_strict(LABELS, default=None, return_dtype=pl.String)
    return tidy.places.filter(pl.col("same_as").is_null()).with_columns(pl.col("kind").cast(pl.String), label=label)


def nodes(label: str, tidy: Tidy) -> pl.LazyFrame:
    """Nodes of a kind; places without a leg only where their kind alone is worth a node."""
    kept = _kept(tidy, standing(tidy).select("place_id", "label", "size", "kind"))
    ends = pl.concat([kept.select(place_id=end) for end in _ENDS]).unique()
    mine = standing(tidy).filter(pl.col("label") == label)
    touched = mine.join(ends, on="place_id", how="semi").filter(~pl.col("kind").is_in(ALWAYS))
    return pl.concat([mine.filter(pl.col("kind").is_in(ALWAYS)), touched])


def located(found: pl.LazyFrame, key: str, countries: pl.LazyFrame) -> pl.LazyFrame:
    """Edges from nodes to the countries that they name, as far as these are nodes."""
    return found.select(start=key, end="country").join(countries.select(end="code"), on="end", how="semi")


def legs(edge: EdgeType, tidy: Tidy) -> pl.LazyFrame:
    """Ways between two kinds of places."""
    known = standing(tidy).select("place_id", "label", "size", "kind")
    return _kept(tidy, known).filter(pl.col("from_label") == edge.start, pl.col("to_label") == edge.end).with_columns(
        edge_id=pl.format(f"{{}}{TO}{{}}{SEPARATOR}{{}}", "from_place", "to_place", "mode"),
        start="from_place",
        end="to_place",
    )  # fmt: skip


def _kept(tidy: Tidy, known: pl.LazyFrame) -> pl.LazyFrame:
    """Legs between nodes that the graph keeps, the same in both directions; `known` are all places that stand."""
    rows = tidy.legs.with_columns(pl.col("mode").cast(pl.String))
    for end in ("from", "to"):
        ends = known.select(pl.all().name.prefix(f"{end}_")).rename({f"{end}_place_id": f"{end}_place"})
        rows = rows.join(ends, on=f"{end}_place", how="inner")
    rows = rows.filter(pl.col("from_label").is_not_null(), pl.col("to_label").is_not_null())
    is_sea = pl.col("mode") == "sea"
    sea = rows.filter(is_sea).sort("from_place", "cost_usd_per_t", "to_place")
    is_near = pl.int_range(pl.len()).over("from_place") < NEAREST
    between_large = (pl.col("from_size") == LARGE) & (pl.col("to_size") == LARGE)
    chosen = sea.filter(is_near | between_large.fill_null(False))
    pairs = [chosen.select(from_place=one, to_place=other) for one, other in (_ENDS, _ENDS[::-1])]
    thinned = sea.join(pl.concat(pairs).unique(), on=list(_ENDS), how="semi")
    touches = pl.any_horizontal(pl.col(f"{end}_kind").is_in(ALWAYS) for end in ("from", "to"))
    others = rows.filter(~is_sea, touches | pl.col("crosses_border") | pl.col("mode").is_in(CHANGES))
    return pl.concat([others, thinned])


_ENDS = ("from_place", "to_place")
