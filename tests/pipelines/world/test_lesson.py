"""Grades as tables and in plain words, from an analysis written by hand."""

from pathlib import Path

import polars as pl
import pytest
from rich.console import Console

from graphs.tables import CHANNELS, LEARNED
from models.grading import ships
from models.grading.figures import Figure
from models.grading.grade import Grades, grade
from models.grading.offices import ABOVE, BELOW, CLASSES, NEAR, NOTHING
from models.grading.ship_capacity import CAPACITY, CARRIED, HEARD, USED
from models.world.tables import ARTEFACTS, SCHEMES
from models.world.words import ARTEFACT_WORDS, SCHEME_WORDS
from pipelines.views import grades as view
from pipelines.world import ships_told
from pipelines.world.lesson import lesson
from pipelines.world.reasons import OFFICES, USUAL, booked
from pipelines.world.told import spread
from tests.models.grading import frames
from tests.models.grading.test_grade import HELD, ROWS, TRUTH

NAMES = {
    code: f"Land of {code}" for code in ("XAA", "XAB", "XAC", "XAD", "XAE", "XBA", "XBB", "XBC", "XBD", "XCA", "XZZ")
}


@pytest.fixture(scope="module")
def graded() -> Grades:
    return grade(frames.analysed(*ROWS, held=HELD, silent=[("XAD", 2020)]), TRUTH)


def printed(parts, width: int = 160) -> str:
    console = Console(width=width, highlight=False, markup=False)
    with console.capture() as captured:
        for part in parts:
            console.print(part)
    return captured.get()


def sentences(text: str) -> str:
    return " ".join(text.split())


def test_the_lesson_tells_what_was_found_missed_and_wrongly_raised(graded: Grades) -> None:
    text = sentences(printed(lesson(graded, NAMES, Path("data/w"), Path("my world/truth"))))
    ore = "Land of XZZ (XZZ), Nickel ores and concentrates (260400), 2020"
    for told in (
        "4 of 6 alerts touch no scheme, and 3 of 4 schemes are not on the list. Declarations alone tell little.",
        "The list holds 6 alerts among 10 scored flows. 2 alerts touch a scheme; in two of them the scheme makes at "
        "least a quarter of the gap. As many flows drawn by chance would touch about 2 (2.4).",
        "1 of 4 (25 %) schemes that leave a trace in declarations have a flow among the alerts",
        "on those flows stands 93 % of the value that all of them hide.",
        f"- Land of XAA (XAA) to {ore}: exports declared far below their value. 5.00 M USD hidden, no less than the "
        "1.00 M USD unmatched.",
        "oretrace --home data/w explain 1",
        "Found best, by flows: exports declared far below their value (50 %). One kind was not found at all.",
        "Of 5 flows with a trace, 4 could be tested, 3 stood out and 2 are among the alerts.",
        "Others could not be tested, because: the exporter's office did not report that year (1).",
        "From 1.00 M USD of hidden value on, at least half of the flows are found",
        f"- Land of XAB (XAB) to {ore}: exports declared far below their value. 400.0 k USD hidden, 40 % of the 1.00 M "
        "USD unmatched. It stood out, below the alerts, at rank 7.",
        f"- Land of XAC (XAC) to {ore}: exports in spite of a ban, 30.0 k USD hidden. The two declarations differ no "
        "more than this pair's usually do (p 0.10). Rank 10.",
        "2.00 k USD hidden. Not tested: the exporter's office did not report that year.",
        "On 1 more flow schemes hid goods without a trace in any published declaration.",
        "Of 6 alerts, 2 are touched by an artefact, that is something ordinary, and by no scheme; of 1 the truth knows",
        "What the offices booked, beside the truth: one side far below it (under 1/30), 1.",
        f"- Land of XCA (XCA) to {ore}, rank 5, anomaly: the exporter's office booked 1.00 M USD of a true 90.0 M USD.",
        "1 of 4 (25 %) flows that only an artefact touches are above level 1; of flows that nothing touches 0 % are, "
        "of flows of schemes 25 %.",
        f"- Land of XBA (XBA) to {ore}, rank 2, candidate: touched by an office that changed its ways. The list holds "
        "coding possible.",
        "true cause came first among the explanations in 1 of 4 (25 %) and was held possible in 2 of 4",
        "a random order 0.4",
        "At level 2, 1 of 2 (50 %) flows touch a scheme.",
        "Not graded, since this analysis read none of them: satellite images, samples, ships and links between them.",
        "oretrace --home data/w grade --truth 'my world/truth' --flows",
        "If `oretrace` is not found: `source .venv/bin/activate`.",
    ):
        assert told in text, f"{told!r} is not in {text}"


