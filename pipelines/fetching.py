"""HTTP as a patient and polite client does it.

Timeouts on everything, a limit on size, retries that wait as long as the server asks (`Retry-After`), and one
sentence where it does not work out. A key travels in a header only, only to the host it was meant for, and
never stands in a message. Files that resume are in `pipelines.download`, wheels in `pipelines.wheels`.
"""

import json
import re
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Protocol, TypeVar

import httpx
import stamina
import stamina.instrumentation
from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeElapsedColumn
from rich.text import Text

from graphs.errors import FetchError
from graphs.version import __version__
from pipelines.quota import Spent, utc_now
from pipelines.settings import HIDDEN, redact

MAX_HOPS = 5
MAX_BODY_BYTES = 1 << 30
ERROR_BYTES = 8_192
MESSAGE_CHARS = 160
LOOPBACK = ("127.0.0.1", "localhost", "::1")
UNANSWERED = (408, 425, 429, 500, 502, 503, 504)
RESUME = "run the command again, it goes on where it stopped"
_SECONDS = re.compile(r"try again in (\d+) second", re.IGNORECASE)
_CLOCK = re.compile(r"replenished in (?:(\d+)\.)?(\d+):(\d\d):(\d\d)", re.IGNORECASE)

T = TypeVar("T")


@dataclass(frozen=True)
class Patience:
    """How long to wait for a server, and how often to ask again. Seconds."""

    connect_s: float = 15.0
    read_s: float = 120.0
    total_s: float = 1_800.0
    attempts: int = 6
    first_wait_s: float = 1.0
    longest_wait_s: float = 120.0


class Secret:
    """A key that no `repr`, log or traceback shows. `reveal` is called where the header is written, nowhere else."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The key itself."""
        return self._value

    def hide(self, text: str) -> str:
        """The text without this key."""
        return text.replace(self._value, HIDDEN) if self._value else text

    def __repr__(self) -> str:
        return f"Secret({HIDDEN})"


class KeyHeader(httpx.Auth):
    """Writes a secret into a request header at the last moment. `setting` is where the user keeps the key."""

    def __init__(self, header: str, secret: Secret, setting: str) -> None:
        self.header = header
        self.secret = secret
        self.setting = setting

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Add the header."""
        request.headers[self.header] = self.secret.reveal()
        yield request


class Meter(Protocol):
    """Counts calls against an allowance; `pipelines.quota.Ledger` is one."""

    def spend(self) -> str:
        """Note a call before it is made; raises QuotaExhausted."""

    def give_back(self, token: str) -> None:
        """Cancel a call that never reached the server."""


@dataclass(frozen=True)
class Ask:
    """One thing to ask for. `what` names it in messages and progress bars."""

    url: str
    what: str
    key: KeyHeader | None = None
    meter: Meter | None = None
    max_bytes: int = MAX_BODY_BYTES

    @property
    def host(self) -> str:
        """Host to be reached."""
        return httpx.URL(self.url).host


class TryAgain(FetchError):
    """Worth asking again, after `wait_s` where the server said so."""

    def __init__(self, fault: str, wait_s: float | None = None) -> None:
        super().__init__(fault)
        self.wait_s = wait_s


class Fetcher:
    """HTTP client with patience. Use as a context manager."""

    def __init__(self, patience: Patience | None = None, progress: Progress | None = None) -> None:
        self.patience = patience or Patience()
        self.progress = progress
        self._client = httpx.Client(
            timeout=httpx.Timeout(self.patience.read_s, connect=self.patience.connect_s),
            headers={"User-Agent": f"oretrace/{__version__}"},
        )
        # The default hooks of stamina write every retry to standard output.
        stamina.instrumentation.set_on_retry_hooks([])

    def __enter__(self) -> "Fetcher":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of all connections."""
        self._client.close()

    def get(self, ask: Ask, accept: Callable[[bytes], T]) -> T:
        """Ask until a whole body comes that `accept` takes; it may raise TryAgain for a damaged one.

        Raises FetchError, or Spent where the server says that the allowance is used up.
        """

        def once() -> T:
            with self.opened(ask) as response:
                body = b"".join(self.chunks(ask, response.iter_bytes()))
            return accept(body)

        return self.attempt(ask, once)

    def attempt(self, ask: Ask, once: Callable[[], T]) -> T:
        """Run `once` until it does not raise TryAgain, with growing waits, or those that the server asks for."""
        patience = self.patience
        attempts = stamina.retry_context(
            on=_backoff,
            attempts=patience.attempts,
            timeout=None,
            wait_initial=patience.first_wait_s,
            wait_max=patience.longest_wait_s,
            wait_jitter=min(1.0, patience.first_wait_s),
        )
        try:
            for attempt in attempts:
                with attempt:
                    return once()
        except TryAgain as fault:
            raise FetchError(f"{ask.what}: {fault} ({patience.attempts} attempts): {RESUME}") from None
        raise AssertionError("there is always a first attempt")

    @contextmanager
    def opened(
        self, ask: Ask, headers: dict[str, str] | None = None, allowed: tuple[int, ...] = ()
    ) -> Iterator[httpx.Response]:
        """One call: a response with a good (or `allowed`) status, its body not yet read.

        What goes wrong on the line, here or while the body is read, becomes TryAgain or FetchError.
        """
        token = ask.meter.spend() if ask.meter else None
        try:
            with self._followed(ask, headers or {}) as response:
                if not response.is_success and response.status_code not in allowed:
                    self._refuse(ask, response)
                yield response
        except (httpx.ConnectError, httpx.ConnectTimeout):
            if ask.meter and token:
                ask.meter.give_back(token)
            raise TryAgain(f"no connection to {ask.host}") from None
        except (httpx.UnsupportedProtocol, httpx.InvalidURL):
            raise FetchError(f"{ask.what}: {redact(ask.url)!r} is not a web address: check the setting") from None
        except httpx.TimeoutException:
            raise TryAgain(f"{ask.host} did not answer within {self.patience.read_s:g} s") from None
        except (httpx.TransportError, httpx.DecodingError):
            raise TryAgain(f"the connection to {ask.host} was cut") from None

    def chunks(self, ask: Ask, parts: Iterator[bytes], have_bytes: int = 0) -> Iterator[bytes]:
        """The parts of a body, within the limits of size and time."""
        size, deadline = have_bytes, monotonic() + self.patience.total_s
        for part in parts:
            size += len(part)
            if size > ask.max_bytes:
                limit = decimal(ask.max_bytes)
                raise FetchError(f"{ask.what}: {ask.host} sent more than {limit}, which was not expected: stopped")
            yield part
            if monotonic() > deadline:
                raise TryAgain(f"{ask.host} was still sending after {self.patience.total_s:g} s")

    @contextmanager
    def _followed(self, ask: Ask, headers: dict[str, str]) -> Iterator[httpx.Response]:
        """Response after redirects. The key goes to the first host only, and never from https to http."""
        start = target = httpx.URL(ask.url)
        if ask.key and start.scheme != "https" and start.host not in LOOPBACK:
            raise FetchError(f"{ask.what}: a key is not sent to {ask.host} without https: check the address")
        for _ in range(MAX_HOPS):
            auth = ask.key if _origin(target) == _origin(start) else None
            request = self._client.build_request("GET", target, headers=headers)
            response = self._client.send(request, stream=True, auth=auth, follow_redirects=False)
            try:
                if response.next_request is None:
                    yield response
                    return
                target = response.next_request.url
            finally:
                response.close()
            if start.scheme == "https" and target.scheme != "https":
                raise FetchError(f"{ask.what}: {ask.host} redirects to an unprotected address: stopped")
        raise FetchError(f"{ask.what}: {ask.host} redirects without end: try again later")

    def _refuse(self, ask: Ask, response: httpx.Response) -> None:
        """Say what an error status means: ask again, wait for a new day, get a key, or give up. Always raises."""
        status, text = response.status_code, _error_text(ask, response)
        wait_s = asked_wait_s(response.headers.get("Retry-After"), text)
        if status == 403 and (wait_s is not None or "quota" in text.lower()):
            until = utc_now() + timedelta(seconds=wait_s if wait_s is not None else 3_600)
            raise Spent(
                f"{ask.what}: the server says that the allowance is spent (403): run the command again after "
                f"{until:%Y-%m-%d %H:%M} UTC and it goes on where it stopped",
                until,
            )
        if status in (401, 403):
            remedy = f"check the key in {ask.key.setting}" if ask.key else "it wants a key that was not given"
            raise FetchError(f"{ask.what}: {ask.host} refused access ({status}: {text}): {remedy}")
        if status in UNANSWERED:
            if wait_s is not None and wait_s > self.patience.longest_wait_s:
                after = utc_now() + timedelta(seconds=wait_s)
                raise FetchError(f"{ask.what}: {ask.host} is busy ({status}) until {after:%H:%M} UTC: {RESUME}")
            raise TryAgain(f"{ask.host} answered {status} ({text})", wait_s)
        raise FetchError(f"{ask.what}: {ask.host} answered {status} ({text}): check what was asked for")


