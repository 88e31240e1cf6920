"""Tidy tables in, nodes and edges out: one lazy frame per node type and per edge type of `graphs.schema`.

The graph holds annual flows; months stay in their tables. Identifiers are the raw keys, so that the same data make
the same graph, and `snapshot_id` names it by its content: loading it twice changes nothing.
"""

import hashlib
from collections.abc import Callable, Mapping
from functools import partial

import polars as pl

from graphs import build_companies, build_places, build_ships, build_straits
from graphs.commodities import family_named, family_of, title_of
from graphs.countries import area
from graphs.ids import SEPARATOR
from graphs.places import capitals
from graphs.schema import EDGE_TABLES, EDGES, NODES, EdgeType, dtypes, key_of, schema_of
from graphs.schema_places import PLACE_LABELS
from graphs.sums import total, whole
from graphs.tidied import FIRST_ANOMALY, Tidy

__all__ = ["FIRST_ANOMALY", "TABLES", "Tidy", "build", "snapshot_id"]


def build(table: str, tidy: Tidy) -> pl.LazyFrame:
    """A node table (`Country`) or an edge table (`Flow-OF-Commodity`), columns and order as its schema says."""
    rows = _edges(EDGE_TABLES[table], tidy) if table in EDGE_TABLES else NODE_BUILDERS[table](tidy)
    wanted = dtypes(schema_of(table))
    return rows.select(pl.col(name).cast(dtype) for name, dtype in wanted.items()).sort(schema_of(table).primary_key())


def snapshot_id(contents: Mapping[str, str]) -> str:
    """Short name of a graph: hash of its tables' names and content hashes."""
    lines = "\n".join(f"{table} {contents[table]}" for table in sorted(contents))
    return hashlib.sha256(lines.encode()).hexdigest()[:16]


def _areas(tidy: Tidy) -> pl.LazyFrame:
    """Every area at either end of a flow or in the production table, with its kind."""
    kinds = {end: pl.col(f"{end}_kind").cast(pl.String) for end in ("exporter", "importer")}
    ends = [tidy.annual.select(code=end, kind=kind) for end, kind in kinds.items()]
    return pl.concat([*ends, _makers(tidy)]).unique("code", keep="any")


def _makers(tidy: Tidy) -> pl.LazyFrame:
    """Areas of the production table with their kind, which that table does not state."""
    codes = tidy.production.select("country").unique().collect()["country"].to_list()
    kinds = [area(code).kind for code in codes]
    return pl.LazyFrame({"code": codes, "kind": kinds}, schema={"code": pl.String, "kind": pl.String})


def _countries(tidy: Tidy) -> pl.LazyFrame:
    decreed = tidy.bans.select(code="country", kind=pl.lit("country"))
    found = pl.concat([_areas(tidy), decreed]).filter(pl.col("kind") == "country")
    codes = found.select("code").unique().collect()["code"]
    seats = capitals()
    rows = [(code, area(code).name, *seats.get(code, (None, None))) for code in codes]
    return pl.LazyFrame(rows, schema=dtypes(NODES["Country"]), orient="row")


def _residuals(tidy: Tidy) -> pl.LazyFrame:
    others = _areas(tidy).filter(pl.col("kind") != "country").collect()
    rows = [(code, area(code).name, kind) for code, kind in others.iter_rows()]
    return pl.LazyFrame(rows, schema=dtypes(NODES["Residual"]), orient="row")


def _commodities(tidy: Tidy) -> pl.LazyFrame:
    codes = tidy.annual.select("commodity").unique().collect()["commodity"]
    rows = [(code, title_of(code), family_of(code)) for code in codes]
    return pl.LazyFrame(rows, schema=dtypes(NODES["Commodity"]), orient="row")


def _families(tidy: Tidy) -> pl.LazyFrame:
    traded, produced = tidy.annual.select("family"), tidy.production.select(family="commodity")
    names = pl.concat([traded, produced]).unique().collect()["family"]
    families = [family_named(name) for name in names]
    rows = [(one.name, one.title, one.basis, one.weighed_by) for one in families]
    return pl.LazyFrame(rows, schema=dtypes(NODES["Family"]), orient="row")


def _flows(tidy: Tidy) -> pl.LazyFrame:
    return tidy.annual


def _alerts(tidy: Tidy) -> pl.LazyFrame:
    return tidy.anomalies.with_columns(as_of=pl.col("as_of").dt.to_string("%Y-%m-%d"))


def _bans(tidy: Tidy) -> pl.LazyFrame:
    days = [pl.col(name).dt.to_string("%Y-%m-%d") for name in ("start", "end")]
    return tidy.bans.with_columns(*days, exporter="country")


