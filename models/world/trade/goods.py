"""Goods: the flows of a chain as rows, with code, mass, value, months and way."""

from dataclasses import dataclass, fields, replace

import numpy as np
import polars as pl

from models.world.config import WorldConfig
from models.world.land.sphere import Floats, Ints, Mask
from models.world.parameters.trade import Chain, Trade
from models.world.tables import MODES
from models.world.trade.chain import Material
from models.world.trade.supply import Year
from models.world.trade.ways import Ways

MISSING = ("scheme_id", "artefact_id", "export_commodity", "export_partner", "import_commodity", "import_partner")
WHOLE = tuple(f"{side}_{what}" for side in ("export", "import") for what in ("share", "value_factor", "mass_factor"))
KEY = ("year", "commodity", "exporter", "importer", "origin", "stage", "is_reexport")


@dataclass(frozen=True)
class Flows:
    """Flows of a chain: arrays of one length. Countries, stages, codes and years by number."""

    stage: Ints
    year: Ints
    origin: Ints
    exporter: Ints
    importer: Ints
    code: Ints
    """0 the stage's main code, 1 its second."""
    contained_kg: Floats
    pool: Ints
    """Where they were taken from, counted as in `origins`, from `places * (hubs + 1)` x position of the stage-year."""

    def take(self, rows: Mask) -> "Flows":
        """Some of them."""
        return Flows(*(getattr(self, one.name)[rows] for one in fields(self)))


def joined(parts: list[Flows]) -> Flows:
    """All flows in one."""
    return Flows(*(np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(Flows)))


def year_flows(one: Year, hubs: Ints, first_pool: int) -> Flows:
    """Flows of one stage in one year: of producers, between hubs, from hubs, and resold."""
    places = len(one.fresh)
    origin, importer = np.nonzero(one.direct)
    hub, through, other = np.nonzero(one.hub.between)
    sender, behind, market = np.nonzero(one.hub.onward)
    sold = one.resold
    ends = [
        (origin, origin, importer, one.direct[origin, importer], origin),
        (through, hubs[hub], hubs[other], one.hub.between[hub, through, other], through),
        (behind, hubs[sender], market, one.hub.onward[sender, behind, market], places * (sender + 1) + behind),
        (sold.origin, sold.seller, sold.buyer, sold.mass_kg, sold.origin),
    ]
    first, exporter, last, mass, pool = (np.concatenate(parts) for parts in zip(*ends, strict=True))
    same = np.full(len(first), 1)
    return Flows(same * one.stage, same * one.year, first, exporter, last, same * 0, mass, pool + first_pool)


def with_second(config: WorldConfig, chain: Chain, flows: Flows, places: int) -> Flows:
    """Split what producers send of a stage's goods to those who take part of it under its second code."""
    chance = config.chance("trade", chain.family, "second")
    uses = chance.random((len(chain.stages), places, places))
    pairs = np.array([stage.second_pairs if stage.second else 0.0 for stage in chain.stages])
    share = np.array([stage.second_share for stage in chain.stages])[flows.stage]
    takes = uses[flows.stage, flows.exporter, flows.importer] < pairs[flows.stage]
    split = takes & (flows.origin == flows.exporter)
    first = replace(flows, contained_kg=np.where(split, flows.contained_kg * (1 - share), flows.contained_kg))
    second = replace(flows, contained_kg=flows.contained_kg * share, code=np.ones_like(flows.code))
    return joined([first, second.take(split)])