class Amount(ProgressColumn):
    """Bytes as sizes, calls as counts."""

    def render(self, task: Task) -> Text:
        """`3/8 calls` or `1.2 MB/21.8 MB`."""
        unit = task.fields.get("unit", "")
        if unit == "bytes":
            return Text(f"{decimal(int(task.completed))}/{decimal(int(task.total)) if task.total else '?'}")
        return Text(f"{task.completed:.0f}/{task.total or 0:.0f} {unit}")


def progress_bars(console: Console | None = None) -> Progress:
    """Progress bars, on standard error unless told otherwise: standard output stays clean for data."""
    columns = (TextColumn("{task.description}"), BarColumn(), Amount(), TimeElapsedColumn())
    return Progress(*columns, console=console or Console(stderr=True))


def asked_wait_s(retry_after: str | None, text: str = "") -> float | None:
    """Seconds that a server asks us to wait: a number or a date in `Retry-After`, else what its message says."""
    if retry_after and retry_after.strip().isdigit():
        return float(retry_after)
    if retry_after:
        try:
            moment: datetime = parsedate_to_datetime(retry_after)
            return max(0.0, (moment - utc_now()).total_seconds())
        except (ValueError, TypeError):
            pass  # neither form: the message may still say it
    if found := _SECONDS.search(text):
        return float(found[1])
    if found := _CLOCK.search(text):
        days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return float(((days * 24 + hours) * 60 + minutes) * 60 + seconds)
    return None


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _backoff(fault: Exception) -> bool | float:
    if isinstance(fault, TryAgain):
        return True if fault.wait_s is None else fault.wait_s
    return False


def _error_text(ask: Ask, response: httpx.Response) -> str:
    """What the server said about an error, on one short line and without secrets."""
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > ERROR_BYTES:
            break
    text = body[:ERROR_BYTES].decode("utf-8", "replace")
    try:
        found = json.loads(text)
        text = str(found.get("message") or found.get("error") or text)
    except (ValueError, AttributeError):
        text = re.sub(r"<[^>]*>", " ", text)
    text = redact(ask.key.secret.hide(text) if ask.key else text)
    return " ".join(text.split())[:MESSAGE_CHARS].rstrip(".") or response.reason_phrase
