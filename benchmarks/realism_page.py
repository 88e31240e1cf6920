"""The realism section of docs/world.md: real and simulated figures beside each other, and where they differ."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

import polars as pl

from benchmarks.realism_data import BACI_CODES, Declared
from benchmarks.report import Section, Table
from models.world import realism

MIRRORED = (
    ("sawnwood", "440799", "440729", "sawnwood"),
    ("nickel", "260400", "260400", "nickel ore"),
    ("nickel", "750110", "750110", "nickel mattes"),
)
"""Real source, its code, the world's code, name."""
SHARE, MIDDLE, TAIL = 0.15, 0.4, 3.0
"""Differences beyond which a share, a quartile or a 1 or 99 % point is told; quartiles and points are logs."""
NDCG = 0.1
"""Likewise for NDCG."""
QUARTILES = ("q25", "q50", "q75")
Row = dict[str, float]
Pair = tuple[str, Row | None, Row | None]
"""Name, real figures, the world's."""
Limits = Mapping[tuple[str, float], Sequence[str]]
"""What is compared and how close it should be, and the names of its figures."""
Real = Mapping[str, Declared]


def section(real: Real, world: Declared) -> Section:
    """All tables."""
    parts = (
        _gaps,
        _changes,
        _one_sided,
        _silences,
        _masses,
        _unit_values,
        _sizes,
        _missing,
        _persistence,
        _degrees,
        _rows,
    )
    return Section("realism", "How real it is", [part(real, world) for part in parts])


def _banded(real: Real, world: Declared, measure: Callable[[pl.DataFrame], pl.DataFrame]) -> Iterator[Pair]:
    """Name, real figures and the world's of each commodity and size band."""
    for source, code, own, name in MIRRORED:
        theirs, mine = (
            {row["band"]: row for row in measure(frame.filter(pl.col("commodity") == one)).to_dicts()}
            for frame, one in ((real[source].flows, code), (world.flows, own))
        )
        for band in realism.BANDS:
            if band in theirs or band in mine:
                yield f"{name}, {band}", theirs.get(band), mine.get(band)


def _gaps(real: Real, world: Declared) -> Table:
    """log(M / X) of values."""
    pairs = list(_banded(real, world, realism.mirror_gaps))
    lead = (
        "**Log mirror gap**, log(M / X) of values that both sides declare, by code and size of the larger (USD): "
        "number of flows, quartiles, 1 and 99 %."
    )
    columns = ("", "real", "quartiles", "1, 99 %", "world", "quartiles", "1, 99 %")
    rows = [[name, *_spread(theirs), *_spread(mine)] for name, theirs, mine in pairs]
    limits = {("quartiles", MIDDLE): QUARTILES, ("1 and 99 % points", TAIL): ("q1", "q99")}
    return Table(lead, columns, rows, _remarks(pairs, limits, "{:.1f}"))


def _spread(row: Row | None) -> list[str]:
    if row is None:
        return ["few", "", ""]
    middle = " / ".join(_figure(row[name], 2) for name in QUARTILES)
    return [f"{row['rows']:,}", middle, f"{_figure(row['q1'], 1)} / {_figure(row['q99'], 1)}"]


def _changes(real: Real, world: Declared) -> Table:
    """|change| of log(M / X)."""
    pairs = list(_banded(real, world, realism.gap_changes))
    lead = (
        "**Change of the gap**: |change| of log(M / X) of a line from one year to the next, by size of the smaller "
        "year: number of changes, quartiles, 95 %."
    )
    columns = ("", "real", "quartiles", "95 %", "world", "quartiles", "95 %")
    rows = [[name, *_change(theirs), *_change(mine)] for name, theirs, mine in pairs]
    limits = {("quartiles", MIDDLE): QUARTILES, ("95 % points", TAIL): ("q95",)}
    return Table(lead, columns, rows, _remarks(pairs, limits, "{:.1f}"))


def _change(row: Row | None) -> list[str]:
    if row is None:
        return ["few", "", ""]
    return [f"{row['rows']:,}", " / ".join(_figure(row[name], 2) for name in QUARTILES), _figure(row["q95"], 1)]


def _silences(real: Real, world: Declared) -> Table:
    """Who stays silent, and who falls silent."""
    pairs = list(_banded(real, world, realism.silence_changes))
    lead = (
        "**Silence from year to year**: of flows above 10 thousand USD that one side declares two years on end, share "
        "of partners silent in the second among those silent in the first (stays) and among the others (falls). Silent "
        "is who declares less than a hundredth."
    )
    columns = ("", "real: stays", "falls", "world: stays", "falls")
    names = ("stays", "falls")
    rows = [[name, *_shares(theirs, names), *_shares(mine, names)] for name, theirs, mine in pairs]
    return Table(lead, columns, rows, _remarks(pairs, {("shares", SHARE): names}, "{:.0%}"))