NODE_BUILDERS: Mapping[str, Callable[[Tidy], pl.LazyFrame]] = {
    "Country": _countries,
    "Residual": _residuals,
    "Family": _families,
    "Commodity": _commodities,
    "Flow": _flows,
    "Alert": _alerts,
    "Ban": _bans,
    **{label: partial(build_places.nodes, label) for label in PLACE_LABELS},
    "Vessel": build_ships.vessels,
    "Company": build_companies.companies,
}


def _edges(edge: EdgeType, tidy: Tidy) -> pl.LazyFrame:
    match edge.name:
        case "EXPORTED_BY":
            return tidy.annual.filter(_is("exporter", edge.end)).select(start="flow_id", end="exporter")
        case "IMPORTED_BY":
            return tidy.annual.filter(_is("importer", edge.end)).select(start="flow_id", end="importer")
        case "OF":
            return tidy.annual.select(start="flow_id", end="commodity")
        case "DECLARED_BY":
            return pl.concat([_declared(tidy, "export", "exporter"), _declared(tidy, "import", "importer")])
        case "IN_FAMILY":
            return _commodities(tidy).select(start="code", end="family")
        case "ABOUT":
            return tidy.anomalies.select(start="alert_id", end="flow_id")
        case "EXPORTS_TO":
            return _exports_to(tidy, edge)
        case "PRODUCES":
            return _produces(tidy, edge)
        case "DECREED_BY":
            return tidy.bans.select(start="ban_id", end="country")
        case "COVERS":
            prefixes = tidy.bans.select(start="ban_id", prefix=pl.col("codes").str.split(" ")).explode("prefix")
            pairs = prefixes.join(_commodities(tidy).select(end="code"), how="cross")
            return pairs.filter(pl.col("end").str.starts_with(pl.col("prefix"))).select("start", "end").unique()
        case "LOCATED_IN":
            return build_places.located(NODE_BUILDERS[edge.start](tidy), key_of(edge.start), _countries(tidy))
        case "LEG":
            return build_places.legs(edge, tidy)
        case "SAILS_THROUGH":
            return build_straits.sails_through(tidy)
        case name if name in build_ships.BUILDERS:
            return build_ships.BUILDERS[name](tidy)
        case name if name in build_companies.BUILDERS:
            return build_companies.BUILDERS[name](tidy)
    raise KeyError(edge.table)


def _is(end: str, label: str) -> pl.Expr:
    """True where the area at this end of a flow is a node of that kind."""
    is_country = pl.col(f"{end}_kind").cast(pl.String) == "country"
    return is_country if label == "Country" else ~is_country


def _declared(tidy: Tidy, side: str, office: str) -> pl.LazyFrame:
    """Edges of one side's declarations."""
    value, mass = f"{side}_value_usd", f"{side}_mass_kg"
    spoke = pl.col(value).is_not_null() | pl.col(mass).is_not_null()
    return tidy.annual.filter(spoke, _is(office, "Country")).select(
        edge_id=pl.concat_str("flow_id", pl.lit(side), separator=SEPARATOR),
        start="flow_id",
        end=office,
        side=pl.lit(side),
        value_usd=value,
        mass_kg=mass,
        is_mass_estimated=f"is_{side}_mass_estimated",
    )


def _exports_to(tidy: Tidy, edge: EdgeType) -> pl.LazyFrame:
    value, mass = pl.col("value_usd"), pl.col("mass_kg")
    key = ["source", "exporter", "importer", "family", "year"]
    mine = tidy.annual.filter(_is("exporter", edge.start), _is("importer", edge.end))
    added = mine.group_by(key).agg(
        value_usd=total(value),
        mass_kg=whole(mass),
        flows=pl.len(),
    )
    named = pl.concat_str(key, separator=SEPARATOR)
    return added.with_columns(edge_id=named, start="exporter", end="importer")


def _produces(tidy: Tidy, edge: EdgeType) -> pl.LazyFrame:
    is_country = pl.col("kind") == "country"
    mine = _makers(tidy).filter(is_country if edge.start == "Country" else ~is_country)
    rows = tidy.production.join(mine, left_on="country", right_on="code", how="semi")
    rows = rows.with_columns(pl.col("basis").cast(pl.String), start="country", end="commodity")
    named = pl.concat_str("source", "country", "commodity", "year", "basis", separator=SEPARATOR)
    return rows.with_columns(edge_id=named)


TABLES = (*NODES, *(edge.table for edge in EDGES))
"""Every table of the graph, nodes before edges."""
