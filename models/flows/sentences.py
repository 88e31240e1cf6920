"""One sentence per alert: who, what, when, the numbers, their 80 % interval, and what speaks for an ordinary reason."""

import polars as pl

from graphs.commodities import family_named, title_of
from graphs.countries import name_of
from models.flows.amounts import mass, usd


def sentence(rows: pl.DataFrame, family: str) -> pl.Series:
    """Sentence for each row, in the order of the rows."""
    names = {code: name_of(code) for side in ("exporter", "importer") for code in rows[side].unique()}
    titles = {code: title_of(code) for code in rows["commodity"].unique()}
    named = rows.with_columns(
        exporter_name=pl.col("exporter").replace_strict(names, return_dtype=pl.String),
        importer_name=pl.col("importer").replace_strict(names, return_dtype=pl.String),
        title=pl.col("commodity").replace_strict(titles, return_dtype=pl.String),
        low=part("gap_low_usd"),
        high=part("gap_high_usd"),
    )
    head = pl.format("{} to {}, {} (HS {}), {}: ", "exporter_name", "importer_name", "title", "commodity", "period")
    told = pl.concat_str(_body(family), _tail())
    text = pl.concat_str(head, pl.when(pl.col("claim_level") == 0).then(_ordinary()).otherwise(told))
    return named.select(sentence=text)["sentence"]


def part(name: str) -> pl.Expr:
    """Value of a named part of the leading channel; null where it has none."""
    return (
        pl.col("parts")
        .list.eval(pl.element().struct.field("value").filter(pl.element().struct.field("name") == name))
        .list.first()
    )


def _ordinary() -> pl.Expr:
    """A flow that is no anomaly: what is known of it, and no more."""
    declared = pl.format(
        "the importer declares {} and the exporter {}", usd("import_value_usd"), usd("export_value_usd")
    )
    both_null = pl.col("import_value_usd").is_null() & pl.col("export_value_usd").is_null()
    known = pl.when(both_null).then(pl.format("{} traded", usd("reconciled_value_usd"))).otherwise(declared)
    return pl.format("{}; nothing stands out.", known)


def _body(family: str) -> pl.Expr:
    low, high = usd("low"), usd("high")
    interval = pl.when(low == high).then(pl.lit("")).otherwise(pl.format(" ({} to {})", low, high))
    gap = pl.concat_str(usd("gap_value_usd"), interval)
    imports, exports = usd("import_value_usd"), usd("export_value_usd")
    both = pl.format("the importer declares {} and the exporter {}", imports, exports)
    channel = pl.col("channel")
    return (
        pl.when(channel == "mirror_gap")
        .then(pl.format("{}, further apart than in this pair's own past; {} is apparently unmatched.", both, gap))
        .when(channel == "one_sided")
        .then(pl.format("{}, though both reported that year; {} is apparently unmatched.", both, gap))
        .when(channel == "ban_break")
        .then(pl.format("{} in a year with a published export ban; {} is apparently unmatched.", both, gap))
        .when(channel == "balance")
        .then(
            pl.format(
                "the exporter's year shows {} of {} beyond production, imports and earlier stock (unrecorded "
                "supply: own output, unrecorded imports, scrap or stock){}; this flow's part is {}, worth {}.",
                mass(part("excess_kg").clip(lower_bound=0.0)),
                pl.lit(family_named(family).basis),
                pl.when(part("is_listed_producer") == 0)
                .then(pl.lit(", and the production source does not list this country"))
                .otherwise(pl.lit("")),
                mass(pl.col("gap_mass_kg")),
                gap,
            )
        )
        .otherwise(
            pl.format(
                "{} traded, {} of it above what this pair's past would suggest.", usd("reconciled_value_usd"), gap
            )
        )
    )


def _tail() -> pl.Expr:
    return (
        pl.when(pl.col("claim_level") == 2)
        .then(pl.lit(" No ordinary cause tested accounts for half of it."))
        .when(pl.col("main_cause").is_not_null())
        .then(pl.format(" An ordinary cause is possible: {}.", pl.col("main_cause").str.replace_all("_", " ")))
        .otherwise(pl.lit(" Not every ordinary cause could be tested."))
    )
