"""What the guard lets through, what it refuses, and that nothing gets past it in disguise."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.cypher.cursor import DEEPEST, DOING, READING
from graphs.cypher.grammar import parse
from graphs.cypher.guard import FUNCTIONS, guard
from graphs.cypher.tokens import LONGEST, tokens
from graphs.errors import StatementRefused
from tests.conftest import REPOSITORY

READS = [
    "MATCH (n) RETURN n",
    "MATCH (c:Country {code: 'ARE', `a b`: $x}) RETURN c.code AS code",
    "match (n:Country|Residual) return distinct n.code order by n.code desc, n.name skip 1 limit $n",
    "MATCH (a)<-[e:OF|IN_FAMILY]-(b), p = (a)-[]-()--(d)-->(f)<--(g) RETURN a, b, p",
    "MATCH (a)-[e:EXPORTS_TO {year: 2020}]->(a) RETURN e.value_usd / e.mass_kg * 2 ^ 3 % 4 - -1 + +2",
    "MATCH (a)-[:EXPORTS_TO*1..3]->(b) RETURN a",
    "MATCH (a)-[* SHORTEST 1..3]->(b) RETURN a",
    "MATCH (a)-[:X*]-(b)-[:Y*2]-(c)-[:Z*..4]-(d) RETURN a",
    "OPTIONAL MATCH (a) WHERE a.x > 1 AND NOT (a.y <= 2 OR a.z <> 3 XOR a.w = 4) RETURN a",
    "MATCH (a) WHERE a.x IS NULL OR a.y IS NOT NULL AND a.z IN [1, 2.5, .5, 1e3, 1.5E-3] RETURN a",
    "MATCH (a) WHERE a.x STARTS WITH 'a' AND a.y ENDS WITH \"b\" AND a.z CONTAINS 'c' AND a.w =~ 'd.*' RETURN a",
    "MATCH (a) WHERE EXISTS { MATCH (a)-->(b) WHERE b.x = 1 } AND COUNT { (a)--() } > 2 RETURN a",
    "MATCH (a) WHERE NOT EXISTS { MATCH (a)-->(b) MATCH (b)-->(c) WITH c WHERE c.x = 1 RETURN c } RETURN a",
    "MATCH (a) WHERE NOT (a)-[:OF]->(:Commodity {code: 'x'}) AND (a.x + 1) * 2 > 3 RETURN a",
    "MATCH (a) WITH a, count(*) AS n, count(DISTINCT a.x) AS m WHERE n > 1 UNWIND [1] AS x RETURN a, n, m, x",
    "WITH * MATCH (a) RETURN *",
    "MATCH (a) RETURN *, a.x AS x",
    "RETURN CASE WHEN 1 < 2 THEN 'a' ELSE 'b' END AS x, CASE 1 WHEN 1 THEN 2 WHEN 3 THEN 4 END AS y",
    "RETURN [x IN range(1, 3) WHERE x > 1 | x * 2] AS x, [1, 2][0], [1, 2][..1], [1, 2][0..], [[1]][0][0]",
    "RETURN any(x IN [1] WHERE x = 1) AS x, {a: 1, b: {c: [$p]}}.b.c AS y, cast(1 AS STRING), toString(1)",
    "MATCH (n) WHERE n:Country RETURN n.x-1, n.x - 1, (n.x)-1, (n)-[1] AS odd",
    "RETURN 1 AS x UNION RETURN 2 AS x UNION ALL RETURN 3 AS x",
    "RETURN 1 AS x;",
    "MATCH (n:`CREATE`) WHERE n.set = 1 AND n.`DELETE` = 2 RETURN n.call AS `MERGE`",
    "RETURN 'CREATE (n) DELETE n; CALL x() // /* ' AS x, \"LOAD CSV 'a' it''s\" AS y",
    r"RETURN 'it\'s \\' AS x, 'CREATE \"' AS y",
    "RETURN 'ünïcödé 😀 \n CREATE' AS x",
]


@pytest.mark.parametrize("statement", READS)
def test_what_only_reads_passes(statement: str) -> None:
    found = guard(statement)
    assert guard(found.text).text == found.text
    assert list(map(str, words(found.text))) == list(map(str, words(statement.rstrip(";"))))


def words(statement: str) -> list[str]:
    return [one.text for one in tokens(statement)]


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("", "the statement ends where MATCH"),
        ("  // nothing\n", "the statement ends where MATCH"),
        ("MATCH (n)", "the statement ends where MATCH"),
        ("MATCH (n) RETURN", "the statement ends where a name"),
        ("CREATE (n) RETURN n", "CREATE is refused"),
        ("MATCH (n) CREATE (m) RETURN n", "CREATE is refused"),
        ("MATCH (n) RETURN n CREATE (m)", "CREATE is refused"),
        ("MERGE (n:X {a: 1}) RETURN n", "MERGE is refused"),
        ("MATCH (n) SET n.x = 1", "SET is refused"),
        ("MATCH (n) WITH n SET n:X RETURN n", "SET is refused"),
        ("MATCH (n) DELETE n", "DELETE is refused"),
        ("MATCH (n) DETACH DELETE n", "DETACH is refused"),
        ("MATCH (n) REMOVE n.x RETURN n", "REMOVE is refused"),
        ("MATCH (n) FOREACH (x IN [1] | SET n.x = x)", "FOREACH is refused"),
        ("DROP TABLE Country", "DROP is refused"),
        ("ALTER TABLE Country ADD x INT64", "ALTER is refused"),
        ("LOAD FROM 'x.csv' RETURN *", "LOAD is refused"),
        ("MATCH (n) LOAD FROM 'x.csv' RETURN *", "LOAD is refused"),
        ("LOAD CSV FROM 'file:///x' AS row RETURN row", "LOAD is refused"),
        ("LOAD EXTENSION httpfs", "LOAD is refused"),
        ("INSTALL httpfs", "INSTALL is refused"),
        ("COPY (MATCH (n) RETURN n) TO 'x.csv'", "COPY is refused"),
        ("COPY Country FROM 'x.csv'", "COPY is refused"),
        ("EXPORT DATABASE 'x'", "EXPORT is refused"),
        ("IMPORT DATABASE 'x'", "IMPORT is refused"),
        ("ATTACH 'x' AS y (dbtype lbug)", "ATTACH is refused"),
        ("USE other MATCH (n) RETURN n", "USE is refused"),
        ("CHECKPOINT", "CHECKPOINT is refused"),
        ("BEGIN TRANSACTION", "BEGIN is refused"),
        ("CALL timeout=0", "CALL is refused"),
        ("CALL show_tables() RETURN *", "CALL is refused"),
        ("CALL dbms.listConfig()", "CALL is refused"),
        ("CALL db.labels() YIELD label RETURN label", "CALL is refused"),
        ("MATCH (n) CALL { WITH n DELETE n } RETURN n", "CALL is refused"),
        ("CALL { MATCH (n) RETURN n } RETURN n", "CALL is refused"),
        ("SHOW USERS", "SHOW is refused"),
        ("SHOW TRANSACTIONS YIELD * RETURN *", "SHOW is refused"),
        ("TERMINATE TRANSACTION 'x'", "TERMINATE is refused"),
        ("EXPLAIN MATCH (n) RETURN n", "EXPLAIN is refused"),
        ("PROFILE MATCH (n) RETURN n", "PROFILE is refused"),
        ("CYPHER runtime=slotted MATCH (n) RETURN n", "CYPHER is refused"),
        ("CREATE MACRO f(x) AS x + 1", "CREATE is refused"),
        ("COMMENT ON TABLE Country IS 'x'", "COMMENT is refused"),
        ("GRANT ROLE x TO y", "GRANT is refused"),
        ("MATCH (n) WHERE EXISTS { CREATE (m) } RETURN n", "CREATE is refused"),
        ("MATCH (n) WHERE EXISTS { CALL db.labels() YIELD label RETURN label } RETURN n", "CALL is refused"),
        ("MATCH (n) WHERE COUNT { MATCH (m) DELETE m RETURN m } > 0 RETURN n", "DELETE is refused"),
        ("RETURN COLLECT { MATCH (n) RETURN n } AS x", "{ stands where"),
        ("RETURN 1 AS x UNION CREATE (n) RETURN 1 AS x", "CREATE is refused"),
        ("RETURN 1 AS x; RETURN 2 AS x", "several statements"),
        ("RETURN 1 AS x;; CREATE (n)", "several statements"),
        ("; CREATE (n)", "several statements"),
        ("RETURN 1 AS set", "SET is refused"),
        ("MATCH (create) RETURN 1", "CREATE is refused"),
        ("MATCH (match) RETURN 1", "match stands where a name"),
        ("RETURN apoc.load.json('x') AS x", "functions with a point in their name are refused"),
        ("RETURN `apoc`.x() AS x", "functions with a point in their name are refused"),
        ("RETURN sleep(5) AS x", "the function sleep is not among"),
        ("RETURN `sleep`(5) AS x", "the function sleep is not among"),
        ("RETURN nextval('s') AS x", "the function nextval is not among"),
        ("MATCH (n) WHERE EXISTS { MATCH (m) WHERE any(x IN [1] WHERE f(x)) } RETURN n", "the function f is not among"),
        ("MATCH (n) # CREATE\nRETURN n", "line 1: '#' cannot be read"),
        ("MATCH (n)\nRETURN n !", "line 2: '!' cannot be read"),
        ("RETURN 'a", "a text in ' that does not end"),
        ('RETURN "a', 'a text in " that does not end'),
        ("RETURN `a", "a name in ` that does not end"),
        ("RETURN 1 /* CREATE", "a comment that does not end"),
        ("RETURN 1 AS x */ CREATE (n)", "* stands where UNION"),
        (r"RETURN 'a\q' AS x", "unknown escape"),
        ("RETURN 12abc AS x", "'1' cannot be read"),
        ("RETURN 0x10 AS x", "'0' cannot be read"),
    ],
)
def test_what_does_more_is_refused_in_a_sentence(statement: str, found: str) -> None:
    with pytest.raises(StatementRefused, match=re.escape(found)) as caught:
        guard(statement)
    assert "\n" not in str(caught.value)


def test_a_refusal_says_what_is_allowed() -> None:
    with pytest.raises(StatementRefused, match="allowed are MATCH, OPTIONAL MATCH, WHERE, WITH, UNWIND, RETURN"):
        guard("MATCH (n) SET n.x = 1")


@pytest.mark.parametrize(
    "statement",
    [
        r"RETURN 'a\u0027 AS x CREATE (n) //' AS y",  # Neo4j resolves it before it reads: a text that ends early
        r"RETURN 'a\\u0027 CREATE (n) //' AS y",
        r"RETURN 'a\U00000027 CREATE (n) //' AS y",
        r"MATCH (n) \u0043REATE (m)",
        r"RETURN `a\u0060 CREATE (n) //` AS y",
        "RETURN `a``b`",  # one name with a backquote in it, or two names
        "RETURN 'a''b'",  # one text with a quote in it, or two texts
        "RETURN\u00a01 AS x",
        "RETURN 1 AS x\u2028CREATE (n)",
        "RETURN 1 AS x\u0000",
        "RETURN '\x1b[2J' AS x",
        "RETURN '\ud800' AS x",
        "ＭＡＴＣＨ (n) RETURN n",
        "MATCH (n) RETURN n AS ſet",  # a long s, whose capital is S
        "MATCH (n) WHERE n.x = 1 −1 RETURN n",  # a minus that is none
    ],
)
def test_what_engines_read_differently_is_refused(statement: str) -> None:
    with pytest.raises(StatementRefused):
        guard(statement)


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ("MATCH (n) // CREATE\n RETURN /* DELETE ; */ n // end", "MATCH (n) RETURN n"),
        ("MATCH (n)/**/RETURN n", "MATCH (n) RETURN n"),
        ("RETURN 1/**//2 AS x", "RETURN 1 /2 AS x"),
        ("MATCH (n) // a\rRETURN n", "MATCH (n) RETURN n"),
        ("/* // */ MATCH\t(n)\r\nRETURN   n;", "MATCH (n) RETURN n"),
        ("RETURN '// no /* comment */' AS x", "RETURN '// no /* comment */' AS x"),
        ("RETURN 1 /* /* */ AS x", "RETURN 1 AS x"),
    ],
)
def test_what_runs_holds_no_comment(statement: str, text: str) -> None:
    assert guard(statement).text == text


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\\")), st.sampled_from("'\""))
def test_a_text_is_data_whatever_it_says(text: str, quote: str) -> None:
    literal = quote + text.replace(quote, f"\\{quote}") + quote
    found = guard(f"MATCH (n) WHERE n.name = {literal} RETURN n.code AS code")
    assert found.text == f"MATCH (n) WHERE n.name = {literal} RETURN n.code AS code"
    assert found.functions == frozenset()


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_a_text_without_escaped_quotes_ends_at_its_first_quote(text: str) -> None:
    """Whatever follows it is read as Cypher: a refusal, unless it happens to be some."""
    try:
        found = guard(f"RETURN '{text}' AS x")
    except StatementRefused:
        return
    assert not DOING & {one.word for one in tokens(found.text)}


CLAUSES = ["CREATE (n)", "SET n.x = 1", "DETACH DELETE n", "CALL f()", "LOAD FROM 'x'", "; CHECKPOINT", "MERGE (n)"]


@pytest.mark.parametrize("statement", READS)
def test_no_place_of_a_statement_takes_a_clause_that_does_more(statement: str) -> None:
    found = words(statement.rstrip(";"))
    for place in range(len(found) + 1):
        for clause in CLAUSES:
            for gap in (" ", " /**/\n"):
                with pytest.raises(StatementRefused):
                    guard(gap.join([*found[:place], clause, *found[place:]]))


PARTS = [*"()[]{}.,:|-<>*$';", "MATCH", "RETURN", "CREATE", "WITH", "AS", "n", "1", " ", "/*", "*/", "//", "\n"]


@given(st.lists(st.sampled_from(PARTS)))
def test_any_text_is_read_or_refused(parts: list[str]) -> None:
    try:
        found = guard("RETURN " + "".join(parts))
    except StatementRefused:
        return
    assert set(found.clauses) <= set(READING)


def test_brackets_go_only_so_deep() -> None:
    nested = "({a: " * 15 + "1" + "})--1" * 15
    assert guard(f"RETURN {nested} AS x").features >= frozenset()
    with pytest.raises(StatementRefused, match=f"more than {DEEPEST} deep"):
        guard("RETURN " + "(" * 100 + "1" + ")" * 100)
    with pytest.raises(StatementRefused, match=f"{LONGEST} are allowed"):
        guard("RETURN " + "1+" * LONGEST + "1")


NESTED = {
    "IS NULL": ("", "1", " IS NULL"),
    "NOT": ("NOT ", "true", ""),
    "minus": ("- ", "1", ""),
    "brackets": ("(", "1", ")"),
    "list": ("[", "1", "]"),
    "index": ("x[", "1", "]"),
    "slice": ("x[..", "1", "]"),
    "map": ("{a: ", "1", "}"),
    "function": ("abs(", "1", ")"),
    "case": ("CASE WHEN ", "1", " THEN 1 END"),
    "else": ("CASE WHEN 1 THEN 1 ELSE ", "1", " END"),
    "comprehension": ("[x IN ", "[1]", "| x]"),
    "any": ("any(x IN ", "[1]", " WHERE true)"),
    "pattern": ("({a: ", "1", "})--()"),
    "exists": ("EXISTS { MATCH (a) WHERE ", "true", " }"),
    "short exists": ("EXISTS { (a)--() WHERE ", "true", " }"),
    "count": ("COUNT { MATCH (a {x: ", "1", "}) }"),
    "returning": ("EXISTS { RETURN ", "1", " }"),
    "union": ("EXISTS { RETURN 1 AS x UNION RETURN ", "1", " AS x}"),
}


@pytest.mark.parametrize("many", [61, 300, 2400])
@pytest.mark.parametrize("kind", NESTED)
def test_what_stands_in_itself_without_end_is_refused(kind: str, many: int) -> None:
    before, inner, after = NESTED[kind]
    statement = f"RETURN {before * many}{inner}{after * many} AS x"
    with pytest.raises(StatementRefused, match=f"more than {DEEPEST} |{LONGEST} are allowed") as caught:
        guard(statement)
    assert "\n" not in str(caught.value)
    guard(f"RETURN {before * 25}{inner}{after * 25} AS x")


@pytest.mark.parametrize(
    "loop",
    [
        "[x IN a WHERE {}]",
        "[x IN a | {}]",
        "any(x IN a WHERE {})",
        "none(x IN a WHERE NOT ({} IS NULL))",
        "[x IN a | EXISTS {{ MATCH (n) WHERE {} }}]",
        "[x IN a | CASE WHEN 1 = 1 THEN [{}] END]",
    ],
)
@pytest.mark.parametrize("inner", ["[y IN a WHERE y = x]", "size([y IN a | y])", "all(y IN a WHERE y = x)"])
def test_no_list_is_gone_through_for_every_item_of_another(loop: str, inner: str) -> None:
    with pytest.raises(StatementRefused, match="a list is gone through for every item of another: UNWIND one of them"):
        guard(f"WITH range(1, 1000000) AS a RETURN {loop.format(inner)} AS x")
    guard(f"WITH [1] AS a RETURN {loop.format('x')} AS x, {inner} AS y")


def test_lists_are_gone_through_one_after_another() -> None:
    guard("RETURN [x IN [y IN [z IN [1] WHERE z > 0] | y + 1] WHERE x > 0 | x], any(x IN [1] WHERE x = 1) AS y")


def test_what_only_goes_on_passes() -> None:
    for one in (" AND a.x", " + 1", ".x", "[0]", ":A", " IN [1]"):
        guard(f"MATCH (a) RETURN a.x{one * 800} AS x")
    guard(f"RETURN 1 AS x{' UNION RETURN 1 AS x' * 800}")


TAME = [
    "d.*",
    ".*b",
    "IDN",
    "(?i)uae.*",
    "(?ism).*x",
    "a.*|b+|c?|d{2,3}|e",
    r"\\d{6}",
    r"[A-Z\\]0-9]+",
    "[^a-c].",
    r"1\\.5",
    r"it\'s \n \"x\"",
    "",
]
WILD = [
    r"(a+)+\\1b",
    "(a+)+b",
    "(a|a)(a|a)(a|a)b",
    "(a)*",
    "(a)",
    "(?:a+)+",
    "(?=a)",
    "(?x)a # (b",
    "a*a*a*b",
    ".*a.*",
    "a?a?aa",
    "a**",
    "a+?",
    "a++",
    "a{1,2}{3}",
    "a{1000}",
    r"(a)\\1",
    r"\\1",
    r"\\k<x>",
    r"\\Q(",
    r"\\x28",
    "[a[b]]+",
    "[a&&b]",
    "[",
    "[]",
    "[^]",
    "a)",
    "{",
    "*",
    r"\\",
]
CALLS = ("n.x =~ {}", "regexp_matches(n.x, {})", "Regexp_Extract(n.x, {})", "regexp_replace(n.x, {}, 'y')")


@pytest.mark.parametrize("call", CALLS)
def test_patterns_that_end_soon_pass(call: str) -> None:
    for one in TAME:
        guard(f"MATCH (n) WHERE {call.format(repr_of(one))} AND (n.y = 1) RETURN n")


def repr_of(pattern: str) -> str:
    return f"'{pattern}'"


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("pattern", WILD)
def test_patterns_that_may_go_on_without_end_are_refused(pattern: str, call: str) -> None:
    with pytest.raises(StatementRefused, match=r"the pattern of .* has to be one text between quotes"):
        guard(f"MATCH (n) WHERE {call.format(repr_of(pattern))} RETURN n")


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    "pattern", ["$p", "n.y", "'a' + $p", "toLower('A')", "('a')", "['a'][0]", "'a'.x", "NULL", "1", "'a' + '+'"]
)
def test_a_pattern_stands_in_the_statement(pattern: str, call: str) -> None:
    with pytest.raises(StatementRefused, match=r"the pattern of .* has to be one text between quotes"):
        guard(f"MATCH (n) WHERE {call.format(pattern)} RETURN n")


@pytest.mark.parametrize(
    "place",
    [
        "RETURN [x IN ['a'] WHERE {}] AS x",
        "MATCH (n) WHERE EXISTS {{ MATCH (n)--(m) WHERE {} }} RETURN n",
        "MATCH (n {{a: {}}}) RETURN n",
        "MATCH (n) WHERE ({}) RETURN n",
        "MATCH (n) RETURN CASE WHEN {} THEN 1 END AS x ORDER BY x",
        "MATCH (n) WITH n ORDER BY {} RETURN n",
        "MATCH (n) RETURN n LIMIT {}",
        "RETURN coalesce(1, {}) AS x",
    ],
)
@pytest.mark.parametrize("call", ["x =~ $p", "regexp_matches(x, '(a)')", "range(1, $n)", "`range`(1, 9999999)"])
def test_costs_are_seen_in_every_place(place: str, call: str) -> None:
    with pytest.raises(StatementRefused, match=r"the pattern of|the bounds of range"):
        guard(place.format(call))


@pytest.mark.parametrize("arguments", ["1, 1000000", "-5, 5", "0, 999999", "10, 1, -1", "0, 20000000, 100", "5, 1"])
def test_short_ranges_pass(arguments: str) -> None:
    guard(f"UNWIND range({arguments}) AS x RETURN x")


@pytest.mark.parametrize(
    "arguments",
    ["1, 1000001", "0, 1000000", "1, $n", "$a, 2", "1, n.x", "1, 1000 * 1000", "0, 20000000, 10", "0, 9, 0", "0, 9, $s",
     "1", "", "1, 2, 3, 4", "1.5, 3", "1, 1e9", "1, " + "9" * 5000, "-1000000, 1", "1000000, -1, -1", "(1), 2"],
)  # fmt: skip
def test_long_ranges_are_refused(arguments: str) -> None:
    with pytest.raises(StatementRefused, match="the bounds of range have to be whole numbers"):
        guard(f"UNWIND range({arguments}) AS x RETURN x")


def test_reading_takes_no_time() -> None:
    """Without what has been tried before, reading would double its time with every bracket."""
    begun = time.monotonic()
    guard("RETURN " + "({a:" * 25 + "1" + "})--1" * 25 + " AS x")
    assert time.monotonic() - begun < 2


def test_what_a_statement_is_made_of() -> None:
    found = parse(
        "MATCH (a:Country)-[e:EXPORTS_TO]->(b:Country|Residual)<-[f]-(c) WHERE a.code = $code AND Log(e.value_usd) > 1 "
        "OPTIONAL MATCH (a)-->(d) WITH a, count(*) AS n RETURN a.code AS code, n ORDER BY n SKIP 1 LIMIT 2"
    )
    assert found.clauses == ("MATCH", "WHERE", "OPTIONAL MATCH", "WITH", "RETURN", "ORDER BY", "SKIP", "LIMIT")
    assert found.functions == {"log", "count"}
    assert found.parameters == {"code"}
    assert found.labels == {"Country", "Residual", "EXPORTS_TO"}
    assert found.properties == {"code", "value_usd"}
    assert found.matches == (("e", "f"), (None,))
    assert found.features == {"alternative labels"}


@pytest.mark.parametrize(
    ("statement", "feature"),
    [
        ("MATCH (a)-[*1..2]->(b) RETURN a", "variable length"),
        ("RETURN [1][0] AS x", "list index"),
        ("RETURN [x IN [1] | x] AS x", "list comprehension"),
        ("MATCH (n) WHERE n:Country RETURN n", "label predicate"),
        ("MATCH (n) WHERE (n)-->() RETURN n", "pattern predicate"),
        ("MATCH (n:A:B) RETURN n", "several labels"),
        ("MATCH (n) WHERE n.x =~ 'a' RETURN n", "regex"),
        ("RETURN cast(1 AS STRING) AS x", "cast"),
        ("MATCH (n) WHERE EXISTS { (n)-->() } RETURN n", "subquery"),
        ("MATCH (n) RETURN *", "star"),
        ("MATCH p = (n)-->() RETURN p", "path"),
    ],
)
def test_what_engines_treat_differently_is_told(statement: str, feature: str) -> None:
    assert parse(statement).features == {feature}


def test_the_page_lists_every_function() -> None:
    page = (REPOSITORY / "docs" / "cypher.md").read_text(encoding="utf-8")
    (listed,) = re.findall(r"^```text\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    assert listed.split() == sorted(FUNCTIONS)
    assert all(f"{clause}," in page or f"{clause} |" in page for clause in READING)


def test_functions_have_plain_names() -> None:
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in FUNCTIONS)
    assert not {"sleep", "nextval", "load", "error", "current_setting"} & FUNCTIONS
