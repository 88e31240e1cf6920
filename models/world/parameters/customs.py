"""Parameters of the world's customs: what statistical offices make of the traders' forms.

Shares that are given by size stand at SIZES_USD; between them they are interpolated on the logarithm of the size. What
was measured on real declarations says so: sawnwood (440799, 2005-2014), nickel ore and mattes (2000-2024), and the
importers' rows of 2018-2024 that state CIF and FOB.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

SIZES_USD = (3e2, 3e3, 3e4, 3e5, 3e6, 3e7, 3e8)
"""Middles of the size bands for which shares and spreads are given."""
Shares = tuple[float, ...]
ByFamily = Mapping[str, Shares]
NONE = (0.0,) * len(SIZES_USD)
OTHERS = ""
"""Families that are not named: between those that were measured."""

# By SIZES_USD. Timber is tuned to sawnwood and nickel to nickel ore and mattes. The rest lies between, but for masses
# of gold, whose unit values in BACI keep to the price: half of those above 1 M USD are within -0.2 and 0.1 of its log.
SILENT_EXPORTER: ByFamily = {
    "timber": (0.5, 0.4, 0.22, 0.08, 0.04, 0.04, 0.01),
    "nickel": (0.6, 0.55, 0.48, 0.42, 0.34, 0.25, 0.06),
    OTHERS: (0.55, 0.47, 0.36, 0.26, 0.17, 0.12, 0.03),
}
SILENT_IMPORTER: ByFamily = {
    "timber": (0.4, 0.28, 0.07, 0.01, 0.002, 0.001, 0.0),
    "nickel": (0.5, 0.48, 0.45, 0.42, 0.38, 0.22, 0.03),
    OTHERS: (0.45, 0.38, 0.25, 0.15, 0.08, 0.04, 0.01),
}
MISPLACED: ByFamily = {
    "timber": (0.06, 0.06, 0.05, 0.05, 0.04, 0.03, 0.02),
    "nickel": (0.15, 0.15, 0.15, 0.12, 0.08, 0.05, 0.02),
    OTHERS: (0.1, 0.1, 0.1, 0.08, 0.06, 0.04, 0.02),
}
STRAYS: ByFamily = {OTHERS: (0.0, 0.0, 0.1, 0.25, 0.4, 0.5, 0.6)}
VALUE_SPREAD: ByFamily = {
    "timber": (0.5, 0.5, 0.5, 0.47, 0.42, 0.32, 0.18),
    "nickel": (0.75, 0.85, 0.85, 0.8, 0.45, 0.22, 0.16),
    OTHERS: (0.6, 0.65, 0.65, 0.6, 0.43, 0.26, 0.17),
}
# The gap of a pair that trades much is a habit and hardly changes from year to year; that of small flows is chance.
VALUE_LASTS: ByFamily = {OTHERS: (0.4, 0.5, 0.65, 0.78, 0.9, 0.93, 0.93)}
MASS_SPREAD: ByFamily = {
    "gold": (1.0, 0.75, 0.45, 0.25, 0.14, 0.09, 0.07),
    "timber": (0.7, 0.5, 0.34, 0.31, 0.26, 0.24, 0.18),
    "nickel": (1.1, 1.0, 0.85, 0.6, 0.48, 0.35, 0.25),
    OTHERS: (0.9, 0.75, 0.55, 0.43, 0.34, 0.28, 0.2),
}


def _none() -> ByFamily:
    return {OTHERS: NONE}


@dataclass(frozen=True)
class Customs:
    """Parameters of the world's customs."""

    # Freight and time: exact even where nothing else disturbs.
    freight: float = 0.05
    """Freight and insurance over value at 5,000 km and 1 USD per kg by sea."""
    freight_distance: float = 0.3
    """Power of distance in it."""
    freight_unit_value: float = -0.22
    """Power of USD per kg in it."""
    freight_by_mode: Mapping[str, float] = field(
        default_factory=lambda: {"road": 0.9, "rail": 0.8, "river": 0.8, "sea": 1.0, "air": 1.6, "transfer": 0.5}
    )
    """Cost of a mode over that of the sea."""
    freight_most: float = 0.6
    """Share of the value that freight never exceeds."""
    km_per_day: Mapping[str, float] = field(
        default_factory=lambda: {"road": 450, "rail": 500, "river": 150, "sea": 520, "air": 6000, "transfer": 6000}
    )
    """Speed over the great circle."""
    days_at_border: Mapping[str, float] = field(
        default_factory=lambda: {"road": 3, "rail": 4, "river": 5, "sea": 9, "air": 1, "transfer": 0}
    )
    """Loading, waiting and clearance."""
    freight_spread: float = 1.0
    """Sd of the logarithm of freight between pairs."""

    # Whom an office names as the partner.
    origin_importers: float = 0.85
    """Offices that name the country of origin on imports; the others name who sold the goods."""
    origin_known: float = 0.35
    """Shares of supply lines (origin, seller, importer) whose origin the importer's office learns."""
    transit_named: float = 0.1
    """Export lines through a transit country that name it instead of the destination."""
    special_trade: float = 0.25
    """Offices that leave out what passes through bond: re-exports, and imports meant for them."""
    bonded: float = 0.7
    """Share of re-exports that stay in bond."""
    reexports_published: float = 0.35
    """Offices that publish re-exports as a flow of their own beside exports."""
    free_zone: float = 0.02
    """Import lines of re-exported goods that are booked as coming from free zones."""
    misplaced: ByFamily = field(default_factory=lambda: MISPLACED)
    """Lines (reporter, partner, commodity) of which a part is always booked under another partner."""
    strays: ByFamily = field(default_factory=lambda: STRAYS)
    """Rows of which a small part is booked under a random partner that year."""
    stray_usd: float = 2500.0
    """Median value of such a part."""
    stray_spread: float = 1.8
    """Sd of its logarithm."""
    stray_grade: Mapping[str, tuple[float, float]] = field(
        default_factory=lambda: {"gold": (0.8, 1.0), OTHERS: (-0.5, 1.2)}
    )
    """Mean and sd of the log of its mass by value over that of the row, by family: samples and special goods are dear,
    small lots of gold are impure."""
    residual: float = 0.006
    """Rows booked under "areas not elsewhere specified"."""
    secret: float = 0.012
    """Office, commodity and direction whose largest partner is confidential, for a spell of years."""
    suppressed: float = 0.02
    """Office and commodity whose exports are booked under "commodities not specified" for a spell of years."""
    withheld: float = 0.15
    """Secret cells of which only the world total is published; in the others the partner is "areas n.e.s."."""

    # What an office misses and how it errs.
    silent_exporter: ByFamily = field(default_factory=lambda: SILENT_EXPORTER)
    """Chance that the exporter's office has no row of a line."""
    silent_importer: ByFamily = field(default_factory=lambda: SILENT_IMPORTER)
    """Chance that the importer's office has none."""
    silence_lasts: float = 0.97
    """Share of the variance of silence that belongs to the line and not to the year: where an office lacked a large
    flow of sawnwood or nickel ore, it lacks the next year's in 80 to 95 % of cases, and else in 1 to 5 %."""
    value_spread: ByFamily = field(default_factory=lambda: VALUE_SPREAD)
    """Sd of the log error of one office's value."""
    short_exports: Mapping[str, float] = field(default_factory=lambda: {"gold": 0.0, OTHERS: 0.08})
    """Log shortfall of exporters' values (not masses) by family, beyond freight: log(M / X) of values is 0.07 to 0.22
    in the middle, of which freight is 0.04, and of masses 0."""
    value_tail: float = 0.75
    """Heaviness: the error of a line is normal with a lognormal sd of this log spread."""
    year_tail: float = 1.15
    """The same of the error of a year, which is mostly small and now and then large."""
    value_lasts: ByFamily = field(default_factory=lambda: VALUE_LASTS)
    """Share of the variance of the error, tails aside, that belongs to the line and not to the year."""
    office_bias: float = 0.08
    """Sd of the log error that an office makes in everything of one direction."""
    commodity_bias: float = 0.1
    """Sd of the log error that it makes in one commodity."""
    mass_spread: ByFamily = field(default_factory=lambda: MASS_SPREAD)
    """Sd of the log error of mass beside that of value."""
    blunders: float = 0.004
    """Rows whose mass is in a wrong unit: t or g for kg, or pounds."""
    value_blunders: float = 0.0003
    """Rows whose value is a thousand times too large or small."""

    # Masses.
    estimating_cells: float = 0.1
    """Office, commodity, direction and year whose masses are all made from the values."""
    estimated_rows: float = 0.06
    """Other rows with an estimated mass."""
    no_mass: float = 0.02
    """Rows without a mass."""
    zero_mass: float = 0.008
    """Rows with a mass of 0."""
    other_quantity: float = 0.3
    """Offices that count wood in cubic metres and state it so."""
    gross_mass: float = 0.03
    """Offices that state gross masses."""

    # How an office publishes.
    fob_importers: float = 0.03
    """Offices that value imports without freight."""
    cif_and_fob: float = 0.2
    """Offices that state imports both ways."""
    never_reports: float = 0.06
    """Offices that never publish, at middling income; poor ones up to twice as often."""
    late_start: float = 0.08
    """Offices that begin to publish some years after the first."""
    early_end: float = 0.02
    """Offices that cease to publish."""
    gap_years: float = 0.025
    """Years that an office leaves out."""
    late_years: Shares = (0.16, 0.05)
    """Offices that have not published the last year yet, and the year before."""
    fiscal: float = 0.04
    """Offices whose year ends in June."""
    monthly: float = 0.3
    """Offices that publish months too."""
    monthly_years: int = 3
    """Last years for which months are published."""
    edition_lag: Shares = (0.7, 0.16, 0.07, 0.03, 0.02, 0.02)
    """Offices that take up a new edition of the Harmonized System so many years late."""
    split_spread: float = 0.6
    """Log spread of the power of the share that a newer edition takes out of a code, between lines."""
    national_lines: float = 0.59
    """Offices that add up national tariff lines."""
    whole_usd: float = 0.25
    """Offices that round values to dollars; the others keep thousandths."""
    whole_kg: float = 0.6
    """Offices that round masses to kilograms."""
    threshold_usd: float = 3.0
    """Median of the value below which an office publishes no row; a few offices cut at thousands."""
    threshold_spread: float = 2.2
    """Sd of its logarithm."""
    headings: float = 0.15
    """Offices that publish four-digit headings of every partner; the others of the world only."""

    # Releases.
    release_days: float = 260.0
    """Median days from the end of a year to its first publication, at middling income; half of it for the richest."""
    release_spread: float = 0.45
    """Sd of its logarithm."""
    revised: float = 0.3
    """Office-years that are published again."""
    revision_days: float = 420.0
    """Median days from the first publication to the last, where there are two."""
    changed_rows: float = 0.25
    """Rows of a first version with other amounts."""
    revision_spread: float = 0.15
    """Log sd of their change."""
    added_rows: float = 0.05
    """Rows that a first version lacks."""

    @classmethod
    def perfect(cls) -> Self:
        """Offices that make no error: what remains is freight (the same for all of a kind) and time."""
        return cls(
            freight_spread=0, origin_importers=0, transit_named=0, special_trade=0, reexports_published=1, free_zone=0,
            misplaced=_none(), strays=_none(), residual=0, secret=0, suppressed=0, silent_exporter=_none(),
            silent_importer=_none(), value_spread=_none(), short_exports={OTHERS: 0.0}, office_bias=0,
            commodity_bias=0, mass_spread=_none(), blunders=0, value_blunders=0, estimating_cells=0, estimated_rows=0,
            no_mass=0, zero_mass=0, fob_importers=0, never_reports=0, late_start=0, early_end=0, gap_years=0,
            late_years=(), fiscal=0, edition_lag=(1.0,), split_spread=0, whole_usd=0, whole_kg=0, threshold_usd=0,
        )  # fmt: skip
