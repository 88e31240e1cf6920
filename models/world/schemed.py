"""The world's schemes: legal trade with what is hidden in it, invented for it and added to it."""

from dataclasses import dataclass

import polars as pl

from models.world.config import WorldConfig
from models.world.forms import divided, inherited
from models.world.ground import Ground
from models.world.mined import Mined
from models.world.schemes import KINDS
from models.world.schemes.acts import Acts
from models.world.schemes.casting import cast
from models.world.schemes.market import market
from models.world.schemes.touched import touched
from models.world.tables import Goods, GoodsOrigin, Scheme, SchemeFlow
from models.world.traded import Traded


@dataclass(frozen=True)
class Schemed:
    """Trade with schemes, and the truth about them."""

    goods: pl.DataFrame
    """All goods of the world (Goods): legal ones less what schemes took, and those of schemes."""
    origins: pl.DataFrame
    """GoodsOrigin of all goods."""
    schemes: pl.DataFrame
    """Scheme."""
    scheme_flows: pl.DataFrame
    """SchemeFlow."""


def schemed(config: WorldConfig, ground: Ground, mined: Mined, traded: Traded) -> Schemed:
    """Casts the schemes of the world and lets them act."""
    stage = market(config, ground, mined, traded)
    players = cast(config, stage, KINDS)
    acts = Acts.both([kind.act(players.filter(pl.col("kind") == kind.name), stage) for kind in KINDS])
    left = divided(traded.goods, acts.parts, acts.goods)
    goods = pl.concat([left, acts.goods.select(left.columns)]).sort("goods_id")
    added = pl.concat([inherited(acts.parts, traded.origins), acts.origins])
    kept = traded.origins.join(left, on="goods_id", how="semi")
    origins = pl.concat([GoodsOrigin.cast(kept), added]).sort("goods_id", "origin_kind", "origin_id")
    flows = touched(acts.goods, players.select("scheme_id", "kind"))
    return Schemed(
        goods=Goods.validate(goods, cast=True).rechunk(),
        origins=GoodsOrigin.validate(origins, cast=True).rechunk(),
        schemes=Scheme.validate(schemes(players, acts.goods, added), cast=True).rechunk(),
        scheme_flows=SchemeFlow.validate(flows, cast=True).rechunk(),
    )


def schemes(players: pl.DataFrame, goods: pl.DataFrame, origins: pl.DataFrame) -> pl.DataFrame:
    """Schemes that act (Scheme), with the years in which their goods move and the sites these come from."""
    years = goods.group_by("scheme_id").agg(first_year=pl.col("year").min(), last_year=pl.col("year").max())
    sites = origins.filter(pl.col("origin_kind").cast(pl.String) == "site").join(
        goods.select("goods_id", "scheme_id"), on="goods_id", how="inner"
    )
    sites = sites.group_by("scheme_id").agg(origin_sites=pl.col("origin_id").unique().sort())
    rows = players.drop("first_year", "last_year").join(years, on="scheme_id", how="inner")
    rows = rows.join(sites, on="scheme_id", how="left").with_columns(
        importer=pl.col("importers").list.first(),
        hub=pl.coalesce("hub", pl.when(pl.col("variant") == "neighbour").then("third")),
        origin_sites=pl.col("origin_sites").fill_null(pl.lit([], dtype=pl.List(pl.String))),
    )
    return rows.select(Scheme.column_names()).sort("scheme_id")
