"""Holds every question to a subset of Cypher that Ladybug and Neo4j answer alike.

The engines differ silently outside it. Seen: Ladybug lets one edge match twice in a pattern; where two edges share a
node of several labels (`Country|Residual`) it loses rows and repeats others; `log` is base 10 there and natural here;
lists and `substring` count from 1 there and from 0 here; a sum over nothing is null there and 0 here; `type()`,
`toString()`, `CALL {}`, null parameters and an order by whole nodes work in one of them only; a property that no node
has is null in Neo4j and an error in Ladybug; in a pattern of three edges Ladybug lets rows through that a comparison of
two of these edges should stop.
"""

from collections.abc import Callable, Iterator
from itertools import combinations

from graphs.errors import StatementRefused
from graphs.questions.patterns import clauses, edges, nodes, variables
from graphs.questions.reading import Question
from graphs.questions.words import CLOSED, Token, closing, opening, parts, tokens
from graphs.schema import EDGES, NODES, dtypes

FUNCTIONS = {"abs", "coalesce", "count", "max", "min", "round", "sum"}
KEYWORDS = {
    *("MATCH", "OPTIONAL", "WHERE", "WITH", "RETURN", "DISTINCT", "AS", "ORDER", "BY", "DESC", "LIMIT"),
    *("AND", "OR", "NOT", "IS", "NULL", "EXISTS", "CASE", "WHEN", "THEN", "ELSE", "END", "true", "false"),
}
FOREIGN = {
    *("ALL", "ANY", "ASC", "ASCENDING", "ATTACH", "CALL", "COLLECT", "CONTAINS", "COPY", "CREATE", "DELETE"),
    *("DESCENDING", "DETACH", "DROP", "ENDS", "EXPLAIN", "EXPORT", "FINISH", "FOREACH", "IMPORT", "IN", "INSTALL"),
    *("LET", "LOAD", "MERGE", "NODES", "NONE", "OFFSET", "PROFILE", "REDUCE", "REMOVE", "SET", "SHOW", "SINGLE"),
    *("SKIP", "STARTS", "TERMINATE", "UNION", "UNWIND", "USE", "XOR", "YIELD"),
}
"""Words of Cypher that a question does without."""
FRACTIONS = ("_usd", "_kg")
"""Endings of names that hold fractions, which `/` divides without cutting off."""
MOST_COMPARED = 2
"""Edges of a pattern of which two may be compared by more than being the same."""
ORDERED = ("<", ">", "<=", ">=", "=", "-", "+")
NAMES = ("place_id", "track_id", "company_id")
"""Keys of places, ships and companies."""
LABELS = {*NODES, *(edge.name for edge in EDGES)}
PROPERTIES = {name for schema in NODES.values() for name in dtypes(schema)} | {
    name for edge in EDGES for name in edge.properties
}


def lint(question: Question) -> list[str]:
    """What keeps a question from being answered alike, one sentence each; empty for a portable one."""
    try:
        words = tokens(question.statement)
    except StatementRefused as error:
        return [f"{question.name}: {error}"]
    return [f"{question.name}: {found}" for rule in RULES for found in rule(question, words)]


def _words(question: Question, words: list[Token]) -> Iterator[str]:
    """Only listed keywords and functions; nothing that ends the statement or hides in a comment."""
    for at, token in enumerate(words):
        before, after = (words[at - 1].text if at else ""), (words[at + 1].text if at + 1 < len(words) else "")
        if token.kind == "comment" or token.text in (";", "=~", "..", "^", "%"):
            yield f"{token.text[:20]!r} is outside the subset"
        if token.kind != "word" or before in (".", ":", "|"):
            continue
        if token.text.upper() in FOREIGN or (token.text.upper() in {*KEYWORDS} and token.text not in KEYWORDS):
            yield f"{token.text} is outside the subset"
        elif after == "(" and token.text not in FUNCTIONS and token.text not in KEYWORDS:
            yield f"{token.text}() is no listed function; use {', '.join(sorted(FUNCTIONS))}"
        elif token.text == "NULL" and before not in ("IS", "NOT"):
            yield "NULL may only be asked for with IS NULL or IS NOT NULL"


def _brackets(question: Question, words: list[Token]) -> Iterator[str]:
    """`[` only in an edge of fixed length, `{` only after EXISTS."""
    for at, token in enumerate(words):
        before = words[at - 1].text if at else ""
        if token.text == "{" and before != "EXISTS":
            yield "braces may only follow EXISTS"
        if token.text == "[":
            end = closing(words, at)
            if before not in ("-", "<-"):
                yield "lists and their places are outside the subset"
            elif any(inner.text == "*" for inner in words[at:end]):
                yield "edges of variable length are outside the subset"
            elif (before == "<-") == (words[min(end + 1, len(words) - 1)].text == "->"):
                yield "an edge needs one direction"


def _edges(question: Question, words: list[Token]) -> Iterator[str]:
    """Edges of one type in one pattern are told apart, by their own properties or by those of their ends."""
    for clause in clauses(words):
        text = " ".join(token.text for token in clause)
        for one, other in combinations(edges(clause), 2):
            if not one.types & other.types:
                continue
            pairs = [(one.name, other.name), (one.start, other.start), (one.end, other.end)]
            if not any(_told_apart(text, first, second) for first, second in pairs):
                yield f"edges {one.name or '(unnamed)'} and {other.name or '(unnamed)'} may be the same edge in Ladybug"


