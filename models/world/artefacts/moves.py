"""Artefacts of goods that go out and come back: bullion between vaults, ore to be smelted for a fee."""

import polars as pl

from models.world.artefacts.quiet import Done, Quiet, drawn, lasting, listed, numbered, span, summed
from models.world.schemes.acts import ship, without_site
from models.world.schemes.spells import MONTHS
from models.world.tables import Goods
from models.world.totals import totals

BULLION = "710812"
EVEN = [1 / MONTHS] * MONTHS


def vault_move(quiet: Quiet) -> Done:
    """Bullion moves to another country's vault and back a year later, large and without a sale.

    The country books it both ways under a special partner; the other names the country.
    """
    rules, chance = quiet.config.artefacts, quiet.chance("vault_move")
    lines = _vaults(quiet, rules.vaults)
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


def _vaults(quiet: Quiet, number: int) -> pl.DataFrame:
    """Ordered pairs of the largest traders of gold between which no scheme stands, and what each exports a year."""
    gold = quiet.legal.filter(pl.col("commodity") == BULLION)
    ends = [summed(gold, [end]).rename({end: "country"}) for end in ("exporter", "importer")]
    trade = totals(pl.concat(ends), ["country"], "value_usd")
    largest = trade.sort("value_usd", "country", descending=[True, False]).head(number)
    sent = _a_year(totals(gold.sort("goods_id"), ["exporter"], "contained_kg"), quiet)
    pairs = largest.join(largest.select(partner="country"), how="cross").filter(pl.col("country") != pl.col("partner"))
    pairs = pairs.with_columns(family=pl.lit("gold"), commodity=pl.lit(BULLION))
    pairs = pairs.join(sent.rename({"exporter": "country"}), on="country", how="inner")
    return _idle(pairs, quiet).sort("country", "partner")


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
    """Countries that export ore and those that sell the metal of it, between which no scheme of the family stands."""
    metals = quiet.config.artefacts.smelted
    metal = pl.col("commodity").replace_strict(metals, default=None, return_dtype=pl.String)
    own = quiet.legal.filter(pl.col("origin") == pl.col("exporter")).with_columns(metal=metal).sort("goods_id")
    keys = ["family", "commodity", "metal", "exporter"]
    owners = _a_year(totals(own.filter(pl.col("metal").is_not_null()), keys, "value_usd", "contained_kg"), quiet)
    refined = own.filter(pl.col("commodity").is_in(list(metals.values())))
    smelters = refined.select("family", metal="commodity", partner="exporter").unique()
    rows = owners.rename({"exporter": "country"}).join(smelters, on=["family", "metal"], how="inner")
    rows = _idle(rows.filter(pl.col("country") != pl.col("partner")), quiet)
    return rows.sort("family", "commodity", "country", "partner")


def _a_year(sums: pl.DataFrame, quiet: Quiet) -> pl.DataFrame:
    """Contained kg of a mean year of the world."""
    return sums.with_columns(pl.col("contained_kg") / len(quiet.config.years))


def _idle(pairs: pl.DataFrame, quiet: Quiet) -> pl.DataFrame:
    """Pairs between which no scheme of the family stands."""
    busy = quiet.busy.rename({"exporter": "country", "importer": "partner"})
    return pairs.join(busy, on=busy.columns, how="anti")


def _yearly(rows: pl.DataFrame) -> pl.DataFrame:
    years = rows.with_columns(year=pl.int_ranges("first_year", pl.col("last_year") + 1, dtype=pl.Int32))
    return years.explode("year", empty_as_null=False).with_columns(timing=pl.lit(EVEN, dtype=pl.List(pl.Float64)))


def _moved(quiet: Quiet, rows: pl.DataFrame, legs: list[pl.DataFrame]) -> Done:
    goods = pl.concat([ship(leg, quiet.terms, "artefact_id") for leg in legs])
    return Done(listed(rows), Goods.create_empty(), goods, without_site(goods, "stock"))
