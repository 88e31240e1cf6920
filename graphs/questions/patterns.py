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


def variables(words: list[Token]) -> set[str]:
    """Names of nodes and edges in all patterns."""
    found: set[str] = set()
    for at, token in enumerate(words[:-1]):
        in_edge = token.text == "[" and at > 0 and words[at - 1].text in ("-", "<-")
        in_node = token.text == "(" and (at == 0 or words[at - 1].text in ("MATCH", "-", "->", "<-", ","))
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
