"""Causes for which the goods stand elsewhere: in another year, with another partner, under another code."""

import polars as pl

from graphs.commodities import family_named
from models.flows.amounts import usd
from models.flows.ordinary.finding import ALWAYS, IS_BANNED, ZERO, Finding, both, in_place, none_or


def time_lag(family: str) -> Finding:
    """The goods left in one year and arrived in another."""
    return in_place("next_years", "Year before and after", "neither neighbouring year can be compared")


def transit(family: str) -> Finding:
    """The goods passed through a third country, which the exporter names as their destination."""
    return in_place(
        "other_importers", "Same exporter, other partners", "the exporter's other partners cannot be compared"
    )


def partner_rule(family: str) -> Finding:
    """One side names the country of origin, the other the country that sent the goods."""
    return in_place(
        "other_exporters", "Same importer, other partners", "the importer's other partners cannot be compared"
    )


def coding(family: str) -> Finding:
    """The two sides declare the same goods under different codes or HS editions."""
    found = in_place(
        "other_codes",
        "Same two countries, neighbouring codes",
        "the source holds no neighbouring code of this pair's countries",
    )
    edition = pl.col("export_hs_revision") != pl.col("import_hs_revision")
    # Banned goods that leave under another code do not leave in the ordinary way.
    return Finding(
        testable=(pl.col("other_codes_held").list.len() > 0) | IS_BANNED,
        covers_usd=pl.when(IS_BANNED).then(0.0).otherwise(pl.col("other_codes_value_usd").fill_null(0.0)),
        covers_kg=pl.when(IS_BANNED).then(0.0).otherwise(none_or("other_codes")),
        text=pl.when(edition.fill_null(False))
        .then(
            pl.format("{} The sides use HS editions {} and {}.", found.text, "export_hs_revision", "import_hs_revision")
        )
        .otherwise(found.text),
        why_excluded=pl.when(IS_BANNED)
        .then(pl.lit("the export was banned: another code would be no ordinary reason"))
        .otherwise(
            pl.format(
                "Compared with what the source holds of neighbouring codes that year: {}.",
                pl.col("other_codes_held").list.head(6).list.join(", "),
            )
        ),
        why_not="the source holds no neighbouring code that year, so goods declared under one cannot be seen",
    )


def trade_system(family: str) -> Finding:
    """One side counts goods in free zones and warehouses (general trade), the other does not (special trade)."""
    return Finding(
        needs_silent_side=True,
        testable=pl.col("free_zone_value_usd") > 0,
        covers_usd=pl.col("free_zone_value_usd"),
        covers_kg=pl.col("free_zone_mass_kg"),
        text=pl.format("The silent side declares {} with free zones that year.", usd("free_zone_value_usd")),
        why_excluded=pl.format(
            "The silent side declares {} with free zones that year.", both("free_zone_value_usd", "free_zone_mass_kg")
        ),
        why_not="no declaration names free zones, and the sources do not state either country's trade system",
    )


def special_codes(family: str) -> Finding:
    """Monetary gold and goods under special codes are booked apart from ordinary trade."""
    if family_named(family).weighed_by != "value":
        return Finding(testable=ALWAYS, covers_usd=ZERO, covers_kg=ZERO, why_excluded=pl.lit("not a precious metal"))
    return Finding(
        needs_silent_side=True,
        testable=pl.col("special_value_usd") > 0,
        covers_usd=pl.col("special_value_usd"),
        covers_kg=pl.col("special_mass_kg"),
        text=pl.format("The silent side books {} under special codes that year.", usd("special_value_usd")),
        why_excluded=pl.format(
            "The silent side books {} under special codes that year.", both("special_value_usd", "special_mass_kg")
        ),
        why_not="the source shows no special codes, and monetary metal is booked outside ordinary trade",
    )


def confidentiality(family: str) -> Finding:
    """The silent side hides this trade under 'areas not specified' to keep a company's figures confidential."""
    return Finding(
        needs_silent_side=True,
        testable=pl.col("source_has_residual"),
        covers_usd=pl.col("unspecified_value_usd").fill_null(0.0),
        covers_kg=none_or("unspecified"),
        why_excluded=pl.lit("The silent side declares hardly any of this code with areas not specified."),
        text=pl.format(
            "The silent side declares {} of this code with areas not specified.",
            usd("unspecified_value_usd"),
        ),
        why_not="the source names no unspecified areas, so hidden trade cannot be seen",
    )


def parent_children(family: str) -> Finding:
    """The silent side's total for this code holds more than the partners it lists."""
    return Finding(
        needs_silent_side=True,
        testable=pl.col("unlisted_value_usd").is_not_null(),
        covers_usd=pl.col("unlisted_value_usd"),
        covers_kg=pl.col("unlisted_mass_kg"),
        text=pl.format("Its total exceeds the sum of its partners by {}.", usd("unlisted_value_usd")),
        why_excluded=pl.when(pl.col("unlisted_value_usd") > 0)
        .then(
            pl.format(
                "Its total exceeds the sum of its partners by {}.", both("unlisted_value_usd", "unlisted_mass_kg")
            )
        )
        .otherwise(pl.lit("Its total is no more than the sum of its partners.")),
        why_not="the source gives no total of the silent side for this code and year",
    )
