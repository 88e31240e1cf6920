"""Grades in plain words: what was found, missed and wrongly raised, and what that teaches."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl
from rich.console import Group, RenderableType
from rich.text import Text

from models.grading.composition import MADE
from models.grading.grade import Grades
from models.grading.offices import CLASSES
from models.grading.untested import REASONS
from models.world.words import ARTEFACT_WORDS, SCHEME_WORDS
from pipelines.views import wording
from pipelines.views.grades import fine
from pipelines.views.terminal import dim, heading, indented
from pipelines.world import reasons, ships_told
from pipelines.world.told import (
    ALL,
    Row,
    Told,
    about,
    counted,
    listed,
    number_word,
    of,
    sentence,
    share_of,
    spread,
    verb,
)

EXAMPLES = 2
"""Flows that are told of one kind of outcome."""
WEAK, STRONG = "0.25", "1"
"""Strengths that are compared."""
HALF = 0.5
STRANDS = {"ground": "satellite images", "matter": "samples", "shipping": "ships", "linkage": "links between them"}
"""Strands of evidence in words."""


def lesson(
    grades: Grades, names: Mapping[str, str], home: Path, truth: Path, learned: Grades | None = None
) -> Iterator[RenderableType]:
    """Everything to print about the agnostic list, and what the learned one found beside it."""
    told = Told(grades, names, home, truth)
    yield Text("This world is invented, so its truth is known, and the analysis can be held against it.")
    yield _verdict(told)
    for title, part in (
        ("What was found", _found),
        ("What was missed, and why", _missed),
        ("What was wrongly raised, and why", _raised),
        ("What the list is worth", _worth),
        (ships_told.TITLE, ships_told.ships),
    ):
        if not (lines := list(part(told))):
            continue
        yield Text()
        yield heading(title)
        yield from (Group(one) if one.no_wrap else indented(one) for one in lines)
    if learned is not None:
        yield Text()
        yield heading("What the learned list found")
        yield from (
            Group(one) if one.no_wrap else indented(one) for one in _other(told, Told(learned, names, home, truth))
        )
    yield Text()
    strands = listed(STRANDS[one] for one in grades.figures.filter(part="strands")["kind"])
    yield dim(f"Not graded, since this analysis read none of them: {strands}.")
    yield dim("All figures with their intervals; then one flow of each scheme, and every false alarm, by name:")
    yield Group(told.grade("--format", "json"), told.grade("--flows"))
    yield dim("If `oretrace` is not found: `source .venv/bin/activate`.")


def _verdict(told: Told) -> Text:
    """What most readers want to know first."""
    alerts = told.figure("alerts", "alerts", "touch a scheme")
    schemes = told.figure("recall", ALL, "schemes among the alerts")
    idle, unlisted = alerts["total"] - alerts["hits"], schemes["total"] - schemes["hits"]
    text = (
        f"{idle:,} of {counted(alerts['total'], 'alert')} {verb(idle, 'touches', 'touch')} no scheme, and {unlisted:,} "
        f"of {counted(schemes['total'], 'scheme')} {verb(unlisted, 'is', 'are')} not on the list."
    )
    little = idle > HALF * alerts["total"] and unlisted > HALF * schemes["total"]
    return Text(text + (" Declarations alone tell little." if little else ""))


def _found(told: Told) -> Iterator[Text]:
    alerts = told.figure("alerts", "alerts", "touch a scheme")
    makes = told.figure("alerts", "alerts", MADE)["hits"]
    scored = told.figure("order", ALL, "base rate")
    yield Text(
        f"The list holds {counted(alerts['total'], 'alert')} among {counted(scored['total'], 'scored flow')}. "
        f"{_touching(alerts['hits'], makes)} "
        f"As many flows drawn by chance would touch {about(alerts['total'] * (scored['value'] or 0.0))}."
    )
    schemes = told.figure("recall", ALL, "schemes among the alerts")
    money = told.figure("recall", ALL, "hidden value among the alerts")
    yield Text(
        f"{of(schemes)} schemes that leave a trace in declarations have a flow among the alerts; on those flows stands "
        f"{fine(money['value'])} of the value that all of them hide."
    )
    for row in told.flows("found", "noticed").head(EXAMPLES).iter_rows(named=True):
        place = "" if row["outcome"] == "found" else f" It stood out, below the alerts, at rank {row['rank']:,}."
        yield Text(f"- {told.flow(row)}: {SCHEME_WORDS[row['kind']]}. {sentence(reasons.hidden(row))}.{place}")
        yield told.explain(row)
    yield _best_and_worst(told)


def _touching(hits: int, makes: int) -> str:
    """How many alerts touch a scheme, and in how many the scheme makes the gap."""
    if hits == 1:
        return f"1 alert touches a scheme, which makes {'at least' if makes else 'less than'} a quarter of the gap."
    more = f"; in {number_word(makes) if makes else 'none'} of them the scheme makes at least a quarter of the gap"
    return f"{counted(hits, 'alert')} touch a scheme{more if hits else ''}."


def _best_and_worst(told: Told) -> Text:
    """Which kind of scheme is found best, and which are not found at all or worst."""
    rows = told.grades.figures.filter(
        pl.col("part") == "recall",
        pl.col("measure") == "flows among the alerts",
        pl.col("band") == ALL,
        pl.col("kind") != ALL,
    ).sort("value", "kind", descending=[True, False])
    none = rows.filter(hits=0).height
    if rows.height < 2 or none == rows.height:
        return Text("No kind of scheme was found better than others.")
    best, worst = rows.row(0, named=True), rows.row(-1, named=True)
    rest = (
        f"{sentence(number_word(none))} {verb(none, 'kind was', 'kinds were')} not found at all."
        if none
        else f"Worst: {SCHEME_WORDS[worst['kind']]} ({share_of(worst)})."
    )
    return Text(f"Found best, by flows: {SCHEME_WORDS[best['kind']]} ({share_of(best)}). {rest}")


def _missed(told: Told) -> Iterator[Text]:
    scored, stood, taken = (
        told.figure("recall", ALL, f"flows {one}") for one in ("scored", "stood out", "among the alerts")
    )
    yield Text(
        f"Of {counted(scored['total'], 'flow')} with a trace, {scored['hits']:,} could be tested, {stood['hits']:,} "
        f"stood out and {taken['hits']:,} {verb(taken['hits'], 'is', 'are')} among the alerts."
    )
    untested = [(told.figure("untested", one, "flows")["hits"], one) for one in REASONS]
    if any(hits for hits, _ in untested):
        why = "; ".join(f"{one} ({hits:,})" for hits, one in sorted(untested, key=lambda one: -one[0]) if hits)
        yield Text(f"Others could not be tested, because: {why}.")
    weak, strong = (spread(told.figure("recall", ALL, "flows among the alerts", band)) for band in (WEAK, STRONG))
    limit = told.figure("size", ALL, "detection limit, USD")["value"]
    size = (
        "At no size are half of the flows found."
        if limit is None
        else f"From {wording.usd(limit)} of hidden value on, at least half of the flows are found; smaller ones drown "
        "in what declarations ordinarily differ by."
    )
    yield Text(
        f"Where a quarter of the trade is hidden, {weak} of the flows are among the alerts; where all of "
        f"it is, {strong}. {size}"
    )
    for row in told.flows("missed").head(EXAMPLES).iter_rows(named=True):
        amount = wording.usd(row["hidden_usd"])
        yield Text(f"- {told.flow(row)}: {SCHEME_WORDS[row['kind']]}, {amount} hidden. {reasons.missed(row)}")
        if row["rank"] is not None:
            yield told.explain(row)
    unseen = told.figure("recall", ALL, "flows without a published trace")["hits"]
    yield Text(
        f"On {counted(unseen, 'more flow')} schemes hid goods without a trace in any published declaration. Nobody can "
        "find those there; that is what other evidence is for."
    )


def _raised(told: Told) -> Iterator[Text]:
    benign, nothing = (
        told.figure("alerts", "alerts", one) for one in ("touch an artefact and no scheme", "touch nothing known")
    )
    yield Text(
        f"Of {counted(benign['total'], 'alert')}, {benign['hits']:,} {verb(benign['hits'], 'is', 'are')} touched by an "
        f"artefact, that is something ordinary, and by no scheme; of {nothing['hits']:,} the truth knows of nothing "
        "but differences between offices."
    )
    offices = [(told.figure("offices", one, "alerts")["hits"], one) for one in CLASSES]
    if nothing["hits"]:
        classes = "; ".join(f"{reasons.OFFICES[one]}, {hits:,}" for hits, one in offices if hits)
        yield Text(f"What the offices booked, beside the truth: {classes}.")
    for row in _by_class(told.flows("unknown")).head(EXAMPLES).iter_rows(named=True):
        yield Text(f"- {told.flow(row)}, {_level(row)}: {reasons.booked(row)}.")
        yield told.explain(row)
    for row in told.flows("raised", "flagged").head(1).iter_rows(named=True):
        cause = f"the list holds {wording.spelled(row['main_cause'])} possible." if row["main_cause"] else row["why"]
        yield Text(f"- {told.flow(row)}, {_level(row)}: touched by {ARTEFACT_WORDS[row['kind']]}. {sentence(cause)}")
        yield told.explain(row)
    yield from _artefacts(told)


def _artefacts(told: Told) -> Iterator[Text]:
    """Whether artefacts rose more than others, and whether their true cause was named."""
    high, none, schemes = (
        told.figure("above level 1", one, "flows") for one in ("only an artefact", "nothing known", "a scheme")
    )
    yield Text(
        f"{high['hits']:,} of {high['total']:,} ({fine(high['value'])}) flows that only an artefact touches are above "
        f"level 1; of flows that nothing touches {fine(none['value'])} are, of flows of schemes "
        f"{fine(schemes['value'])}."
    )
    first, held = (told.figure("causes", ALL, f"true cause {one}") for one in ("came first", "held possible"))
    yield Text(
        "Where only an artefact touches a flow that stood out, its true cause came first among the explanations in "
        f"{of(first)} and was held possible in {of(held)}."
    )


def _worth(told: Told) -> Iterator[Text]:
    rate = told.figure("order", ALL, "base rate")["value"]
    mine, gap, standard = (
        told.figure("order", one, "average precision") for one in ("the list", "raw gap", "standardised gap")
    )
    spelled = [wording.number(one) for one in (mine["value"], gap["value"], standard["value"], rate)]
    yield Text(
        "Average precision over all scored flows: the list {}, the plain gap {}, the standardised gap {}; a random "
        "order {}.".format(*spelled)
    )
    if None not in (mine["value"], gap["value"], rate):
        yield Text(_order(mine, gap, rate, spelled))
    level = told.figure("alerts", "level 2", "touch a scheme")
    yield Text(f"At level 2, {of(level)} flows touch a scheme.")


def _other(told: Told, learned: Told) -> Iterator[Text]:
    """The learned list beside the agnostic one."""
    alerts, schemes = (
        learned.figure(*one)
        for one in (("alerts", "alerts", "touch a scheme"), ("recall", ALL, "schemes among the alerts"))
    )
    worth = [wording.number(one.figure("order", "the list", "average precision")["value"]) for one in (learned, told)]
    yield Text(
        f"Trees that learned from invented schemes put other flows first: {of(alerts)} of their alerts touch a scheme, "
        f"and {of(schemes)} schemes have a flow among them. The average precision is {worth[0]}, that of the list "
        f"above {worth[1]}."
    )
    yield told.grade("--list", "learned")


def _order(mine: Row, gap: Row, rate: float, spelled: list[str]) -> str:
    """Whether the list is a better order than chance, and than the plain gap."""
    if mine["value"] <= rate:
        chance = "Here the list is no better than chance"
    elif mine["low"] is not None and mine["low"] <= rate:
        chance = "Here the list cannot be told from chance"
    else:
        chance = "The list is better than chance"
    if gap["value"] > mine["value"]:
        return (
            f"{chance}. Sorted by the plain gap, schemes come earlier ({spelled[1]}) than in the list ({spelled[0]})."
        )
    return f"{chance}. Schemes come no later in the list ({spelled[0]}) than sorted by the plain gap ({spelled[1]})."


def _by_class(rows: pl.DataFrame) -> pl.DataFrame:
    """The first alert of each class of what the offices did, in the order of the classes."""
    return pl.concat([rows.filter(off=one).head(1) for one in CLASSES])


def _level(row: Row) -> str:
    return f"rank {row['rank']:,}, {wording.LEVELS[row['claim_level']]}"
