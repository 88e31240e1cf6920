"""`python -m pipelines.neo4j_server`: a Neo4j server for a person, in the foreground until Ctrl-C.

While a file `paused` lies in the server's folder its keeper stops the server, so that another process can import into
its database (`paused`).
"""

import argparse
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from graphs.errors import OretraceError, StoreError
from pipelines.housekeeping import runs
from pipelines.neo4j_jars import LINES, LTS
from pipelines.neo4j_process import PASSWORD, START_SECONDS, USER, Neo4jServer, free_ports, listening_in

FOLDER = Path("data/neo4j")
BOLT_PORT, HTTP_PORT = 7687, 7474
"""Taken where both are free."""
PAUSED = "paused"
LOOK_SECONDS = 0.2


@contextmanager
def paused(folder: Path) -> Iterator[Neo4jServer]:
    """Ask the keeper of a folder to stop its server; it starts again when the context ends.

    Yields the server, stopped, for its `admin` and `surroundings`. Raises StoreError where no keeper answers.
    """
    found = listening_in(folder)
    if found is None:
        raise StoreError(f"no server runs in {folder}: start one with make neo4j")
    mark = folder / PAUSED
    mark.write_text(str(os.getpid()))
    try:
        _until(lambda: listening_in(folder) is None, f"the server in {folder} does not stop: is its keeper there?")
        yield Neo4jServer(folder, LINES[found.line], heap=found.heap)
    finally:
        mark.unlink(missing_ok=True)
    _until(lambda: listening_in(folder) is not None, f"the server in {folder} does not start again: see its terminal")


def keep(server: Neo4jServer) -> None:
    """Stay until interrupted or the server ends; pause it while somebody asks for that."""
    mark = server.folder / PAUSED
    while server.alive():
        if _asks(mark):
            with server.stopped():
                while _asks(mark):
                    time.sleep(LOOK_SECONDS)
                mark.unlink(missing_ok=True)
        time.sleep(LOOK_SECONDS)


def main(arguments: list[str] | None = None) -> int:
    """Start a server for a person and keep it until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.neo4j_server", description=main.__doc__)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where data, logs and password lie")
    parser.add_argument("--line", choices=tuple(LINES), default=LTS.name, help="lts (Java 17) or current (Java 21)")
    parser.add_argument("--heap", default="2g", help="memory of the server beside its page cache")
    parser.add_argument("--cache", type=Path, default=None, help="where the server's libraries are kept")
    chosen = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    line = LINES[chosen.line]
    try:
        print("Starting Neo4j; the first time Maven fetches some 130 MB.", flush=True)
        with Neo4jServer(chosen.folder, line, heap=chosen.heap, cache=chosen.cache, ports=usual_ports()) as server:
            print(told(server), flush=True)
            keep(server)
            print(f"The server ended by itself: see the logs in {server.folder}.", file=sys.stderr)
            return 1
    except OretraceError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.")
        return 0


def told(server: Neo4jServer) -> str:
    """What a person needs to know of a running server."""
    return (
        f"Neo4j answers at {server.url}, user {USER}; its password is in {server.folder / PASSWORD}\n"
        f"  export ORETRACE_GRAPH_URL={server.url} ORETRACE_GRAPH_PASSWORD=$(cat '{server.folder / PASSWORD}')\n"
        f"Stop it with Ctrl-C or kill {os.getpid()}; the graph stays in {server.folder}"
    )


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _asks(mark: Path) -> bool:
    """True while the process that wrote the file is there."""
    with suppress(FileNotFoundError, ValueError):
        return runs(int(mark.read_text()))
    return False


def _until(happened: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not happened():
        if time.monotonic() > deadline:
            raise StoreError(otherwise)
        time.sleep(0.1)


def usual_ports() -> tuple[int, int]:
    """The ports that Neo4j is known for where both are free, else others."""
    try:
        for port in (BOLT_PORT, HTTP_PORT):
            with socket.socket() as one:
                one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                one.bind(("127.0.0.1", port))
    except OSError:
        return free_ports()
    return BOLT_PORT, HTTP_PORT


if __name__ == "__main__":
    sys.exit(main())
