"""The ordinary causes, one function each. The docstring is the sentence that users read.

A cause looks at the evidence beside each flow (models.flows.evidence) and answers with a `Finding`: how much of
the unmatched value and mass it could account for, whether it could be tested at all, and the numbers it compared.
What a cause accounts for is the smaller of its shares in value and in mass, since goods have both.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl

from graphs.commodities import family_named
from graphs.events import BANS
from graphs.flags import Flag, has_flag
from models.flows.evidence import MIRROR_CHANNELS
from models.flows.prices import OUT_OF_RANGE

CIF_OVER_FOB = 0.22
"""95th percentile of declared CIF over FOB on 11,431 real rows, less one."""
MOISTURE = 0.30
"""Ores are declared wet or dry; nickel and bauxite carry up to about 30 % water."""
SMALL_FLOW_USD = 10_000.0
LATE_DAYS = 400
"""A year that ended less than this before `as_of` is still being revised."""
STOPPED = 0.5
"""An office that declares less than this share of what all its other partners declare does so with everyone."""
VAULTS = ("GBR", "CHE", "HKG", "SGP", "USA", "ARE", "DEU")
"""Countries whose vaults and free ports hold metal for others."""
BULK = "bulk goods are not kept in vaults"


@dataclass(frozen=True)
class Finding:
    """What one cause could account for."""

    testable: pl.Expr
    covers_usd: pl.Expr | None = None
    """Unmatched value it could account for; None where the cause says nothing about value."""
    covers_kg: pl.Expr | None = None
    text: pl.Expr | None = None
    """Numbers compared, told where the cause is possible."""
    is_possible: pl.Expr | None = None
    """Overrides 'possible when it covers something', for causes that qualify a number without covering a gap."""
    why_not: str = ""
    """Told where the cause could not be tested."""
    bears_on: pl.Expr = field(default_factory=lambda: pl.lit(True))
    """Flows whose gap this cause could make at all; the others are excluded, with `not_bearing`."""
    not_bearing: str = ""
    why_excluded: pl.Expr = field(default_factory=lambda: pl.lit(None, dtype=pl.String))


Cause = Callable[[str], Finding]
ZERO = pl.lit(0.0)
ALWAYS = pl.lit(True)
IS_MIRROR = pl.col("channel").is_in(MIRROR_CHANNELS)
IS_JUMP = pl.col("channel") == "jump"
IS_BALANCE = pl.col("channel") == "balance"


def _million(column: str) -> pl.Expr:
    return (pl.col(column) / 1e6).round(3).cast(pl.String)


def _found(place: str, sentence: str) -> pl.Expr:
    """Sentence with the opposite amounts found in a place."""
    mass = (
        pl.when(pl.col(f"{place}_mass_kg").is_not_null())
        .then(pl.format(" and {} thousand t", _million(f"{place}_mass_kg")))
        .otherwise(pl.lit(""))
    )
    return pl.format(
        "{}: {} M USD{} stand there unmatched the other way.", pl.lit(sentence), _million(f"{place}_value_usd"), mass
    )


def _place(place: str, sentence: str, why_not: str) -> Finding:
    """A cause that looks for the goods as an opposite deviation in another cell."""
    return Finding(
        testable=pl.col(f"{place}_value_usd").is_not_null(),
        covers_usd=pl.col(f"{place}_value_usd"),
        covers_kg=pl.col(f"{place}_mass_kg"),
        text=_found(place, sentence),
        why_not=why_not,
    )


def cif_fob(family: str) -> Finding:
    """Freight and insurance: imports are valued on arrival, exports on departure, usually up to 22 % apart."""
    return Finding(
        testable=ALWAYS,
        bears_on=IS_MIRROR & (pl.col("silent") == "exporter"),
        not_bearing="it makes imports exceed exports, which is not what stands out here",
        covers_usd=CIF_OVER_FOB * pl.col("export_value_usd").fill_null(0.0),
        covers_kg=ZERO,
    )


def fob_import(family: str) -> Finding:
    """The importer values its imports without freight, so its figure is lower than others' would be."""
    values_fob = has_flag(Flag.FOB_IMPORT) | (pl.col("import_value_basis").cast(pl.String) == "FOB")
    return Finding(
        testable=ALWAYS,
        bears_on=IS_MIRROR & (pl.col("silent") == "importer"),
        not_bearing="it makes exports exceed imports, which is not what stands out here",
        covers_usd=pl.when(values_fob).then(CIF_OVER_FOB * pl.col("import_value_usd").fill_null(0.0)).otherwise(0.0),
        covers_kg=ZERO,
    )