def goods_of(
    config: WorldConfig, countries: list[str], chain: Chain, stuff: Material, routes: Ways, flows: Flows
) -> pl.DataFrame:
    """Rows of Goods, with `stage` and `pool`. The true part only: the forms say the truth."""
    names = pl.Series([*countries, None], dtype=pl.String)
    codes = pl.Series([code for stage in chain.stages for code in (stage.commodity, stage.second)])
    mode, via = _way(chain, routes, flows)
    value, timing = _sold(config, chain, stuff, flows, len(countries))
    rows = pl.DataFrame(
        {
            "family": pl.repeat(chain.family, len(value), eager=True),
            "commodity": codes[2 * flows.stage + flows.code],
            "year": (config.first_year + flows.year).astype(np.int32),
            "origin": names[flows.origin],
            "exporter": names[flows.exporter],
            "importer": names[flows.importer],
            "via": names[via % len(names)],
            "mass_kg": flows.contained_kg / stuff.factor[flows.stage, flows.code, flows.origin],
            "contained_kg": flows.contained_kg,
            "value_usd": value,
            "mode": pl.Series(MODES, dtype=pl.Enum(MODES))[mode],
            "timing": pl.Series(timing, dtype=pl.Array(pl.Float64, 12)).cast(pl.List(pl.Float64)),
            "is_reexport": flows.origin != flows.exporter,
            "stage": flows.stage,
            "pool": flows.pool,
        }
    )
    return numbered(rows, chain.family)


def _way(chain: Chain, routes: Ways, flows: Flows) -> tuple[Ints, Ints]:
    """Mode, and country of transit or -1. What flies goes straight."""
    flies = np.array([stage.is_air for stage in chain.stages])[flows.stage]
    pair = flows.exporter, flows.importer
    return np.where(flies, MODES.index("air"), routes.mode[pair]), np.where(flies, -1, routes.via[pair])


def _sold(config: WorldConfig, chain: Chain, stuff: Material, flows: Flows, places: int) -> tuple[Floats, Floats]:
    """Value, USD, and months [flow, month]: contained mass x quality of the pair x price of the months of departure."""
    chance = config.chance("trade", chain.family, "goods")
    price = stuff.usd_per_kg[flows.stage, flows.code, flows.year]
    fair = flows.contained_kg * _quality(chance, config.trade, chain, flows, places)
    is_open = stuff.is_open[flows.stage, flows.year, :, flows.exporter]
    timing = months(chance, config.trade, fair * price.mean(axis=1), flows.exporter, is_open, places)
    return fair * (timing * price).sum(axis=1), timing


def numbered(rows: pl.DataFrame, family: str) -> pl.DataFrame:
    """Goods in order, with an identifier, and forms that say the truth."""
    number = pl.int_range(pl.len()).cast(pl.String).str.zfill(6)
    return (
        rows.sort(KEY)
        .with_columns(goods_id=pl.format("goods:{}:{}", pl.lit(family), number), is_phantom=pl.lit(False))
        .with_columns([pl.lit(None, dtype=pl.String).alias(name) for name in MISSING])
        .with_columns([pl.lit(1.0).alias(name) for name in WHOLE])
    )


def _quality(chance: np.random.Generator, trade: Trade, chain: Chain, flows: Flows, places: int) -> Floats:
    """Price over the world's: of a pair for good, and of a year."""
    sd = np.array([stage.quality_sd for stage in chain.stages])
    pair = chance.standard_normal((len(chain.stages), places, places))
    own = sd[flows.stage] * pair[flows.stage, flows.exporter, flows.importer]
    return np.exp(own + trade.quality_year_sd * chance.standard_normal(len(own)))


def months(
    chance: np.random.Generator, trade: Trade, value_usd: Floats, exporter: Ints, is_open: Mask, places: int
) -> Floats:
    """Shares of the twelve months: shipments of usual value drawn from the exporter's seasons, none under a ban.

    Shipments ~ multinomial(value / usual value, seasons), at least one and at most `most_shipments`.
    """
    seasons = chance.dirichlet(np.full(12, trade.season_spread), places)[exporter] * is_open
    seasons /= seasons.sum(axis=1, keepdims=True)
    count = np.clip(np.rint(value_usd / trade.shipment_usd), 1, trade.most_shipments).astype(np.int64)
    return np.asarray(chance.multinomial(count, seasons) / count[:, None], dtype=np.float64)
