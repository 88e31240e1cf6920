"""Which flows a scheme touches, as an analysis would name them from the forms of both sides."""

import polars as pl

from models.world.forms import FLOW, named
from models.world.tables import SchemeFlow
from models.world.totals import totals

ROLES = ("phantom", "late", "false_code", "false_origin", "round_trip", "false_value", "hidden")
"""What happens on a flow. Where goods give a flow several roles, the first of these names it."""
PAPERS: dict[str, str] = {"round_tripping": "round_trip", "permit_laundering": "false_origin"}
"""Kinds whose forms agree with each other; what is false of them stands in no field."""


def touched(goods: pl.DataFrame, kinds: pl.DataFrame) -> pl.DataFrame:
    """Flows that schemes touch (SchemeFlow). `kinds`: scheme_id, kind.

    Hidden mass of goods on a flow: all of it where it is undeclared, invented, under another name or false in its
    papers; the part not declared where only amounts are false, for value the difference to the truth either way. What
    both forms of goods say of one flow counts once; goods on one flow add up.
    """
    rows = goods.filter(pl.col("scheme_id").is_not_null()).sort("goods_id")
    names = named(_judged(rows.join(kinds, on="scheme_id", how="left", maintain_order="left")))
    ranks = {role: place for place, role in enumerate(ROLES)}
    names = names.with_columns(rank=_role().replace_strict(ranks, default=None, return_dtype=pl.Int32))
    false = pl.col("rank") == ranks["false_value"]
    names = names.with_columns(
        hidden_mass_kg=pl.col("mass_kg") * pl.when(false).then("short_mass").otherwise(1.0),
        hidden_value_usd=pl.col("value_usd") * pl.when(false).then("short_value").otherwise(1.0),
    )
    amounts = pl.col("hidden_mass_kg", "hidden_value_usd")
    of_goods = amounts.filter(pl.col("rank").is_not_null()).max()
    seen = pl.col("is_declared").any(), pl.col("rank").min()
    once = names.group_by("goods_id", "scheme_id", *FLOW, maintain_order=True).agg(of_goods, *seen)
    once = once.filter(pl.col("rank").is_not_null())
    once = once.sort("goods_id", *FLOW)
    flows = totals(once, ["scheme_id", *FLOW], "hidden_mass_kg", "hidden_value_usd")
    flows = flows.join(once.group_by("scheme_id", *FLOW).agg(*seen), on=["scheme_id", *FLOW], how="inner")
    flows = flows.with_columns(
        role=pl.col("rank").replace_strict(dict(enumerate(ROLES)), return_dtype=pl.String),
        is_visible=pl.col("is_declared"),
    )
    return SchemeFlow.cast(flows.select(SchemeFlow.column_names())).sort("scheme_id", *FLOW)


def _judged(goods: pl.DataFrame) -> pl.DataFrame:
    """Goods with what is false in each form: code, partner, and the share of mass and value that is not true."""
    partner = {"export": pl.col("importer"), "import": pl.col("origin")}
    for side, true in partner.items():
        goods = goods.with_columns(
            (pl.col(f"{side}_commodity").fill_null(pl.col("commodity")) != pl.col("commodity")).alias(f"{side}_code"),
            (pl.col(f"{side}_partner").fill_null(true) != true).alias(f"{side}_end"),
        )
    sent_by = pl.coalesce("import_partner", "origin")
    mass = pl.min_horizontal("export_mass_factor", "import_mass_factor")
    value = [(1 - pl.col(f"{side}_value_factor")).abs() for side in partner]
    elsewhere = pl.col("export_code") | pl.col("export_end") | pl.col("import_code") | (sent_by != pl.col("exporter"))
    return goods.with_columns(
        is_missing=elsewhere | (pl.col("export_share") < 1) | (pl.col("import_share") < 1),
        short_mass=(1 - mass).clip(lower_bound=0.0),
        short_value=pl.max_horizontal(value),
    )


def _role() -> pl.Expr:
    """Role of goods on one of the flows that name them, null where that name tells the truth."""
    papers = pl.col("kind").cast(pl.String).replace_strict(PAPERS, default=None, return_dtype=pl.String)
    unmoved = pl.when(pl.col("kind") == "price_timed").then(pl.lit("late")).otherwise(pl.lit("phantom"))
    roles = papers
    for side in ("export", "import"):
        factors = [pl.col(f"{side}_{amount}_factor") != 1 for amount in ("value", "mass")]
        false = (
            pl.when(f"{side}_code")
            .then(pl.lit("false_code"))
            .when(f"{side}_end")
            .then(pl.lit("false_origin"))
            .when(pl.any_horizontal(factors))
            .then(pl.lit("false_value"))
        )
        roles = pl.coalesce(roles, pl.when(pl.col("side") == side).then(false))
    missing = pl.when((pl.col("side") == "true") & pl.col("is_missing")).then(pl.lit("hidden"))
    return pl.when("is_phantom").then(pl.coalesce(papers, unmoved)).otherwise(pl.coalesce(roles, missing))