def time_lag(family: str) -> Finding:
    """The goods left in one year and arrived in another."""
    return _place("next_years", "Year before and after", "neither neighbouring year can be compared")


def transit(family: str) -> Finding:
    """The goods passed through a third country, which the exporter names as their destination."""
    return _place(
        "other_importers", "Same exporter, other partners", "the exporter's other partners cannot be compared"
    )


def partner_rule(family: str) -> Finding:
    """One side names the country of origin, the other the country that sent the goods."""
    return _place(
        "other_exporters", "Same importer, other partners", "the importer's other partners cannot be compared"
    )


def coding(family: str) -> Finding:
    """The two sides declare the same goods under different codes or HS editions."""
    found = _place(
        "other_codes",
        "Same two countries, neighbouring codes",
        "the source holds no neighbouring code of this pair's countries",
    )
    edition = pl.col("export_hs_revision") != pl.col("import_hs_revision")
    sees_codes = pl.col("source_codes") > 1
    return Finding(
        testable=sees_codes,
        covers_usd=pl.col("other_codes_value_usd").fill_null(0.0),
        covers_kg=pl.col("other_codes_mass_kg").fill_null(0.0),
        text=pl.when(edition.fill_null(False))
        .then(
            pl.format("{} The sides use HS editions {} and {}.", found.text, "export_hs_revision", "import_hs_revision")
        )
        .otherwise(found.text),
        why_not="the source holds no neighbouring code, so goods declared under one cannot be seen",
    )


def trade_system(family: str) -> Finding:
    """One side counts goods in free zones and warehouses (general trade), the other does not (special trade)."""
    return Finding(
        testable=pl.col("free_zone_value_usd") > 0,
        covers_usd=pl.col("free_zone_value_usd"),
        covers_kg=pl.col("free_zone_mass_kg"),
        text=pl.format("The silent side declares {} M USD with free zones that year.", _million("free_zone_value_usd")),
        why_not="no declaration names free zones, and the sources do not state either country's trade system",
    )


def special_codes(family: str) -> Finding:
    """Monetary gold and goods under special codes are booked apart from ordinary trade."""
    if family_named(family).weighed_by != "value":
        return Finding(testable=ALWAYS, covers_usd=ZERO, covers_kg=ZERO, why_excluded=pl.lit("not a precious metal"))
    return Finding(
        testable=IS_MIRROR & (pl.col("special_value_usd") > 0),
        covers_usd=pl.col("special_value_usd"),
        covers_kg=pl.col("special_mass_kg"),
        text=pl.format("The silent side books {} M USD under special codes that year.", _million("special_value_usd")),
        why_not="the source shows no special codes, and monetary metal is booked outside ordinary trade",
    )


def confidentiality(family: str) -> Finding:
    """The silent side hides this trade under 'areas not specified' to keep a company's figures confidential."""
    return Finding(
        testable=IS_MIRROR & pl.col("source_has_residual").fill_null(False),
        covers_usd=pl.col("unspecified_value_usd").fill_null(0.0),
        covers_kg=pl.col("unspecified_mass_kg").fill_null(0.0),
        text=pl.format(
            "The silent side declares {} M USD of this code with areas not specified.",
            _million("unspecified_value_usd"),
        ),
        why_not="the source names no unspecified areas, so hidden trade cannot be seen",
    )


def quantity_fault(family: str) -> Finding:
    """A weight in the wrong unit or of impure metal: grams as kilograms, ounces, dore booked as gold."""
    by_weight, by_price = pl.col("excess_by_declared_mass_kg"), pl.col("excess_kg")
    text = (
        pl.when(IS_BALANCE)
        .then(
            pl.format(
                "Declared weights give an excess of {} t, the price gives {} t: {}.",
                (by_weight / 1e3).round(1).cast(pl.String),
                (by_price / 1e3).round(1).cast(pl.String),
                pl.when(by_price <= 0)
                .then(pl.lit("the weights explain it"))
                .otherwise(pl.lit("the weights explain the difference, the rest of the balance is open")),
            )
        )
        .otherwise(
            pl.format(
                "The declared mass is {} times what the world price implies.",
                pl.col("mass_over_implied").round(2).cast(pl.String),
            )
        )
    )
    # Ores differ in grade, so only a price-checked metal's weight can be held against its price closely.
    widest = 2.0 if family_named(family).price_checked else OUT_OF_RANGE
    fault = ~pl.col("mass_over_implied").is_between(1 / widest, widest)
    return Finding(
        testable=pl.when(IS_BALANCE).then(by_weight.is_not_null()).otherwise(pl.col("mass_over_implied").is_not_null()),
        covers_usd=ZERO,
        covers_kg=pl.when(IS_BALANCE | ~fault).then(0.0).otherwise(pl.col("gap_mass_kg")),
        is_possible=pl.when(IS_BALANCE).then((by_weight - by_price) > 0.1 * by_price.abs()).otherwise(fault),
        text=text,
        why_not="no mass, or too little trade to know the world price",
    )


