"""Grades in plain words: what was found, missed and wrongly raised, and what that teaches."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl
from rich.console import RenderableType
from rich.text import Text

from graphs.commodities import title_of
from models.grading.grade import Grades
from models.world.words import ARTEFACT_WORDS, SCHEME_WORDS
from pipelines.views import wording
from pipelines.views.terminal import dim, heading, indented

EXAMPLES = 3
"""Flows that are told of one kind of outcome."""
ALL = "all"
WEAK, STRONG = "0.25", "1"
"""Strengths that are compared."""

Row = Mapping[str, Any]


class _Told:
    """Figures and flows by name, for sentences."""

    def __init__(self, grades: Grades, names: Mapping[str, str], home: Path) -> None:
        self.grades, self.names, self.home = grades, names, home

    def figure(self, part: str, kind: str, measure: str, band: str = ALL) -> Row:
        rows = self.grades.figures.filter(part=part, kind=kind, measure=measure, band=band)
        return rows.row(0, named=True) if rows.height else {"value": None, "low": None, "hits": 0, "total": 0}

    def flows(self, outcome: str) -> pl.DataFrame:
        return self.grades.flows.filter(outcome=outcome)

    def flow(self, row: Row) -> str:
        """Velmora to Ostan, Nickel ores and concentrates, 2019."""
        ends = f"{self.names[row['exporter']]} to {self.names[row['importer']]}"
        return f"{ends}, {title_of(row['commodity'])} ({row['commodity']}), {row['year']}"

    def command(self, row: Row) -> Text:
        return dim(f"oretrace --home {self.home} explain {row['rank']}")


def lesson(grades: Grades, names: Mapping[str, str], home: Path) -> Iterator[RenderableType]:
    """Everything to print."""
    told = _Told(grades, names, home)
    yield Text("This world is invented, so its truth is known, and the analysis can be held against it.")
    for title, part in (
        ("What was found", _found),
        ("What was missed, and why", _missed),
        ("What was wrongly raised, and why", _raised),
        ("What the list is worth", _worth),
    ):
        yield Text()
        yield heading(title)
        yield from (indented(one) for one in part(told))
    strands = ", ".join(grades.figures.filter(part="strands")["kind"])
    yield Text()
    yield dim(f"Not graded, since not built yet: {strands}.")
    yield dim("oretrace grade --flows lists every flow by name; --format json gives all figures with their intervals.")


def _found(told: _Told) -> Iterator[Text]:
    alerts = told.figure("alerts", "alerts", "touch a scheme")
    scored = told.figure("order", ALL, "base rate")
    by_chance = wording.number(alerts["total"] * (scored["value"] or 0.0))
    yield Text(
        f"The list holds {alerts['total']:,} alerts among {scored['total']:,} scored flows; {alerts['hits']:,} of them "
        f"touch a scheme, where as many flows drawn by chance would touch {by_chance}."
    )
    schemes = told.figure("recall", ALL, "schemes among the alerts")
    money = told.figure("recall", ALL, "hidden value among the alerts")
    yield Text(
        f"{_of(schemes)} schemes that leave a trace in declarations have a flow among the alerts; on those flows stand "
        f"{wording.share(money['value'])} of the value that all of them hide."
    )
    for row in pl.concat([told.flows("found"), told.flows("noticed")]).head(EXAMPLES).iter_rows(named=True):
        place = (
            "" if row["outcome"] == "found" else f" It stood out and stands below the alerts, at rank {row['rank']:,}."
        )
        yield Text(
            f"- {told.flow(row)}: {SCHEME_WORDS[row['kind']]}, {wording.usd(row['hidden_usd'])} in truth; "
            f"the list says {wording.usd(row['unmatched_usd'])} unmatched, {wording.LEVELS[row['claim_level']]}.{place}"
        )
        yield told.command(row)
    yield _best_and_worst(told)


def _best_and_worst(told: _Told) -> Text:
    """Which kinds of schemes are found best and worst."""
    rows = told.grades.figures.filter(
        pl.col("part") == "recall",
        pl.col("measure") == "flows among the alerts",
        pl.col("band") == ALL,
        pl.col("kind") != ALL,
    ).sort("value", "kind", descending=[True, False])
    if rows.height < 2:
        return Text("There are too few kinds of schemes here to compare them.")
    best, worst = rows.row(0, named=True), rows.row(-1, named=True)
    return Text(
        f"Found best, by flows: {SCHEME_WORDS[best['kind']]} ({_share_of(best)}); worst: "
        f"{SCHEME_WORDS[worst['kind']]} ({_share_of(worst)})."
    )


def _missed(told: _Told) -> Iterator[Text]:
    scored = told.figure("recall", ALL, "flows scored")
    stood = told.figure("recall", ALL, "flows stood out")
    taken = told.figure("recall", ALL, "flows among the alerts")
    yield Text(
        f"Of {scored['total']:,} flows with a trace, {scored['hits']:,} could be tested, {stood['hits']:,} stood out "
        f"and {taken['hits']:,} are among the alerts."
    )
    shares = {band: told.figure("recall", ALL, "flows among the alerts", band)["value"] for band in (WEAK, STRONG)}
    yield Text(
        f"Of flows of which a quarter of the trade is hidden, {wording.share(shares[WEAK])} are among the alerts; "
        f"where all of it is, {wording.share(shares[STRONG])}."
    )
    limit = told.figure("size", ALL, "detection limit, USD")["value"]
    yield Text(
        "At no size are half of the flows found."
        if limit is None
        else f"From {wording.usd(limit)} of hidden value on, at least half of the flows are found; smaller ones drown "
        "in what declarations ordinarily differ by."
    )
    for row in told.flows("missed").head(EXAMPLES).iter_rows(named=True):
        place = "it was never tested" if row["rank"] is None else f"rank {row['rank']:,}"
        yield Text(
            f"- {told.flow(row)}: {SCHEME_WORDS[row['kind']]}, {wording.usd(row['hidden_usd'])}; {place}. {row['why']}"
        )
        if row["rank"] is not None:
            yield told.command(row)
    unseen = told.figure("recall", ALL, "flows without a published trace")
    yield Text(
        f"On {unseen['hits']:,} more flows goods were hidden without a trace in any published declaration. Nobody can "
        "find those there; that is what other strands of evidence are for."
    )


def _raised(told: _Told) -> Iterator[Text]:
    benign = told.figure("alerts", "alerts", "touch an artefact and no scheme")
    nothing = told.figure("alerts", "alerts", "touch nothing known")
    high = told.figure("artefacts", ALL, "raised above level 1")
    yield Text(
        f"Of {benign['total']:,} alerts, {benign['hits']:,} lie where something ordinary happened and "
        f"{nothing['hits']:,} where the truth knows of nothing but ordinary differences between offices."
    )
    yield Text(
        f"{high['hits']:,} of {high['total']:,} scored flows that only an artefact touches were raised above level 1, "
        "which no artefact should be."
    )
    outcomes = ("raised", "flagged") if high["hits"] else ("flagged",)
    for outcome in outcomes:
        for row in told.flows(outcome).head(EXAMPLES).iter_rows(named=True):
            cause = f"the list holds {wording.spelled(row['main_cause'])} possible" if row["main_cause"] else row["why"]
            yield Text(f"- {told.flow(row)}: {ARTEFACT_WORDS[row['kind']]}, {_level(row)}; {cause}")
            yield told.command(row)
    first = told.figure("causes", ALL, "true cause came first")
    held = told.figure("causes", ALL, "true cause held possible")
    yield Text(
        f"Where a flow stood out and only an artefact touches it, the artefact's true cause came first among the "
        f"explanations in {_of(first)} cases and was held possible in {_of(held)}."
    )


def _worth(told: _Told) -> Iterator[Text]:
    rate = told.figure("order", ALL, "base rate")["value"]
    kinds = ("the list", "raw gap", "standardised gap")
    values = {kind: told.figure("order", kind, "average precision")["value"] for kind in kinds}
    told_of = ", ".join(f"{kind} {wording.number(value)}" for kind, value in values.items())
    yield Text(f"Average precision over all scored flows: {told_of}; a list in random order {wording.number(rate)}.")
    level = told.figure("alerts", "level 2", "touch a scheme")
    yield Text(f"At level 2, {_of(level)} alerts touch a scheme.")


def _of(figure: Row) -> str:
    """31 of 81 (38 %, 30-47 %)."""
    if not figure["total"]:
        return "none of no"
    return f"{figure['hits']:,} of {figure['total']:,} ({_share_of(figure)})"


def _share_of(figure: Row) -> str:
    if figure["low"] is None:
        return wording.share(figure["value"])
    return f"{wording.share(figure['value'])}, {100 * figure['low']:.0f}–{100 * figure['high']:.0f} %"


def _level(row: Row) -> str:
    return f"rank {row['rank']:,}, {wording.LEVELS[row['claim_level']]}"
