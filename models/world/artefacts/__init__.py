"""The world's artefacts: ordinary things that look like schemes, on flows that no scheme touches.

quiet        goods and flows without schemes
transit      whose name stands for the partner;  habits   which code, which weight
moves        goods that go out and come back
offices      what a whole office does: drawn here, applied by customs
happened     strikes, new mines, price spikes: known from mining
listing      the flows that each of them touches
"""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from models.world.artefacts.habits import neighbour_coding, wet_dry_mass
from models.world.artefacts.happened import happened
from models.world.artefacts.listing import listing
from models.world.artefacts.moves import toll_refining, vault_move
from models.world.artefacts.offices import OFFICES, offices
from models.world.artefacts.quiet import Done, Quiet
from models.world.artefacts.transit import transit_misattribution
from models.world.config import WorldConfig
from models.world.ground import Ground
from models.world.mined import Mined
from models.world.schemed import Schemed
from models.world.tables import Artefact, ArtefactFlow, Goods, GoodsOrigin

__all__ = ["Artful", "with_artefacts"]

IN_FORMS: tuple[Callable[[Quiet], Done], ...] = (
    transit_misattribution,
    vault_move,
    toll_refining,
    wet_dry_mass,
    neighbour_coding,
)


@dataclass(frozen=True)
class Artful:
    """All trade of the world with the forms of all goods, and the truth about what only looks like a scheme."""

    goods: pl.DataFrame
    """Goods."""
    origins: pl.DataFrame
    """GoodsOrigin of all goods: those of `Schemed` and of goods that artefacts add."""
    artefacts: pl.DataFrame
    """Artefact."""
    artefact_flows: pl.DataFrame
    """ArtefactFlow."""


def with_artefacts(config: WorldConfig, ground: Ground, mined: Mined, schemed: Schemed) -> Artful:
    """Adds artefacts to a world with schemes. Every artefact touches a flow; none touches one of a scheme."""
    quiet = Quiet.of(config, schemed.goods, schemed.scheme_flows)
    done = [*_in_forms(quiet), *_of_offices(quiet), happened(mined.events)]
    rewritten, added, more, rows = (
        pl.concat([getattr(one, name) for one in done]) for name in ("rewritten", "added", "origins", "artefacts")
    )
    kept = schemed.goods.join(rewritten, on="goods_id", how="anti")
    goods = pl.concat([kept, rewritten, added]).sort("goods_id")
    origins = pl.concat([schemed.origins, more]).sort("goods_id", "origin_kind", "origin_id")
    flows = listing(goods, rows, schemed.scheme_flows)
    rows = rows.join(flows, on="artefact_id", how="semi").sort("artefact_id")
    return Artful(
        goods=Goods.validate(goods, cast=True).rechunk(),
        origins=GoodsOrigin.validate(origins, cast=True).rechunk(),
        artefacts=Artefact.validate(rows, cast=True).rechunk(),
        artefact_flows=ArtefactFlow.validate(flows, cast=True).rechunk(),
    )


def _in_forms(quiet: Quiet) -> list[Done]:
    """Artefacts of traders' forms, each kind on goods that the ones before left alone."""
    done: list[Done] = []
    for kind in IN_FORMS:
        done.append(kind(quiet))
        quiet = quiet.without(done[-1].rewritten)
    return done


def _of_offices(quiet: Quiet) -> list[Done]:
    """Artefacts of whole offices, each office with one kind where there are enough."""
    free, done = offices(quiet), list[Done]()
    for kind in OFFICES:
        done.append(kind(quiet, free))
        free = free.join(done[-1].artefacts, on="country", how="anti", maintain_order="left")
    return done
