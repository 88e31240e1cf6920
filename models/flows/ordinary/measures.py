"""Causes that lie in how value and mass are measured."""

import polars as pl

from graphs.commodities import family_named
from graphs.flags import Flag, has_flag
from models.flows.amounts import mass
from models.flows.ordinary.finding import ALWAYS, IS_BALANCE, IS_CARRIAGE, IS_JUMP, IS_MIRROR, ZERO, Finding
from models.flows.prices import CLOSE, IMPOSSIBLE_PRICE, OUT_OF_RANGE

CIF_OVER_FOB = 0.22
"""95th percentile of declared CIF over FOB on 11,431 real rows, less one."""
MOISTURE = 0.30
"""Ores are declared wet or dry; nickel and bauxite carry up to about 30 % water."""


def cif_fob(family: str) -> Finding:
    """Freight and insurance: imports are valued on arrival, exports on departure, usually up to 22 % apart."""
    return Finding(
        testable=ALWAYS,
        bears_on=IS_MIRROR & (pl.col("silent") == "exporter"),
        not_bearing="it makes imports exceed exports, which is not what stands out here",
        covers_usd=CIF_OVER_FOB * pl.col("export_value_usd").fill_null(0.0),
        covers_kg=ZERO,
        why_excluded=pl.when(pl.col("export_value_usd").fill_null(0.0) == 0)
        .then(pl.lit("the exporter declares no value to which freight would be added"))
        .when(pl.col("gap_mass_kg") > 0)
        .then(pl.lit("freight and insurance add value and no mass, and mass is unmatched too")),
    )


def fob_import(family: str) -> Finding:
    """The importer values its imports without freight, so its figure is lower than others' would be."""
    values_fob = has_flag(Flag.FOB_IMPORT) | (pl.col("import_value_basis").cast(pl.String) == "FOB")
    is_lower = pl.col("import_value_usd") < pl.col("export_value_usd")
    return Finding(
        testable=ALWAYS,
        bears_on=IS_MIRROR & (is_lower | (pl.col("silent") == "importer")),
        is_possible=values_fob & is_lower,
        text=pl.lit("The importer values FOB; with freight its figure would be up to 22 % higher."),
        why_excluded=pl.when(~values_fob.fill_null(False))
        .then(pl.lit("the importer is not known to value its imports FOB"))
        .when(is_lower.is_null())
        .then(pl.lit("only one side declares a value, so the importer's is not the lower one"))
        .otherwise(pl.lit("the importer's figure is not below the exporter's")),
        not_bearing="it makes exports exceed imports, which is not what stands out here",
        covers_usd=pl.when(values_fob).then(CIF_OVER_FOB * pl.col("import_value_usd").fill_null(0.0)).otherwise(0.0),
        covers_kg=ZERO,
    )


