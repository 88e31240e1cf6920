"""What artefacts can stand on: goods and flows that no scheme touches."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from models.world.config import WorldConfig
from models.world.forms import FLOW
from models.world.schemes.terms import Terms, terms
from models.world.tables import Artefact, Goods, GoodsOrigin
from models.world.totals import totals

LINE = ("family", "commodity", "exporter", "importer")


@dataclass(frozen=True)
class Quiet:
    """The stage of all artefacts."""

    config: WorldConfig
    goods: pl.DataFrame
    """Goods of pairs and families without a scheme in any year: those whose forms can be rewritten."""
    legal: pl.DataFrame
    """All goods that belong to no scheme: who trades what."""
    busy: pl.DataFrame
    """family, exporter, importer of schemes, in both directions."""
    scheme_flows: pl.DataFrame
    terms: Terms

    @classmethod
    def of(cls, config: WorldConfig, goods: pl.DataFrame, scheme_flows: pl.DataFrame) -> "Quiet":
        """Leaves out pairs that a scheme uses, and those whose flows bear a name that it uses."""
        legal = goods.filter(pl.col("scheme_id").is_null())
        there = goods.filter(pl.col("scheme_id").is_not_null()).select("family", "exporter", "importer")
        back = there.select("family", exporter="importer", importer="exporter")
        busy = pl.concat([there, back]).unique().sort("family", "exporter", "importer")
        free = legal.join(busy, on=busy.columns, how="anti", maintain_order="left")
        free = free.join(scheme_flows, on=FLOW[:3], how="anti", maintain_order="left")
        return cls(config, free, legal, busy, scheme_flows, terms(config.schemes, legal))

    def without(self, goods: pl.DataFrame) -> "Quiet":
        """The stage that is left when some goods are taken."""
        return replace(self, goods=self.goods.join(goods, on="goods_id", how="anti", maintain_order="left"))

    def chance(self, kind: str) -> np.random.Generator:
        """Random numbers of one kind."""
        return self.config.chance("artefacts", kind)


@dataclass(frozen=True)
class Done:
    """Artefacts and what they do to the forms of goods."""

    artefacts: pl.DataFrame
    """Artefact."""
    rewritten: pl.DataFrame
    """Goods with other declared fields, which take the place of those of the same goods_id."""
    added: pl.DataFrame
    """Goods on top."""
    origins: pl.DataFrame
    """GoodsOrigin of those."""

    @classmethod
    def of(cls, artefacts: pl.DataFrame, rewritten: pl.DataFrame | None = None) -> "Done":
        """Artefacts that add no goods."""
        rows = Goods.create_empty() if rewritten is None else Goods.cast(rewritten.select(Goods.column_names()))
        return cls(listed(artefacts), rows, Goods.create_empty(), GoodsOrigin.create_empty())


def listed(rows: pl.DataFrame) -> pl.DataFrame:
    """Artefacts as the table has them; family and partner are null where a frame lacks them."""
    absent = [name for name in ("family", "partner") if name not in rows.columns]
    rows = rows.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in absent)
    return Artefact.cast(rows.select(Artefact.column_names()))


def summed(goods: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """keys and value_usd of all years, in a fixed order."""
    return totals(goods.sort("goods_id"), keys, "value_usd")


def drawn(lines: pl.DataFrame, number: int, power: float, chance: np.random.Generator) -> pl.DataFrame:
    """Some of the lines, larger ones more often: weight = value_usd to a power. Lines come in a fixed order."""
    weight = lines["value_usd"].to_numpy() ** power
    size = min(number, int((weight > 0).sum()))
    if size == 0:
        return lines.clear()
    places = chance.choice(lines.height, size, replace=False, p=weight / weight.sum())
    return lines.select(pl.all().gather(places.tolist()))


def numbered(lines: pl.DataFrame, kind: str, chance: np.random.Generator) -> pl.DataFrame:
    """Artefacts of a kind with `artefact_id`, `kind`, `place` (0, 1, ...), `draw` and `luck` (between 0 and 1)."""
    luck = {name: pl.Series(chance.random(lines.height), dtype=pl.Float64) for name in ("draw", "luck")}
    rows = lines.with_row_index("place").with_columns(kind=pl.lit(kind), **luck)
    return rows.with_columns(artefact_id=pl.concat_str(pl.lit("artefact"), "kind", "place", separator=":"))


def lasting(
    rows: pl.DataFrame, config: WorldConfig, years: tuple[int, int], chance: np.random.Generator, always: float = 0.0
) -> pl.DataFrame:
    """Rows with first_year and last_year: some cover the whole world, the others so many years within it."""
    length = chance.integers(years[0], years[1] + 1, rows.height)
    latest = np.maximum(config.last_year - length + 1, config.first_year + 1)
    first = chance.integers(config.first_year + 1, latest + 1)
    whole = chance.random(rows.height) < always
    return rows.with_columns(
        first_year=pl.Series(np.where(whole, config.first_year, first), dtype=pl.Int32),
        last_year=pl.Series(
            np.where(whole, config.last_year, np.minimum(first + length - 1, config.last_year)), dtype=pl.Int32
        ),
    )


def met(goods: pl.DataFrame, rows: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Goods that artefacts meet: same keys, in their years. Goods met by several belong to the first."""
    own = set(goods.columns) - {*keys, "artefact_id"}
    found = goods.drop("artefact_id").join(rows.drop(own & set(rows.columns)), on=keys, how="inner")
    found = found.filter(pl.col("year").is_between("first_year", "last_year"))
    return found.sort("goods_id", "artefact_id").unique("goods_id", keep="first", maintain_order=True)


def says(goods: pl.DataFrame, field: str) -> pl.DataFrame:
    """Goods on whose forms one side (`side`: export or import) writes `says` into a field."""
    return goods.with_columns(
        pl.when(pl.col("side") == side).then("says").otherwise(f"{side}_{field}").alias(f"{side}_{field}")
        for side in ("export", "import")
    )


def span(bounds: tuple[float, float]) -> pl.Expr:
    """A number in a range at the place drawn for the artefact."""
    return bounds[0] + (bounds[1] - bounds[0]) * pl.col("draw")