def estimated_mass(family: str) -> Finding:
    """The mass was estimated by the statistical office or the UN, not declared."""
    exports = pl.col("is_export_mass_estimated").fill_null(False)
    imports = pl.col("is_import_mass_estimated").fill_null(False)
    made = has_flag(Flag.MASS_ESTIMATED) | has_flag(Flag.MASS_FROM_VALUE)
    side = (
        pl.when(exports & imports)
        .then(pl.lit("both sides"))
        .when(exports)
        .then(pl.lit("the exporter"))
        .otherwise(pl.lit("the importer"))
    )
    return Finding(
        testable=pl.any_horizontal(exports, imports, made)
        | (pl.col("is_export_mass_estimated").is_not_null() | pl.col("is_import_mass_estimated").is_not_null()),
        covers_usd=ZERO,
        covers_kg=pl.when(exports | imports | made).then(pl.col("gap_mass_kg")).otherwise(0.0),
        is_possible=exports | imports | made,
        text=pl.format("The mass given for {} was estimated, not declared: it says nothing about a gap in mass.", side),
        why_not="the source does not say which masses were estimated",
    )


def wet_mass(family: str) -> Finding:
    """One side weighs the ore wet, the other dry."""
    if family_named(family).weighed_by == "value":
        return Finding(testable=ALWAYS, covers_usd=ZERO, covers_kg=ZERO, why_excluded=pl.lit("not an ore weighed wet"))
    heavier = pl.max_horizontal("export_mass_kg", "import_mass_kg")
    return Finding(
        testable=pl.col("export_mass_kg").is_not_null() & pl.col("import_mass_kg").is_not_null(),
        bears_on=IS_MIRROR,
        not_bearing="it bears on two declared masses only, and this flow stands out for another reason",
        covers_usd=ZERO,
        covers_kg=MOISTURE * heavier,
        why_not="only one side gives a mass",
    )


def late_data(family: str) -> Finding:
    """The year is recent: figures are still coming in or being revised."""
    age = (pl.col("as_of") - pl.date(pl.col("period"), 12, 31)).dt.total_days()
    young = (age < LATE_DAYS) | has_flag(Flag.PROVISIONAL)
    return Finding(
        testable=ALWAYS,
        covers_usd=pl.when(young).then(pl.col("gap_value_usd")).otherwise(0.0),
        covers_kg=pl.when(young).then(pl.col("gap_mass_kg")).otherwise(0.0),
        text=pl.lit("The year is the source's latest, or ended too recently to be final."),
    )


def parent_children(family: str) -> Finding:
    """The silent side's total for this code holds more than the partners it lists."""
    return Finding(
        testable=pl.col("unlisted_value_usd").is_not_null(),
        covers_usd=pl.col("unlisted_value_usd"),
        covers_kg=pl.col("unlisted_mass_kg"),
        text=pl.format("Its total exceeds the sum of its partners by {} M USD.", _million("unlisted_value_usd")),
        why_not="the source gives no total of the silent side for this code and year",
    )


def reporter_break(family: str) -> Finding:
    """The silent side stopped declaring this code, or declares it short with everyone, not with this partner alone."""
    now = pl.col("others_own_usd") / pl.col("others_theirs_usd")
    stopped = (pl.col("own_total_usd").fill_null(0.0) == 0) & (pl.col("past_coverage") > 0)
    has_others = pl.col("others_theirs_usd") > SMALL_FLOW_USD
    banned = (pl.col("silent") == "exporter") & is_banned()
    everyone = has_others & (now < STOPPED)
    part = pl.when(banned).then(0.0).when(stopped).then(1.0).when(everyone).then(1 - now).otherwise(0.0)
    return Finding(
        testable=IS_MIRROR & (pl.col("past_coverage").is_not_null() | has_others | banned),
        covers_usd=part * pl.col("gap_value_usd"),
        covers_kg=part * pl.col("gap_mass_kg"),
        text=pl.when(stopped)
        .then(pl.lit("The silent side declares this code with nobody that year, though it did before."))
        .otherwise(
            pl.format(
                "With all other partners it declares {} of what they declare, against {} usually.",
                now.round(2).cast(pl.String),
                pl.col("past_coverage").round(2).cast(pl.String).fill_null("an unknown share"),
            )
        ),
        why_not="the silent side's earlier declarations of this code cannot be compared",
        why_excluded=pl.when(banned).then(
            pl.lit("a published export ban explains why exports stop, and explains no arrival")
        ),
    )


