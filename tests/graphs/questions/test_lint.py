"""The lint lets every question through, and stops what engines answer differently."""

from dataclasses import replace

import pytest

from graphs.questions.catalogue import questions
from graphs.questions.lint import lint
from graphs.questions.reading import read

HEADER = """// Title
//
// meaning: What it means.
// data: reconciled
// parameter: year | year | | Calendar year
// parameter: limit | whole | 5 | Rows at most
// key: code
// column: code | text | Code
// column: value_usd | number? | Value

"""
STATEMENT = """MATCH (a:Country)-[r:EXPORTS_TO]->(b:Country)
WHERE r.year = $year
WITH a.code AS code, CASE WHEN count(r.value_usd) > 0 THEN sum(r.value_usd) END AS value_usd
RETURN code, value_usd
ORDER BY value_usd IS NULL, value_usd DESC, code
LIMIT $limit"""
TRIANGLE = "MATCH (a:Country)-[r:EXPORTS_TO]->(b:Country)-[s:EXPORTS_TO]->(c:Country)"


def found(statement: str) -> list[str]:
    return [line.removeprefix("some: ") for line in lint(read("some", HEADER + statement))]


@pytest.mark.parametrize("one", questions().values(), ids=list(questions()))
def test_every_question_stays_inside_the_subset(one):
    assert lint(one) == []


def test_the_sample_itself_is_clean():
    assert found(STATEMENT) == []


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("[r:EXPORTS_TO]", "[r:EXPORTS_TO*1..3]", "edges of variable length are outside the subset"),
        ("]->(b", "]-(b", "an edge needs one direction"),
        ("MATCH (a:Country)-[r:EXPORTS_TO]->(b:Country)", TRIANGLE, "edges r and s may be the same edge in Ladybug"),
        ("(b:Country)", "(b:Country)<-[s:EXPORTS_TO]-(a)", "edges r and s may be the same edge in Ladybug"),
        ("(b:Country)", "(b:Country|Residual)-[q:OF]->(c:Commodity)", "node b has several labels and several edges"),
        ("(b:Country)", "(b)", "node b needs a label"),
        ("$year", "[1, 2][0]", "lists and their places are outside the subset"),
        ("$year", "log(2)", "log() is no listed function"),
        ("$year", "toString(2)", "toString() is no listed function"),
        ("$year", "substring(a.code, 1)", "substring() is no listed function"),
        ("$year", "type(r)", "type() is no listed function"),
        ("$year", "COUNT(*)", "COUNT() is no listed function"),
        ("$year", "NULL", "NULL may only be asked for with IS NULL or IS NOT NULL"),
        ("$year", "null", "null is outside the subset"),
        ("r.year = $year", "r.year IN $year", "IN is outside the subset"),
        ("r.year = $year", "r.year = $year AND a.code =~ 'A.*'", "'=~' is outside the subset"),
        ("r.year", "r.yaer", "yaer is a property of nothing"),
        ("(b:Country)", "(b:Land)", "Land is neither a node nor an edge of the schema"),
        ("$year", "$month", "parameter month is not in the header"),
        ("r.year = $year", "r.year = 2020", "parameter year is never used"),
        ("WHERE r.year", "CALL { RETURN 1 } WHERE r.year", "CALL is outside the subset"),
        ("WHERE r.year", "where r.year", "where is outside the subset"),
        ("(a:Country)", "(a:Country {code: 'X'})", "braces may only follow EXISTS"),
        ("CASE WHEN count(r.value_usd) > 0 THEN sum(r.value_usd) END", "sum(r.value_usd)", "a sum stands in CASE"),
        ("sum(r.value_usd)", "sum(r.value_usd) / count(r.value_usd)", ""),
        ("sum(r.value_usd)", "sum(r.flows) / count(r.flows)", ") / count may cut off whole numbers: use * 1.0"),
        ("AS code, CASE", "AS a, CASE", "a is both an alias and part of a pattern"),
        ("ORDER BY value_usd IS NULL, value_usd DESC, code", "ORDER BY code DESC", ""),
        ("DESC, code", "DESC", "the order is not total: it leaves out code"),
        ("ORDER BY value_usd IS NULL, ", "ORDER BY ", "value_usd may be null: order by value_usd IS NULL first"),
        ("DESC, code", "DESC, code, r.year", "the order names columns of the answer, each alone, with DESC or IS NULL"),
        ("LIMIT $limit", "LIMIT 5", "a question ends with RETURN, ORDER BY, and LIMIT $limit if any"),
        ("RETURN code", "WITH code, value_usd LIMIT 5 RETURN code", "at most one LIMIT belong into a question"),
        ("RETURN code, value_usd", "RETURN value_usd, code", "it returns value_usd, code, which are not the columns"),
        ("LIMIT $limit", "LIMIT $limit;", "';' is outside the subset"),
        ("WHERE r.year", "/* hidden */ WHERE r.year", "'/* hidden */' is outside the subset"),
        ("WHERE r.year", "// hidden\n WHERE r.year", "'// hidden' is outside the subset"),
        ("r.year = $year", "r.year = $year AND a.code <> 'open", "a text in ' that does not end"),
        ("r.year = $year", "r.year = $year ! ", "line 2: '!' cannot be read"),
        ("WHERE r.year", "WHERE \u00a0r.year", "cannot be read"),
        ("$year", "#year", "line 2: '#' cannot be read"),
        ("$year", "1_000", "line 2: '1' cannot be read"),
        ("WITH a.code", "DETACH DELETE a WITH a.code", "DELETE is outside the subset"),
        ("WITH a.code", "SET a.code = 'X' WITH a.code", "SET is outside the subset"),
        ("MATCH (a", "LOAD CSV FROM 'x' AS line MATCH (a", "LOAD is outside the subset"),
        ("WHERE r.year = $year", "WHERE r.year = $year UNION MATCH (a:Country)", "UNION is outside the subset"),
    ],
)
def test_what_engines_answer_differently_is_stopped(old, new, sentence):
    assert old in STATEMENT
    lines = found(STATEMENT.replace(old, new, 1))
    assert any(sentence in line for line in lines) if sentence else lines == []


