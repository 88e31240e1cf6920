"""Artefacts of goods that go out and come back: bullion between vaults, ore to be smelted for a fee."""

import polars as pl

from models.world.artefacts.quiet import Done, Quiet, drawn, lasting, listed, numbered, span, summed
from models.world.schemes.acts import ship, without_site
from models.world.schemes.market import MONTHS
from models.world.tables import Goods

BULLION = "710812"
EVEN = [1 / MONTHS] * MONTHS


def vault_move(quiet: Quiet) -> Done:
    """Bullion moves to another country's vault and back a year later, large and without a sale.

    The country books it both ways under a special partner; the other names the country.
    """
    rules, chance = quiet.config.artefacts, quiet.chance("vault_move")
    gold = quiet.goods.filter(pl.col("commodity") == BULLION)
    lines = _vaults(gold, rules.vaults, len(quiet.config.years))
    lines = drawn(lines, rules.in_forms[quiet.config.size], rules.size_power, chance)
    rows = lasting(numbered(lines, "vault_move", chance), quiet.config, rules.vault_years, chance)
    codes = dict(enumerate(rules.special_partners))
    rows = rows.with_columns(
        special=(pl.col("place") % len(codes)).cast(pl.Int64).replace_strict(codes, return_dtype=pl.String),
        contained_kg=pl.col("contained_kg") * span(rules.vaulted),
        origin="country",
    )
    rows = rows.with_columns(
        description=pl.format("Bullion of {} lies in {} for a while; {} books it under {}.", "country", "partner",
                              "country", "special")
    )  # fmt: skip
    years = _yearly(rows)
    out = years.filter(pl.col("year") < pl.col("last_year"))
    back = years.filter(pl.col("year") > pl.col("first_year"))
    out = out.with_columns(exporter="country", importer="partner", export_partner="special")
    back = back.with_columns(exporter="partner", importer="country", import_partner="special")
    return _moved(quiet, rows, [out, back])


def _vaults(gold: pl.DataFrame, number: int, years: int) -> pl.DataFrame:
    """Ordered pairs of the largest traders of gold between which no scheme stands, and what each exports a year."""
    ends = [summed(gold, [end]).rename({end: "country"}) for end in ("exporter", "importer")]
    trade = pl.concat(ends).group_by("country", maintain_order=True).agg(pl.col("value_usd").sum())
    largest = trade.sort("value_usd", "country", descending=[True, False]).head(number)
    sent = gold.sort("goods_id").group_by("exporter", maintain_order=True).agg(pl.col("contained_kg").sum() / years)
    pairs = largest.join(largest.select(partner="country"), how="cross").filter(pl.col("country") != pl.col("partner"))
    traded = gold.select(country="exporter", partner="importer").unique()
    pairs = pairs.join(traded, on=["country", "partner"], how="semi", maintain_order="left")
    pairs = pairs.join(sent.rename({"exporter": "country"}), on="country", how="inner").sort("country", "partner")
    return pairs.with_columns(family=pl.lit("gold"), commodity=pl.lit(BULLION))


def toll_refining(quiet: Quiet) -> Done:
    """Ore goes out to be smelted and the metal comes back; only one side has forms of it, at the processing fee."""
    rules, chance = quiet.config.artefacts, quiet.chance("toll_refining")
    lines = drawn(_smelters(quiet), rules.in_forms[quiet.config.size], rules.size_power, chance)
    rows = lasting(numbered(lines, "toll_refining", chance), quiet.config, rules.lasting_years, chance)
    by_owner = pl.col("place") % 2 == 0
    rows = rows.with_columns(
        contained_kg=pl.col("contained_kg") * span(rules.tolled),
        origin="country",
        fee=span(rules.fee),
        by_owner=by_owner,
        description=pl.format("{} has ore smelted in {} for a fee; {} declares the fee, the other side nothing.",
                              "country", "partner", pl.when(by_owner).then("country").otherwise("partner")),
    )  # fmt: skip
    years = _yearly(rows)
    seen, unseen = pl.when("by_owner").then(1.0).otherwise(0.0), pl.when("by_owner").then(0.0).otherwise(1.0)
    fees = {"export_value_factor": pl.col("fee"), "import_value_factor": pl.col("fee")}
    out = years.with_columns(exporter="country", importer="partner", export_share=seen, import_share=unseen, **fees)
    back = years.with_columns(
        pl.col("contained_kg") * rules.recovered,
        exporter="partner",
        importer="country",
        origin="partner",
        commodity="metal",
        export_share=unseen,
        import_share=seen,
        **fees,
    )
    return _moved(quiet, rows, [out, back])


def _smelters(quiet: Quiet) -> pl.DataFrame:
    """Countries that export ore and those that smelt it, between which goods of the family move without a scheme."""
    metals, years = quiet.config.artefacts.smelted, len(quiet.config.years)
    goods = quiet.goods.with_columns(
        metal=pl.col("commodity").replace_strict(metals, default=None, return_dtype=pl.String)
    )
    ore = goods.filter(pl.col("metal").is_not_null()).sort("goods_id")
    keys = ["family", "commodity", "metal", "exporter"]
    owners = ore.group_by(keys, maintain_order=True).agg(
        pl.col("value_usd").sum(), pl.col("contained_kg").sum() / years
    )
    own_metal = goods.filter(pl.col("commodity").is_in(list(metals.values())), pl.col("origin") == pl.col("exporter"))
    smelters = own_metal.select("family", metal="commodity", partner="exporter").unique()
    pairs = goods.select("family", "exporter", partner="importer").unique()
    rows = owners.join(smelters, on=["family", "metal"], how="inner")
    rows = rows.filter(pl.col("exporter") != pl.col("partner"))
    rows = rows.join(pairs, on=["family", "exporter", "partner"], how="semi")
    return rows.rename({"exporter": "country"}).sort("family", "commodity", "country", "partner")


def _yearly(rows: pl.DataFrame) -> pl.DataFrame:
    years = rows.with_columns(year=pl.int_ranges("first_year", pl.col("last_year") + 1, dtype=pl.Int32))
    return years.explode("year", empty_as_null=False).with_columns(timing=pl.lit(EVEN, dtype=pl.List(pl.Float64)))


def _moved(quiet: Quiet, rows: pl.DataFrame, legs: list[pl.DataFrame]) -> Done:
    goods = pl.concat([ship(leg, quiet.terms, "artefact_id") for leg in legs])
    return Done(listed(rows), Goods.create_empty(), goods, without_site(goods, "stock"))
