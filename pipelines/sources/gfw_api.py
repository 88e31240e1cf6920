"""Events of ships as Global Fishing Watch publishes them: port visits, gaps, encounters, loitering, page by page.

The token comes from ORETRACE_GFW_TOKEN. Each page is archived as it comes; asked for again, an unchanged page is no new
version. Events appear about four days late, and only of ships whose messages the publisher holds.

Licence: non-commercial use only (CC BY-NC 4.0). Citation: "Powered by Global Fishing Watch", with year, data set and
day of access.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from rich.progress import Progress

from graphs.errors import FetchError, InputError
from pipelines.archive import Archive, Entry
from pipelines.fetching import Ask, Fetcher, KeyHeader, Patience, Secret, TryAgain

SOURCE = "gfw"
SETTING, ADDRESS = "ORETRACE_GFW_TOKEN", "ORETRACE_GFW_URL"
URL = "https://gateway.api.globalfishingwatch.org/v3"
LICENCE = "CC BY-NC 4.0: non-commercial use only"
CITATION = "Powered by Global Fishing Watch. Global Fishing Watch, updated daily, globalfishingwatch.org"
DATASETS = {
    "port_visit": "public-global-port-visits-events:latest",
    "gap": "public-global-gaps-events:latest",
    "encounter": "public-global-encounters-events:latest",
    "loitering": "public-global-loitering-events:latest",
}
MAX_BODY_BYTES = 1 << 28


class Bearer(Secret):
    """A token as this API wants it in its header."""

    __slots__ = ()

    def reveal(self) -> str:
        """The token with the word before it."""
        return f"Bearer {super().reveal()}"


@dataclass(frozen=True)
class GfwAccess:
    """How the API may be used."""

    token: Bearer
    base_url: str = URL
    page: int = 1000
    """Events asked for at once."""

    @classmethod
    def from_environment(cls) -> "GfwAccess":
        """Token and address of the settings. Raises InputError where no token is set."""
        token = os.environ.get(SETTING, "").strip()
        if not token:
            raise InputError(f"Global Fishing Watch wants a token: get one on its site and put it into {SETTING}")
        return cls(Bearer(token), (os.environ.get(ADDRESS) or URL).rstrip("/"))


@dataclass(frozen=True)
class Page:
    """One answer: its events, and where the next page begins; None on the last one."""

    body: bytes
    entries: list[Any]
    total: int | None
    next_offset: int | None


class GlobalFishingWatch:
    """Client of the events API. Use as a context manager."""

    def __init__(
        self, archive: Archive, access: GfwAccess, *, patience: Patience | None = None, progress: Progress | None = None
    ) -> None:
        self.archive, self.access = archive, access
        self._fetcher = Fetcher(patience, progress)
        self._key = KeyHeader("Authorization", access.token, SETTING)

    def __enter__(self) -> "GlobalFishingWatch":
        return self

    def __exit__(self, *_: object) -> None:
        self._fetcher.close()

    def fetch(self, kind: str, since: date, until: date) -> Iterator[Entry]:
        """Every page of one kind of events from `since` up to the day before `until`, each archived when it came.

        Raises InputError for an unknown kind or no days, FetchError where the server does not answer as agreed.
        """
        if kind not in DATASETS:
            raise InputError(f"events of kind {kind!r} are not published; expected one of {', '.join(DATASETS)}")
        if since >= until:
            raise InputError(f"no day lies between {since} and {until}; the second must be later")
        offset: int | None = 0
        while offset is not None:
            page = self._page(kind, since, until, offset)
            yield self._keep(page, kind, since, until, offset)
            if page.next_offset is not None and page.next_offset <= offset:
                raise FetchError(f"Global Fishing Watch events ({kind}): the pages go in a circle: try again later")
            offset = page.next_offset if page.entries else None

    def _page(self, kind: str, since: date, until: date, offset: int) -> Page:
        parameters = {
            "datasets[0]": DATASETS[kind],
            "start-date": since.isoformat(),
            "end-date": until.isoformat(),
            "limit": self.access.page,
            "offset": offset,
        }
        url = f"{self.access.base_url}/events?{urlencode(parameters)}"
        ask = Ask(url, f"Global Fishing Watch events ({kind})", self._key, max_bytes=MAX_BODY_BYTES)
        return self._fetcher.get(ask, read_page)

    def _keep(self, page: Page, kind: str, since: date, until: date, offset: int) -> Entry:
        return self.archive.put(
            page.body,
            source=SOURCE,
            query=f"events {kind} {since} {until} offset {offset}",
            licence=LICENCE,
            citation=CITATION,
            url_note=f"{self.access.base_url}/events",
            details={
                "kind": kind,
                "since": since.isoformat(),
                "until": until.isoformat(),
                "offset": offset,
                "events": len(page.entries),
                "total": page.total,
            },
        )


def fetch_events(archive: Archive, since: date, until: date, progress: Progress | None = None) -> list[Entry]:
    """Every page of every kind of events from `since` to `until`, both included; errors as of `fetch`."""
    with GlobalFishingWatch(archive, GfwAccess.from_environment(), progress=progress) as client:
        return [page for kind in DATASETS for page in client.fetch(kind, since, until + timedelta(days=1))]


def read_page(body: bytes) -> Page:
    """An answer of the API. Raises TryAgain for one that is no page of events."""
    try:
        found = json.loads(body)
        entries, following = found["entries"], found.get("nextOffset")
    except (ValueError, KeyError, TypeError, AttributeError):
        raise TryAgain("the answer is no page of events") from None
    total = found.get("total")
    if not isinstance(entries, list) or not (following is None or isinstance(following, int)):
        raise TryAgain("the answer is no page of events")
    return Page(body, entries, total if isinstance(total, int) else None, following)
