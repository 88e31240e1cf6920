"""Which flows an artefact touches, as an analysis would name them from the forms of both sides."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from graphs.countries import WORLD
from models.world.forms import FLOW, named
from models.world.tables import ArtefactFlow
from models.world.totals import totals

SIDES: Mapping[str, tuple[str, ...]] = {
    "strike": ("export",),
    "new_mine": ("export",),
    "price_spike": ("export",),
    "confidentiality": ("export",),
    "fob_importer": ("import",),
    "reporter_stops": ("export", "import"),
    "reporter_break": ("export", "import"),
    "estimated_mass": ("export", "import"),
}
"""Sides of trade of which kinds that stand in no form are seen."""
LEAST_SHARE = 0.05
"""Share of a flow's value from which rewritten goods can be seen in it."""


def listing(goods: pl.DataFrame, artefacts: pl.DataFrame, scheme_flows: pl.DataFrame) -> pl.DataFrame:
    """Flows of artefacts without those of schemes (ArtefactFlow)."""
    names = named(goods.select(*FLOW, *NAMES))
    found = [_in_forms(names)]
    for side in ("export", "import"):
        flows = names.filter(pl.col("side").is_in(["true", side])).select("family", *FLOW).unique()
        rows = artefacts.filter(pl.col("kind").cast(pl.String).is_in([kind for kind in SIDES if side in SIDES[kind]]))
        found += [_covered(flows, one, side) for one in rows.iter_rows(named=True)]
    flows = pl.concat(found).unique().join(scheme_flows, on=FLOW, how="anti")
    return ArtefactFlow.cast(flows.select(ArtefactFlow.column_names())).sort("artefact_id", *FLOW)


NAMES = (
    "goods_id", "value_usd", "family", "origin", "artefact_id", "is_phantom", "export_share", "import_share",
    "export_partner", "import_partner", "export_commodity", "import_commodity",
)  # fmt: skip


def _in_forms(names: pl.DataFrame) -> pl.DataFrame:
    """Flows of goods whose forms an artefact rewrites: the true one, and any other name they go by if they are at least
    LEAST_SHARE of what bears it. A re-exporter's parcel does not make the whole trade of its origin odd."""
    touched = names.filter(pl.col("artefact_id").is_not_null()).select("artefact_id", *FLOW).unique()
    once = names.join(touched, on=FLOW, how="semi").unique(["goods_id", *FLOW]).sort("goods_id", *FLOW)
    whole = totals(once, FLOW, "value_usd").rename({"value_usd": "whole_usd"})
    parts = totals(once.filter(pl.col("artefact_id").is_not_null()), ["artefact_id", *FLOW], "value_usd")
    large = parts.join(whole, on=FLOW, how="inner").filter(pl.col("value_usd") >= LEAST_SHARE * pl.col("whole_usd"))
    true = names.filter(pl.col("artefact_id").is_not_null(), pl.col("side") == "true")
    return pl.concat([one.select("artefact_id", *FLOW) for one in (large, true)]).unique()


def _covered(flows: pl.DataFrame, artefact: Mapping[str, Any], side: str) -> pl.DataFrame:
    """Flows of one artefact's country on this side, its partner, family and years."""
    near, far = ("exporter", "importer") if side == "export" else ("importer", "exporter")
    found = flows.filter(pl.col("year").is_between(artefact["first_year"], artefact["last_year"]))
    if artefact["country"] != WORLD:
        found = found.filter(pl.col(near) == artefact["country"])
    if artefact["partner"] is not None:
        found = found.filter(pl.col(far) == artefact["partner"])
    if artefact["family"] is not None:
        found = found.filter(pl.col("family") == artefact["family"])
    return found.select(pl.lit(artefact["artefact_id"], dtype=pl.String).alias("artefact_id"), *FLOW)
