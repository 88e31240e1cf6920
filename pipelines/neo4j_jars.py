"""What a Neo4j server is made of: its libraries, fetched by Maven, and a Java that runs them."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from graphs.errors import StoreError

DEPLOY = Path(__file__).parent.parent / "deploy" / "neo4j"
JAVA_PLACES = (("/usr/lib/jvm", "*"), ("/opt/java", "*"), ("/Library/Java/JavaVirtualMachines", "*/Contents/Home"))
"""Where systems keep their Javas, beside JAVA_HOME and the one on PATH."""
MAVEN_SECONDS = 1200.0


@dataclass(frozen=True)
class Line:
    """A line of versions of Neo4j Community."""

    name: str
    pom: Path
    main: str
    java: int
    """Oldest Java that runs it."""

    def classpath(self, cache: Path) -> str:
        """The server's libraries, for Java."""
        return f"{libraries(self, cache)}{os.sep}*"


LTS = Line("lts", DEPLOY / "pom.xml", "org.neo4j.server.CommunityEntryPoint", 17)
CURRENT = Line("current", DEPLOY / "current" / "pom.xml", "org.neo4j.server.Neo4jCommunity", 21)
LINES = {line.name: line for line in (LTS, CURRENT)}


def default_cache() -> Path:
    """Where libraries are kept between runs: the user's cache folder."""
    mac = Path.home() / "Library" / "Caches" if sys.platform == "darwin" else Path.home() / ".cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or mac) / "oretrace"


def libraries(line: Line, cache: Path) -> Path:
    """Folder with the libraries of a line, fetched unless they are there. Raises StoreError where that fails."""
    if not line.pom.is_file():
        raise StoreError(f"{line.pom} is missing: start the server from a checkout of oretrace")
    digest = hashlib.sha256(line.pom.read_bytes()).hexdigest()[:12]
    folder = cache / f"neo4j-{line.name}-{digest}"
    if folder.is_dir():
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix="neo4j-") as fetched:
        jars = Path(fetched) / "jars"
        _fetch(line, jars)
        try:
            jars.rename(folder)
        except OSError:
            if not folder.is_dir():  # else another process was faster
                raise
    return folder


def java(oldest: int) -> Path:
    """The oldest Java here that is recent enough. Raises StoreError where there is none."""
    found = {path: version for path in _javas() if (version := java_version(path))}
    fitting = {path: version for path, version in found.items() if version >= oldest}
    if not fitting:
        there = ", ".join(str(version) for version in sorted(set(found.values()))) or "none"
        raise StoreError(f"Neo4j needs Java {oldest} or newer and this machine has {there}: install one, set JAVA_HOME")
    return min(fitting, key=lambda path: fitting[path])


def java_version(program: Path) -> int | None:
    """Major version of a Java; None where it does not run."""
    try:
        done = subprocess.run([program, "-version"], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    told = re.search(r'version "(?:1\.)?(\d+)', done.stderr + done.stdout)
    return int(told.group(1)) if told else None


def _javas() -> Iterator[Path]:
    """Programs called java, each once."""
    named = [Path(home) / "bin" / "java" for home in [os.environ.get("JAVA_HOME")] if home]
    on_path = shutil.which("java")
    named += [Path(on_path)] if on_path else []
    for folder, pattern in JAVA_PLACES:
        named += sorted(Path(folder).glob(f"{pattern}/bin/java"))
    yield from dict.fromkeys(path.resolve() for path in named if path.is_file())


def _fetch(line: Line, jars: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise StoreError("fetching Neo4j needs Maven and there is no program mvn: install Maven")
    goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={jars}"]
    command = [maven, "--batch-mode", "--quiet", "--file", str(line.pom), *goal]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=MAVEN_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise StoreError(f"Maven did not fetch Neo4j within {MAVEN_SECONDS:g} s: try again") from None
    if done.returncode or not any(jars.glob("neo4j-server-*.jar")):
        told = [text for text in (done.stdout + done.stderr).splitlines() if "ERROR" in text] or ["no reason given"]
        raise StoreError(f"Maven could not fetch Neo4j ({told[0].strip()}): check its settings and the network")