def _compared(question: Question, words: list[Token]) -> Iterator[str]:
    """Ladybug heeds a comparison of two edges of a pattern in patterns of two edges only."""
    for clause in clauses(words):
        found = {one.name for one in edges(clause) if one.name}
        if len(edges(clause)) <= MOST_COMPARED:
            continue
        for at in range(len(clause) - 6):
            one, sign, other = clause[at].text, clause[at + 3].text, clause[at + 4].text
            are_properties = clause[at + 1].text == "." == clause[at + 5].text and {one, other} <= found
            if are_properties and one != other and sign in ORDERED:
                yield f"{one} and {other} are compared in a pattern of three edges: pass one on with WITH"


def _labels(question: Question, words: list[Token]) -> Iterator[str]:
    """Ladybug loses and repeats rows where two edges share a node of several labels, and binds one without any."""
    labels, uses = nodes(words)
    for name, named in labels.items():
        if not named:
            yield f"node {name} needs a label"
        elif len(named) > 1 and uses[name] > 1:
            yield f"node {name} has several labels and several edges: pass its code on with WITH, and match anew"


def _told_apart(text: str, one: str, other: str) -> bool:
    if not one or not other or one == other:
        return False
    keys = ("edge_id", "code", "name", "flow_id", "alert_id", "ban_id", "year", *NAMES)
    both = [(one, other), (other, one)]
    signs = ("<>", "<", ">")
    return any(f"{a} . {key} {sign} {b} . {key}" in text for a, b in both for key in keys for sign in signs)


def _sums(question: Question, words: list[Token]) -> Iterator[str]:
    """A sum over nothing is null in one engine and 0 in the other."""
    for item in (one for clause in clauses(words) for one in parts(clause[1:])):
        for at, token in enumerate(item):
            if token.text == "sum":
                guard = [one.text for one in item[:at]]
                if "CASE" not in guard or "count" not in guard or "THEN" not in guard:
                    yield "a sum stands in CASE WHEN count(...) > 0 THEN ... END: a sum over nothing differs"


def _division(question: Question, words: list[Token]) -> Iterator[str]:
    """Whole numbers by whole numbers are cut off."""
    for at, token in enumerate(words):
        if token.text == "/":
            left = words[opening(words, at - 1) if words[at - 1].text in CLOSED else at - 3 : at]
            right = words[at + 1 : closing(words, at + 1) + 1] if words[at + 1].text == "(" else words[at + 1 : at + 4]
            if not any(map(_is_fraction, left + right)):
                yield f"{words[at - 1].text} / {words[at + 1].text} may cut off whole numbers: use * 1.0"


def _is_fraction(token: Token) -> bool:
    return token.text.endswith(FRACTIONS) or (token.kind == "number" and "." in token.text)


def _names(question: Question, words: list[Token]) -> Iterator[str]:
    """Labels, types and properties are those of the schema; an alias is no variable of a pattern."""
    bound = variables(words)
    for at, token in enumerate(words[:-1]):
        name = words[at + 1].text.strip("`")
        if token.text in (":", "|") and name not in LABELS:
            yield f"{name} is neither a node nor an edge of the schema"
        if token.text == "." and name not in PROPERTIES:
            yield f"{name} is a property of nothing"
        if token.text == "AS" and name in bound:
            yield f"{name} is both an alias and part of a pattern, which cannot be ordered by in Ladybug"


def _parameters(question: Question, words: list[Token]) -> Iterator[str]:
    """Those used are those declared, or made from them."""
    used = {token.text[1:] for token in words if token.kind == "parameter"}
    declared = {one.name for one in question.parameters}
    for name in sorted(used - declared - set(question.derived)):
        yield f"parameter {name} is not in the header"
    patterns = " ".join(question.derived.values())
    for name in sorted(declared - used):
        if f"{{{name}}}" not in patterns:
            yield f"parameter {name} is never used"


def _answer(question: Question, words: list[Token]) -> Iterator[str]:
    """The statement ends with RETURN of the header's columns and a total order of them; LIMIT comes after it, once."""
    texts = [token.text for token in words]
    if texts.count("RETURN") != 1 or texts.count("ORDER") != 1 or texts.count("LIMIT") > 1:
        yield "one RETURN, one ORDER BY and at most one LIMIT belong into a question"
        return
    start, order = texts.index("RETURN"), texts.index("ORDER")
    limit = texts.index("LIMIT") if "LIMIT" in texts else len(texts)
    if not start < order < limit or texts[limit + 1 :] not in ([], ["$limit"]) or "MATCH" in texts[start:]:
        yield "a question ends with RETURN, ORDER BY, and LIMIT $limit if any"
        return
    named = [item[-1].text.strip("`") for item in parts(words[start + 1 : order])]
    if named != [column.name for column in question.columns]:
        yield f"it returns {', '.join(named)}, which are not the columns of the header"
    yield from _order(question, parts(words[order + 2 : limit]))


def _order(question: Question, items: list[list[Token]]) -> Iterator[str]:
    nullable = {column.name for column in question.columns if column.is_nullable}
    columns = {column.name for column in question.columns}
    placed: list[str] = []
    for item in items:
        name, rest = item[0].text, [token.text for token in item[1:]]
        if name not in columns or rest not in ([], ["DESC"], ["IS", "NULL"]):
            yield "the order names columns of the answer, each alone, with DESC or IS NULL"
        elif name in nullable and rest != ["IS", "NULL"] and name not in placed:
            yield f"{name} may be null: order by {name} IS NULL first"
        placed.append(name)
    missing = [name for name in question.key if name not in placed]
    if missing:
        yield f"the order is not total: it leaves out {', '.join(missing)}"


RULES: tuple[Callable[[Question, list[Token]], Iterator[str]], ...] = (
    _words,
    _brackets,
    _edges,
    _compared,
    _labels,
    _sums,
    _division,
    _names,
    _parameters,
    _answer,
)
