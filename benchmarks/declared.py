"""Synthetic declarations in the project's own table, one code family at a time, for benchmarks of the whole path.

Pairs trade as in `benchmarks.synthetic`. Of a trade of v USD, which stays near the pair's own level over the years,
the exporter declares v, the importer 1.06 v, each with a lognormal error of its own and four times in five; the mass
follows a price of the code. So offices mostly agree, and every channel finds the past that it needs.
"""

from datetime import date

import numpy as np
import polars as pl

from benchmarks.synthetic import DECLARED, FIRST_YEAR, YEARS, chances
from graphs import countries
from graphs.commodities import family_of
from graphs.families import FAMILIES
from graphs.tables import Declarations

ROWS_PER_CODE = 250_000
"""About what UN Comtrade holds of one six-digit code over 25 years."""
CODES = 4
"""Codes of the largest family."""
FREIGHT = 1.06
LEVEL, LEVEL_SD, YEAR_SD, ERROR_SD = 11.0, 2.5, 0.4, 0.15
"""Log USD of pairs, their spread, that of a pair over the years, and that of one declaration."""
SIDES = (("X", "exporter", "importer", "FOB", 1.0), ("M", "importer", "exporter", "CIF", FREIGHT))


def families(number: int) -> list[str]:
    """Families of enough codes: the project's own first, then HS headings, each of which is a family."""
    headings = [f"hs{chapter:02d}{place:02d}" for chapter in range(1, 25) for place in range(1, 10)]
    return [name for name in (*FAMILIES, *headings) if len(codes_of(name, CODES)) == CODES][:number]


def codes_of(family: str, number: int) -> list[str]:
    """Six-digit codes that belong to a family."""
    known = FAMILIES.get(family)
    prefixes = known.codes if known else (family.removeprefix("hs"),)
    found = [f"{prefix}{end:02d}"[:6] for end in range(10, 100) for prefix in prefixes]
    return [code for code in dict.fromkeys(found) if len(code) == 6 and family_of(code) == family][:number]


def declarations(family: str, rows: int, seed: int) -> pl.DataFrame:
    """About `rows` declarations of one family, of both sides (table `declarations`), in no order."""
    generator = np.random.default_rng(seed)
    codes = codes_of(family, max(1, round(rows / ROWS_PER_CODE)))
    names = sorted(code for code in countries.by_numeric().values() if countries.kind_of(code) == "country")
    names = list(dict.fromkeys(names))[:230]
    shape = len(codes), YEARS, len(names), len(names)
    chance = chances(rows / 2 / DECLARED / np.prod(shape), generator, len(names))
    layers = [np.flatnonzero(generator.random(chance.size) < chance) for _ in range(len(codes) * YEARS)]
    traded = np.concatenate([layer + at * chance.size for at, layer in enumerate(layers)])
    code, year, exporter, importer = np.unravel_index(traded, shape)
    pair = (code * shape[2] + exporter) * shape[3] + importer
    level = generator.normal(LEVEL, LEVEL_SD, int(np.prod((shape[0], *shape[2:]))))[pair]
    usd = np.exp(level + generator.normal(0, YEAR_SD, traded.size))
    price = np.exp(generator.normal(0, 1, len(codes)))[code]
    frame = pl.DataFrame(
        {
            "commodity": pl.Series(codes, dtype=pl.String).gather(code),
            "period": (year + FIRST_YEAR).astype(np.int32),
            "exporter": pl.Series(names, dtype=pl.String).gather(exporter),
            "importer": pl.Series(names, dtype=pl.String).gather(importer),
            "usd": usd,
            "kg": usd / price,
        }
    )
    return pl.concat([_side(frame, *side, generator) for side in SIDES])


def _side(
    trades: pl.DataFrame, flow: str, reporter: str, partner: str, basis: str, factor: float, rng: np.random.Generator
) -> pl.DataFrame:
    """What one side declares, in no order."""
    told = trades[rng.permutation(np.flatnonzero(rng.random(trades.height) < DECLARED))]
    value, mass = (np.exp(rng.normal(0, ERROR_SD, told.height)) for _ in range(2))
    absent = {"cif_value_usd": pl.Float64, "fob_value_usd": pl.Float64, "quantity": pl.Float64,
              "quantity_unit": pl.String}  # fmt: skip
    rows = told.select(
        "commodity", "period", "exporter", "importer",
        (pl.col("usd") * factor * pl.Series(value)).round(2).clip(lower_bound=0.01).alias("value_usd"),
        (pl.col("kg") * pl.Series(mass)).round(3).alias("mass_kg"),
        pl.col(reporter).alias("reporter"), pl.col(partner).alias("partner"),
        pl.date(pl.col("period") + 1, 12, 31).alias("known_from"),
        *(pl.lit(None, dtype).alias(name) for name, dtype in absent.items()),
        source=pl.lit("comtrade"), flow=pl.lit(flow), partner2=pl.lit("W00"), customs=pl.lit("C00"),
        mode=pl.lit(0, pl.Int32), hs_revision=pl.lit("H5"), reporter_kind=pl.lit("country"),
        partner_kind=pl.lit("country"), value_basis=pl.lit(basis), is_mass_estimated=pl.lit(False),
        is_counted=pl.lit(True), flags=pl.lit(0, pl.UInt32), raw_sha256=pl.lit("0"), raw_row=pl.lit(0, pl.UInt32),
    )  # fmt: skip
    return Declarations.cast(rows.select(Declarations.column_names()))


AS_OF = date(FIRST_YEAR + YEARS + 1, 12, 31)
"""A day on which all of it is known and settled."""
