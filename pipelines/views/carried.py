"""Verdicts on what ships could have carried, on a terminal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl
from rich.console import RenderableType
from rich.text import Text

from graphs.countries import name_of
from graphs.periods import LAST_YEAR
from models.shipping.capacity import LONGEST_DAYS
from pipelines.ship_capacity import CANNOT_TEST, COULD, COULD_NOT, NO_DAY, Answer
from pipelines.views import wording
from pipelines.views.answer import notes
from pipelines.views.terminal import STRONG, heading, indented, pairs, with_room

HEADER = (
    "period", "verdict", ">declared", ">reconciled", ">could carry", "80 % interval", ">beyond", ">p", ">voyages",
    ">heard",
)  # fmt: skip
LEAST_NEEDED = (">voyages", ">p", "80 % interval", ">reconciled", ">beyond", ">heard")
"""What a narrow terminal leaves out, in this order; the share heard is what a verdict rests on, so it goes last."""
LAST = 6
"""Periods shown where ships tell of none; --format csv has all."""
STYLES = {COULD: "", COULD_NOT: STRONG, CANNOT_TEST: "dim"}
NOTES = (
    "Declared: the smaller of both sides' masses. Could carry: every ship for bulk seen to leave the exporter or to "
    "reach the importer, whichever is less, each as full as it can be, and more for the time nobody listened.",
    "p: the chance that they could have carried it. All ships of a country stand against this one flow, which errs "
    "towards could.",
    "Ships that nobody heard, other ways than by sea and goods in containers are ordinary reasons.",
)
OF_SHIPS = (
    f"Voyages: those seen from the one country to the other that began in the period and ended. {wording.NOTHING} "
    f"there: some may not have ended, since not every day until {LONGEST_DAYS} days after the period was read.",
    "Heard: the share of the time in which somebody was heard around the ports of the country that was heard less.",
)
"""What ships alone tell."""
MERGED = "Reconciled: one mass that the source made of both sides' declarations. It is shown and not tested."
PLURAL = (("of its days", "of their days"), ("of its own is declared for it", "of their own is declared for them"),
          ("its mass was", "their mass was"), ("it may go", "they may go"))  # fmt: skip
"""A reason is worded for one period; how it reads for several."""


def carried(found: Answer, width: int) -> Iterator[RenderableType]:
    """One line a period; what cannot be tested says why below it."""
    pair = f"{wording.place(found.exporter)} to {wording.place(found.importer)}"
    yield heading(f"{pair}, {found.goods}: could the ships that were seen have carried it?")
    left_out = 0
    for (source,), mine in found.rows.group_by("source", maintain_order=True):
        shown = _worth(mine)
        left_out += mine.height - shown.height
        yield Text()
        yield Text(_title(source, mine, found), style=STRONG)
        yield from (indented(one) for one in _table(shown.to_dicts(), width - 2))
    yield Text()
    more = [f"{left_out:,} more periods that cannot be tested are not in the table: --format csv has all."]
    is_merged = found.rows["declared_kg"].is_null() & found.rows["reconciled_kg"].is_not_null()
    merged = [MERGED] if is_merged.any() else []
    ships = OF_SHIPS if found.rows["calls_out"].count() else ()
    yield from notes([*_reasons(found), *(more if left_out else []), *ways(found), *merged, *NOTES, *ships])


def nothing(found: Answer, year: int | None) -> str:
    """What is said where neither trade nor ships are known: one sentence, and what is known of other ways."""
    when = f" in {year}" if year else ""
    unseen = "no call of a ship was seen at either end" if found.has_days else NO_DAY
    said = f"no trade in these goods is held of this pair{when}, declared or reconciled, and {unseen}"
    return ". ".join([said, *(one.removesuffix(".") for one in ways(found))])


def ways(found: Answer) -> list[str]:
    """Of goods that do not go in bulk: whether a flight is listed, and which mode was declared."""
    if not found.flies:
        return []
    ends = {"export": found.exporter, "import": found.importer}
    told = [
        f"{name_of(ends[row['side']])} {wording.usd(row['value_usd'])} by {row['mode']}, {wording.month(row['period'])}"
        for row in found.modes
    ]
    declared = f"Declared by mode: {'; '.join(told)}." if told else "No mode of transport is declared of these goods."
    return [*found.notes, declared]


def _title(source: str | None, rows: pl.DataFrame, found: Answer) -> str:
    """What the masses of a block are: declared, reconciled, or none."""
    if source is None:
        years = {period // 100 for period in rows["period"] if period > LAST_YEAR}
        return "no monthly declaration is held" if years & found.declared_years else "no mass is declared"
    if rows["declared_kg"].count():
        return f"as declared in {source}"
    return f"{source}: reconciled, not declared" if rows["reconciled_kg"].count() else f"{source}: no mass is declared"


def _worth(rows: pl.DataFrame) -> pl.DataFrame:
    """Periods of which ships tell anything; where they tell of none, the last ones."""
    told = rows.filter(pl.col("calls_out").is_not_null())
    return told if told.height else rows.tail(LAST)


def _table(rows: Sequence[Mapping[str, Any]], width: int) -> Iterator[RenderableType]:
    """A table without the columns that are least needed where they have no room, which is said."""
    table = [_cells(row) for row in rows]
    # A column in which no row has anything is none.
    empty = {name for at, name in enumerate(HEADER) if {row[at] for row in table} <= {"", wording.NOTHING}}
    is_seen = any(row["calls_out"] is not None for row in rows)
    empty -= {">declared", ">could carry", *((">voyages", ">heard") if is_seen else ())}
    header = [name for name in HEADER if name not in empty]
    cells = [
        [Text(line[HEADER.index(name)], style=STYLES[row["verdict"]]) for name in header]
        for line, row in zip(table, rows, strict=True)
    ]
    fits = with_room(header, cells, (), width, [header.index(name) for name in LEAST_NEEDED if name in header])
    yield from fits
    for line in () if fits else table:
        yield pairs((name.lstrip(">"), text) for name, text in zip(HEADER, line, strict=True) if name not in empty)


def _cells(row: Mapping[str, Any]) -> list[str]:
    untested = wording.NOTHING if row["verdict"] == CANNOT_TEST else ""
    return [
        wording.month(row["period"]), row["verdict"], wording.mass(row["declared_kg"]),
        wording.mass(row["reconciled_kg"]) if row["declared_kg"] is None else "", wording.mass(row["capacity_kg"]),
        _interval(row["capacity_low_kg"], row["capacity_high_kg"]),
        wording.mass(row["beyond_kg"]) if row["verdict"] == COULD_NOT else untested,
        wording.probability(row["p_value"]), wording.NOTHING if row["voyages"] is None else f"{row['voyages']:,}",
        wording.share(row["seen_share"]),
    ]  # fmt: skip


def _interval(low_kg: float | None, high_kg: float | None) -> str:
    """11.4 to 15.3 Mt; a unit that both ends share stands once."""
    if low_kg is None or high_kg is None:
        return wording.NOTHING
    low, high = wording.mass(low_kg), wording.mass(high_kg)
    number, unit = low.rsplit(" ", 1)
    return f"{number if high.endswith(f' {unit}') else low} to {high}"


def _reasons(found: Answer) -> list[str]:
    """Why periods cannot be tested, each reason once with its periods; of which source, where there are several."""
    many = found.rows["source"].drop_nulls().n_unique() > 1
    untold: dict[tuple[str | None, str], list[int]] = {}
    for source, period, why in found.rows.select("source", "period", "why").drop_nulls("why").iter_rows():
        periods = untold.setdefault((source if many else None, why), [])
        if period not in periods:
            periods.append(period)
    return [
        f"{f'{source}: ' if source else ''}{_listed(sorted(periods))} cannot be tested: {_worded(why, len(periods))}."
        for (source, why), periods in untold.items()
    ]


def _worded(why: str, periods: int) -> str:
    for one, several in PLURAL if periods > 1 else ():
        why = why.replace(one, several)
    return why


def _listed(periods: Sequence[int]) -> str:
    """Periods in order, runs without a gap as a range: 2022-01 to 2024-09 and 2024-12."""
    runs: list[list[int]] = []
    for period in periods:
        if runs and period == _next(runs[-1][-1]):
            runs[-1].append(period)
        else:
            runs.append([period])
    told = [
        " to ".join(wording.month(one) for one in (run[0], run[-1])) if len(run) > 2 else wording.month(one)
        for run in runs
        for one in (run[:1] if len(run) > 2 else run)
    ]
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"


def _next(period: int) -> int:
    """The period that follows a year or a month."""
    return period + 89 if period > LAST_YEAR and period % 100 == 12 else period + 1