def quantity_fault(family: str) -> Finding:
    """A weight in the wrong unit or of impure metal: grams as kilograms, ounces, dore booked as gold."""
    by_weight, by_price = pl.col("excess_by_declared_mass_kg"), pl.col("excess_kg")
    is_heavier = (by_weight - by_price) > 0.1 * by_price.abs()
    text = (
        pl.when(IS_BALANCE)
        .then(
            pl.format(
                "Declared weights give an excess of {} t, the price gives {} t: {}.",
                (by_weight / 1e3).round(1).cast(pl.String),
                (by_price / 1e3).round(1).cast(pl.String),
                pl.when(~is_heavier)
                .then(pl.lit("the weights add less than a tenth to it"))
                .when(by_price <= 0)
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
    if family_named(family).price_checked:
        fault, testable = ~pl.col("mass_over_implied").is_between(0.5, 2.0), pl.col("mass_over_implied").is_not_null()
    else:
        # Ores differ in grade: only two weights of one flow at like values can be held against each other.
        apart = (pl.col("import_mass_kg") / pl.col("export_mass_kg")) / (
            pl.col("import_value_usd") / pl.col("export_value_usd")
        )
        # What ships could carry is held against one mass: a wrong unit shows in its price, a grade does not.
        by_price = pl.col("mass_over_implied")
        odd = pl.when(IS_CARRIAGE).then(by_price).otherwise(apart)
        fault, testable = ~odd.is_between(1 / OUT_OF_RANGE, OUT_OF_RANGE), odd.is_finite()
        text = (
            pl.when(IS_BALANCE | IS_CARRIAGE)
            .then(text)
            .otherwise(
                pl.format(
                    "The two weights are {} times further apart than the values.",
                    apart.round(2).cast(pl.String),
                )
            )
        )
    return Finding(
        testable=pl.when(IS_BALANCE).then(by_weight.is_not_null()).otherwise(testable),
        covers_usd=ZERO,
        covers_kg=pl.when(IS_BALANCE | ~fault).then(0.0).otherwise(pl.col("gap_mass_kg")),
        is_possible=pl.when(IS_BALANCE).then(is_heavier).otherwise(fault),
        text=text,
        why_excluded=text,
        why_not="there is no second weight, or no world price, to hold the weight against",
    )


def value_fault(family: str) -> Finding:
    """A value in the wrong unit, thousands for units, which its own price per kilogram betrays."""
    exports, imports = pl.col("export_value_usd"), pl.col("import_value_usd")
    apart = (imports.fill_null(0.0) - exports.fill_null(0.0)).abs()
    repaired = (_repaired("import").fill_null(0.0) - _repaired("export").fill_null(0.0)).abs()
    masses = pl.col("import_mass_kg") / pl.col("export_mass_kg")
    odd = pl.max_horizontal(*(_price("import").log().abs(), _price("export").log().abs())).exp()
    return Finding(
        testable=pl.any_horizontal(_price("import").is_finite(), _price("export").is_finite()),
        bears_on=IS_MIRROR | IS_JUMP,
        not_bearing="it sets two declared values apart, and this flow stands out for another reason",
        covers_usd=apart - repaired,
        # Where the masses differ too, the value alone is not what is wrong.
        covers_kg=pl.when(masses.is_between(1 / CLOSE, CLOSE)).then(pl.col("gap_mass_kg")).otherwise(0.0),
        text=pl.format("A price per kilogram is {} times off the world's.", odd.round(0).cast(pl.Int64, strict=False)),
        why_excluded=pl.when(odd > IMPOSSIBLE_PRICE)
        .then(
            pl.format(
                "A price per kilogram is {} times off the world's; put right, it closes no gap in both value and mass.",
                odd.round(0).cast(pl.Int64, strict=False),
            )
        )
        .otherwise(
            pl.format("No price per kilogram is further than {} times off the world's.", odd.round(1).cast(pl.String))
        ),
        why_not="neither side states value and mass, or no world price is known",
    )


def _price(side: str) -> pl.Expr:
    """Declared price over the world's; null where it is not known."""
    value, kg = pl.col(f"{side}_value_usd"), pl.col(f"{side}_mass_kg")
    return pl.when(value > 0, kg > 0).then(value / kg / pl.col("usd_per_kg"))


def _repaired(side: str) -> pl.Expr:
    """Declared value, or what the mass is worth where the price cannot be."""
    is_faulty = ~_price(side).is_between(1 / IMPOSSIBLE_PRICE, IMPOSSIBLE_PRICE)
    worth = pl.col(f"{side}_mass_kg") * pl.col("usd_per_kg")
    return pl.when(is_faulty).then(worth).otherwise(pl.col(f"{side}_value_usd"))


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
        why_excluded=pl.lit("no mass that is given is marked as estimated"),
        why_not="the source does not say which masses were estimated",
    )


def wet_mass(family: str) -> Finding:
    """One side weighs the ore wet, the other dry."""
    if family_named(family).weighed_by == "value":
        return Finding(testable=ALWAYS, covers_usd=ZERO, covers_kg=ZERO, why_excluded=pl.lit("not an ore weighed wet"))
    heavier = pl.max_horizontal("export_mass_kg", "import_mass_kg")
    dried = MOISTURE * pl.col("declared_kg")
    return Finding(
        testable=IS_CARRIAGE | (pl.col("export_mass_kg").is_not_null() & pl.col("import_mass_kg").is_not_null()),
        bears_on=IS_MIRROR | IS_CARRIAGE,
        not_bearing="it bears on declared masses only, and this flow stands out for another reason",
        # Ore may dry before it is loaded: then ships carry less than is declared, and its value with it.
        covers_usd=pl.when(IS_CARRIAGE).then(dried * pl.col("gap_value_usd") / pl.col("gap_mass_kg")).otherwise(0.0),
        covers_kg=pl.when(IS_CARRIAGE).then(dried).otherwise(MOISTURE * heavier),
        text=pl.when(IS_CARRIAGE).then(
            pl.format(
                "Ore may hold 30 % water when it is weighed; {} of it may have dried before loading.", mass(dried)
            )
        ),
        why_excluded=pl.when(IS_CARRIAGE)
        .then(pl.format("Ore may hold 30 % water when it is weighed; that is {} of it.", mass(dried)))
        .when(pl.col("gap_value_usd") > 0)
        .then(pl.lit("water adds mass and no value, and value is unmatched too")),
        why_not="only one side gives a mass",
    )


def price_move(family: str) -> Finding:
    """The world price rose, so the same tonnes are worth more."""
    rise = (pl.col("usd_per_kg") / pl.col("usd_per_kg_before") - 1).clip(lower_bound=0.0)
    risen = pl.format("The world price rose by {} % in a year.", (100 * rise).round(0).cast(pl.Int64).cast(pl.String))
    return Finding(
        testable=pl.col("usd_per_kg_before").is_not_null(),
        bears_on=IS_JUMP,
        not_bearing="it raises a flow's value over the years, and this flow stands out for another reason",
        covers_usd=rise * pl.col("usual_value_usd"),
        covers_kg=pl.when(pl.col("gap_mass_kg").is_not_null()).then(0.0),
        text=risen,
        why_excluded=pl.when(rise <= 0)
        .then(pl.lit("the world price did not rise in that year"))
        .when(pl.col("gap_mass_kg") > 0)
        .then(pl.lit("a price adds value and no mass, and mass stands out too"))
        .when(pl.col("usual_value_usd").is_null())
        .then(pl.lit("the flow has no usual value that a price could have raised"))
        .otherwise(risen),
        why_not="the world price of this year or the year before is not known",
    )
