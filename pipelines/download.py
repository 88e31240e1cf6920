"""Files that arrive whole or not at all, and resume where a cut connection or a killed process left them.

The bytes gather in `NAME.part`; `NAME.part.json` keeps the server's own mark of the version (ETag or
Last-Modified). Only with such a mark is a rest asked for (`Range` with `If-Range`), so that two versions are
never glued together. The final name appears by rename.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from graphs.errors import FetchError
from pipelines.fetching import Ask, Fetcher, TryAgain

try:
    import fcntl
except ImportError:  # not on Windows, where a second process is not kept out
    fcntl = None  # type: ignore[assignment]


def download(fetcher: Fetcher, ask: Ask, target: Path, accept: Callable[[Path], None] | None = None) -> Path:
    """Bring a file to `target`. `accept` may raise TryAgain for a whole but damaged file. Raises FetchError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with _claimed(ask, target):
        part = _Part(target)

        def once() -> None:
            with fetcher.opened(ask, part.headers(), allowed=(416,)) as response:
                _receive(fetcher, ask, part, response)
            if accept:
                part.judge(accept)

        fetcher.attempt(ask, once)
        part.finish()
    return target


def _receive(fetcher: Fetcher, ask: Ask, part: "_Part", response: httpx.Response) -> None:
    if part.is_whole(response):
        return
    have = part.begin(response)
    length = response.headers.get("Content-Length", "")
    total = have + int(length) if length.isdigit() else None
    bars = fetcher.progress
    task = bars.add_task(ask.what, total=total, completed=have, unit="bytes") if bars else None
    try:
        with part.file.open("r+b") as stream:
            stream.seek(have)
            for chunk in fetcher.chunks(ask, response.iter_raw(), have):
                stream.write(chunk)
                stream.flush()
                if bars and task is not None:
                    bars.advance(task, len(chunk))
            os.fsync(stream.fileno())
    except BaseException:
        if bars and task is not None:
            bars.remove_task(task)
        raise


class _Part:
    """The part of a file that is already here."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.file = target.with_name(f"{target.name}.part")
        self.note = target.with_name(f"{target.name}.part.json")

    def headers(self) -> dict[str, str]:
        """Ask for the rest where the version is known, else for everything."""
        plain = {"Accept-Encoding": "identity"}
        try:
            mark = str(json.loads(self.note.read_text())["mark"])
            size = self.file.stat().st_size
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return plain
        return {**plain, "Range": f"bytes={size}-", "If-Range": mark} if size else plain

    def is_whole(self, response: httpx.Response) -> bool:
        """True if everything had come, and only the rename was missing: the server has nothing after our part."""
        total = response.headers.get("Content-Range", "").rpartition("/")[2]
        return response.status_code == 416 and self.file.exists() and total == str(self.file.stat().st_size)

    def begin(self, response: httpx.Response) -> int:
        """Make the part ready for this response; returns the bytes kept from before."""
        if response.status_code == 206:
            start = response.headers.get("Content-Range", "").removeprefix("bytes ").partition("-")[0]
            size = self.file.stat().st_size
            if start == str(size):
                return size
        if response.status_code != 200:
            self.drop()
            raise TryAgain("the server could not continue an earlier download", 0.0)
        self.drop()
        mark = response.headers.get("ETag") or response.headers.get("Last-Modified")
        if mark and not mark.startswith("W/"):
            self.note.write_text(json.dumps({"mark": mark}))
        self.file.touch()
        return 0

    def judge(self, accept: Callable[[Path], None]) -> None:
        """Let the caller look at the whole file; a damaged one is not continued."""
        try:
            accept(self.file)
        except FetchError:
            self.drop()
            raise

    def drop(self) -> None:
        """Forget what is here."""
        self.note.unlink(missing_ok=True)
        self.file.unlink(missing_ok=True)

    def finish(self) -> None:
        """Give the whole file its name."""
        self.file.replace(self.target)
        self.note.unlink(missing_ok=True)


@contextmanager
def _claimed(ask: Ask, target: Path) -> Iterator[None]:
    """Keep a second process out of the same file; a killed one lets go by itself. Raises FetchError."""
    with target.with_name(f"{target.name}.lock").open("w") as handle:
        if fcntl:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise FetchError(f"{ask.what}: another process is downloading it: wait until it is done") from None
        yield
