"""A Neo4j Community server in a folder and a process of its own, from Maven's libraries.

It listens on this machine only. Its folder holds everything: settings, data, logs, password, and `server.json`, which
says where it listens while it runs.
"""

import json
import os
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType

from graphs.errors import StoreError
from graphs.stores.neo4j import Neo4jStore
from graphs.stores.neo4j_session import answers
from graphs.stores.neo4j_swap import settle
from pipelines.housekeeping import runs
from pipelines.neo4j_jars import LTS, Line, default_cache, java

USER, DATABASE = "neo4j", "neo4j"
ADMIN = "org.neo4j.cli.AdminTool"
OPENED = [f"--add-opens=java.base/{one}=ALL-UNNAMED" for one in ("java.nio", "java.io", "sun.nio.ch")]
START_SECONDS, STOP_SECONDS = 180.0, 90.0
STATE, PASSWORD = "server.json", "password"


@dataclass(frozen=True)
class Listening:
    """Where a server listens: what `server.json` says."""

    pid: int
    bolt: int
    http: int
    line: str
    heap: str

    @property
    def url(self) -> str:
        """Address for drivers."""
        return f"bolt://127.0.0.1:{self.bolt}"


class Neo4jServer:
    """One server in one folder; as a context it runs from beginning to end of it."""

    def __init__(
        self,
        folder: Path,
        line: Line = LTS,
        *,
        heap: str = "1g",
        page_cache: str = "256m",
        cache: Path | None = None,
        ports: tuple[int, int] | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder.absolute()
        self.line = line
        self.heap = heap
        self._page_cache = page_cache
        self._cache = cache or default_cache()
        self._ports = ports
        self._settings = dict(settings or {})
        self._process: subprocess.Popen[bytes] | None = None
        self.listening: Listening | None = None

    def __enter__(self) -> "Neo4jServer":
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Address for drivers. Raises StoreError while the server is not running."""
        if self.listening is None:
            raise StoreError(f"the server in {self.folder} is not running: start it")
        return self.listening.url

    @property
    def password(self) -> str:
        """Password of the user neo4j, made up for this folder."""
        return password_in(self.folder)

    @property
    def pid(self) -> int:
        """Process of the server. Raises StoreError while it is not running."""
        if self._process is None:
            raise StoreError(f"the server in {self.folder} is not running: start it")
        return self._process.pid

    @property
    def store(self) -> Neo4jStore:
        """The graph store that this server offers."""
        return Neo4jStore(self.url, USER, self.password, DATABASE)

    @property
    def admin(self) -> list[str]:
        """Beginning of a command line of the server's administration tool."""
        libraries = self.line.classpath(self._cache)
        return [str(java(self.line.java)), *OPENED, f"-Xmx{self.heap}", "-cp", libraries, ADMIN]

    @property
    def surroundings(self) -> dict[str, str]:
        """Environment that tells the administration tool about this folder."""
        return {**os.environ, "NEO4J_HOME": str(self.folder), "NEO4J_CONF": str(self.folder / "conf")}

    def start(self) -> None:
        """Start, and wait until it answers. Raises StoreError where it does not."""
        _refuse_second(self.folder)
        settle(self.folder / "data", DATABASE)
        bolt, http = self._ports or free_ports()
        self._configure(bolt, http)
        self._set_password()
        program = [str(java(self.line.java)), *OPENED, f"-Xms{self.heap}", f"-Xmx{self.heap}"]
        where = [f"--home-dir={self.folder}", f"--config-dir={self.folder / 'conf'}"]
        command = [*program, "-cp", self.line.classpath(self._cache), self.line.main, *where]
        with (self.folder / "console.log").open("wb") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        self.listening = Listening(self._process.pid, bolt, http, self.line.name, self.heap)
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise
        write_privately(self.folder / STATE, json.dumps(asdict(self.listening)))

    def stop(self) -> None:
        """Stop cleanly; nothing happens where it is not running."""
        process, self._process, self.listening = self._process, None, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        (self.folder / STATE).unlink(missing_ok=True)

    def kill(self) -> None:
        """End it as a power cut would. The next start recovers."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self.stop()

    def alive(self) -> bool:
        """True while its process runs."""
        return self._process is not None and self._process.poll() is None

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Stop it for as long as the context lasts; it comes back on the ports that it had."""
        found = self.listening
        self.stop()
        yield
        ports, self._ports = self._ports, (found.bolt, found.http) if found else self._ports
        self.start()
        self._ports = ports

    def _configure(self, bolt: int, http: int) -> None:
        fixed = {
            "server.default_listen_address": "127.0.0.1",
            "server.bolt.listen_address": f"127.0.0.1:{bolt}",
            "server.http.listen_address": f"127.0.0.1:{http}",
            "server.https.enabled": "false",
            "dbms.usage_report.enabled": "false",
            "dbms.security.allow_csv_import_from_file_urls": "false",  # else whoever may read the graph may read files
            "server.memory.pagecache.size": self._page_cache,
            "internal.dbms.bolt.netty_server_shutdown_quiet_period": "0",  # else it says farewell for ten seconds
        }
        folder = self.folder / "conf"
        folder.mkdir(parents=True, exist_ok=True)
        text = "\n".join(f"{name}={value}" for name, value in {**fixed, **self._settings}.items())
        (folder / "neo4j.conf").write_text(text + "\n")

    def _set_password(self) -> None:
        file = self.folder / PASSWORD
        if file.exists():
            return
        word = secrets.token_hex(16)
        command = [*self.admin, "dbms", "set-initial-password", word]
        done = subprocess.run(command, env=self.surroundings, capture_output=True, text=True, check=False)
        if done.returncode:
            raise StoreError(f"the password could not be set in {self.folder}: {_reason(done.stderr + done.stdout)}")
        write_privately(file, word)

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not answers(self.url, USER, self.password):
            if not self.alive():
                raise StoreError(f"the server ended at once ({self._complaint()}): see the logs in {self.folder}")
            if time.monotonic() > deadline:
                raise StoreError(f"the server did not answer within {START_SECONDS:g} s: see the logs in {self.folder}")
            time.sleep(0.1)

    def _complaint(self) -> str:
        log = self.folder / "logs" / "neo4j.log"
        told = log.read_text(errors="replace").splitlines() if log.exists() else []
        errors = [line for line in told if "ERROR" in line]
        return errors[-1] if errors else _reason((self.folder / "console.log").read_text(errors="replace"))


def free_ports() -> tuple[int, int]:
    """Two ports of this machine that nobody uses."""
    with socket.socket() as one, socket.socket() as other:
        for each in (one, other):
            each.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


def password_in(folder: Path) -> str:
    """Password of a server's folder. Raises StoreError where there is no server in it."""
    try:
        return (folder / PASSWORD).read_text()
    except FileNotFoundError:
        raise StoreError(f"there is no Neo4j server in {folder}: start one with make neo4j") from None


def listening_in(folder: Path) -> Listening | None:
    """Where the server of a folder listens; None where none runs, and where what is told of it cannot be read."""
    try:
        found = Listening(**json.loads((folder / STATE).read_text(encoding="utf-8")))
        return found if runs(found.pid) else None
    except (FileNotFoundError, ValueError, TypeError):
        return None


def write_privately(file: Path, text: str) -> None:
    """Write a file that only its owner may read: all of it or, after a kill, nothing."""
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    unfinished.unlink(missing_ok=True)
    with open(unfinished, "x", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)) as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    unfinished.replace(file)


def _refuse_second(folder: Path) -> None:
    found = listening_in(folder)
    if found is not None:
        raise StoreError(f"a server runs in {folder} already, at {found.url}: use it, or stop process {found.pid}")


def _reason(text: str) -> str:
    """The line that tells why: Java surrounds it with traces."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if "rror" in line or "Exception" in line]
    return next(iter([*telling, *lines[-1:]]), "no reason given")
