"""What the environment may set. Values are read when asked for, so tests and long runs see changes.

| variable | meaning |
|---|---|
| `ORETRACE_HOME` | folder of the analysis, where `--home` is not given (default `data/oretrace`) |
| `ORETRACE_DATA_URL` | where archive and tables lie, any fsspec address (default: the home folder itself) |
| `ORETRACE_COMTRADE_KEY` | subscription key of the UN Comtrade API; several are separated by commas |
| `ORETRACE_COMTRADE_URL` | address of the UN Comtrade API |
| `ORETRACE_COMTRADE_CALLS` | calls a day that the key allows (default 500) |
| `ORETRACE_COMTRADE_ROWS` | rows that the key allows in one answer (default 100000) |
| `ORETRACE_REVIEWER` | who judges, where `--reviewer` is not given |
| `ORETRACE_GRAPH_URL` | where the graph lies: `bolt://...` or `neo4j://...` (default: embedded, in the home) |
| `ORETRACE_GRAPH_USER` | user of that Neo4j server (default neo4j) |
| `ORETRACE_GRAPH_PASSWORD` | password of that user |
| `ORETRACE_GRAPH_DATABASE` | database of that server (default neo4j) |
| `ORETRACE_GFW_TOKEN` | token of Global Fishing Watch, to fetch events of ships; for non-commercial use only |
| `ORETRACE_GFW_URL` | address of its events API |
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DEFAULT_HOME = "data/oretrace"
COMTRADE_URL = "https://comtradeapi.un.org"
NEO4J = "neo4j"
"""Name of a new server's first user and of its database."""
HIDDEN = "***"

_SECRET_NAME = re.compile(r"KEY|SECRET|TOKEN|PASSWORD|PASSWD|CREDENTIAL", re.IGNORECASE)
_SECRET_PAIR = re.compile(
    r"((?:subscription[-_]?key|api[-_]?key|access[-_]?key|token|password|secret)[\"']?\s*[=:]\s*[\"']?)[^\s\"'&,;]+",
    re.IGNORECASE,
)
_USER_INFO = re.compile(r"(://)[^/\s@]+@")
_SHORTEST_SECRET = 6


@dataclass(frozen=True)
class Settings:
    """The environment, read once. Secrets stay out of `repr` so that no log can show them."""

    home: Path
    data_url: str | None
    comtrade_url: str
    graph_url: str | None
    graph_user: str
    graph_database: str
    _comtrade_keys: tuple[str, ...]
    _graph_password: str
    _gfw_token: str = ""

    @classmethod
    def read(cls) -> "Settings":
        """Settings of this process."""
        keys = os.environ.get("ORETRACE_COMTRADE_KEY", "").split(",")
        return cls(
            home=Path(os.environ.get("ORETRACE_HOME") or DEFAULT_HOME),
            data_url=os.environ.get("ORETRACE_DATA_URL") or None,
            comtrade_url=os.environ.get("ORETRACE_COMTRADE_URL") or COMTRADE_URL,
            graph_url=os.environ.get("ORETRACE_GRAPH_URL") or None,
            graph_user=os.environ.get("ORETRACE_GRAPH_USER") or NEO4J,
            graph_database=os.environ.get("ORETRACE_GRAPH_DATABASE") or NEO4J,
            _comtrade_keys=tuple(key.strip() for key in keys if key.strip()),
            _graph_password=os.environ.get("ORETRACE_GRAPH_PASSWORD", ""),
            _gfw_token=os.environ.get("ORETRACE_GFW_TOKEN", "").strip(),
        )

    @property
    def comtrade_keys(self) -> tuple[str, ...]:
        """Subscription keys of the UN Comtrade API; empty where the user has none."""
        return self._comtrade_keys

    @property
    def graph_password(self) -> str:
        """Password of the Neo4j server; empty where none is set."""
        return self._graph_password

    @property
    def has_gfw_token(self) -> bool:
        """Whether Global Fishing Watch can be asked."""
        return bool(self._gfw_token)

    def __repr__(self) -> str:
        keys = len(self._comtrade_keys)
        places = f"data_url={redact(self.data_url or '')!r}, graph_url={redact(self.graph_url or '')!r}"
        return f"Settings(home={str(self.home)!r}, {places}, comtrade_keys={keys})"


def _secrets() -> Iterator[str]:
    """Values of environment variables whose name says that they are secret."""
    for name, value in os.environ.items():
        if _SECRET_NAME.search(name):
            yield from (part for part in re.split(r"[,\s]+", value) if len(part) >= _SHORTEST_SECRET)


def redact(text: str) -> str:
    """The text with every secret replaced by stars: values of secret variables, `key=...` pairs, user names in URLs."""
    for secret in sorted(set(_secrets()), key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    text = _SECRET_PAIR.sub(rf"\g<1>{HIDDEN}", text)
    return _USER_INFO.sub(rf"\g<1>{HIDDEN}@", text)
