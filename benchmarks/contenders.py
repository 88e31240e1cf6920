"""Ways to put both sides of a trade beside each other: KEYS, export, import; null or NaN where a side is absent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd  # type: ignore[import-untyped]
import polars as pl

from benchmarks.synthetic import Sides
from models.flows.align import add_up_sides, mirror_join
from models.flows.axes import KEYS, Axes

Wanted = Literal["either", "both"]
Prepared = Callable[[Wanted], Any]
HOW = {"either": "full", "both": "inner"}
PANDAS_HOW = {"either": "outer", "both": "inner"}
ENGINES: dict[str, Any] = {"in memory": "in-memory", "streaming": "streaming"}


@dataclass(frozen=True)
class Contender:
    """A way to join, and the keys it starts from."""

    name: str
    keys: Literal["integer", "string", "enum", "categorical"]
    prepare: Callable[[Sides], Prepared]
    """Unmeasured: hands over the tables in the contender's own form."""

    @property
    def is_own(self) -> bool:
        """True for the dense join of this project."""
        return self.name.startswith("oretrace")


def dense(sides: Sides) -> Prepared:
    """Encoded keys straight into the dense join."""
    return lambda wanted: mirror_join(sides.exports, sides.imports, sides.shape, both=wanted == "both")


def cubes(sides: Sides) -> Prepared:
    """Both sides as full cubes, freed before the next family; no list of pairs."""

    def run(wanted: Wanted) -> None:
        add_up_sides(sides.exports, sides.imports, sides.shape, "value_usd")

    return run


def dense_from_names(sides: Sides) -> Prepared:
    """Names looked up on axes that are known beforehand, then the dense join."""
    labels = {key: tuple(names) for key, names in sides.labels.items()}
    years = tuple(int(year) for year in labels["period"])
    axes = Axes(labels["commodity"], years, labels["exporter"], labels["importer"])

    def run(wanted: Wanted) -> pl.DataFrame:
        return mirror_join(axes.encode(sides.exports), axes.encode(sides.imports), axes.shape, both=wanted == "both")

    return run


def polars_join(engine: str) -> Callable[[Sides], Prepared]:
    """Join on the four keys."""

    def prepare(sides: Sides) -> Prepared:
        one, other = _renamed(sides)
        return lambda wanted: _joined(one, other, list(KEYS), wanted).collect(engine=ENGINES[engine])

    return prepare


def polars_one_key(engine: str) -> Callable[[Sides], Prepared]:
    """The four integer keys packed into one, joined, and unpacked."""

    def prepare(sides: Sides) -> Prepared:
        one, other = _renamed(sides)

        def run(wanted: Wanted) -> pl.DataFrame:
            pairs = _joined(_packed(one, sides.shape), _packed(other, sides.shape), ["key"], wanted)
            return pairs.select(*_unpacked(sides.shape), "export", "import").collect(engine=ENGINES[engine])

        return run

    return prepare


def polars_group_by(engine: str) -> Callable[[Sides], Prepared]:
    """Both sides below each other, summed by key: also adds up repeated keys."""

    def prepare(sides: Sides) -> Prepared:
        one, other = _renamed(sides)

        def run(wanted: Wanted) -> pl.DataFrame:
            stacked = pl.concat([one, other], how="diagonal").group_by(KEYS)
            both = pl.all_horizontal(pl.col("export", "import").count() > 0)
            pairs = stacked.agg(pl.col("export", "import").sum(), both.alias("in_both"))
            found = pairs.filter("in_both") if wanted == "both" else pairs
            return found.drop("in_both").collect(engine=ENGINES[engine])

        return run

    return prepare


def polars_to_enum(engine: str) -> Callable[[Sides], Prepared]:
    """Strings turned into Enum keys, then joined."""

    def prepare(sides: Sides) -> Prepared:
        one, other = _renamed(sides)
        kinds = [pl.col(key).cast(pl.Enum(names)) for key, names in sides.labels.items()]

        def run(wanted: Wanted) -> pl.DataFrame:
            cast = one.with_columns(kinds), other.with_columns(kinds)
            return _joined(*cast, list(KEYS), wanted).collect(engine=ENGINES[engine])

        return run

    return prepare