def test_a_command_stands_in_one_line_on_a_narrow_screen(graded: Grades) -> None:
    truth = Path("a", *["long"] * 20, "truth")
    console = Console(width=60, highlight=False)
    with console.capture() as captured:
        for part in lesson(graded, NAMES, Path("data/w"), truth):
            console.print(part, crop=False)
    assert f"    oretrace --home data/w grade --truth {truth} --flows" in captured.get().splitlines()


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ((0.02, 0.03, 0.01, 0.012), "better than chance. Sorted by the plain gap, schemes come earlier (0.03) than in"),
        ((0.02, 0.01, 0.01, 0.015), "better than chance. Schemes come no later in the list (0.02) than sorted by"),
        ((0.02, 0.01, 0.018, 0.015), "Here the list cannot be told from chance."),
        ((0.02, 0.01, 0.02, None), "Here the list is no better than chance."),
    ],
)
def test_the_order_is_judged_by_its_figures(graded: Grades, values: tuple, told: str) -> None:
    mine, gap, rate, low = values
    measure = pl.col("part") == "order"
    figures = graded.figures
    for kind, name, value in (
        ("the list", "average precision", mine), ("raw gap", "average precision", gap), ("all", "base rate", rate),
    ):  # fmt: skip
        chosen = measure & (pl.col("kind") == kind) & (pl.col("measure") == name)
        figures = figures.with_columns(
            value=pl.when(chosen).then(pl.lit(value)).otherwise("value"),
            low=pl.when(chosen).then(pl.lit(low, pl.Float64)).otherwise("low"),
        )
    parts = lesson(Grades(figures, graded.flows), NAMES, Path("h"), Path("t"))
    assert told in sentences(printed(parts))


def test_the_lesson_of_an_empty_list_can_be_told() -> None:
    nothing = grade(frames.analysed(), frames.truth())
    text = sentences(printed(lesson(nothing, NAMES, Path("data/w"), Path("t"))))
    assert "none of no schemes" in text
    assert "At no size are half of the flows found." in text


def test_figures_are_tables_with_intervals_and_counts(graded: Grades) -> None:
    text = printed(view.figures(graded.figures))
    for part, (title, measures) in view.SECTIONS.items():
        if part == ships.PART:
            assert title not in text
            continue
        assert title in text
        assert set(measures) <= set(graded.figures.filter(part=part)["measure"]), part
    assert "strength 0.5" in text
    assert "33 %" in sentences(text)
    assert "A list in random order has the precision 40 % everywhere." in text
    assert "Not counted above: 1 without a trace in any published declaration." in text
    assert "since this analysis read none of them: ground, matter, shipping, linkage" in text


SHIPS = [
    Figure(ships.PART, kind, band, measure, hits / total, None, None, hits, total)
    for kind, band, measure, hits, total in (
        (ships.CALLS, "all", "precision", 2808, 2822), (ships.CALLS, "all", "recall", 2367, 2371),
        (ships.CALLS, "all", "not heard", 9, 2380), (ships.SILENCES, "all", "precision", 30, 30),
        (ships.SILENCES, "all", "recall", 30, 31), (ships.SILENCES, "switched_off", "said none", 1, 12),
        (ships.MEETINGS, "all", "precision", 3, 3), (ships.MEETINGS, "all", "recall", 3, 4),
        (ships.IDENTITIES, "all", "precision", 1, 1), (ships.IDENTITIES, "all", "recall", 1, 1),
        (ships.IDENTITIES, "all", "false silences", 0, 2), (ships.VOYAGES, "all", "laden or not", 90, 100),
        (CAPACITY, "all", CARRIED, 431, 440), (CAPACITY, HEARD, CARRIED, 72, 72),
    )
] + [Figure(ships.PART, CAPACITY, "all", USED, 0.017)]  # fmt: skip


@pytest.fixture(scope="module")
def at_sea() -> Grades:
    return grade(frames.analysed(*ROWS, held=HELD), TRUTH, SHIPS)


def test_what_ships_show_is_told_in_words(at_sea: Grades, graded: Grades) -> None:
    text = sentences(printed(lesson(at_sea, NAMES, Path("data/w"), Path("t"))))
    for told in (
        ships_told.TITLE,
        "Port calls: 2,808 of 2,822 (> 99 %) that are told are true, and 2,367 of 2,371 (> 99 %) true ones are told.",
        "Silences: 30 of 30 (100 %) that are told are true, and 30 of 31 (97 %) true ones are told.",
        "1 of 1 (100 %) identities under which two ships sent were noticed; 0 of 2 silences told there did not happen.",
        "Of 12 silences of ships that switched off, 11 are given an ordinary reason",
        "In 431 of 440 (98 %) pairs of countries and months no more goods sailed than the upper end",
        "Half of them sailed less than 2 % of it",
        "Not graded, since this analysis read none of them: satellite images, samples and links between them.",
    ):
        assert told in text, f"{told!r} is not in {text}"
    assert ships_told.TITLE not in printed(lesson(graded, NAMES, Path("data/w"), Path("t")))


