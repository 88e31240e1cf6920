"""Fetch into the archive: the default open data, and what the user asks of UN Comtrade."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from graphs.errors import InputError
from pipelines import queries
from pipelines.analysis import ComtradeChoice
from pipelines.archive import Archive
from pipelines.commands.options import check_order
from pipelines.fetching import progress_bars
from pipelines.home import Home
from pipelines.settings import Settings, redact
from pipelines.sources import geopolrisk, land_network
from pipelines.sources.comtrade_access import SETTING, Access
from pipelines.sources.comtrade_api import Comtrade
from pipelines.sources.comtrade_query import Request
from pipelines.sources.gfw_api import fetch_events
from pipelines.views import terminal


@dataclass(frozen=True)
class Question:
    """What to ask UN Comtrade, as the user spelled it."""

    commodities: tuple[str, ...]
    reporters: tuple[str, ...]
    since: int | None
    until: int | None
    monthly: bool

    @property
    def is_empty(self) -> bool:
        """True if the user asked nothing."""
        return self == Question((), (), None, None, False)


def fetch(home: Home, only_data: bool | None, question: Question, ships: tuple[str, str] | None = None) -> None:
    """Bring everything up to date, the default data first; events of ships of the days asked for.

    Raises FetchError with one sentence.
    """
    screen = terminal.screen(to_stderr=True)
    asked = None if ships is None else _days(*ships)
    if not question.is_empty:
        home.save_analysis(replace(home.analysis, comtrade=choose(home.analysis.comtrade, question)))
    archive, choice = Archive(home.archive_path), home.analysis.comtrade
    with progress_bars() as progress:
        if not (home.analysis.only_data if only_data is None else only_data):
            for parcel in (geopolrisk, land_network):
                entry = parcel.fetch(archive, progress)
                screen.print(f"{parcel.QUERY}: {entry.size_bytes / 1e6:,.0f} MB, in the archive.")
        if asked is not None:
            pages = fetch_events(archive, *asked, progress)
            events = sum(int(one.details["events"]) for one in pages)
            screen.print(f"Global Fishing Watch: {events:,} events of ships in the archive.")
        if choice.is_empty:
            return
        if not Settings.read().comtrade_keys:
            screen.print(f"UN Comtrade was not asked: set {SETTING} to a key, which is free.")
            return
        with Comtrade(archive, Access.from_environment(), home.path / "quota", progress=progress) as client:
            answers = sum(1 for _ in client.fetch(request(choice)))
            for note in client.notes:
                screen.print(redact(note))
    screen.print(f"UN Comtrade: {answers:,} new answer{'' if answers == 1 else 's'} in the archive.")


def _days(first: str, last: str) -> tuple[date, date]:
    """Both days. Raises InputError for what is no day, or where the first is the later one."""
    try:
        found = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        raise InputError(f"--ships {first} {last}: write both days like 2024-10-01") from None
    if found[0] > found[1]:
        raise InputError(f"--ships {first} is later than {last}: exchange them")
    return found


def choose(before: ComtradeChoice, question: Question) -> ComtradeChoice:
    """What is asked from now on: the question, with what was asked before where it says nothing. Raises InputError."""
    commodities = tuple(map(queries.hs_prefix, question.commodities)) or before.commodities
    if not commodities:
        raise InputError("UN Comtrade needs commodities: name HS codes with --commodity")
    first = question.since or (before.years[0] if before.years else question.until)
    last = question.until or (before.years[-1] if before.years else question.since)
    if first is None or last is None:
        raise InputError("UN Comtrade needs years: name them with --since and --until")
    check_order(first, last, first, last)
    return ComtradeChoice(
        commodities=commodities,
        reporters=tuple(map(queries.country, question.reporters)) or before.reporters,
        years=tuple(range(first, last + 1)),
        frequency="M" if question.monthly else before.frequency,
    )


def request(choice: ComtradeChoice) -> Request:
    """The choice as one request over all its years. Raises InputError for what the API would answer with silence."""
    frequency: Literal["A", "M"] = "M" if choice.frequency == "M" else "A"
    months = tuple(year * 100 + month for year in choice.years for month in range(1, 13))
    return Request(
        periods=months if frequency == "M" else choice.years,
        commodities=choice.commodities,
        reporters=choice.reporters,
        frequency=frequency,
    )
