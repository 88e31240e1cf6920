"""The line to the UN Comtrade API: addresses, keys, ledgers, pace, and answers read strictly.

A key travels in a header, only to the API's own host. Each call is noted in the ledger of its key before it is
made; when one key's day is spent, the next one serves.
"""

import hashlib
import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from rich.progress import Progress

from graphs.errors import FetchError, InputError
from pipelines.download import download
from pipelines.fetching import Ask, Fetcher, KeyHeader, Patience, Secret, TryAgain
from pipelines.quota import Ledger, Spent
from pipelines.settings import COMTRADE_URL, Settings
from pipelines.sources.comtrade_portions import SOURCE

HEADER = "Ocp-Apim-Subscription-Key"
SETTING = "ORETRACE_COMTRADE_KEY"
MAX_BODY_BYTES = 1 << 29
MAX_FILE_BYTES = 16 << 30
PUBLIC = "public/v1"
PREFIXES: Mapping[str, str] = {
    "get": "data/v1/get",
    "getTariffline": "data/v1/getTariffline",
    "getBilateralData": "tools/v1/getBilateralData",
    "getSUV": "data/v1/getSUV",
    "getDa": "data/v1/getDa",
    "getDaTariffline": "data/v1/getDaTariffline",
    "bulk": "bulk/v1/get",
    "bulkTariffline": "bulk/v1/getTariffline",
}
PREVIEWS: Mapping[str, str] = {
    "get": f"{PUBLIC}/preview",
    "getTariffline": f"{PUBLIC}/previewTariffline",
    "getDa": f"{PUBLIC}/getDa",
    "getDaTariffline": f"{PUBLIC}/getDaTariffline",
}

T = TypeVar("T")


@dataclass(frozen=True)
class Access:
    """How we may use the API. The defaults are those of a free key; without a key the preview serves."""

    keys: tuple[Secret, ...] = ()
    base_url: str = COMTRADE_URL
    key_limit: int = 100_000
    preview_limit: int = 500
    calls_a_day: int = 500
    pause_s: float = 1.0
    list_age_s: float = 6 * 3_600.0

    @classmethod
    def from_environment(cls) -> "Access":
        """Keys and address by `pipelines.settings`; `ORETRACE_COMTRADE_ROWS` and `_CALLS` for a larger plan."""
        settings = Settings.read()
        return cls(
            keys=tuple(Secret(key) for key in settings.comtrade_keys),
            base_url=settings.comtrade_url.rstrip("/"),
            key_limit=_number("ORETRACE_COMTRADE_ROWS", cls.key_limit),
            calls_a_day=_number("ORETRACE_COMTRADE_CALLS", cls.calls_a_day),
        )

    @property
    def row_limit(self) -> int:
        """Rows an answer can hold."""
        return self.key_limit if self.keys else self.preview_limit

    def prefix(self, service: str) -> str:
        """Address of a service. Raises FetchError for one that needs a key where there is none."""
        if self.keys:
            return f"{self.base_url}/{PREFIXES[service]}"
        if service not in PREVIEWS:
            raise FetchError(f"UN Comtrade {service} needs a key, which is free: get one and set {SETTING}")
        return f"{self.base_url}/{PREVIEWS[service]}"


@dataclass(frozen=True)
class Body:
    """An answer: rows, and how many the API says there are."""

    raw: bytes
    count: int
    rows: list[dict[str, Any]]

    @property
    def content_sha256(self) -> str:
        """Hash of the rows alone, in any order: every answer also states how long it took."""
        lines = sorted(json.dumps(row, sort_keys=True) for row in self.rows)
        return hashlib.sha256("\n".join([str(self.count), *lines]).encode()).hexdigest()


class Line:
    """Calls to the API, one at a time and not faster than allowed."""

    def __init__(
        self, access: Access, ledgers: Path, patience: Patience | None = None, progress: Progress | None = None
    ) -> None:
        self.access = access
        self._fetcher = Fetcher(patience, progress)
        self._last_call = -access.pause_s
        self._gates: list[tuple[KeyHeader | None, Ledger | None]] = [
            (
                KeyHeader(HEADER, key, SETTING),
                Ledger(ledgers, f"{SOURCE}-{at}" if at > 1 else SOURCE, access.calls_a_day),
            )
            for at, key in enumerate(access.keys, 1)
        ]

    def close(self) -> None:
        """Let go of all connections."""
        self._fetcher.close()

    @property
    def calls_left(self) -> int | None:
        """Calls left today over all keys; None without a key."""
        ledgers = [ledger for _, ledger in self._gates if ledger]
        return sum(ledger.left() for ledger in ledgers) if ledgers else None

    def body(self, url: str, what: str) -> Body:
        """The answer to a call for rows. Raises FetchError, or Spent where no key has calls left."""
        return self._through(
            url, what, MAX_BODY_BYTES, lambda ask: self._fetcher.get(ask, lambda raw: _read(raw, what))
        )

    def file(self, url: str, what: str, target: Path, accept: Callable[[Path], None]) -> Path:
        """Download a file; resumes what was cut."""
        return self._through(url, what, MAX_FILE_BYTES, lambda ask: download(self._fetcher, ask, target, accept))

    def plain(self, url: str, what: str) -> bytes:
        """A public file as it is, without a key."""
        self._pause()
        return self._fetcher.get(Ask(url, what, max_bytes=MAX_BODY_BYTES), bytes)

    def _through(self, url: str, what: str, max_bytes: int, run: Callable[[Ask], T]) -> T:
        """Run a call with the first key whose day is not spent.

        Keys go to the API's own host only, and not to its public part, which counts no calls.
        """
        is_own = urlsplit(url)[:2] == urlsplit(self.access.base_url)[:2] and f"/{PUBLIC}/" not in url
        spent: Spent | None = None
        for key, ledger in self._gates if is_own and self._gates else [(None, None)]:
            self._pause()
            try:
                return run(Ask(url, what, key, ledger, max_bytes))
            except Spent as fault:
                if ledger and ledger.left():
                    ledger.close(fault.until)  # the API counts otherwise than we do, and it decides
                spent = fault
        raise spent or FetchError(f"{what}: there is no way to ask for {url}")

    def _pause(self) -> None:
        wait_s = self._last_call + self.access.pause_s - time.monotonic()
        if wait_s > 0:
            time.sleep(wait_s)
        self._last_call = time.monotonic()


def _read(raw: bytes, what: str) -> Body:
    """Read a body strictly. Raises TryAgain for one that is cut or a web page, FetchError for a stated error."""
    try:
        found = json.loads(raw.decode("utf-8-sig"))
    except ValueError:
        raise TryAgain("the answer is not complete json") from None
    if not isinstance(found, dict) or not isinstance(found.get("data"), list) or "count" not in found:
        raise FetchError(f"{what}: the answer has no `count` and `data`, so the API changed: nothing was kept")
    if found.get("error"):
        raise FetchError(f"{what}: UN Comtrade answers {str(found['error'])[:160]!r}: check what was asked for")
    return Body(raw, int(found["count"] or 0), found["data"])


def _number(name: str, default: int) -> int:
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    if not text.isdigit() or int(text) < 1:
        raise InputError(f"{name} is {text!r}: give a whole number above 0")
    return int(text)
