"""The mirror join of ten million declarations: dense against joins on keys."""

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd  # type: ignore[import-untyped]
import polars as pl

from benchmarks.contenders import CUBES, INTEGER, NAMED, Contender, Prepared, Wanted
from benchmarks.measuring import TIMES, Timing, extra_bytes, in_turn, megabytes
from benchmarks.report import Section, Table
from benchmarks.setting import Setting
from benchmarks.synthetic import Sides, as_filed, declarations, with_names
from models.flows.align import mirror_join
from models.flows.axes import KEYS

ROWS = 10_000_000
CODES = 20
FAMILIES = 20
WORDS: dict[Wanted, str] = {"either": "flows that either side declares", "both": "flows that both sides declare"}
PLAIN = ("Polars join", "Polars join, streaming")
DTYPES = {"string": pl.String, "enum": None, "categorical": pl.Categorical}


def run(setting: Setting) -> Section:
    """One well filled family in two row orders, then thin families in turn; the quick form has fewer codes."""
    share = 20 if setting.quick else 1
    codes, families = CODES // share, FAMILIES // share
    one = declarations(ROWS // share, codes, seed=1)
    lead = f"One family, {size(one)}; rows in random order"
    ours, rounds = [*INTEGER, CUBES], setting.rounds
    tables = [compare([one], [*INTEGER, *NAMED, CUBES], "either", rounds, lead)]
    tables.append(compare([one], ours, "both", rounds, lead))
    lead = f"The same rows as offices file them, one period and reporter after the other, {size(one)}"
    tables.append(compare([as_filed(one)], ours, "either", rounds, lead))
    many = [declarations(ROWS // share // FAMILIES, codes, seed=2 + at) for at in range(families)]
    lead = f"{families} thin families one after the other, {size(*many)}; rows in random order"
    tables.append(compare(many, ours, "either", rounds, lead))
    return Section("joining", "Mirror join of synthetic declarations", tables)


def compare(
    families: Sequence[Sides], contenders: Sequence[Contender], wanted: Wanted, rounds: int, lead: str
) -> Table:
    """Check that all give the same flows to the cent, then time them in turn and measure memory."""
    with TemporaryDirectory() as folder:
        _save(families, Path(folder))
        expected = [_cents(mirror_join(one.exports, one.imports, one.shape, both=wanted == "both")) for one in families]
        ready: dict[str, Callable[[], object]] = {}
        for contender in contenders:
            prepared = [contender.prepare(_keyed(one, contender)) for one in families]
            _check(contender, families, prepared, wanted, expected)
            ready[_label(contender)] = lambda prepared=prepared: [join(wanted) for join in prepared]  # type: ignore[misc]
        times = in_turn(ready, rounds)
        memory = {
            _label(one): extra_bytes(_loaded, folder, len(families), one.name, one.keys, wanted) for one in contenders
        }
    return _table(f"{lead}: {WORDS[wanted]}.", contenders, times, memory)


def _save(families: Sequence[Sides], folder: Path) -> None:
    """The tables as files, for the processes that measure memory."""
    for at, sides in enumerate(families):
        sides.exports.write_parquet(folder / f"{at}-exports.parquet")
        sides.imports.write_parquet(folder / f"{at}-imports.parquet")
        pl.Series("labels", [sides.labels]).to_frame().write_parquet(folder / f"{at}-labels.parquet")


def _loaded(folder: str, families: int, name: str, keys: str, wanted: Wanted) -> Callable[[], object]:
    """In a process of its own: the tables in the contender's form, and the contender as an action."""
    chosen = next(one for one in (*INTEGER, *NAMED, CUBES) if (one.name, one.keys) == (name, keys))
    prepared = []
    for at in range(families):
        exports, imports = (pl.read_parquet(Path(folder) / f"{at}-{side}.parquet") for side in ("exports", "imports"))
        labels = pl.read_parquet(Path(folder) / f"{at}-labels.parquet").item()
        prepared.append(chosen.prepare(_keyed(Sides(exports.rechunk(), imports.rechunk(), labels), chosen)))
    return lambda: [join(wanted) for join in prepared]


def _keyed(sides: Sides, contender: Contender) -> Sides:
    """The declarations with the kind of keys that the contender starts from."""
    return sides if contender.keys == "integer" else with_names(sides, DTYPES[contender.keys])


def _check(
    contender: Contender,
    families: Sequence[Sides],
    prepared: Sequence[Prepared],
    wanted: Wanted,
    expected: Sequence[pl.DataFrame],
) -> None:
    """The contender finds the same flows with the same values, to the cent; also its first, unmeasured round."""
    for sides, join, flows in zip(families, prepared, expected, strict=True):
        found = join(wanted)
        if contender is CUBES:
            continue
        frame = pl.from_pandas(found) if isinstance(found, pd.DataFrame) else found
        if not _cents(_coded(frame, sides)).equals(flows):
            raise AssertionError(f"{contender.name} on {contender.keys} keys gives other flows than the dense join")


def _coded(pairs: pl.DataFrame, sides: Sides) -> pl.DataFrame:
    """Names back into places."""
    if pairs.schema["exporter"].is_integer():
        return pairs
    names = (
        pl.col(key).cast(pl.String).replace_strict(labels, list(range(len(labels))), return_dtype=pl.UInt16).alias(key)
        for key, labels in sides.labels.items()
    )
    return pairs.with_columns(names)


def _cents(pairs: pl.DataFrame) -> pl.DataFrame:
    """Flows in one order with values in whole cents, so that they can be compared exactly."""
    values = (pl.col("export", "import").fill_nan(None).fill_null(0.0) * 100).round().cast(pl.Int64)
    return pairs.select(pl.col(KEYS).cast(pl.UInt16), values).sort(KEYS)


def _table(
    lead: str, contenders: Sequence[Contender], times: dict[str, Timing], memory: dict[str, int | None]
) -> Table:
    """Contenders with their times, how many times longer than the dense join they take, and memory."""
    own = times[_label(contenders[0])].median
    rows = []
    for one in contenders:
        label = _label(one)
        ratio = f"{times[label].median / own:.2f}"
        rows.append([one.name, one.keys, *times[label].cells(), ratio, megabytes(memory[label])])
    columns = ("contender", "keys", *TIMES, "times ours", "extra MB at peak")
    remarks = ["All contenders but the cubes give the same flows, to the cent; checked in this run."]
    remarks.append(
        "What a contender needs beyond the tables as named under keys is in its time; pandas has its own tables."
    )
    for keys in ("integer", "string"):
        peers = [one for one in contenders if one.keys == keys and one.name.startswith("Polars")]
        plain = [one for one in peers if one.name in PLAIN]
        if peers:
            remarks += [_fastest(contenders, times, *pair) for pair in ((plain, "join"), (peers, "way"))]
    return Table(lead, columns, rows, remarks)


def _fastest(contenders: Sequence[Contender], times: dict[str, Timing], peers: Sequence[Contender], what: str) -> str:
    """The fastest of some ways of Polars against the dense join of encoded keys, by wall and processor time."""
    own = times[_label(contenders[0])]
    best = min(peers, key=lambda one: times[_label(one)].median)
    found = times[_label(best)]
    wall, work = found.median / own.median, found.work / own.work
    keys = "four " + best.keys if what == "join" else best.keys
    return f"Fastest Polars {what} on {keys} keys: {best.name}, {wall:.1f} times ours ({work:.1f} in processor time)."


def _label(contender: Contender) -> str:
    return f"{contender.name} / {contender.keys}"


def size(*families: Sides) -> str:
    """Rows, cells and how many of them are filled, in words."""
    rows = sum(one.rows for one in families)
    filled = sum(one.filled() for one in families) / len(families)
    shape = " x ".join(str(size) for size in families[0].shape)
    return f"{rows:,} declarations on {shape} cells, {filled:.1%} of them filled by a side"
