"""Artefacts of coding and weighing: what one side does with one partner, or with all."""

import polars as pl

from models.world.artefacts.quiet import LINE, Done, Quiet, drawn, lasting, met, numbered, says, span, summed


def neighbour_coding(quiet: Quiet) -> Done:
    """One side always puts the goods under a code beside theirs."""
    codes = {code: others[0] for code, others in quiet.config.schemes.other_codes.items()}
    rows = _chosen(quiet, "neighbour_coding", list(codes)).with_columns(
        side=pl.when(pl.col("place") % 2 == 0).then(pl.lit("export")).otherwise(pl.lit("import")),
        says=pl.col("commodity").replace_strict(codes, default=None, return_dtype=pl.String),
    )
    rows = _ends(rows, quiet.config.artefacts.every_partner)
    text = pl.format("{} declares {} as {}.", "country", "commodity", "says")
    return Done.of(rows.with_columns(description=text), says(_reached(quiet, rows), "commodity"))


def wet_dry_mass(quiet: Quiet) -> Done:
    """Ore is weighed wet where it leaves and dry where it arrives."""
    rules = quiet.config.artefacts
    rows = _chosen(quiet, "wet_dry_mass", list(rules.wet)).with_columns(side=pl.lit("export"))
    rows = _ends(rows, rules.every_partner).with_columns(dry=span(rules.dry_mass))
    share = (100 * pl.col("dry")).round().cast(pl.Int64)
    text = pl.format("{} weighs {} wet; on arrival it is weighed dry, {} % of it.", "country", "commodity", share)
    goods = _reached(quiet, rows).with_columns(import_mass_factor="dry")
    return Done.of(rows.with_columns(description=text), goods)


def _chosen(quiet: Quiet, kind: str, codes: list[str]) -> pl.DataFrame:
    """Pairs that trade these codes, with the years of their habit."""
    rules, chance = quiet.config.artefacts, quiet.chance(kind)
    lines = summed(quiet.goods.filter(pl.col("commodity").is_in(codes)), list(LINE))
    lines = drawn(lines, rules.in_forms[quiet.config.size], rules.size_power, chance)
    return lasting(numbered(lines, kind, chance), quiet.config, rules.lasting_years, chance, rules.always)


def _ends(rows: pl.DataFrame, every_partner: float) -> pl.DataFrame:
    """Whose habit it is, and with whom; null for all partners."""
    is_export = pl.col("side") == "export"
    partner = pl.when(is_export).then("importer").otherwise("exporter")
    return rows.with_columns(
        country=pl.when(is_export).then("exporter").otherwise("importer"),
        partner=pl.when(pl.col("luck") >= every_partner).then(partner),
    )


def _reached(quiet: Quiet, rows: pl.DataFrame) -> pl.DataFrame:
    """Goods that the habits reach."""
    with_all = rows.filter(pl.col("partner").is_null())
    found = [met(quiet.goods, rows.filter(pl.col("partner").is_not_null()), list(LINE))]
    for side, end in (("export", "exporter"), ("import", "importer")):
        found.append(met(quiet.goods, with_all.filter(pl.col("side") == side), ["family", "commodity", end]))
    goods = pl.concat([one.select(found[0].columns) for one in found])
    return goods.sort("goods_id", "artefact_id").unique("goods_id", keep="first", maintain_order=True)
