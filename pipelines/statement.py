"""A user's own statement, answered within limits: read by the guard first, then run where it can do no harm.

On the embedded engine it runs in a process of its own, whose memory and time the system limits; on a server in a
transaction that the server limits. What is past a limit fails; no answer is cut off.
"""

import json
import math
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from graphs.cypher.cursor import DEEPEST
from graphs.cypher.guard import guard
from graphs.errors import LimitExceeded, StatementRefused, StoreError
from graphs.stores.base import Parameters, Store
from graphs.stores.ladybug import LadybugStore
from pipelines.statement_limits import Allowance

__all__ = ["Allowance", "answer", "check", "in_process"]


START = 60.0
"""Seconds that a process may take to start and to hand over its answer, on top of the statement's time."""
KINDS = {one.__name__: one for one in (StoreError, StatementRefused, LimitExceeded)}
WIDEST = 1 << 63
"""Whole numbers lie between its negative and what is just below it."""


def answer(
    store: Store, statement: str, parameters: Parameters | None = None, limits: Allowance | None = None
) -> pl.DataFrame:
    """Answer of one statement that only reads.

    Raises StatementRefused where it would do more, LimitExceeded where it takes too long, needs too much memory or has
    too many rows, StoreError where a parameter is missing or of a kind that engines do not take, or it fails.
    """
    read, given, limits = guard(statement), dict(parameters or {}), limits or Allowance()
    check(read.parameters, given)
    if isinstance(store, LadybugStore):
        return in_process(store.folder, read.text, given, limits)
    with store.view() as view:
        return view.rows(read.text, given, limits)


def check(wanted: frozenset[str], given: dict[str, Any]) -> None:
    """Every parameter that is wanted is there, and each is a value that both engines hold. Raises StoreError."""
    missing = sorted(wanted - given.keys())
    if missing:
        raise StoreError(f"the parameter ${missing[0]} is not given: the statement needs {', '.join(sorted(wanted))}")
    for name, value in given.items():
        if _depth(value) > DEEPEST:
            raise StoreError(f"the parameter ${name} holds lists more than {DEEPEST} deep in each other")
        if not _is_plain(value):
            raise StoreError(f"the parameter ${name} is a {type(value).__name__}: give a text, number, boolean or list")
        for one in _flat(value):
            if odd := _odd(one):
                raise StoreError(f"the parameter ${name} holds {odd}")


def in_process(folder: Path, statement: str, parameters: dict[str, Any], limits: Allowance) -> pl.DataFrame:
    """Answer of a statement, trusted or not, in a process of its own on an embedded graph.

    The process ends half a second after the statement's time is over, if it has not ended by then.
    """
    request: dict[str, Any] = {"folder": str(folder.absolute()), "statement": statement, "parameters": parameters}
    request |= {"seconds": limits.seconds, "rows": limits.rows, "memory": limits.memory}
    root = str(Path(__file__).resolve().parents[1])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    command = [sys.executable, "-m", "pipelines.statement_process"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    try:
        done = subprocess.run(
            command,
            input=json.dumps(request).encode(),
            capture_output=True,
            timeout=limits.seconds + START,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _late(limits) from None
    return _received(done, limits)


def _received(done: "subprocess.CompletedProcess[bytes]", limits: Allowance) -> pl.DataFrame:
    """What the process sent back."""
    if done.returncode == -signal.SIGALRM:
        raise _late(limits)
    if done.returncode == 0 and done.stdout[:1] == b"A":
        return pl.read_ipc_stream(done.stdout[1:])
    if done.returncode == 0 and done.stdout[:1] == b"E":
        found = json.loads(done.stdout[1:])
        raise KINDS[found["kind"]](found["message"])
    if done.returncode < 0:
        raise LimitExceeded(
            f"the statement ended its process (signal {-done.returncode}), most likely for want of memory: ask for less"
        )
    last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
    raise StoreError(f"the process of the statement failed: {' '.join(last) or 'it said nothing'}")


def _late(limits: Allowance) -> LimitExceeded:
    return LimitExceeded(f"the statement took longer than {limits.seconds:g} s: ask for less, or allow more time")


def _depth(value: object) -> int:
    """How deep lists stand in each other, counted no further than it matters."""
    depth, level = 0, [value]
    while depth <= DEEPEST and (inner := [one for one in level if isinstance(one, list | tuple)]):
        depth, level = depth + 1, [deeper for one in inner for deeper in one]
    return depth


def _flat(value: Any) -> Iterator[Any]:
    """A value, or those that a list of lists holds."""
    if isinstance(value, list | tuple):
        for one in value:
            yield from _flat(one)
    else:
        yield value


def _odd(value: object) -> str:
    """What keeps a value from being the same on both engines; empty where nothing does."""
    if isinstance(value, int) and not -WIDEST <= value < WIDEST:
        return "a whole number that does not fit 64 bits: give a fraction or a text"
    if isinstance(value, float) and not math.isfinite(value):
        return f"{value}, which is no finite number: give null for one that is not known"
    if isinstance(value, str) and any("\ud800" <= one <= "\udfff" for one in value):
        return "half a character (a surrogate): give the whole one"
    return ""


def _is_plain(value: object) -> bool:
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, bool | int | float | str)
