"""Alerts as a list for people: a table on a wide terminal, two lines an alert on a narrow one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rich.console import RenderableType
from rich.table import Column, Table
from rich.text import Text

from graphs.commodities import title_of
from graphs.countries import name_of
from pipelines.views import wording
from pipelines.views.terminal import DIM, STRONG, dim, fitted, grid, level

Row = Mapping[str, Any]
Verdicts = Mapping[str, str]
"""What people decided, in words, by alert_id."""
CUT = ("exporter", "importer", "goods", "ordinary cause")
"""Columns that are shortened where the terminal is narrow."""
OPTIONAL = (">p", "channel", ">mass", "ordinary cause")
"""Columns that are left out, in this order, where even that is not enough; then the list is stacked."""


@dataclass(frozen=True)
class Shown:
    """How many alerts there are beside those on the screen."""

    matching: int
    scored: int
    as_of: date | None
    everything: bool
    list_name: str | None = None
    why_no_rate: str | None = None
    """Why no error rate is claimed; None where one is."""
    bound: int | None = None
    """How many of those on the screen may be ordinary; None where no bound is known."""


def alert_list(rows: Sequence[Row], shown: Shown, verdicts: Verdicts, width: int) -> Iterator[RenderableType]:
    """Everything to print, from the head line to the hint about what to do next."""
    yield dim(_head(rows, shown))
    if shown.list_name is not None:
        yield dim(_which(shown))
    yield Text()
    yield _table(rows, verdicts, width) or _stack(rows, verdicts)
    yield Text()
    yield dim(_foot(rows, shown))


def _head(rows: Sequence[Row], shown: Shown) -> str:
    kind = "scored flow" if shown.everything else "alert"
    first = f"{len(rows):,} of " if len(rows) < shown.matching else ""
    text = f"{first}{shown.matching:,} {kind}{'' if shown.matching == 1 else 's'}"
    if not shown.everything:
        text += f" among {shown.scored:,} scored flows"
    return f"{text}, by what was known on {wording.day(shown.as_of)}."


def _which(shown: Shown) -> str:
    """Which list this is, how it is ordered, what is known of its errors, and where the other one is."""
    name = str(shown.list_name)
    other = next(one for one in wording.LISTS if one != name)
    text = f"The {name} list: {wording.LISTS[name]}; ordered by {wording.ORDERS[name]}. "
    if not shown.everything and shown.why_no_rate:
        text += f"No error rate is claimed: {shown.why_no_rate}. "
    if shown.bound is not None:
        text += f"Of those shown at most {shown.bound:,} are ordinary, with a probability of 90 %. "
    return f"{text}--list {other} shows the other."


def _foot(rows: Sequence[Row], shown: Shown) -> str:
    rank = f"{rows[0]['rank'] if rows else 1}{wording.option(shown.list_name)}"
    more = "" if len(rows) >= shown.matching else f"   --top {min(shown.matching, 2 * len(rows))} shows more"
    return f"A gap proves nothing by itself: oretrace explain {rank} tells why.{more}"


def _table(rows: Sequence[Row], verdicts: Verdicts, width: int) -> Table | None:
    """One line an alert, with as many columns as the width allows; None where it allows too few."""
    columns = _columns(verdicts)
    for optional in OPTIONAL:
        cells = [[Text.assemble(cell(row)) for cell in columns.values()] for row in rows]
        cut = [at for at, name in enumerate(columns) if name in CUT]
        table = fitted(tuple(columns), cells, cut, width)
        if table is not None:
            return table
        columns.pop(optional)
    return None


def _columns(verdicts: Verdicts) -> dict[str, Callable[[Row], Text | str]]:
    return {
        ">#": lambda row: Text(str(row["rank"]), style=STRONG),
        "level": lambda row: level(row["claim_level"]),
        "exporter": lambda row: _named(row["exporter"]),
        "importer": lambda row: _named(row["importer"]),
        "goods": lambda row: _goods(row["commodity"]),
        "period": lambda row: wording.month(row["period"]),
        ">gap": lambda row: wording.usd(row["gap_value_usd"]),
        ">mass": lambda row: wording.mass(row["gap_mass_kg"]),
        "channel": lambda row: wording.CHANNELS[row["channel"]],
        ">p": lambda row: wording.probability(row["p_value"]),
        "ordinary cause": lambda row: dim(_cause(row)),
        "judged": lambda row: verdicts.get(row["alert_id"], ""),
    }


def _stack(rows: Sequence[Row], verdicts: Verdicts) -> Table:
    """Two lines an alert."""
    table = grid(Column(justify="right", style=STRONG, no_wrap=True), Column(overflow="fold"))
    for row in rows:
        pair = f"{wording.place(row['exporter'])} to {wording.place(row['importer'])}"
        table.add_row(
            str(row["rank"]), Text.assemble(pair, ", ", _goods(row["commodity"]), ", ", wording.month(row["period"]))
        )
        facts = Text.assemble(level(row["claim_level"]), " · ", _unmatched(row))
        facts.append(f" · p {wording.probability(row['p_value'])}", style=DIM)
        if row["main_cause"]:
            facts.append(f" · {_cause(row)}?", style=DIM)
        if verdict := verdicts.get(row["alert_id"]):
            facts.append(f" · judged {verdict}")
        table.add_row("", facts)
    return table


def _unmatched(row: Row) -> str:
    """The gap with what it is; where there is none, that nothing is unmatched; the channel where none is stated."""
    known = [
        (value, spell(value))
        for value, spell in ((row["gap_value_usd"], wording.usd), (row["gap_mass_kg"], wording.mass))
        if value is not None
    ]
    if not known:
        return wording.CHANNELS[row["channel"]]
    if not any(value for value, _ in known):
        return "nothing unmatched"
    return f"{', '.join(text for _, text in known)} {wording.gap(row['channel'])}"


def _named(code: str) -> Text:
    """Code first, so that it survives when the name is cut."""
    name = name_of(code)
    return Text(code) if name == code else Text.assemble(code, " ", (name, DIM))


def _goods(commodity: str) -> Text:
    return Text.assemble(commodity, " ", (title_of(commodity), DIM))


def _cause(row: Row) -> str:
    return wording.CAUSES.get(row["main_cause"], wording.spelled(row["main_cause"])) if row["main_cause"] else ""
