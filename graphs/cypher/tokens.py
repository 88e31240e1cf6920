"""Cypher's words and signs, read more strictly than any engine reads them.

What engines read differently is refused, so that nobody's comment is another's clause: unicode escapes (Neo4j resolves
them before it reads the text), letters beyond ASCII outside of texts and backquotes, doubled backquotes, control
characters. Comments are gaps, and a gap is written out as one blank: what an engine gets holds no comment.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from graphs.errors import StatementRefused

LONGEST = 20_000
"""Characters of a statement."""
_TOKEN = re.compile(
    r"""
    (?P<gap>(?:[ \t\r\n]+|//[^\r\n]*|/\*[\s\S]*?\*/)+)
  | (?P<text>'(?:[^'\\]|\\['"\\nrtbf])*'|"(?:[^"\\]|\\['"\\nrtbf])*")
  | (?P<quoted>`[^`\\]+`(?!`))
  | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![A-Za-z0-9_]))
  | (?P<parameter>\$[A-Za-z_][A-Za-z0-9_]*)
  | (?P<sign><>|<=|>=|=~|\.\.|/(?!\*)|[-+*%^=<>()\[\]{},:.|;])
    """,
    re.VERBOSE,
)
_UNREAD = re.compile(r"\\[uU]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class Token:
    """A word, sign, number, text, parameter, quoted name or gap, and whether a gap comes before it."""

    kind: str
    text: str
    line: int
    spaced: bool

    @property
    def word(self) -> str:
        """The word in capitals; empty for anything else."""
        return self.text.upper() if self.kind == "word" else ""

    @property
    def name(self) -> str:
        """A name without its backquotes."""
        return self.text.strip("`")


def tokens(statement: str) -> Iterator[Token]:
    """Tokens of a statement without its gaps. Raises StatementRefused at the first character that cannot be read."""
    return (one for one in pieces(statement) if one.kind != "gap")


def pieces(statement: str) -> Iterator[Token]:
    """Tokens of a statement and the gaps between them. Raises StatementRefused where it cannot be read."""
    if len(statement) > LONGEST:
        raise StatementRefused(f"the statement has {len(statement)} characters: {LONGEST} are allowed")
    if unread := _UNREAD.search(statement):
        raise StatementRefused(f"the statement holds {unread.group()!r}: write the character itself, or a parameter")
    at, line, spaced = 0, 1, False
    while at < len(statement):
        found = _TOKEN.match(statement, at)
        if not found:
            raise StatementRefused(f"line {line}: {_beginning(statement[at:])} cannot be read")
        kind, text = str(found.lastgroup), found.group()
        yield Token(kind, text, line, spaced)
        spaced, at, line = kind == "gap", found.end(), line + text.count("\n")


def written(found: list[Token]) -> str:
    """Tokens as a statement again, each gap one blank."""
    return "".join(f" {one.text}" if one.spaced else one.text for one in found).strip()


def _beginning(rest: str) -> str:
    """The character that cannot be read, and what is the matter where that is clear."""
    if rest.startswith(("'", '"', "`")):
        return f"a {'name' if rest[0] == '`' else 'text'} in {rest[0]} that does not end or holds an unknown escape"
    return "a comment that does not end" if rest.startswith("/*") else repr(rest[0])
