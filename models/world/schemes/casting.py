"""Who does what, where and when: each scheme gets a stage of its own, so that none bends goods of another."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from models.world.config import WorldConfig
from models.world.parameters.schemes import Schemes
from models.world.schemes.acts import Acts
from models.world.schemes.firms import firms
from models.world.schemes.market import Market
from models.world.schemes.stages import STAGE
from models.world.totals import totals

CAST: Mapping[str, type[pl.DataType] | pl.DataType] = {
    "scheme_id": pl.String,
    "kind": pl.String,
    "variant": pl.String,
    "strength": pl.Float64,
    **{name: kind for name, kind in STAGE.items() if name not in ("importer", "latest_onset", "weight")},
    "importers": pl.List(pl.String),
    "ramp_years": pl.Int32,
    "handled": pl.Float64,
    "draw": pl.Float64,
    "other_code": pl.String,
    "actors": pl.String,
}
"""A scheme with everything that was drawn for it; `draw`, between 0 and 1, places it in the range of its own number."""


@dataclass(frozen=True)
class Kind:
    """One kind of scheme: where it could be, and what it does to goods there."""

    name: str
    variants: tuple[str, ...]
    stages: Callable[[Market], pl.DataFrame]
    act: Callable[[pl.DataFrame, Market], Acts]


def cast(config: WorldConfig, market: Market, kinds: Iterable[Kind]) -> pl.DataFrame:
    """All schemes of the world (CAST). Kinds take turns, and so do strengths; a kind without a stage is left out."""
    kinds = tuple(kinds)
    stages = {kind.name: _open(kind.stages(market), market) for kind in kinds}
    taken = pl.DataFrame(schema={"family": pl.String, "one": pl.String, "two": pl.String})
    rows: list[dict[str, object]] = []
    for turn in range(market.rules.instances[config.size]):
        for place, kind in enumerate(kinds):
            free = _free(stages[kind.name], taken, rows)
            if free.is_empty():
                continue
            chance = config.chance("schemes", kind.name, str(turn))
            row: dict[str, object] = {"scheme_id": f"scheme:{kind.name}:{turn}", "kind": kind.name}
            row |= {**design(kind, place, turn, market.rules), **_drawn(free, rows, market, chance)}
            rows.append(row)
            taken = pl.concat([taken, _touched(row)])
    return pl.DataFrame(rows, schema=CAST, orient="row")


def design(kind: Kind, place: int, turn: int, rules: Schemes) -> dict[str, object]:
    """Strength, share handled and variant of the kind's next scheme. In as many turns as there are strengths times
    shares each strength meets each share once, and a variant neither the same strength nor the same share always."""
    strengths, shares, variants = rules.strengths, rules.handled, kind.variants
    cycle = turn // len(strengths)
    return {
        "strength": strengths[(turn + place) % len(strengths)],
        "handled": shares[(cycle + place // len(strengths)) % len(shares)],
        "variant": variants[(turn + turn // math.lcm(len(variants), len(strengths))) % len(variants)],
    }


def _open(stages: pl.DataFrame, market: Market) -> pl.DataFrame:
    """Stages with the years in which schemes may be, in a fixed order."""
    begin = market.years.start + market.rules.quiet_years
    rows = stages.select(pl.col(name).cast(kind) for name, kind in STAGE.items())
    rows = rows.with_columns(pl.col("first_year").clip(lower_bound=begin))
    last_onset = pl.min_horizontal("latest_onset", pl.col("last_year") - market.rules.least_years + 1)
    rows = rows.with_columns(latest_onset=last_onset).filter(pl.col("latest_onset") >= pl.col("first_year"))
    return rows.sort(list(STAGE), nulls_last=True)


def _free(stages: pl.DataFrame, taken: pl.DataFrame, rows: list[dict[str, object]]) -> pl.DataFrame:
    """Stages of which no other scheme uses a pair or the zone."""
    zones = [row["zone_id"] for row in rows if row["zone_id"] is not None]
    free = stages.filter(~pl.col("zone_id").fill_null("").is_in(zones))
    legs = (("exporter", "importer"), ("exporter", "hub"), ("hub", "importer"))
    for one, two in legs:
        free = free.join(taken, left_on=["family", one, two], right_on=taken.columns, how="anti", maintain_order="left")
    return free


def _touched(row: Mapping[str, object]) -> pl.DataFrame:
    """Pairs that a scheme uses, in both directions."""
    importers = row["importers"]
    assert isinstance(importers, list)
    legs = [(row["exporter"], one) for one in importers]
    if row["hub"] is not None:
        legs += [(row["exporter"], row["hub"]), *((row["hub"], one) for one in importers)]
    both = legs + [(two, one) for one, two in legs]
    return pl.DataFrame([(row["family"], *leg) for leg in both], schema=["family", "one", "two"], orient="row")


def _drawn(
    free: pl.DataFrame, rows: list[dict[str, object]], market: Market, chance: np.random.Generator
) -> dict[str, object]:
    """One stage, rather of a family with few schemes so far, and the particulars of the scheme on it."""
    rules = market.rules
    crowd = {str(one): 1 + sum(row["family"] == one for row in rows) for one in free["family"].unique()}
    crowded = pl.col("family").replace_strict(crowd, return_dtype=pl.Float64)
    whole = totals(free, ["family"], "weight").rename({"weight": "whole"})
    shared = free.join(whole, on="family", how="left", maintain_order="left")
    weight = shared.select(pl.col("weight") / pl.col("whole") / crowded**2).to_series().to_numpy()
    stage = free.row(int(chance.choice(free.height, p=weight / weight.sum())), named=True)
    # The earlier of two: schemes that begin late are cut short by the end of the world.
    onset = int(chance.integers(stage["first_year"], stage["latest_onset"] + 1, 2).min())
    lasting = int(chance.integers(rules.lasting_years[0], rules.lasting_years[1] + 1))
    codes = rules.other_codes.get(stage["commodity"], ())
    return {
        **{name: stage[name] for name in ("family", "commodity", "exporter", "hub", "third", "zone_id")},
        "first_year": onset,
        "last_year": min(onset + lasting - 1, stage["last_year"]),
        "importers": _importers(stage, free, rules.importers[market.size], chance),
        "ramp_years": int(chance.integers(rules.ramp_years[0], rules.ramp_years[1] + 1)),
        "draw": float(chance.random()),
        "other_code": str(chance.choice(codes)) if codes else None,
        "actors": firms(chance),
    }


def _importers(stage: Mapping[str, object], free: pl.DataFrame, most: int, chance: np.random.Generator) -> list[str]:
    """The importer of the stage and others that the same goods could reach, most used first."""
    same = [pl.col(name).eq_missing(stage[name]) for name in ("commodity", "exporter", "hub", "third", "zone_id")]
    years = [pl.col("first_year").le(stage["latest_onset"]), pl.col("last_year").ge(stage["last_year"])]
    named = [str(stage[name]) for name in ("importer", "third") if stage[name] is not None]
    others = free.filter(*same, *years, ~pl.col("importer").is_in(named))["importer"].unique().sort().to_list()
    more = min(int(chance.integers(most)), len(others))
    return [str(stage["importer"]), *(str(one) for one in chance.choice(others, more, replace=False))]
