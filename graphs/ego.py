"""The part of the graph around something: a country, a commodity, a flow or an alert, small enough to be drawn.

`ego(tables, Focus(area="ARE", family="gold", year=2022))` keeps the largest neighbours by value. All others become
one node, MORE, with their number and their trade, and links that are not drawn are counted: nothing is cut silently.

The same trade in two sources is counted once: one source is read, the one that holds declarations where there is a
choice. Amounts that are not known are null; the ways in which a side states no value are counted apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from graphs.errors import InputError, UnknownCode
from graphs.schema import NODES, dtypes
from graphs.sums import total, whole

MORE = "+more"
"""Identifier of the node that stands for all neighbours that are not drawn one by one."""
MOST_NODES = 40
MOST_TIES = 60
"""Links between two nodes of which neither is the centre."""
HIGHEST_LEVEL = 5
SIDES = (("export", "exporter"), ("import", "importer"))
Tables = Mapping[str, pl.LazyFrame]
"""Node frames by label (`graphs.schema`): Flow, Alert, Country, Residual, Commodity, Family; one left out is empty."""


@dataclass(frozen=True)
class Focus:
    """What to draw around. An alert or a flow names its own goods; an area may be narrowed to goods."""

    area: str | None = None
    family: str | None = None
    commodity: str | None = None
    flow_id: str | None = None
    alert_id: str | None = None
    source: str | None = None
    year: int | None = None
    """The year by whose value neighbours are chosen; None for all years together."""
    years: tuple[int, int] | None = None
    """First and last year to read."""


@dataclass(frozen=True)
class Ego:
    """A small network and what was left out of it."""

    focus: Focus
    """As resolved: source, goods and year are filled in."""
    title: str
    centre: tuple[str, ...]
    nodes: pl.DataFrame
    """`id`, `name`, `kind` (country, residual, zone, group, world, more), `is_centre`, `lon`, `lat`; largest first."""
    activity: pl.DataFrame
    """Per `id` and `year` (null: all years): `out_value_usd`, `in_value_usd`, `areas` (how many this node stands for),
    `inside_value_usd` (trade among those)."""
    links: pl.DataFrame
    """Per `start`, `end` and `year` (null: all years): `value_usd`, `mass_kg`, `flows`, both declarations, `level`
    (null: not judged), `is_drawn`."""
    folded: pl.DataFrame
    """Areas within MORE: `code`, `name`, `kind`, `value_usd`; largest first."""
    alerts: pl.DataFrame
    """Alerts about its flows with `start` and `end`, in the order of their list, the agnostic one first."""
    other_sources: tuple[str, ...] = ()
    """Sources that hold the same trade and are not shown."""
    has_levels: bool = False
    """True if ordinary flows are told from flows that were not judged."""

    @property
    def years(self) -> list[int]:
        """Years present, sorted."""
        found: list[int] = self.links["year"].drop_nulls().unique().sort().to_list()
        return found


def ego(
    tables: Tables,
    focus: Focus,
    *,
    levels: pl.LazyFrame | None = None,
    most: int = MOST_NODES,
    ties: int = MOST_TIES,
) -> Ego:
    """The network around a focus, with at most `most` nodes and `ties` links apart from the centre's.

    `levels` holds `alert_id`, `flow_id` and `claim_level` of every scored flow, so that ordinary flows can be told from
    flows that were not judged; without it only flows with an Alert node have a level. Raises UnknownCode where nothing
    matches and InputError where the focus names nothing or `most` leaves no neighbour.
    """
    if most < 4:
        raise InputError(f"a network of {most} nodes shows nobody: ask for 4 or more")
    focus, centre = _resolve(tables, focus)
    flows, others = _one_source(_selected(tables, focus), focus)
    # Collected once: everything below reads it again.
    flows = flows.join(_levels(tables, levels), on="flow_id", how="left").sort("flow_id").collect().lazy()
    focus = replace(focus, source=flows.head(1).collect()["source"].item())
    sizes = _sizes(flows, centre, focus.year)
    kept = [*centre, *sizes.filter(~pl.col("code").is_in(centre))["code"]]
    folded = kept[most - 1 :] if len(kept) > most else []
    near = flows.filter(pl.col("exporter").is_in(kept), pl.col("importer").is_in(kept))
    ends = {end: _folded(office, folded) for end, office in (("start", "exporter"), ("end", "importer"))}
    placed = _active(near, centre).with_columns(**ends)
    links = _links(placed)
    inner = (pl.col("start") == MORE) & (pl.col("end") == MORE)
    nodes = _nodes(tables, kept[: len(kept) - len(folded)], centre, has_more=bool(folded))
    return Ego(
        focus=focus,
        title=title(tables, focus, centre),
        centre=centre,
        nodes=nodes,
        activity=_activity(placed, links, centre, folded),
        links=_drawn(links.filter(~inner), centre, focus.year, ties),
        folded=_named(tables, folded).join(sizes.select("code", "value_usd"), on="code", maintain_order="left"),
        alerts=_alerts(tables, placed, levels),
        other_sources=tuple(others),
        has_levels=levels is not None,
    )


def title(tables: Tables, focus: Focus, centre: Sequence[str]) -> str:
    """Gold around United Arab Emirates; Uganda to United Arab Emirates: Gold; Gold: who sells to whom."""
    goods = _goods(tables, focus)
    names = dict(_named(tables, list(centre)).select("code", "name").iter_rows())
    if not centre:
        return f"{goods}: who sells to whom"
    if focus.area:
        return f"{goods} around {names[centre[0]]}"
    return f"{' to '.join(names[one] for one in centre)}: {goods}"


def _goods(tables: Tables, focus: Focus) -> str:
    label, key, code = ("Commodity", "code", focus.commodity) if focus.commodity else ("Family", "name", focus.family)
    if code is None:
        return "Trade"
    found = _table(tables, label).filter(pl.col(key) == code).select("title").collect()["title"].to_list()
    name = found[0] if found else code
    return f"{name} (HS {code})" if focus.commodity else name


def _resolve(tables: Tables, focus: Focus) -> tuple[Focus, tuple[str, ...]]:
    """Goods, year and centre of a focus that names a flow or an alert."""
    if focus.alert_id:
        focus = replace(focus, flow_id=str(_found(tables, "Alert", focus.alert_id)["flow_id"]))
    if focus.flow_id:
        flow = _found(tables, "Flow", focus.flow_id)
        year = focus.year or int(str(flow["year"]))
        source, commodity, family = (str(flow[name]) for name in ("source", "commodity", "family"))
        focus = replace(focus, source=source, commodity=commodity, family=family, year=year)
        return focus, tuple(dict.fromkeys((str(flow["exporter"]), str(flow["importer"]))))
    if focus.area:
        return focus, (focus.area,)
    if focus.family or focus.commodity:
        return focus, ()
    raise InputError("there is nothing to draw around: name a country, a commodity, a flow or an alert")


def _found(tables: Tables, label: str, key: str) -> dict[str, object]:
    rows = _table(tables, label).filter(pl.col(NODES[label].primary_key()[0]) == key).collect()
    if rows.is_empty():
        raise UnknownCode(f"the graph holds no {label.lower()} {key!r}: look it up with `oretrace alerts` or `flows`")
    return rows.row(0, named=True)


def _selected(tables: Tables, focus: Focus) -> pl.LazyFrame:
    """Flows of the goods, source and years of a focus."""
    rows = _table(tables, "Flow")
    for column in ("commodity", "family", "source"):
        if wanted := getattr(focus, column):
            rows = rows.filter(pl.col(column) == wanted)
    return rows.filter(pl.col("year").is_between(*focus.years)) if focus.years else rows


def _one_source(rows: pl.LazyFrame, focus: Focus) -> tuple[pl.LazyFrame, list[str]]:
    """Flows of one source around the focus, and the names of the sources left aside."""
    mine = pl.lit(True)
    if focus.area and not focus.flow_id:
        mine = (pl.col("exporter") == focus.area) | (pl.col("importer") == focus.area)
    if focus.year is not None and not focus.flow_id:
        mine = mine & (pl.col("year") == focus.year)
    declared = pl.col("exporter_reported").is_not_null().any()
    found = rows.filter(mine).group_by("source").agg(declared=declared, size=pl.len()).collect()
    if found.is_empty():
        parts = [focus.area, focus.commodity or focus.family, focus.source, focus.year and str(focus.year)]
        wanted = ", ".join(str(one) for one in parts if one)
        raise UnknownCode(f"the graph holds no flow of {wanted}: name other goods, another area or another year")
    best, *others = found.sort(["declared", "size", "source"], descending=[True, True, False])["source"]
    return rows.filter(pl.col("source") == best), others


def _levels(tables: Tables, levels: pl.LazyFrame | None) -> pl.LazyFrame:
    """Highest claim level per flow_id."""
    known = _table(tables, "Alert") if levels is None else levels
    return known.group_by("flow_id").agg(level=pl.col("claim_level").max().cast(pl.Int64))


def _sizes(flows: pl.LazyFrame, centre: Sequence[str], year: int | None) -> pl.DataFrame:
    """Areas by their trade with the centre (with anyone, where there is none), in the year, then in all years."""
    rows = flows
    if centre:
        rows = flows.filter(pl.col("exporter").is_in(centre) | pl.col("importer").is_in(centre))
    ends = [rows.select("value_usd", "year", code=office) for _, office in SIDES]
    now = pl.col("value_usd").filter(pl.col("year") == year) if year is not None else pl.col("value_usd")
    sized = pl.concat(ends).group_by("code").agg(value_usd=_exact_sum(now), ever=_exact_sum("value_usd"))
    return sized.sort(["value_usd", "ever", "code"], descending=[True, True, False], nulls_last=True).collect()


def _active(near: pl.LazyFrame, centre: Sequence[str]) -> pl.LazyFrame:
    """Flows among the neighbours of each year: both ends traded with the centre in that very year."""
    if not centre:
        return near
    touching = near.filter(pl.col("exporter").is_in(centre) | pl.col("importer").is_in(centre))
    there = pl.concat([touching.select("year", code=office) for _, office in SIDES]).unique()
    for _, office in SIDES:
        near = near.join(there, left_on=["year", office], right_on=["year", "code"], how="semi")
    return near


def _folded(office: str, folded: Sequence[str]) -> pl.Expr:
    return pl.when(pl.col(office).is_in(folded)).then(pl.lit(MORE)).otherwise(office)


def _links(placed: pl.LazyFrame) -> pl.DataFrame:
    """Flows added up per pair and year, and per pair over all years (`year` null)."""
    both = pl.concat([placed, placed.with_columns(year=pl.lit(None, pl.Int64))])
    added = both.group_by("start", "end", "year").agg(
        value_usd=_exact_sum("value_usd"),
        mass_kg=whole(pl.col("mass_kg")),
        flows=pl.len().cast(pl.Int64),
        level=_level(),
        judged=pl.col("level").count().cast(pl.Int64),
        **{name: one for side, office in SIDES for name, one in _declarations(side, office).items()},
    )
    return added.sort("start", "end", "year", nulls_last=True).collect()


def _level() -> pl.Expr:
    """The highest level that flows with at least half of the value have; null where no flow was judged.

    One alert among seventy flows does not colour them all.
    """
    value, level = pl.col("value_usd").fill_null(0.0), pl.col("level")
    found: pl.Expr = pl.when(level.count() > 0).then(pl.lit(0, pl.Int64))
    for one in range(1, HIGHEST_LEVEL + 1):
        part = total(value.filter(level >= one)).fill_null(0.0)
        has_half = (part > 0) & (2 * part >= total(value))
        found = pl.when(has_half).then(pl.lit(one, pl.Int64)).otherwise(found)
    return pl.when(total(value) > 0).then(found).otherwise(level.max()).cast(pl.Int64)


def _declarations(side: str, office: str) -> dict[str, pl.Expr]:
    """What one side declares, and for how many flows it states a value, a mass without a value, declares none, is
    silent, or cannot be known.

    Columns `export_value_usd`, `export_stated`, `export_weighed`, `export_none`, `export_silent`, `export_unknown`;
    likewise `import_`.
    """
    value, mass, reported = pl.col(f"{side}_value_usd"), pl.col(f"{side}_mass_kg"), pl.col(f"{office}_reported")
    neither = value.is_null() & mass.is_null()
    counts = {
        "stated": value.is_not_null(),
        "weighed": value.is_null() & mass.is_not_null(),
        "none": neither & reported,
        "silent": neither & reported.not_(),
        "unknown": neither & reported.is_null(),
    }
    found = {f"{side}_{name}": one.sum().cast(pl.Int64) for name, one in counts.items()}
    return {f"{side}_value_usd": _exact_sum(f"{side}_value_usd"), **found}


def _exact_sum(column: str | pl.Expr) -> pl.Expr:
    """Sum of what is known, null where nothing is."""
    return total(pl.col(column) if isinstance(column, str) else column)


def _nodes(tables: Tables, kept: list[str], centre: Sequence[str], *, has_more: bool) -> pl.DataFrame:
    named = _named(tables, kept).rename({"code": "id"}).with_columns(is_centre=pl.col("id").is_in(centre))
    if not has_more:
        return named
    more = pl.DataFrame({"id": [MORE], "name": ["more"], "kind": ["more"], "is_centre": [False]})
    return pl.concat([named, more], how="diagonal")


def _named(tables: Tables, codes: Sequence[str]) -> pl.DataFrame:
    """Codes with `name`, `kind`, `lon` and `lat`, in their order; an area without a node keeps its code as name.

    A code that is a country in one table and a residual in another is drawn as a residual."""
    countries = _table(tables, "Country").with_columns(kind=pl.lit("country"))
    areas = pl.concat([_table(tables, "Residual"), countries], how="diagonal")
    known = areas.filter(pl.col("code").is_in(codes)).select("code", "name", "kind", "lon", "lat").collect()
    wanted = pl.DataFrame({"code": list(codes)}, schema={"code": pl.String})
    rows = wanted.join(known.unique("code", keep="first", maintain_order=True), on="code", how="left")
    order = rows.with_columns(pl.coalesce("name", "code").alias("name"), pl.col("kind").fill_null("unknown"))
    return wanted.join(order, on="code", how="left", maintain_order="left")


def _activity(placed: pl.LazyFrame, links: pl.DataFrame, centre: Sequence[str], folded: Sequence[str]) -> pl.DataFrame:
    """What each node sells and buys per year: with the centre, where there is one; the centre: all its trade."""
    same = pl.col("start") == pl.col("end")
    with_centre = pl.col("start").is_in(centre) | pl.col("end").is_in(centre) if centre else pl.lit(True)
    rows = links.filter(with_centre)
    sold = rows.filter(~same).group_by(id="start", year="year").agg(out_value_usd=_exact_sum("value_usd"))
    bought = rows.filter(~same).group_by(id="end", year="year").agg(in_value_usd=_exact_sum("value_usd"))
    inside = links.filter(same).select("year", id="start", inside_value_usd="value_usd")
    key = ["id", "year"]
    found = sold
    for other in (bought, inside, _behind(placed, centre, folded)):
        found = found.join(other, on=key, how="full", coalesce=True, nulls_equal=True)
    alone = pl.when(pl.col("id") != MORE).then(1).otherwise(pl.col("areas").fill_null(0)).cast(pl.Int64)
    return found.with_columns(areas=alone).sort("id", "year", nulls_last=True)


def _behind(placed: pl.LazyFrame, centre: Sequence[str], folded: Sequence[str]) -> pl.DataFrame:
    """How many areas MORE stands for in each year, and in all."""
    rows = placed.filter(pl.col("exporter").is_in(centre) | pl.col("importer").is_in(centre)) if centre else placed
    ends = pl.concat([rows.select("year", code=office) for _, office in SIDES])
    mine = ends.filter(pl.col("code").is_in(folded))
    counted = [
        mine.group_by("year").agg(areas=pl.col("code").n_unique()),
        mine.select(year=pl.lit(None, pl.Int64), areas=pl.col("code").n_unique()).head(1),
    ]
    rows = pl.concat(
        [one.with_columns(pl.col("areas").cast(pl.Int64), id=pl.lit(MORE)) for one in counted], how="diagonal"
    )
    return rows.select("id", "year", "areas").collect()


def _drawn(links: pl.DataFrame, centre: Sequence[str], year: int | None, ties: int) -> pl.DataFrame:
    """Mark the links to draw: all of the centre's, then candidates, each node's largest, the largest of the rest."""
    year_is = pl.col("year").is_null() if year is None else pl.col("year") == year
    now = pl.col("value_usd").filter(year_is)
    pairs = links.group_by("start", "end").agg(
        now=_exact_sum(now).fill_null(-1.0),
        ever=_exact_sum(pl.col("value_usd").filter(pl.col("year").is_null())).fill_null(-1.0),
        is_candidate=(pl.col("level").filter(year_is) >= 2).any().fill_null(False),
    )
    touches = pl.col("start").is_in(centre) | pl.col("end").is_in(centre) if centre else pl.lit(False)
    pairs = pairs.with_columns(touches=touches).sort(
        "now", "ever", "start", "end", descending=[True, True, False, False]
    )
    first = (pl.int_range(pl.len()).over("start") == 0) | (pl.int_range(pl.len()).over("end") == 0)
    ranked = pairs.with_columns(first=first if not centre else pl.lit(False))
    order = ["touches", "is_candidate", "first", "now", "ever", "start", "end"]
    ranked = ranked.sort(order, descending=[True, True, True, True, True, False, False])
    allowed = pl.col("touches") | ((~pl.col("touches")).cum_sum() <= ties)
    chosen = ranked.select("start", "end", is_drawn=allowed)
    return links.join(chosen, on=["start", "end"], how="left", maintain_order="left")


def _alerts(tables: Tables, placed: pl.LazyFrame, levels: pl.LazyFrame | None) -> pl.DataFrame:
    """Alerts about the flows of the network; a level that people raised counts."""
    rows = _table(tables, "Alert").join(placed.select("flow_id", "start", "end", "year"), on="flow_id")
    if levels is not None:
        # By alert: what is a candidate on one list may be an anomaly on the other.
        raised = levels.select("alert_id", raised=pl.col("claim_level").cast(pl.Int64))
        rows = rows.join(raised, on="alert_id", how="left", maintain_order="left")
        rows = rows.with_columns(claim_level=pl.max_horizontal("claim_level", "raised")).drop("raised")
    return rows.sort("list", "rank", "alert_id").collect()


def _table(tables: Tables, label: str) -> pl.LazyFrame:
    return tables.get(label, pl.LazyFrame(schema=dtypes(NODES[label])))