@pytest.mark.parametrize(
    "told_apart",
    ["r.edge_id <> s.edge_id", "s.edge_id <> r.edge_id", "a.code <> b.code", "b.code < c.code", "r.year < s.year"],
)
def test_edges_of_one_type_are_told_apart_by_themselves_or_by_their_ends(told_apart):
    whole = STATEMENT.replace("MATCH (a:Country)-[r:EXPORTS_TO]->(b:Country)", TRIANGLE)
    assert found(whole.replace("r.year =", f"{told_apart} AND r.year =")) == []


@pytest.mark.parametrize("compared", ["r.year <= s.year", "s.year - r.year < 2", "t.year = r.year"])
def test_two_edges_are_compared_in_patterns_of_two_edges_only(compared):
    apart = "r.edge_id <> s.edge_id AND s.edge_id <> t.edge_id AND r.edge_id <> t.edge_id"
    three = STATEMENT.replace(
        "MATCH (a:Country)-[r:EXPORTS_TO]->(b:Country)", f"{TRIANGLE}-[t:EXPORTS_TO]->(d:Country)"
    )
    assert found(three.replace("r.year =", f"{apart} AND r.year =")) == []
    (line,) = found(three.replace("r.year =", f"{apart} AND {compared} AND r.year ="))
    assert "are compared in a pattern of three edges: pass one on with WITH" in line
    two = STATEMENT.replace("MATCH (a:Country)-[r:EXPORTS_TO]->(b:Country)", TRIANGLE)
    two = two.replace("r.year =", f"r.edge_id <> s.edge_id AND {compared.replace('t.', 's.')} AND r.year =")
    assert found(two) == []


@pytest.mark.parametrize("key", ["place_id", "track_id", "company_id"])
def test_places_ships_and_companies_are_told_apart_by_their_keys(key):
    label, edge = {
        "place_id": ("Port", "SAILED_TO"),
        "track_id": ("Vessel", "MET"),
        "company_id": ("Company", "SHIPPED_TO"),
    }[key]
    pattern = f"MATCH (a:{label})-[r:{edge}]->(b:{label})-[s:{edge}]->(c:{label})"
    whole = STATEMENT.replace("MATCH (a:Country)-[r:EXPORTS_TO]->(b:Country)", pattern).replace("a.code", f"a.{key}")
    whole = whole.replace("r.value_usd", "r.year")
    assert "edges r and s may be the same edge in Ladybug" in found(whole)
    assert found(whole.replace("r.year =", f"a.{key} <> b.{key} AND r.year =", 1)) == []


def test_a_pattern_inside_exists_is_a_pattern_of_its_own():
    inside = "r.year = $year AND NOT EXISTS { MATCH (a)-[s:EXPORTS_TO]->(c:Country) WHERE s.year < $year }"
    assert found(STATEMENT.replace("r.year = $year", inside)) == []
    twice = inside.replace("(c:Country)", "(c:Country)-[t:EXPORTS_TO]->(d:Country)")
    assert "edges s and t may be the same edge in Ladybug" in found(STATEMENT.replace("r.year = $year", twice))


def test_a_text_holds_no_words():
    assert found(STATEMENT.replace("r.year = $year", 'r.year = $year AND a.code <> "CALL {} [0] UNION; log(1)"')) == []


def test_unused_derived_parameters_are_known_by_what_they_are_made_of():
    one = read("some", HEADER.replace("// key", "// derived: day | {year}-01-01\n// key") + STATEMENT)
    used = replace(one, statement=one.statement.replace("r.year = $year", "a.code < $day"))
    assert lint(used) == []
