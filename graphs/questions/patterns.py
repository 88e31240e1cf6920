"""Clauses of a statement, and the edges and nodes of its patterns."""

from collections.abc import Iterator
from dataclasses import dataclass

from graphs.questions.words import Token, closing

STARTS = ("MATCH", "WITH", "RETURN")


@dataclass(frozen=True)
class EdgePattern:
    """An edge of a pattern: its variable and types, and the variables of the nodes that it leaves and enters."""

    name: str
    types: frozenset[str]
    start: str
    end: str


def clauses(words: list[Token]) -> Iterator[list[Token]]:
    """MATCH, WITH and RETURN with all that belongs to them; a pattern inside EXISTS is a clause of its own."""
    begun: list[list[Token]] = [[]]
    at = 0
    while at < len(words):
        token = words[at]
        if token.text == "{":
            end = closing(words, at)
            yield from clauses(words[at + 1 : end])
            at = end
        elif token.text in STARTS:
            begun.append([token])
        else:
            begun[-1].append(token)
        at += 1
    yield from (clause for clause in begun if clause)


def edges(clause: list[Token]) -> list[EdgePattern]:
    """Edges of a MATCH, in the order in which they stand."""
    found = []
    for at, token in enumerate(clause):
        if token.text == "[" and at and clause[at - 1].text in ("-", "<-"):
            end = closing(clause, at)
            inner = clause[at + 1 : end]
            name = inner[0].text if inner and inner[0].kind == "word" else ""
            types = frozenset(one.text for one in inner if one.kind == "word" and one.text != name)
            left, right = _before(clause, at - 1), _after(clause, end + 2)
            ends = (right, left) if clause[at - 1].text == "<-" else (left, right)
            found.append(EdgePattern(name, types, *ends))
    return found


def nodes(words: list[Token]) -> tuple[dict[str, set[str]], dict[str, int]]:
    """Labels of each named node, and how many edges touch it."""
    labels: dict[str, set[str]] = {}
    uses: dict[str, int] = {}
    for at in range(len(words) - 1):
        if _opens_node(words, at) and words[at + 1].kind == "word":
            end, name = closing(words, at), words[at + 1].text
            labels.setdefault(name, set()).update(one.text for one in words[at + 2 : end] if one.kind == "word")
            before, after = words[at - 1].text, words[min(end + 1, len(words) - 1)].text
            uses[name] = uses.get(name, 0) + (before in ("-", "->")) + (after in ("-", "<-"))
    return labels, uses


def _opens_node(words: list[Token], at: int) -> bool:
    before = words[at - 1].text if at else ""
    if words[at].text != "(" or before not in ("MATCH", "-", "->", ","):
        return False
    return before != "," or words[min(closing(words, at) + 1, len(words) - 1)].text in ("-", "<-")


def variables(words: list[Token]) -> set[str]:
    """Names of nodes and edges in all patterns."""
    found: set[str] = set()
    for at, token in enumerate(words[:-1]):
        in_edge = token.text == "[" and at > 0 and words[at - 1].text in ("-", "<-")
        in_node = _opens_node(words, at)
        if (in_edge or in_node) and words[at + 1].kind == "word":
            found.add(words[at + 1].text)
    return found


def _before(clause: list[Token], dash: int) -> str:
    """Variable of the node that closes before a dash."""
    at = dash - 1
    while at > 0 and clause[at].text != "(":
        at -= 1
    return clause[at + 1].text if clause[at + 1].kind == "word" else ""


def _after(clause: list[Token], at: int) -> str:
    """Variable of the node that opens at a place."""
    return clause[at + 1].text if at + 1 < len(clause) and clause[at + 1].kind == "word" else ""
