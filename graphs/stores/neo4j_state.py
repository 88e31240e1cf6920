"""What the server holds, said by one node: `(:Load {name: 'graph', status, snapshot, contents, about, ...})`.

| property | meaning |
|---|---|
| status | ready, or loading while a load goes in by many transactions; absent before the first graph |
| snapshot | the graph that is there and complete |
| contents | content hash of each table, as JSON |
| about | what the graph says of itself, as JSON |
| counts | nodes of each label and edges of each type when the graph was complete, as JSON |
| run | the load that wrote this node last; a load that finds another name here has been overtaken and stops |
| publishing | the load that was about to commit a whole graph |

Loads take turns: each holds a lock on `(:LoadLock)`. A commit of many rows becomes visible bit by bit, since the server
isolates transactions no better than read-committed. Therefore a load that commits a graph at once sets `publishing`
first, in a transaction of its own, and removes it last; a reader that sees it asks whether that transaction is still
there. If it is not, the load was killed, and what the node says holds.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from neo4j import Transaction

from graphs.errors import StoreError
from graphs.stores.neo4j_tables import COUNTS, TABLES

LABELS = ("Load", "LoadLock")
TEXTS = ("contents", "about", "counts")
"""Properties that are JSON."""
READY, LOADING = "ready", "loading"
MARK = "oretrace_load"
"""Name in a transaction's metadata under which the load is told that it belongs to."""
BATCH = "oretrace_batch"
"""The same for one of many transactions of a load."""

READ = """MATCH (l:Load {name: 'graph'}) RETURN l.status AS status, l.snapshot AS snapshot, l.contents AS contents,
l.about AS about, l.counts AS counts, l.run AS run, l.publishing AS publishing"""
LOCK = "MERGE (k:LoadLock {name: 'graph'}) SET k.held = true"
WRITE = """MERGE (l:Load {name: 'graph'}) SET l.status = $status, l.snapshot = $snapshot, l.contents = $contents,
l.about = $about, l.counts = $counts, l.run = $run"""
OWN = "MATCH (l:Load {name: 'graph', run: $run, status: 'loading'}) RETURN count(l) AS n"
ANNOUNCE = "MERGE (l:Load {name: 'graph'}) SET l.publishing = $run"
WITHDRAW = "MATCH (l:Load {name: 'graph', publishing: $run}) REMOVE l.publishing"
AT_WORK = f"SHOW TRANSACTIONS YIELD metaData WHERE metaData.{MARK} = $run RETURN count(*) AS n"
STRAGGLERS = f"""SHOW TRANSACTIONS YIELD transactionId, metaData
WHERE metaData.{BATCH} IS NOT NULL AND metaData.{BATCH} <> $run RETURN collect(transactionId) AS ids"""
STOP = "TERMINATE TRANSACTIONS $ids"


@dataclass(frozen=True)
class State:
    """The Load node."""

    status: str | None = None
    snapshot: str | None = None
    contents: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    about: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    counts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    run: str | None = None
    publishing: str | None = None

    @property
    def complete(self) -> str | None:
        """The graph that is there and complete, if any."""
        return self.snapshot if self.status == READY else None


def state_in(transaction: Transaction) -> State:
    """The Load node as this transaction sees it now."""
    found = transaction.run(READ).single()
    if found is None:
        return State()
    told = found.data()
    return State(**{**told, **{name: MappingProxyType(json.loads(told[name] or "{}")) for name in TEXTS}})


def counted(transaction: Transaction) -> dict[str, int]:
    """How many nodes of each label and edges of each type there are now."""
    return {one["kind"]: one["n"] for one in transaction.run(COUNTS)}


def trusted(transaction: Transaction, state: State) -> dict[str, str]:
    """Content hashes of the tables of which as many rows are there as the last load left."""
    now = counted(transaction)
    return {name: one for name, one in state.contents.items() if name in TABLES
            and (kind := TABLES[name].kind) in state.counts and state.counts[kind] == now[kind]}  # fmt: skip


def snapshot_in(transaction: Transaction) -> str | None:
    """The graph that is there and complete, if any; none where nodes or edges were added or removed by others."""
    state = state_in(transaction)
    return state.complete if state.complete and counted(transaction) == dict(state.counts) else None


def locked(transaction: Transaction) -> State:
    """Wait for the turn of this transaction, then the Load node."""
    transaction.run(LOCK).consume()
    return state_in(transaction)


def write(transaction: Transaction, state: State) -> None:
    """Put this into the Load node; `publishing` stays as it is."""
    told = {"status": state.status, "snapshot": state.snapshot, "run": state.run}
    texts = {name: json.dumps(dict(getattr(state, name))) for name in TEXTS}
    transaction.run(WRITE, {**told, **texts}).consume()


def readable(transaction: Transaction) -> State:
    """The Load node of a graph that can be read. Raises StoreError where there is none, or it is being replaced."""
    state = settled(transaction)
    if state.status == LOADING:
        raise StoreError("the Neo4j store is being loaded, or a load was broken off: wait, or load the graph again")
    if state.complete is None:
        raise StoreError("there is no graph in the Neo4j store: load one first")
    return state


def settled(transaction: Transaction) -> State:
    """The Load node while nobody commits a graph. Raises StoreError while somebody does."""
    state = state_in(transaction)
    while state.publishing:
        if is_at_work(transaction, state.publishing):
            raise StoreError("a new graph is being published in the Neo4j store: ask again in a moment")
        again = state_in(transaction)  # it may have ended between the two questions
        if again == state:
            break
        state = again
    return state


def is_at_work(transaction: Transaction, run: str) -> bool:
    """True while the transaction of that load is open or being committed."""
    return bool(transaction.run(AT_WORK, run=run).single(strict=True)["n"])
