"""Where a reader stands in a statement, what it has met, and how it refuses what comes next."""

from collections.abc import Callable
from dataclasses import dataclass, field

from graphs.cypher.tokens import Token
from graphs.errors import StatementRefused

READING = ("MATCH", "OPTIONAL MATCH", "WHERE", "WITH", "UNWIND", "RETURN", "ORDER BY", "SKIP", "LIMIT", "UNION")
"""Clauses that are allowed."""
_DOING = """
    CALL YIELD CREATE MERGE SET DELETE DETACH REMOVE DROP FOREACH LOAD COPY EXPORT IMPORT INSTALL UNINSTALL ATTACH USE
    ALTER SHOW TERMINATE CHECKPOINT EXPLAIN PROFILE COMMENT INSERT UPDATE FINISH BEGIN COMMIT ROLLBACK GRANT
    REVOKE DENY RENAME ENABLE DEALLOCATE DRYRUN ANALYZE PROJECT CYPHER FORCE VACUUM
"""
_GRAMMAR = """
    MATCH OPTIONAL WHERE WITH UNWIND RETURN ORDER BY SKIP LIMIT UNION AS DISTINCT AND OR XOR NOT IN IS NULL TRUE FALSE
    CASE WHEN THEN ELSE END STARTS ENDS CONTAINS EXISTS
"""
DOING = frozenset(_DOING.split())
"""Words that begin what is refused."""
RESERVED = DOING | frozenset(_GRAMMAR.split())
"""Words that name nothing unless they stand in backquotes."""
DEEPEST = 60
"""Brackets and subqueries inside each other; also signs, or IS NULL, after each other."""


@dataclass
class Facts:
    """What a statement is made of."""

    clauses: list[str] = field(default_factory=list)
    functions: set[str] = field(default_factory=set)
    parameters: set[str] = field(default_factory=set)
    labels: set[str] = field(default_factory=set)
    properties: set[str] = field(default_factory=set)
    features: set[str] = field(default_factory=set)
    matches: list[list[str | None]] = field(default_factory=list)
    calls: list[tuple[str, tuple[tuple[Token, ...], ...]]] = field(default_factory=list)


class Cursor:
    """Where the reader stands."""

    def __init__(self, found: list[Token]) -> None:
        self.found = found
        self.at = 0
        self.depth = 0
        self.is_looping = False
        self.failed: set[int] = set()
        self.facts = Facts()

    def peek(self, ahead: int = 0) -> Token:
        """A token that is still to come; an empty one past the end."""
        place = self.at + ahead
        last = self.found[-1].line if self.found else 1
        return self.found[place] if place < len(self.found) else Token("end", "", last, False)

    def take(self) -> Token:
        """The next token."""
        self.at += 1
        return self.peek(-1)

    def has(self, *wanted: str) -> bool:
        """True where these signs or words come next."""
        return all(one in (self.peek(at).word, self.sign(at)) for at, one in enumerate(wanted))

    def sign(self, ahead: int = 0) -> str:
        """A sign that is still to come; a blank for anything else."""
        one = self.peek(ahead)
        return one.text if one.kind == "sign" else " "

    def skip(self, *wanted: str) -> bool:
        """Pass over these signs or words if they come next."""
        found = self.has(*wanted)
        self.at += len(wanted) * found
        return found

    def expect(self, *wanted: str) -> None:
        """Pass over signs or words that must come next."""
        if not self.skip(*wanted):
            self.fail(" ".join(wanted))

    def fail(self, wanted: str) -> None:
        """Refuse what comes next."""
        one = self.peek()
        if not one.text:
            raise StatementRefused(f"the statement ends where {wanted} should follow")
        if one.word in DOING:
            raise StatementRefused(
                f"line {one.line}: {one.word} is refused, since statements may only read: allowed are "
                f"{', '.join(READING)} (a name `{one.text}` needs backquotes)"
            )
        raise StatementRefused(f"line {one.line}: {one.text[:40]} stands where {wanted} should")

    def end(self) -> None:
        """Nothing may follow."""
        if self.peek().text:
            self.fail("UNION or the end")

    def name(self) -> str:
        """A variable or an alias."""
        one = self.peek()
        if one.kind not in ("word", "quoted") or one.word in RESERVED:
            self.fail("a name")
        return self.take().name

    def any_name(self) -> str:
        """A label, type or property, which may be called like a clause."""
        if self.peek().kind not in ("word", "quoted"):
            self.fail("a name")
        return self.take().name

    def listed(self, read: Callable[[], object]) -> list[tuple[Token, ...]]:
        """One or several, with commas between them; what each is made of."""
        found = [self.span(read)]
        while self.skip(","):
            found.append(self.span(read))
        return found

    def span(self, read: Callable[[], object]) -> tuple[Token, ...]:
        """Read one thing, and say what it is made of."""
        start = self.at
        read()
        return tuple(self.found[start : self.at])

    def repeated(self, *wanted: tuple[str, ...]) -> None:
        """Pass over any of these as often as they come, though not without end."""
        times = 0
        while any(self.skip(*one) for one in wanted):
            times += 1
            if times > DEEPEST:
                named = " or ".join(" ".join(one) for one in wanted)
                raise StatementRefused(f"more than {DEEPEST} times {named} stand after each other")

    def deeper(self) -> None:
        """Enter a bracket."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise StatementRefused(f"brackets stand more than {DEEPEST} deep in each other")
