"""One sentence per alert: who, what, when, the numbers, their 80 % interval, and what speaks for an ordinary reason."""

import polars as pl

from graphs.commodities import family_named, title_of
from graphs.countries import name_of
from graphs.tables import LEARNED
from models.flows.amounts import mass, usd
from models.flows.calibrate import ALPHA

STRUCTURE: dict[str, tuple[str, tuple[str, ...]]] = {
    "pass_through": (
        "{} by a country that bought {} of the same goods that year; {} is beyond what it used to pass on.",
        ("hub_imports_usd",),
    ),
    "two_cycle": (
        "{}, and {} of the same goods came back that year; {} goes round beyond what these two used to.",
        ("back_usd",),
    ),
    "code_switch": (
        "{} under this code, and {} stands unmatched the other way under others; {} is apparently declared under "
        "different codes.",
        ("opposite_usd",),
    ),
    "three_path": (
        "{} by a country that declares {} from producers beyond what they declare to it; {} of this flow is new and "
        "apparently without a declared source.",
        ("short_usd",),
    ),
    "edge_stream": (
        "{}, {} of it in one month; {} is beyond what this pair's months before would suggest.",
        ("month_value_usd",),
    ),
}
"""Structure channels: the sentence, and the parts whose amounts stand between what is declared and the gap."""


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
        **{f"part_{one}": part(one) for _, parts in STRUCTURE.values() for one in parts},
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
    """A flow that is no anomaly: what is known of it, and why it is none."""
    is_learned = pl.col("list") == LEARNED
    untested = pl.lit("no channel that may raise an alert could test this flow")
    why = (
        # A score that stands out is ordinary for this reason alone.
        pl.when(is_learned & (pl.col("p_value") <= ALPHA))
        .then(pl.format("the learned score stands out; {}, so it is no alert", untested))
        .when(is_learned)
        .then(pl.lit("the learned score does not stand out"))
        .when("may_lead")
        .then(pl.lit("nothing stands out"))
        .otherwise(untested)
    )
    return pl.format("{}; {}.", _known(), why)


def _known() -> pl.Expr:
    """Both declarations, or the amount traded where the source holds none."""
    both_null = pl.col("import_value_usd").is_null() & pl.col("export_value_usd").is_null()
    return pl.when(both_null).then(pl.format("{} traded", usd("reconciled_value_usd"))).otherwise(_declared())


def _declared() -> pl.Expr:
    """What either side declares; a side that is not known to have reported is missing, and declares no 'nothing'."""
    imports, exports = usd("import_value_usd"), usd("export_value_usd")
    missing = {
        side: pl.col(f"{side}_value_usd").is_null() & ~pl.col(f"{side}er_reported").fill_null(False)
        for side in ("import", "export")
    }
    return (
        pl.when(missing["import"])
        .then(pl.format("the importer did not report and the exporter declares {}", exports))
        .when(missing["export"])
        .then(pl.format("the importer declares {} and the exporter did not report", imports))
        .otherwise(pl.format("the importer declares {} and the exporter {}", imports, exports))
    )


def _body(family: str) -> pl.Expr:
    low, high = usd("low"), usd("high")
    interval = pl.when(low == high).then(pl.lit("")).otherwise(pl.format(" ({} to {})", low, high))
    gap = pl.concat_str(usd("gap_value_usd"), interval)
    both = _declared()
    channel = pl.col("channel")
    together = pl.format("{}; no single test stands out, but its numbers together do", _known())
    unmatched = pl.when(pl.col("gap_value_usd") > 0).then(pl.format("; {} is apparently unmatched.", gap))
    return (
        pl.when(pl.col("lead_p") > ALPHA)
        .then(pl.concat_str(together, unmatched.otherwise(pl.lit("."))))
        .when(channel == "mirror_gap")
        .then(pl.format("{}, further apart than in this pair's own past; {} is apparently unmatched.", both, gap))
        .when(channel == "one_sided")
        .then(pl.format("{}, though both reported that year; {} is apparently unmatched.", both, gap))
        .when(channel == "ban_break")
        .then(pl.format("{} in a year with a published export ban; {} is apparently unmatched.", both, gap))
        .when(channel.is_in(list(STRUCTURE)))
        .then(_structure(gap))
        .when(channel == "carrying_capacity")
        .then(_carried(gap))
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
    )


def _carried(gap: pl.Expr) -> pl.Expr:
    """What is declared beside what the ships that were heard could have carried."""
    kg = {name: mass(part(f"{name}_kg")) for name in ("declared", "capacity", "capacity_low", "capacity_high")}
    months = part("months_compared").cast(pl.Int64)
    return pl.format(
        "{} are declared for {} of the year; ships heard at both countries' ports could have carried {} ({} to {}); "
        "{}, worth {}, is apparently beyond them.",
        kg["declared"],
        pl.when(months == 1).then(pl.lit("one month")).otherwise(pl.format("{} months", months)),
        kg["capacity"],
        kg["capacity_low"],
        kg["capacity_high"],
        mass(pl.col("gap_mass_kg")),
        gap,
    )


def _structure(gap: pl.Expr) -> pl.Expr:
    """What a structure channel saw around the flow."""
    traded = pl.format("{} traded", usd("reconciled_value_usd"))
    told = pl.lit(None, dtype=pl.String)
    for name, (form, parts) in STRUCTURE.items():
        start = _declared() if name == "code_switch" else traded
        words = pl.format(form, start, *(usd(f"part_{one}") for one in parts), gap)
        told = pl.when(pl.col("channel") == name).then(words).otherwise(told)
    return told


def _tail() -> pl.Expr:
    """What ordinary causes leave of it, or why they decide nothing."""
    gap = pl.any_horizontal((pl.col(name) > 0).fill_null(False) for name in ("gap_value_usd", "gap_mass_kg"))
    return (
        pl.when(pl.col("claim_level") == 2)
        .then(pl.lit(" The ordinary causes that could be tested would together account for at most half of it."))
        .when(pl.col("main_cause").is_not_null())
        .then(pl.format(" An ordinary cause is possible: {}.", pl.col("main_cause").str.replace_all("_", " ")))
        .when(~gap)
        .then(pl.lit(" There is no gap that an ordinary cause could be held against."))
        .when("has_open_cause")
        .then(pl.lit(" Not every ordinary cause could be tested."))
        .when(pl.col("lead_p") > ALPHA)
        .then(pl.lit(" By itself the gap is no larger than clean flows show."))
        .otherwise(pl.lit(" Ordinary causes together could account for more than half of it."))
    )