def _one_sided(real: Real, world: Declared) -> Table:
    pairs = list(_banded(real, world, realism.one_sided))
    lead = (
        "**One side missing**: share of declared exports that the importer does not declare, and of declared imports "
        "that the exporter does not, where the other reported that year."
    )
    columns = ("", "real: importer silent", "exporter silent", "world: importer silent", "exporter silent")
    names = ("importer_silent", "exporter_silent")
    rows = [[name, *_shares(theirs, names), *_shares(mine, names)] for name, theirs, mine in pairs]
    return Table(lead, columns, rows, _remarks(pairs, {("shares", SHARE): names}, "{:.0%}"))


def _shares(row: Row | None, names: Sequence[str]) -> list[str]:
    return [f"{row[name]:.0%}" if row and not _is_absent(row[name]) else "" for name in names]


def _masses(real: Real, world: Declared) -> Table:
    lead = (
        "**Gap of unit values**, log(M / X) of USD per kg where both sides state masses: what masses disagree on "
        "beyond values. Quartiles, 5 and 95 %."
    )
    return _wide(real, world, realism.mass_gaps, lead)


def _unit_values(real: Real, world: Declared) -> Table:
    lead = (
        "**Unit values** of importers: log of USD per kg over the middle of the commodity and year. Quartiles, 5 and "
        "95 %."
    )
    return _wide(real, world, realism.unit_values, lead)


def _wide(real: Real, world: Declared, measure: Callable[[pl.DataFrame], pl.DataFrame], lead: str) -> Table:
    pairs = list(_banded(real, world, measure))
    columns = ("", "real quartiles", "5, 95 %", "world quartiles", "5, 95 %")
    rows = [[name, *_wide_cells(theirs), *_wide_cells(mine)] for name, theirs, mine in pairs]
    limits = {("quartiles", MIDDLE): QUARTILES, ("5 and 95 % points", TAIL / 2): ("q5", "q95")}
    return Table(lead, columns, rows, _remarks(pairs, limits, "{:.1f}"))


def _wide_cells(row: Row | None) -> list[str]:
    if row is None:
        return ["few", ""]
    middle = " / ".join(_figure(row[name], 2) for name in QUARTILES)
    return [middle, f"{_figure(row['q5'], 1)} / {_figure(row['q95'], 1)}"]


def _sizes(real: Real, world: Declared) -> Table:
    pairs = list(_banded(real, world, realism.sizes))
    rows = [[name, *_shares(theirs, ["share"]), *_shares(mine, ["share"])] for name, theirs, mine in pairs]
    lead = "**Sizes**: share of all flows of a code in each band."
    return Table(lead, ("", "real", "world"), rows, _remarks(pairs, {("shares", SHARE): ["share"]}, "{:.0%}"))


def _missing(real: Real, world: Declared) -> Table:
    """By age of the year; the file of imports holds 35 codes, so that nearly every office that reports is in it."""
    sides = [realism.missing_reports(one.reporting).to_dicts() for one in (real["imports"], world)]
    ages = range(min(len(side) for side in sides))
    by_age = [{row["age"]: row for row in side} for side in sides]
    pairs = [(f"last year less {age}" if age else "last year", *(side.get(age) for side in by_age)) for age in ages]
    rows = [[name, *_shares(theirs, ["missing"]), *_shares(mine, ["missing"])] for name, theirs, mine in pairs]
    lead = "**Missing reporters**: share of offices without a row, of those that ever report."
    remarks = _remarks(pairs, {("shares", SHARE): ["missing"]}, "{:.0%}")
    return Table(lead, ("", "real (imports of 35 codes)", "world"), rows, remarks)


def _by_code(
    real: Real, world: Declared, measure: Callable[[pl.DataFrame], pl.DataFrame], direction: str | None = None
) -> Iterator[Pair]:
    """Name, real figures and the world's of each code: declared ones, then those of BACI."""
    listed = [(name, real[source].flows, code, own) for source, code, own, name in MIRRORED]
    listed += [(f"{own} (BACI)", real["baci"].flows, code, own) for own, code in BACI_CODES.items()]
    for name, flows, code, own in listed:
        found = [
            measure(frame.filter(pl.col("commodity") == one)) for frame, one in ((flows, code), (world.flows, own))
        ]
        if direction:
            found = [frame.filter(pl.col("direction") == direction) for frame in found]
        theirs, mine = (frame.row(0, named=True) if frame.height else None for frame in found)
        yield f"{name}, {direction}" if direction else name, theirs, mine


