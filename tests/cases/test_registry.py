"""The suite holds enough cases, each of its own, and the page for readers is the registry's."""

from models.flows.ordinary import CAUSES
from models.grading.benign import TRUE_CAUSES
from pipelines.policy import lint
from tests.cases.books import REAL, SYNTHETIC
from tests.cases.page import PAGE, page
from tests.cases.registry import CASES, LEAST, of
from tests.cases.ships import BOOKS


def test_there_are_enough_cases_and_none_stands_twice():
    assert len(CASES) >= LEAST
    assert len({case.name for case in CASES}) == len(CASES)
    chosen = {
        (case.book, case.exporters, case.importers, case.commodity, tuple(case.years))
        for case in CASES
        if case.source != "world"
    }
    assert len(chosen) == len(of("real")) + len(of("synthetic")) + len(of("ships"))
    assert len(of("real")) >= LEAST


def test_every_case_stands_in_a_book_and_names_causes_of_the_product():
    books = {"real": set(REAL), "synthetic": set(SYNTHETIC), "ships": set(BOOKS), "world": set(TRUE_CAUSES)}
    for case in CASES:
        assert case.book in books[case.source]
        assert set(case.causes) <= set(CAUSES)


def test_every_kind_of_artefact_is_a_case():
    assert {case.book for case in of("world")} == set(TRUE_CAUSES)


def test_the_page_is_the_registry():
    assert PAGE.read_text(encoding="utf-8") == page(), "write it again: python -m tests.cases.page"


def test_the_page_accuses_nobody():
    assert lint(page()) == []
