"""Must this table be made again? It need not be if the same code made it from the same inputs.

What a table was made from is listed here once, for the planner (which asks before a run) and for the storage
(which writes it beside the table). Where a reader takes only its part of a table, only that part's hash counts:
new tin declarations leave the gold flows alone.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version

from graphs.errors import HomeError
from graphs.neighbours import neighbours_of
from graphs.stores.base import Store
from models.flows.carriage import BULK
from pipelines.graph_store import EDGES, NODES, SHOWN, about, open_store
from pipelines.home import PARTITIONED, REFUSED, Home
from pipelines.inventory import Inventory, take
from pipelines.memo_graph import graph_tokens
from pipelines.memo_places import PLACE_RULES
from pipelines.memo_ships import SHIP_RULES, days, file_keys
from pipelines.schemas import WHOLE

EXTRAS = ("torch", "torch-geometric")
"""Optional libraries that a rung of the ladder needs."""


class Memo:
    """Remembers what was written; asks the disk once per table and partition."""

    def __init__(self, home: Home, store: Callable[[], Store] | None = None) -> None:
        self.home = home
        self._store = store or (lambda: open_store(home))
        self._metas: dict[tuple[str, str | None], Mapping[str, str]] = {}

    @cached_property
    def inventory(self) -> Inventory:
        """What there is to read; looked up again after `look_again`."""
        return take(self.home)

    def look_again(self) -> None:
        """Forget what there is to read, since more may have come into the archive."""
        self.__dict__.pop("inventory", None)

    def meta(self, table: str, partition: str | None = None) -> Mapping[str, str]:
        """Metadata of a written table; empty where it is absent."""
        key = (table, partition)
        if key not in self._metas:
            self._metas[key] = self.home.meta(table, partition)
        return self._metas[key]

    def wrote(self, table: str, partition: str | None, meta: Mapping[str, str]) -> None:
        """Remember what was just written."""
        self._metas[table, partition] = meta

    def is_fresh(self, table: str, partition: str | None, code: str) -> bool:
        """True if this code made the table from what its inputs are now."""
        found = self.meta(table, partition)
        return found.get("code") == code and found.get("inputs") == self.inputs(table, partition)

    def inputs(self, table: str, partition: str | None = None) -> str:
        """Hash of everything that the table is made from."""
        rule = RULES.get(table)
        tokens = rule(self, partition or "") if rule else []
        return hashlib.sha256("\n".join(tokens).encode()).hexdigest()

    def content(self, table: str, partition: str | None = None) -> str:
        """Token for the whole of a table or partition."""
        return f"{table} {partition or ''} {self.meta(table, partition).get('content', 'absent')}"

    def contents(self, table: str, partitions: Iterable[str]) -> list[str]:
        """Tokens for several partitions."""
        return [self.content(table, one) for one in partitions]

    def all_of(self, table: str, partitions: Iterable[str]) -> list[str]:
        """Tokens for all of a table: its partitions, where it has any."""
        return self.contents(table, partitions) if table in PARTITIONED else [self.content(table)]

    def shares(self, table: str, partition: str | None = None) -> dict[str, str]:
        """Hashes of the parts of a table that are read alone."""
        found: dict[str, str] = json.loads(self.meta(table, partition).get("shares", "{}"))
        return found

    def share(self, table: str, part: str) -> list[str]:
        """Tokens for one part of a table, over all its partitions."""
        partitions: list[str | None] = [*self.years()] if table in PARTITIONED else [None]
        return [f"{table} {one} {found[part]}" for one in partitions if part in (found := self.shares(table, one))]

    def years(self) -> list[str]:
        """Years for which there are declarations."""
        return sorted(self.shares("parsed"))

    def families(self) -> list[str]:
        """Code families for which there are flows to be made."""
        found = set(self.shares("baci")).union(*(self.shares("declarations", year) for year in self.years()))
        return sorted(found)

    def as_of(self) -> date:
        """The day up to which everything is known: the user's, else the last on which a flow became known.

        Without any flow it is the last day of ships. Raises HomeError before there is either.
        """
        if chosen := self.home.analysis.as_of:
            return chosen
        latest = [self.meta("flows", family).get("latest") for family in self.families()]
        if not any(latest) and (heard := days(self)):
            return date.fromisoformat(heard[-1])
        if not any(latest):
            raise HomeError("there are no flows yet, so no day up to which they are known: run `oretrace run`")
        return date.fromisoformat(max(one for one in latest if one))

    def loaded(self) -> str:
        """Token for the graph that the store holds now, whoever loaded it."""
        store = self._store()
        return f"{store.name} {store.snapshot()}"

    def files(self, *kinds: str) -> list[str]:
        """Tokens for the files of these kinds."""
        return [f"file {one.name} {one.sha256}" for one in self.inventory.files if one.kind in kinds]


def _around(memo: Memo, family: str) -> list[str]:
    """Everything in the context of a family: its flows and declarations, its neighbours, and the small tables."""
    return [
        memo.content("flows", family),
        *memo.contents("flows", neighbours_of(family, memo.families())),
        *memo.share("declarations", family),
        memo.content("reporting"),
        memo.content("production"),
        memo.content("governance"),
        memo.content("events"),
        f"as_of {memo.as_of()}",
        # A new day of ships leaves the families alone that do not go in bulk, and the others until its month is whole.
        *(_moved(memo) if family in BULK else ()),
    ]


def _moved(memo: Memo) -> list[str]:
    ways = (memo.content(one) for one in ("transport_modes", "legs", "places"))
    return [f"carrying_capacity {memo.shares('carrying_capacity').get(WHOLE, 'none')}", *ways]


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "absent"


def _comtrade(memo: Memo, year: str) -> list[str]:
    choice = memo.home.analysis.comtrade
    return [f"{year} {choice.frequency}", *choice.commodities, "by", *choice.reporters]


def _drawn(memo: Memo) -> list[str]:
    return [*memo.contents(NODES, memo.home.partitions(NODES)), *memo.contents(EDGES, memo.home.partitions(EDGES))]


def _shown(memo: Memo, _: str) -> list[str]:
    """What pages show, and the pages themselves: one that was removed is written again."""
    judged = memo.home.table_path("judgements")
    said = hashlib.sha256(judged.read_bytes()).hexdigest() if judged.exists() else "nothing"
    pages = sorted(memo.home.gallery_path.glob("*.html"))
    there = [f"page {one.name} {hashlib.sha256(one.read_bytes()).hexdigest()}" for one in pages]
    return [*_drawn(memo), memo.content("alerts"), f"judged {said}", f"about {about(memo.home, SHOWN)}", *there]


Rule = Callable[[Memo, str], list[str]]
RULES: dict[str, Rule] = {
    "baci": lambda memo, _: memo.files("geopolrisk", "baci"),
    "production": lambda memo, _: memo.files("geopolrisk", "world_mining", "usgs"),
    "governance": lambda memo, _: memo.files("geopolrisk"),
    "events": lambda memo, _: memo.files("events"),
    "comtrade": _comtrade,
    "parsed": lambda memo, _: [
        *memo.files("comtrade"),
        *(f"answer {one.entry.sha256} {one.released} {one.replaced}" for one in memo.inventory.answers),
    ],
    "quarantine": lambda memo, _: [token for one in REFUSED for token in memo.all_of(one, file_keys(memo))],
    "declarations": lambda memo, year: [memo.shares("parsed").get(year, "absent")],
    "reporting": lambda memo, _: memo.contents("declarations", memo.years()),
    "flows": lambda memo, family: [
        *memo.share("declarations", family),
        *memo.share("baci", family),
        memo.content("reporting"),
    ],
    "statistics": _around,
    "expectations": lambda memo, family: [
        *(memo.content(table, family) for table in ("flows", "statistics")),
        memo.content("reporting"),
        f"as_of {memo.as_of()}",
        # A rung that could not run yet is climbed once its libraries are there.
        *(f"{name} {_version(name)}" for name in EXTRAS),
    ],
    "nulls": lambda memo, _: memo.contents("statistics", memo.families()),
    "scores": lambda memo, family: [memo.content("statistics", family), memo.content("nulls")],
    "causes": lambda memo, family: [memo.content("scores", family), *_around(memo, family)],
    "ranked": lambda memo, family: [
        *(memo.content(table, family) for table in ("flows", "scores", "causes")),
        f"as_of {memo.as_of()}",
    ],
    "alerts": lambda memo, _: memo.contents("ranked", memo.families()),
    NODES: graph_tokens,
    EDGES: graph_tokens,
    "measures": lambda memo, family: [memo.content("flows", family), f"as_of {memo.as_of()}"],
    "views": _shown,
    # Also made again where the store lost its graph, or somebody loaded another.
    "graph_store": lambda memo, _: [*_drawn(memo), memo.loaded()],
}
RULES |= PLACE_RULES | SHIP_RULES
# Tables that one function makes together share their inputs.
RULES |= {
    "refused_baci": RULES["baci"],
    "refused_production": RULES["production"],
    "refused_governance": RULES["governance"],
    "refused_events": RULES["events"],
    "refused_trade": RULES["parsed"],
    "ladder": RULES["expectations"],
}
