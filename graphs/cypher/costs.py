"""Calls whose cost a server's time limit does not end: patterns of texts, and ranges.

A server looks at its clock between steps, and matching one pattern, or filling one list, is a single step to it. So
both are held to what ends soon, on either engine: a pattern tries every place of the text once for each part between
two `|`, since it has one quantifier there and no brackets; a range has two bounds that can be read off.
"""

import re
from collections.abc import Sequence

from graphs.cypher.tokens import Token
from graphs.errors import StatementRefused

REGEX = ("=~", "regexp_extract", "regexp_matches", "regexp_replace")
"""Who takes a pattern, always as the second of its arguments."""
LARGEST = 1_000_000
"""Numbers of a range."""
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_FLAGS = re.compile(r"\(\?[ims]+\)")
_PART = re.compile(
    r"""
    (?:\\[dDwWsS]|\\[^A-Za-z0-9\s]|[^\\\[\](){}*+?|]
      |\[(?:\^|(?!\^))(?:\\[dDwWsS]|\\[^A-Za-z0-9\s]|[^\[\]\\&])+\])
    (?P<quantifier>[*+?]|\{[0-9]{1,3}(?:,[0-9]{0,3})?\})?
    """,
    re.VERBOSE | re.DOTALL,
)
_WHOLE = re.compile(r"-?[0-9]{1,18}")


def check(function: str, arguments: Sequence[Sequence[Token]]) -> None:
    """Raises StatementRefused for a call that may go on without end."""
    if function in REGEX:
        pattern = arguments[1] if len(arguments) > 1 else []
        if not _is_tame(pattern):
            raise StatementRefused(
                f"the pattern of {function} has to be one text between quotes, with one quantifier between two | at "
                "most, and with no brackets but [...] and (?i) in front: docs/cypher.md says why"
            )
    if function == "range" and not _is_short(arguments):
        raise StatementRefused(
            f"the bounds of range have to be whole numbers that stand in the statement, {LARGEST:,} of them at most"
        )


def _is_tame(pattern: Sequence[Token]) -> bool:
    """True for one text that is a pattern of single characters, with a choice of length once between two `|`."""
    if len(pattern) != 1 or pattern[0].kind != "text":
        return False
    rest = _read(pattern[0].text)
    flags = _FLAGS.match(rest)
    at, choices = flags.end() if flags else 0, 0
    while at < len(rest):
        if rest[at] == "|":
            at, choices = at + 1, 0
            continue
        found = _PART.match(rest, at)
        if not found:
            return False
        at, choices = found.end(), choices + bool(found["quantifier"])
        if choices > 1:
            return False
    return True


def _read(literal: str) -> str:
    """The text that a literal stands for."""
    return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), literal[1:-1])


def _is_short(arguments: Sequence[Sequence[Token]]) -> bool:
    """True for `range(first, last)` or `range(first, last, step)` of whole numbers, not too many."""
    written = ["".join(one.text for one in argument) for argument in arguments]
    if len(written) not in (2, 3) or not all(map(_WHOLE.fullmatch, written)):
        return False
    first, last, *step = map(int, written)
    return step != [0] and abs(last - first) // abs(step[0] if step else 1) < LARGEST
