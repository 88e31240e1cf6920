"""Grades as tables and in plain words, from an analysis written by hand."""

from pathlib import Path

import pytest
from rich.console import Console

from models.grading.grade import Grades, grade
from models.world.tables import ARTEFACTS, SCHEMES
from models.world.words import ARTEFACT_WORDS, SCHEME_WORDS
from pipelines.views import grades as view
from pipelines.world.lesson import lesson
from tests.models.grading import frames
from tests.models.grading.test_grade import HELD, ROWS, TRUTH

NAMES = {
    code: f"Land of {code}" for code in ("XAA", "XAB", "XAC", "XAD", "XAE", "XBA", "XBB", "XBC", "XBD", "XCA", "XZZ")
}


@pytest.fixture(scope="module")
def graded() -> Grades:
    return grade(frames.alerts(*ROWS), frames.scores(*ROWS), frames.causes(*HELD), TRUTH)


def printed(parts, width: int = 160) -> str:
    console = Console(width=width, highlight=False, markup=False)
    with console.capture() as captured:
        for part in parts:
            console.print(part)
    return captured.get()


def sentences(text: str) -> str:
    return " ".join(text.split())


def test_the_lesson_tells_what_was_found_missed_and_wrongly_raised(graded: Grades) -> None:
    text = sentences(printed(lesson(graded, NAMES, Path("data/w"))))
    ore = "Land of XZZ, Nickel ores and concentrates (260400), 2020"
    for told in (
        "The list holds 6 alerts among 10 scored flows; 2 of them touch a scheme, where as many flows drawn by "
        "chance would touch 2.4.",
        "1 of 4 (25 %) schemes that leave a trace in declarations have a flow among the alerts",
        "on those flows stand 93 % of the value that all of them hide.",
        f"- Land of XAA to {ore}: exports declared far below their value, 5.00 M USD in truth",
        "oretrace --home data/w explain 1",
        "Of 5 flows with a trace, 4 could be tested, 3 stood out and 2 are among the alerts.",
        "From 1.00 M USD of hidden value on, at least half of the flows are found",
        f"- Land of XAB to {ore}: exports declared far below their value, 400.0 k USD in truth; the list says "
        "– unmatched, anomaly. It stood out and stands below the alerts, at rank 7.",
        f"- Land of XAC to {ore}: exports in spite of a ban, 30.0 k USD; rank 10. Because.",
        "2.00 k USD; it was never tested. No channel could test this flow.",
        "On 1 more flows goods were hidden without a trace in any published declaration.",
        "Of 6 alerts, 2 lie where something ordinary happened and 1 where the truth knows of nothing",
        "1 of 4 scored flows that only an artefact touches were raised above level 1, which no artefact should be.",
        f"- Land of XBA to {ore}: an office that changed its ways, rank 2, candidate; the list holds coding possible",
        "true cause came first among the explanations in 1 of 4 (25 %) cases and was held possible in 2 of 4",
        "a list in random order 0.4",
        "At level 2, 1 of 2 (50 %) alerts touch a scheme.",
        "Not graded, since not built yet: ground, matter, shipping, linkage.",
    ):
        assert told in text, f"{told!r} is not in {text}"


def test_the_lesson_of_an_empty_list_can_be_told() -> None:
    nothing = grade(frames.alerts(), frames.scores(), frames.causes(), frames.truth())
    text = sentences(printed(lesson(nothing, NAMES, Path("data/w"))))
    assert "none of no schemes" in text
    assert "At no size are half of the flows found." in text


def test_figures_are_tables_with_intervals_and_counts(graded: Grades) -> None:
    text = printed(view.figures(graded.figures))
    for title, _ in view.SECTIONS.values():
        assert title in text
    assert "strength 0.5" in text
    assert "33 %" in sentences(text)
    assert "A list in random order has the precision 40 % everywhere." in text
    assert "Not counted above: 1 without a trace in any published declaration." in text
    assert "not built yet: ground, matter, shipping, linkage" in text


@pytest.mark.parametrize("width", [200, 100, 60])
def test_flows_have_the_names_of_their_countries(graded: Grades, width: int) -> None:
    text = printed(view.flows(graded.flows, NAMES, width), 400)
    for outcome in ("found", "noticed", "missed", "raised", "flagged", "unknown"):
        assert outcome in text
    assert "Land of XAA" in text or width < 200


def test_every_kind_has_its_words() -> None:
    assert tuple(SCHEME_WORDS) == SCHEMES
    assert tuple(ARTEFACT_WORDS) == ARTEFACTS
