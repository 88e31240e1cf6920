"""Talking to the server: connections that are closed again, and its complaints as errors of ours.

| what the server says | error here |
|---|---|
| past the time or memory that a statement may use | LimitExceeded |
| a write in read mode | StatementRefused |
| anything else, and no answer at all | StoreError |
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from neo4j import Driver, GraphDatabase
from neo4j.exceptions import (
    AuthError,
    ConfigurationError,
    DriverError,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
)

from graphs.errors import InputError, LimitExceeded, StatementRefused, StoreError

CONNECT_SECONDS = 15.0
ADDRESS = re.compile(r"(bolt|neo4j)(\+s|\+ssc)?://[^/]")
FETCH_ROWS = 10_000
"""Rows that the server sends before it waits to be asked for more."""
LATE = ("TransactionTimedOut", "TransactionTimedOutClientConfiguration")
FULL = ("MemoryPoolOutOfMemoryError", "OutOfMemoryError", "TransactionOutOfMemoryError")
"""Last words of the server's error codes for time and for memory."""
FAULTS = (Neo4jError, DriverError)
"""Everything that the driver raises on purpose."""
LOST = (ServiceUnavailable, SessionExpired)
"""The connection broke: whether a commit under way succeeded is not known."""


@dataclass(frozen=True)
class Address:
    """Where the server is and who asks. The password stays out of `repr` so that no log can show it."""

    url: str
    user: str
    password: str = field(repr=False)
    database: str

    @contextmanager
    def driver(self) -> Iterator[Driver]:
        """A connection for as long as the context lasts; faults of the driver inside become StoreError."""
        told = f"{self.url!r} is no address of a Neo4j server: give bolt://host:port"
        if not ADDRESS.match(self.url):
            raise InputError(told)
        try:
            made = GraphDatabase.driver(
                self.url,
                auth=(self.user, self.password),
                connection_timeout=CONNECT_SECONDS,
                notifications_min_severity="OFF",
            )
        except (ConfigurationError, ValueError) as error:
            raise InputError(told) from error
        with made:
            try:
                yield made
            except FAULTS as error:
                raise explained(error, self.url) from error


def explained(error: Exception, where: str) -> StoreError:
    """A fault of driver or server as an error of ours, in one sentence."""
    if isinstance(error, AuthError):
        return StoreError(f"the Neo4j server at {where} knows no such user with such a password; correct either")
    if isinstance(error, LOST):
        return StoreError(f"no answer from the Neo4j server at {where}: check that it runs and the address is right")
    if is_late(error):
        return LimitExceeded("the statement took longer than it may: narrow it, or allow more time")
    if is_full(error):
        return LimitExceeded("the statement needs more memory than the server allows a transaction: narrow it")
    said = sentence(error)
    if "AccessMode" in str(getattr(error, "code", "")) or "read access mode" in said:
        return StatementRefused("the statement would write, and only reading is allowed here")
    return StoreError(f"the Neo4j server answers: {said}")


def is_late(error: Exception) -> bool:
    """True where the server ended a transaction for its time."""
    return _last_word(error) in LATE


def is_full(error: Exception) -> bool:
    """True where the server ended a transaction for its memory."""
    return _last_word(error) in FULL


def is_passing(error: Exception) -> bool:
    """True where the server rolled a transaction back and the same one may succeed later, as after a deadlock."""
    return isinstance(error, Neo4jError) and error.is_retryable() and not is_full(error)


def sentence(error: Exception) -> str:
    """The server's own words: the first line of them."""
    text = error.message if isinstance(error, Neo4jError) and error.message else str(error)
    return next(iter(text.strip().splitlines()), type(error).__name__).rstrip(" .")


def _last_word(error: Exception) -> str:
    code = error.code if isinstance(error, Neo4jError) else None
    return (code or "").rpartition(".")[2]


def answers(url: str, user: str, password: str) -> bool:
    """True where a server answers Bolt and lets this user in."""
    with GraphDatabase.driver(url, auth=(user, password), connection_timeout=2) as driver, driver.session() as session:
        try:
            session.run("RETURN 1").consume()
        except FAULTS:
            return False
    return True
