"""Words and signs of a statement, as the lint reads them."""

import re
from dataclasses import dataclass

TOKEN = re.compile(
    r"""(?P<space>\s+)
    | (?P<comment>//[^\n]*|/\*.*?\*/)
    | (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<quoted>`[^`]+`)
    | (?P<parameter>\$\w+)
    | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    | (?P<word>[A-Za-z_]\w*)
    | (?P<sign><>|<=|>=|<-|->|=~|\.\.|[^\w\s])""",
    re.VERBOSE | re.DOTALL,
)
OPEN, CLOSED = "([{", ")]}"


@dataclass(frozen=True)
class Token:
    """A word, name, number, text, parameter or sign."""

    kind: str
    text: str


def tokens(statement: str) -> list[Token]:
    """All tokens but spaces; comments stay, so that they can be refused."""
    found = (Token(str(one.lastgroup), one.group()) for one in TOKEN.finditer(statement))
    return [token for token in found if token.kind != "space"]


def closing(words: list[Token], at: int) -> int:
    """Where the bracket that opens at a place is closed; the end where it never is."""
    depth = 0
    for place in range(at, len(words)):
        depth += (words[place].text in OPEN) - (words[place].text in CLOSED)
        if depth == 0:
            return place
    return len(words) - 1


def opening(words: list[Token], at: int) -> int:
    """Where the bracket that closes at a place is opened."""
    depth = 0
    for place in range(at, -1, -1):
        depth += (words[place].text in CLOSED) - (words[place].text in OPEN)
        if depth == 0:
            return place
    return 0


def parts(words: list[Token], sign: str = ",") -> list[list[Token]]:
    """The tokens split at a sign, outside of brackets and of CASE ... END."""
    found: list[list[Token]] = [[]]
    depth = 0
    for token in words:
        depth += (token.text in OPEN or token.text == "CASE") - (token.text in CLOSED or token.text == "END")
        if token.text == sign and depth == 0:
            found.append([])
        else:
            found[-1].append(token)
    return found