def _persistence(real: Real, world: Declared) -> Table:
    pairs = list(_by_code(real, world, realism.persistence))
    gaps = {name: (theirs, mine) for name, theirs, mine in _by_code(real, world, realism.gap_persistence)}
    rows = []
    for name, theirs, mine in pairs:
        correlation = [_number(one, "correlation") for one in gaps[name]]
        if "BACI" in name:
            correlation[0] = ""
        rows.append([name, _number(theirs, "ndcg"), _number(mine, "ndcg"), *correlation])
    lead = (
        "**Persistence**: NDCG@10 of last year's value as a forecast of an exporter's partners, and rank correlation "
        "of the log mirror gap with that of the year before (above 10 thousand USD)."
    )
    columns = ("", "NDCG@10 real", "world", "gap real", "world")
    return Table(lead, columns, rows, _remarks(pairs, {("NDCG@10", NDCG): ["ndcg"]}, "{:.2f}"))


def _number(row: Row | None, name: str) -> str:
    return f"{row[name]:.2f}" if row else ""


def _degrees(real: Real, world: Declared) -> Table:
    pairs = [one for direction in ("out", "in") for one in _by_code(real, world, realism.degrees, direction)]
    names = ("degree_median", "degree_90", "degree_most")
    rows = []
    for name, theirs, mine in pairs:
        cells = [name]
        for row in (theirs, mine):
            partners = " / ".join(f"{row[one]:.0f}" for one in names) if row else ""
            strength = f"{row['top_share']:.0%} / {row['top5_share']:.0%} / {row['strength_spread']:.1f}" if row else ""
            cells += [partners, strength]
        rows.append(cells)
    lead = (
        "**Partners and strength** of countries that trade a code, within a year: middle, 90 % and most partners; "
        "share of the largest and of the five largest in value, and log10 of the 90 % quantile of it over the middle."
    )
    columns = ("", "real partners", "strength", "world partners", "strength")
    limits = {("shares", SHARE): ("top_share", "top5_share")}
    remarks = ["The world has 60 countries and the real one some 200, so that the most partners are fewer."]
    return Table(lead, columns, rows, [*remarks, *_remarks(pairs, limits, "{:.0%}")])


def _rows(real: Real, world: Declared) -> Table:
    """Rows of importers: freight, masses."""
    rows = []
    for name, one in (("real (imports of 35 codes)", real["imports"]), ("world", world)):
        imports = one.rows.filter(pl.col("flow").cast(pl.String) == "M")
        both = (pl.col("cif_value_usd") > 0) & (pl.col("fob_value_usd") > 0) & (pl.col("value_usd") >= 1e4)
        ratio = imports.filter(both).select(ratio=pl.col("cif_value_usd") / pl.col("fob_value_usd"))["ratio"]
        points = " / ".join(f"{ratio.quantile(at, 'linear'):.3f}" for at in (0.05, 0.25, 0.5, 0.75, 0.95))
        estimated = imports.select(pl.col("is_mass_estimated").fill_null(False).mean()).item()
        absent = imports.select(pl.col("mass_kg").is_null().mean()).item()
        whole = imports.select((pl.col("value_usd") == pl.col("value_usd").round(0)).mean()).item()
        rows.append([name, f"{imports.height:,}", points, f"{estimated:.0%}", f"{absent:.1%}", f"{whole:.0%}"])
    lead = (
        "**Importers' rows**: CIF over FOB where a row above 10 thousand USD states both (5, 25, 50, 75, 95 %), masses."
    )
    columns = ("", "rows", "CIF over FOB", "estimated mass", "no mass", "whole USD")
    return Table(lead, columns, rows)


def _remarks(pairs: Sequence[Pair], limits: Limits, form: str) -> list[str]:
    """How many figures lie within the limits, and a line for each row of which one does not."""
    told, within, figures = [], 0, 0
    limit = {name: limit for (_, limit), names in limits.items() for name in names}
    for row, theirs, mine in pairs:
        if theirs is None or mine is None:
            continue
        known = [name for name in limit if not _is_absent(theirs[name]) and not _is_absent(mine[name])]
        far = [name for name in known if abs(theirs[name] - mine[name]) > limit[name]]
        figures += len(known)
        within += len(known) - len(far)
        if far:
            words = (f"{_word(name)} {form.format(mine[name])} (real {form.format(theirs[name])})" for name in far)
            told.append(f"{row}: {', '.join(words)}")
    bounds = ", ".join(f"{what} within {limit:g}" for what, limit in limits)
    differs = [f"It differs at {'; '.join(told)}."] if told else []
    return [f"{within} of the {figures} figures that both have are as close as this: {bounds}.", *differs]


def _is_absent(figure: float | None) -> bool:
    """A share of nothing."""
    return figure is None or math.isnan(figure)


def _word(name: str) -> str:
    percent = name.removeprefix("q")
    return f"{percent} %" if percent.isdigit() else name.replace("_", " ")


def _figure(value: float, digits: int) -> str:
    """A number without a minus before 0."""
    return f"{round(value, digits) + 0.0:.{digits}f}"
