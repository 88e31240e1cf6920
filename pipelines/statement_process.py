"""The process that answers one statement on the embedded graph: limited in memory and time, and gone afterwards.

Reads a request as JSON, writes one letter and the answer: `A` and an Arrow stream, or `E` and an error as JSON. The
engine heeds its own time limit between steps only and allocates beyond its pool, so the system holds the limits: memory
by the size of the address space (Linux), time by an alarm that ends the process.
"""

import json
import signal
import sys
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

from graphs.errors import LimitExceeded, StoreError
from graphs.stores.ladybug_folder import current
from graphs.stores.ladybug_reader import MEMORY, MIB, answer, connected, space

POOL = 256 * MIB
"""Memory for the engine's pages."""
OVERHEAD = 256 * MIB
"""Address space for stacks of threads and the like; little of it is used."""
GRACE = 0.5
"""Seconds after which the process ends that did not end its statement in time."""


def main() -> None:
    """Answer the request on the standard input."""
    request = json.load(sys.stdin.buffer)
    try:
        found = answered(request)
        write_answer(sys.stdout.buffer, found)
    except MemoryError:
        write_error(sys.stdout.buffer, LimitExceeded(MEMORY))
    except StoreError as error:
        write_error(sys.stdout.buffer, error)
    except pa.ArrowMemoryError:
        write_error(sys.stdout.buffer, LimitExceeded(MEMORY))


def answered(request: dict[str, Any]) -> pa.Table:
    """The answer as a table. Raises StoreError."""
    folder, seconds = Path(request["folder"]), request["seconds"]
    found = current(folder)
    if found is None:
        raise StoreError(f"there is no whole graph in {folder}: load one first")
    reserved = space(found.size)
    limit_memory(request["memory"] + POOL + OVERHEAD + reserved)
    limit_time(seconds + GRACE)
    with connected(found.database, POOL, reserved) as connection:
        return answer(connection, request["statement"], request["parameters"], seconds, request["rows"])


def limit_memory(more: int) -> None:
    """Allow this process so many bytes of address space beyond those that it has, where the system can (Linux)."""
    if sys.platform != "linux":
        return
    import resource

    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + more
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_time(seconds: float) -> None:
    """End this process after so many seconds, whatever it is doing."""
    if sys.platform != "win32":
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)


def write_answer(out: BinaryIO, found: pa.Table) -> None:
    """A table as an Arrow stream."""
    out.write(b"A")
    with pa.ipc.new_stream(out, found.schema) as stream:
        stream.write_table(found)
    out.flush()


def write_error(out: BinaryIO, error: StoreError) -> None:
    """An error by its name and its sentence."""
    out.write(b"E" + json.dumps({"kind": type(error).__name__, "message": str(error)}).encode())
    out.flush()


if __name__ == "__main__":
    main()
