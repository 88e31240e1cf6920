"""What tables of ships are made from: files of positions, the days that they hold, and the day before each.

A file is known by the beginning of its SHA-256. Which days it holds stands beside what was read of it, so that nobody
has to open it again.
"""

from collections.abc import Callable, Iterable
from time import time_ns
from typing import TYPE_CHECKING

from pipelines.archive import Archive, Entry
from pipelines.inventory import DataFile
from pipelines.sources.gfw_api import SOURCE as GFW
from pipelines.sources.kinds import Kind
from pipelines.watching import Watch

if TYPE_CHECKING:
    from pipelines.memo import Memo

AIS_KINDS: tuple[Kind, ...] = ("ais_marine", "ais_danish", "ais_points", "ais_nmea")
KEY_CHARACTERS = 16
FOLDED = ("day_calls", "day_events", "day_vessels")
"""What each day tells; `vessel_state` goes to the next one, and says by being there that the day was told."""
SHORE = ("port", "anchorage")
"""Kinds of places at which ships call."""


def files(memo: "Memo") -> dict[str, DataFile]:
    """Files of positions by their names as partitions, in order of name."""
    return {one.sha256[:KEY_CHARACTERS]: one for one in memo.inventory.of(*AIS_KINDS)}


def file_keys(memo: "Memo") -> list[str]:
    """Partitions of `ais_read`."""
    return list(files(memo))


def days(memo: "Memo") -> list[str]:
    """Days of which any file holds reports, in order."""
    return sorted({day for key in files(memo) for day in days_of(memo, key)})


def days_of(memo: "Memo", key: str) -> list[str]:
    """Days of which a file that was read holds reports; none before it was."""
    return memo.meta("ais_read", key).get("days", "").split()


def files_of(memo: "Memo", day: str) -> list[str]:
    """Files that hold reports of a day, in order of name."""
    return [key for key in files(memo) if day in days_of(memo, key)]


def day_before(memo: "Memo", day: str) -> str | None:
    """The latest earlier day whose end is known."""
    earlier = [one for one in memo.home.partitions("vessel_state") if one < day]
    return earlier[-1] if earlier else None


def forget_told(memo: "Memo", day: str) -> None:
    """Remove what was told of a day from positions that have changed since.

    Where it cannot be told anew, what it told would otherwise stand beside hours that nobody looked at for calls.
    """
    for table in ("vessel_state", *FOLDED):
        memo.home.table_path(table, day).unlink(missing_ok=True)
        memo.wrote(table, day, {})


def gfw_answers(memo: "Memo") -> list[Entry]:
    """The latest answer of Global Fishing Watch to each question, in the order in which they came."""
    latest = {one.query: one for one in Archive(memo.home.archive_path).entries(GFW)}
    return sorted(latest.values(), key=lambda one: (one.retrieved, one.query))


def _watched(memo: "Memo", _: str) -> list[str]:
    """What was taken, and what cannot be opened; a file that waits makes the table out of date until it was taken."""
    watch = Watch(memo.home)
    taken = [f"{one.query} {one.sha256} {one.details.get('key')}" for one in watch.entries()]
    waits = [f"waits {one.key} {time_ns()}" for one in watch.waiting()]
    return [*taken, *waits, *(f"shut {one.key} {why}" for one, why in watch.shut.items())]


def _day(memo: "Memo", day: str) -> list[str]:
    return [day, *memo.contents("ais_read", files_of(memo, day))]


def _sailed(memo: "Memo", day: str) -> list[str]:
    before = day_before(memo, day)
    known = memo.content("vessel_state", before) if before else "the first day"
    return [memo.content("vessel_positions", day), known, *_shore(memo)]


def _shore(memo: "Memo") -> list[str]:
    """Tokens for the places at which ships call: a new city moves no ship."""
    found = memo.shares("places")
    return [f"places {kind} {found.get(kind, 'none')}" for kind in SHORE]


def _whole(memo: "Memo", _: str) -> list[str]:
    home, told = memo.home, list[str]()
    for table in (*FOLDED, "ais_coverage"):
        told += memo.contents(table, home.partitions(table))
    last = home.partitions("vessel_state")[-1:]
    ways = (memo.content(one) for one in ("legs", "network_nodes", "network_edges", "gfw_events"))
    return [*told, *memo.contents("vessel_state", last), *ways, *_shore(memo)]


def _capacity(memo: "Memo", _: str) -> list[str]:
    made = (memo.content(one) for one in ("port_calls", "voyages", "vessels", "places"))
    days = memo.home.partitions("vessel_state")
    return [*made, *memo.contents("ais_coverage", memo.home.partitions("ais_coverage")), "told", *days]


def _together(names: Iterable[str], rule: "Rule") -> dict[str, "Rule"]:
    return dict.fromkeys(names, rule)


Rule = Callable[["Memo", str], list[str]]
SHIP_RULES: dict[str, Rule] = {
    "watched": _watched,
    **_together(("ais_read", "refused_ais"), lambda memo, key: [f"file {files(memo)[key].sha256}"]),
    **_together(("vessel_positions", "ais_coverage"), _day),
    **_together((*FOLDED, "vessel_state"), _sailed),
    **_together(
        ("gfw_events", "refused_gfw"), lambda memo, _: [f"{one.query} {one.sha256}" for one in gfw_answers(memo)]
    ),
    **_together(("vessels", "port_calls", "voyages", "vessel_events"), _whole),
    "carrying_capacity": _capacity,
}
