"""One statement to the embedded engine, one Arrow table back.

Apart from the store, so that a process that answers a single statement starts without Polars.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import ladybug
import pyarrow as pa

from graphs.cypher.tokens import Token, tokens, written
from graphs.errors import LimitExceeded, StoreError
from graphs.stores.ladybug_values import sentence, table

MIB, GIB = 1 << 20, 1 << 30
ENGINE = f"ladybug {ladybug.__version__}"
"""Who writes a database, and may not read what another version wrote."""


@contextmanager
def connected(file: Path, pool: int, space: int, *, read_only: bool = True) -> Iterator[Any]:
    """A connection to a database; both are closed at the end.

    `pool` is the memory for the engine's pages and `space` the address space reserved for the database, a power of
    two, both in bytes. Raises StoreError where the database does not open.
    """
    try:
        database = ladybug.Database(file, buffer_pool_size=pool, max_db_size=space, read_only=read_only)
    except RuntimeError as error:
        raise StoreError(f"{file} does not open: {sentence(error)}; load the graph again") from None
    try:
        with ladybug.Connection(database) as connection:
            yield connection
    finally:
        database.close()


def space(size: int) -> int:
    """Address space for a finished database of that many bytes: at least twice its size and 1 GiB, a power of two."""
    return max(GIB, 1 << (2 * size - 1).bit_length())


def answer(connection: Any, statement: str, parameters: Mapping[str, Any], seconds: float, rows: int) -> pa.Table:
    """Answer of one statement. Raises LimitExceeded past a limit, StoreError for a statement that fails.

    The engine heeds the time between its steps only: statements of strangers belong in a process of their own.
    """
    connection.set_query_timeout(max(1, round(seconds * 1000)))
    try:
        result = connection.execute(bound(statement, parameters), dict(parameters))
    except MemoryError:
        raise LimitExceeded(MEMORY) from None
    except (RuntimeError, ValueError, TypeError, OverflowError) as error:
        raise explained(error, seconds) from None
    if isinstance(result, list):
        raise StoreError(f"the text holds {len(result)} statements: give one at a time")
    with result:
        found = result.get_num_tuples()
        if found > rows:
            raise LimitExceeded(f"the answer has {found} rows and the limit is {rows}: ask for less")
        return table(result)


def bound(statement: str, parameters: Mapping[str, Any]) -> str:
    """The statement with whole numbers 64 bits wide and nulls written out, as on the server.

    The engine takes a parameter 100 for one of 8 bits, so that `$x * $x` overflows, a null for a truth value and a
    parameter that is not given for a null. Raises StoreError for one that is not given.
    """
    if "$" not in statement:
        return statement
    made: list[Token] = []
    for one in tokens(statement):
        is_count = bool(made) and made[-1].word in ("SKIP", "LIMIT")
        made.append(one if is_count or one.kind != "parameter" else replace(one, text=_written(one.text, parameters)))
    return written(made)


def _written(name: str, parameters: Mapping[str, Any]) -> str:
    """How a parameter is written in a statement."""
    if name[1:] not in parameters:
        raise StoreError(f"the parameter {name} is not given")
    value = parameters[name[1:]]
    if value is None:
        return "NULL"
    return f"to_int64({name})" if isinstance(value, int) and not isinstance(value, bool) else name


MEMORY = "the statement needs more memory than it may have: ask for less"


def late(seconds: float) -> LimitExceeded:
    """What a statement hears that takes too long."""
    return LimitExceeded(f"the statement took longer than {seconds:g} s: ask for less, or allow more time")


def explained(error: Exception, seconds: float) -> StoreError:
    """The engine's complaint as one of ours."""
    text = sentence(error)
    if text.startswith("Interrupted"):
        return late(seconds)
    if any(one in text for one in ("buffer pool is full", "bad_alloc", "Mmap for size")):
        return LimitExceeded(MEMORY)
    return StoreError(f"the statement cannot be answered: {text}")