def test_figures_of_ships_are_a_table_and_lines(at_sea: Grades) -> None:
    text = sentences(printed(view.figures(at_sea.figures)))
    for told in (
        view.SECTIONS[ships.PART][0],
        "port calls > 99 % 2,808/2,822 > 99 % 2,367/2,371",
        "meetings at sea 100 % 3/3 75 % 3/4",
        "0 of 2 silences told of two ships on one identity did not happen.",
        "In 90 of 100 voyages the ship is rightly said to be laden or empty.",
        "In 431 of 440 pairs of countries and months no more sailed than the upper end of what could have.",
        "In 72 of 72 of these where the ports of both were heard.",
        "since this analysis read none of them: ground, matter, linkage.",
    ):
        assert told in text, f"{told!r} is not in {text}"


def test_a_narrow_table_keeps_outcome_flow_year_rank_and_level(graded: Grades) -> None:
    lines = [" ".join(line.split()) for line in printed(view.flows(graded.flows, NAMES, 80), 80).splitlines()]
    assert lines[0] == "outcome kind flow goods year hidden # level"
    assert lines[1].startswith("found under invoi")
    assert lines[1].endswith("XAA to XZZ 260400 2020 5.00 M USD 1 candidate")
    assert len(lines) == 1 + graded.flows.height


@pytest.mark.parametrize("width", [200, 100, 60])
def test_flows_have_the_names_of_their_countries(graded: Grades, width: int) -> None:
    text = printed(view.flows(graded.flows, NAMES, width), 400)
    for outcome in ("found", "noticed", "missed", "raised", "flagged", "unknown"):
        assert outcome in text
    assert "Land of XAA" in text or width < 200


def test_every_kind_has_its_words() -> None:
    assert tuple(SCHEME_WORDS) == SCHEMES
    assert tuple(ARTEFACT_WORDS) == ARTEFACTS


@pytest.mark.parametrize(
    ("value", "low", "high", "told"),
    [
        (0.38, 0.304, 0.47, "38 % (30–47 %)"),
        (0.0024, 0.0004, 0.0031, "0.2 % (0.04–0.3 %)"),
        (0.0, 0.0, 0.008, "0 % (0–0.8 %)"),
        (1.0, 0.7, 1.0, "100 % (70–100 %)"),
        (0.5, None, None, "50 %"),
    ],
)
def test_small_shares_are_not_told_as_none(value: float, low: float | None, high: float | None, told: str) -> None:
    assert spread({"value": value, "low": low, "high": high}) == told


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"off": BELOW, "off_side": "exporter", "export_value_usd": 190.0, "import_value_usd": 5e7, "true_usd": 2.8e7},
         "the exporter's office booked 190 USD of a true 28.0 M USD"),
        ({"off": BELOW, "off_side": "importer", "export_value_usd": 1e7, "import_value_usd": None, "true_usd": 2.8e7},
         "the importer's office booked nothing of a true 28.0 M USD"),
        ({"off": ABOVE, "off_side": "importer", "export_value_usd": 1e6, "import_value_usd": 1e8, "true_usd": 1e6},
         "the importer's office booked 100.0 M USD of a true 1.00 M USD, 100 times as much"),
        ({"off": NEAR, "off_side": None, "export_value_usd": 1e6, "import_value_usd": 2e6, "true_usd": 1.5e6},
         "exports of 1.00 M USD and imports of 2.00 M USD stand beside a true 1.50 M USD"),
        ({"off": NOTHING, "off_side": None, "export_value_usd": 1e6, "import_value_usd": None, "true_usd": None},
         "nothing moved between the two in truth under this code that year"),
    ],
)  # fmt: skip
def test_what_an_office_booked_is_told_beside_the_truth(row: dict, told: str) -> None:
    assert booked(row) == told


def test_every_reason_has_its_words() -> None:
    assert tuple(OFFICES) == CLASSES
    assert set(USUAL) == set(CHANNELS) - {LEARNED}


def test_the_learned_list_is_told_after_the_agnostic_one(graded: Grades) -> None:
    text = sentences(printed(lesson(graded, NAMES, Path("data/w"), Path("my world/truth"), graded)))
    assert text.index("What the list is worth") < text.index("What the learned list found")
    assert "first: 2 of 6 (33 %" in text
    assert "of their alerts touch a scheme, and 1 of 4 (25 %" in text
    assert "grade --truth 'my world/truth' --list learned" in text
    assert "What the learned list found" not in printed(lesson(graded, NAMES, Path("a"), Path("b")))


def test_both_lists_stand_side_by_side(graded: Grades) -> None:
    text = sentences(printed(view.side_by_side({"agnostic": graded.figures, "learned": graded.figures.clear()})))
    assert text.startswith("Both lists agnostic learned alerts that touch a scheme 33 %")
    assert "schemes among the alerts 25 %" in text
    assert text.endswith("–")
    assert printed(view.side_by_side({"agnostic": graded.figures})) == ""