def is_banned() -> pl.Expr:
    """True for flows whose export was banned for a part of their year."""
    tests = [
        (pl.col("exporter") == ban.exporter)
        & pl.any_horizontal([pl.col("commodity").str.starts_with(prefix) for prefix in ban.prefixes])
        & (pl.col("period") >= ban.start.year)
        & (pl.col("period") <= (ban.end.year if ban.end else 9999))
        for ban in BANS
    ]
    return pl.any_horizontal(tests) if tests else pl.lit(False)


def stocks(family: str) -> Finding:
    """Metal moved between vaults, out of earlier stock, or for refining under contract."""
    if family_named(family).weighed_by != "value":
        return Finding(
            testable=~IS_BALANCE | pl.col("stock_allowance_kg").is_not_null(),
            covers_usd=ZERO,
            covers_kg=ZERO,
            why_excluded=pl.lit(BULK),
        )
    vault = pl.col("exporter").is_in(VAULTS) | pl.col("importer").is_in(VAULTS)
    return Finding(
        testable=pl.when(IS_BALANCE).then(~pl.col("exporter").is_in(VAULTS)).otherwise(~vault),
        covers_usd=ZERO,
        covers_kg=ZERO,
        why_not="a country with vaults takes part, and no source counts what they hold",
        why_excluded=pl.when(IS_BALANCE)
        .then(
            pl.format(
                "net imports of earlier years ({} t) are already allowed for",
                (pl.col("stock_allowance_kg") / 1e3).round(1).cast(pl.String),
            )
        )
        .otherwise(pl.lit("neither country is known for vaults")),
    )


def scrap(family: str) -> Finding:
    """Scrap, by-product and recycled metal, which no mine produced."""
    if not family_named(family).production_names:
        return Finding(
            testable=ALWAYS, covers_usd=ZERO, covers_kg=ZERO, why_excluded=pl.lit("not a metal that is recycled")
        )
    return Finding(
        testable=~IS_BALANCE,
        covers_usd=ZERO,
        covers_kg=ZERO,
        why_not="no source counts scrap and by-product of this metal by country",
        why_excluded=pl.lit("both sides' declarations would hold it alike"),
    )


def missing_reporter(family: str) -> Finding:
    """The silent side did not report, or leaves out flows as small as this one."""
    size = pl.max_horizontal("export_value_usd", "import_value_usd", "reconciled_value_usd")
    small = size < SMALL_FLOW_USD
    return Finding(
        testable=IS_MIRROR,
        covers_usd=pl.when(small).then(pl.col("gap_value_usd")).otherwise(0.0),
        covers_kg=pl.when(small).then(pl.col("gap_mass_kg")).otherwise(0.0),
        text=pl.lit("The flow is below 10,000 USD, where offices round or leave out."),
        why_not="the source does not say who reported",
        why_excluded=pl.lit("the silent side reported that year"),
    )


def price_move(family: str) -> Finding:
    """The world price rose, so the same tonnes are worth more."""
    rise = (pl.col("usd_per_kg") / pl.col("usd_per_kg_before") - 1).clip(lower_bound=0.0)
    return Finding(
        testable=pl.col("usd_per_kg_before").is_not_null(),
        bears_on=IS_JUMP,
        not_bearing="it raises a flow's value over the years, and this flow stands out for another reason",
        covers_usd=rise * pl.col("usual_value_usd"),
        covers_kg=pl.when(pl.col("gap_mass_kg").is_not_null()).then(0.0),
        text=pl.format("The world price rose by {} % in a year.", (100 * rise).round(0).cast(pl.Int64).cast(pl.String)),
        why_not="the world price of this year or the year before is not known",
    )


CAUSES: dict[str, Cause] = {
    cause.__name__: cause
    for cause in (
        cif_fob,
        fob_import,
        time_lag,
        transit,
        partner_rule,
        trade_system,
        coding,
        special_codes,
        confidentiality,
        quantity_fault,
        estimated_mass,
        wet_mass,
        late_data,
        parent_children,
        reporter_break,
        stocks,
        scrap,
        missing_reporter,
        price_move,
    )
}


def meaning(cause: str) -> str:
    """The sentence that users read."""
    return (CAUSES[cause].__doc__ or "").strip().splitlines()[0]