def pandas_merge(sides: Sides) -> Prepared:
    """`DataFrame.merge` on the four keys; the tables are pandas tables beforehand."""
    one = sides.exports.rename({"value_usd": "export"}).to_pandas()
    other = sides.imports.rename({"value_usd": "import"}).to_pandas()
    return lambda wanted: _merged(one, other, list(KEYS), wanted)


def pandas_one_key(sides: Sides) -> Prepared:
    """The four integer keys packed into one, merged, and unpacked."""
    one = sides.exports.rename({"value_usd": "export"}).to_pandas()
    other = sides.imports.rename({"value_usd": "import"}).to_pandas()

    def packed(frame: pd.DataFrame, value: str) -> pd.DataFrame:
        key = frame[KEYS[0]].astype("int64")
        for name, size in zip(KEYS[1:], sides.shape[1:], strict=True):
            key = key * size + frame[name]
        return pd.DataFrame({"key": key, value: frame[value]})

    def run(wanted: Wanted) -> pd.DataFrame:
        pairs = _merged(packed(one, "export"), packed(other, "import"), ["key"], wanted)
        rest = pairs.pop("key")
        for name, size in reversed(list(zip(KEYS, sides.shape, strict=True))):
            pairs[name], rest = (rest % size).astype("uint16"), rest // size
        return pairs

    return run


def _renamed(sides: Sides) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    return (
        sides.exports.lazy().rename({"value_usd": "export"}),
        sides.imports.lazy().rename({"value_usd": "import"}),
    )


def _joined(one: pl.LazyFrame, other: pl.LazyFrame, keys: list[str], wanted: Wanted) -> pl.LazyFrame:
    return one.join(other, on=keys, how=HOW[wanted], coalesce=True)  # type: ignore[arg-type]


def _merged(one: pd.DataFrame, other: pd.DataFrame, keys: list[str], wanted: Wanted) -> pd.DataFrame:
    # sort=False changes nothing for an outer merge, which pandas always sorts.
    return one.merge(other, on=keys, how=PANDAS_HOW[wanted], sort=False)


def _packed(frame: pl.LazyFrame, shape: Sequence[int]) -> pl.LazyFrame:
    key = pl.col(KEYS[0]).cast(pl.UInt32)
    for name, size in zip(KEYS[1:], shape[1:], strict=True):
        key = key * size + pl.col(name).cast(pl.UInt32)
    return frame.select(key.alias("key"), pl.exclude(KEYS))


def _unpacked(shape: Sequence[int]) -> list[pl.Expr]:
    rest, columns = pl.col("key"), []
    for name, size in reversed(list(zip(KEYS, shape, strict=True))):
        columns.append((rest % size).cast(pl.UInt16).alias(name))
        rest = rest // size
    return columns


INTEGER = (
    Contender("oretrace, dense", "integer", dense),
    Contender("Polars join", "integer", polars_join("in memory")),
    Contender("Polars join, streaming", "integer", polars_join("streaming")),
    Contender("Polars join on one packed key", "integer", polars_one_key("in memory")),
    Contender("Polars join on one packed key, streaming", "integer", polars_one_key("streaming")),
    Contender("Polars group_by, streaming", "integer", polars_group_by("streaming")),
    Contender("pandas merge", "integer", pandas_merge),
    Contender("pandas merge on one packed key", "integer", pandas_one_key),
)
NAMED = (
    Contender("oretrace, dense, names looked up", "string", dense_from_names),
    Contender("Polars join", "string", polars_join("in memory")),
    Contender("Polars join, streaming", "string", polars_join("streaming")),
    Contender("Polars cast to Enum and join", "string", polars_to_enum("in memory")),
    Contender("Polars cast to Enum and join, streaming", "string", polars_to_enum("streaming")),
    Contender("Polars group_by, streaming", "string", polars_group_by("streaming")),
    Contender("pandas merge", "string", pandas_merge),
    Contender("Polars join, Enum keys ready", "enum", polars_join("in memory")),
    Contender("Polars join, Enum keys ready, streaming", "enum", polars_join("streaming")),
    Contender("Polars join, Categorical keys ready", "categorical", polars_join("in memory")),
    Contender("Polars join, Categorical keys ready, streaming", "categorical", polars_join("streaming")),
)
CUBES = Contender("oretrace, both cubes only", "integer", cubes)
