"""What the questions answer: by hand on a small graph, with columns and types that do not depend on the rows."""

import polars as pl
import pytest

from graphs.errors import InputError, LimitExceeded
from graphs.questions.catalogue import Question, ask, question, questions, values
from graphs.stores.base import Graph, Limits, load
from graphs.stores.ladybug import LadybugStore
from tests.graphs.questions import worlds
from tests.graphs.questions.expected import CASES

ATTACKS = (worlds.HOSTILE, "'", "gold' OR 1 = 1 RETURN 1 //", "}) DETACH DELETE n //", "\\u0027")


def approximately(rows):
    """Fractions to nine digits, everything else exactly."""
    return [tuple(pytest.approx(one, rel=1e-9, abs=1e-9) if type(one) is float else one for one in row) for row in rows]


@pytest.mark.parametrize(("name", "parameters", "rows"), CASES)
def test_answer_worked_out_by_hand(embedded, name, parameters, rows):
    assert ask(embedded, name, parameters).rows() == approximately(rows)


def test_every_question_has_an_answer_with_rows():
    assert {name for name, _, rows in CASES if rows} == set(questions())


@pytest.mark.parametrize("one", questions().values(), ids=list(questions()))
def test_columns_and_types_stand_in_the_header_with_rows_or_without(embedded, one):
    name, parameters, _ = next(case for case in CASES if case[0] == one.name and case[2])
    answer = ask(embedded, name, parameters)
    assert answer.schema == pl.Schema(one.schema)
    assert not answer.select(one.key).is_duplicated().any()
    for column in one.columns:
        assert column.is_nullable or not answer[column.name].null_count()
    assert embedded.rows(one.statement, _of_nothing(one)).is_empty()


def _of_nothing(one: Question) -> dict:
    """Values of the right types that match nothing."""
    some = {"area": "XZZ", "family": "hs0000", "goods": "000000", "year": 1901, "whole": 1, "number": 1.0}
    found = {parameter.name: some.get(parameter.kind, "nothing") for parameter in one.parameters}
    return found | {name: pattern.format(**found) for name, pattern in one.derived.items()}


def test_limit_cuts_the_list_where_its_order_says(embedded):
    given = {"commodity": "gold", "year": 2020, "min_value_usd": 0}
    whole = ask(embedded, "largest-flows", given)
    assert whole.height == 7
    for limit in (1, 3, 7):
        assert ask(embedded, "largest-flows", {**given, "limit": limit}).equals(whole.head(limit))


def test_numbers_and_texts_are_the_same_question(embedded):
    as_text = {"commodity": " Gold ", "year": "2020", "min_value_usd": "0", "limit": "9"}
    as_values = {"commodity": "gold", "year": 2020, "min_value_usd": 0.0, "limit": 9}
    assert ask(embedded, "top-exporters", as_text).equals(ask(embedded, "top-exporters", as_values))


@pytest.mark.parametrize("one", questions().values(), ids=list(questions()))
def test_hostile_values_are_refused_by_the_catalogue_and_harmless_in_the_engine(embedded, one):
    before = embedded.counts()
    given = next(case[1] for case in CASES if case[0] == one.name and case[2])
    for parameter in one.parameters:
        with pytest.raises(InputError) as refused:
            ask(embedded, one, {**given, parameter.name: worlds.HOSTILE})
        assert "\n" not in str(refused.value)
    usual = values(one, given)
    for attack in ATTACKS:
        for name in (name for name in usual.keys() - one.derived.keys() if isinstance(usual[name], str)):
            assert embedded.rows(one.statement, {**usual, name: attack}).is_empty()
    assert embedded.counts() == before


def test_names_come_out_as_they_are(embedded):
    titles = ask(embedded, "commodities-of-a-family", {"commodity": "gold"})["family_title"]
    assert set(titles) == {worlds.HOSTILE}


@pytest.fixture(scope="module")
def declared_only(tmp_path_factory):
    """A graph without production, alerts and reconciled flows."""
    rows = [row for row in worlds.FLOWS if row[0] == "comtrade"]
    store = LadybugStore(tmp_path_factory.mktemp("declared"))
    load(store, worlds.graph("declared", worlds.tidy(rows, [], [])))
    with store.view() as view:
        yield view


@pytest.mark.parametrize(
    ("name", "given", "sentence"),
    [
        (
            "largest-flows",
            {"commodity": "gold", "year": 2020, "source": "baci"},
            "this graph holds comtrade (declared)",
        ),
        ("alerts-by-exporter", {}, "needs alerts, and this graph holds none"),
        (
            "producers-of-a-commodity",
            {"commodity": "gold", "year": 2020},
            "needs production, and this graph holds none",
        ),
    ],
)
def test_what_the_graph_does_not_hold_is_said_not_answered_with_nothing(declared_only, name, given, sentence):
    with pytest.raises(InputError, match=sentence.replace("(", r"\(").replace(")", r"\)")):
        ask(declared_only, name, given)


def test_a_question_about_declarations_takes_no_reconciled_source(embedded):
    given = {"exporter": "XAA", "importer": "XBB", "since": 2018, "until": 2021, "source": "baci"}
    with pytest.raises(InputError, match="needs declared flows, and baci is reconciled"):
        ask(embedded, "both-declarations", given)


def test_either_kind_of_source_serves_a_question_about_any(declared_only, embedded):
    given = {"since": 2018, "until": 2021}
    assert ask(declared_only, "residual-partners", given).equals(ask(embedded, "residual-partners", given))
    assert ask(embedded, "residual-partners", {**given, "source": "baci"})["residual"].to_list() == ["S19"]


def test_two_sources_of_a_kind_have_to_be_named(tmp_path):
    rows = [worlds.FLOWS[0], ("customs", *worlds.FLOWS[-1][1:]), worlds.FLOWS[-1]]
    store = LadybugStore(tmp_path)
    load(store, worlds.graph("two", worlds.tidy(rows, [], [])))
    given = {"exporter": "CIV", "importer": "CHN", "since": 2020, "until": 2021}
    with store.view() as view:
        with pytest.raises(
            InputError, match=r"several sources are declared: name one .* comtrade \(declared\), customs"
        ):
            ask(view, "both-declarations", given)
        assert ask(view, "both-declarations", {**given, "source": "customs"}).height == 1


def test_limits_reach_the_engine(embedded):
    with pytest.raises(LimitExceeded):
        ask(embedded, "largest-flows", {"commodity": "gold", "year": 2020, "min_value_usd": 0}, Limits(rows=3))


def test_a_question_may_be_handed_over_instead_of_named(embedded):
    given = {"year": 2020, "commodity": "gold"}
    assert ask(embedded, question("top-importers"), given).equals(ask(embedded, "top-importers", given))


def test_asking_changes_no_argument(embedded, small: Graph):
    given = {"commodity": "gold", "year": "2020"}
    ask(embedded, "top-importers", given)
    assert given == {"commodity": "gold", "year": "2020"}
    assert embedded.counts() == small.counts()
