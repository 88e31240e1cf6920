"""What a source lets us ask per day, and what was asked already.

One append-only file per source and UTC day; a call is a line. Everybody who reads the file replays it the
same way, so that several processes, and a rerun after a crash, agree on who may still ask without any lock.
"""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from graphs.errors import QuotaExhausted

_APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)


class Spent(QuotaExhausted):
    """The allowance is spent; `until` says when there will be a new one."""

    def __init__(self, message: str, until: datetime) -> None:
        super().__init__(message)
        self.until = until


def utc_now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


class Ledger:
    """Calls made to one source, by UTC day. `folder` lies in the home and is shared by all processes."""

    def __init__(self, folder: Path, source: str, calls_a_day: int, clock: Callable[[], datetime] = utc_now) -> None:
        self.source = source
        self.calls_a_day = calls_a_day
        self._folder = folder / source
        self._clock = clock

    def spend(self) -> str:
        """Note one call before it is made; returns its token. Raises Spent where none is left."""
        now = self._clock()
        closed = self._closed_until()
        if closed and now < closed:
            raise self._spent(closed)
        token = uuid4().hex
        self._note(now, "+", token)
        if token not in self._granted(now):
            raise self._spent(_next_day(now))
        return token

    def give_back(self, token: str) -> None:
        """Cancel a call that never reached the source."""
        self._note(self._clock(), "-", token)

    def spent(self) -> int:
        """Calls made today."""
        return len(self._granted(self._clock()))

    def left(self) -> int:
        """Calls left today; 0 while the source itself says that nothing is left."""
        closed = self._closed_until()
        if closed and self._clock() < closed:
            return 0
        return max(0, self.calls_a_day - self.spent())

    def close(self, until: datetime) -> None:
        """The source says that the allowance is spent, whatever was counted here."""
        self._folder.mkdir(parents=True, exist_ok=True)
        staged = self._folder / f"closed-{uuid4().hex}.writing"
        staged.write_text(until.astimezone(UTC).isoformat())
        staged.replace(self._folder / "closed_until")

    def _closed_until(self) -> datetime | None:
        try:
            return datetime.fromisoformat((self._folder / "closed_until").read_text())
        except (FileNotFoundError, ValueError):
            return None

    def _file(self, moment: datetime) -> Path:
        return self._folder / f"{moment.astimezone(UTC):%Y-%m-%d}.log"

    def _note(self, moment: datetime, sign: str, token: str) -> None:
        """Append one line in one write. The leading newline shuts off a line that a power cut left open."""
        self._folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._file(moment), _APPEND, 0o644)
        try:
            os.write(handle, f"\n{sign} {token} {moment:%H:%M:%S}\n".encode())
        finally:
            os.close(handle)

    def _granted(self, moment: datetime) -> set[str]:
        """Replay the day: a call is granted while fewer than the allowance are; cancelled ones fall out."""
        granted: set[str] = set()
        try:
            text = self._file(moment).read_text()
        except FileNotFoundError:
            return granted
        for line in text.splitlines():
            sign, _, rest = line.partition(" ")
            token = rest.partition(" ")[0]
            if sign == "+" and len(granted) < self.calls_a_day:
                granted.add(token)
            elif sign == "-":
                granted.discard(token)
        return granted

    def _spent(self, until: datetime) -> Spent:
        return Spent(
            f"the daily allowance of {self.source} ({self.calls_a_day} calls) is spent: run the command again after "
            f"{until:%Y-%m-%d %H:%M} UTC and it goes on where it stopped",
            until,
        )


def _next_day(moment: datetime) -> datetime:
    midnight = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=1)
