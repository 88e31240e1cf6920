"""Words and signs of a statement, as the lint reads them: those of `graphs.cypher`, with arrows and comments."""

from graphs.cypher.tokens import Token, pieces

__all__ = ["CLOSED", "OPEN", "Token", "closing", "opening", "parts", "tokens"]

OPEN, CLOSED = "([{", ")]}"
ARROWS = ("<-", "->")


def tokens(statement: str) -> list[Token]:
    """All tokens, arrows as one; comments stay, so that they can be refused.

    Raises StatementRefused at the first character that cannot be read.
    """
    found: list[Token] = []
    for one in pieces(statement):
        if one.kind == "gap":
            if one.text.strip():
                found.append(Token("comment", one.text.strip(), one.line, spaced=True))
        elif found and not one.spaced and f"{found[-1].text}{one.text}" in ARROWS:
            found[-1] = Token("sign", f"{found[-1].text}{one.text}", one.line, found[-1].spaced)
        else:
            found.append(one)
    return found


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
