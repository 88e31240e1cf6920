"""What of the mines' output enters the legal market, and from which site."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from models.world.config import WorldConfig
from models.world.land.sphere import Floats, Ints
from models.world.mined import Mined
from models.world.parameters.trade import Chain

KINDS = ("legal_mine", "artisanal")
"""Kinds of sites whose output may be sold openly."""


@dataclass(frozen=True)
class Diggers:
    """Supply of a chain at the mines."""

    mined_kg: Floats
    """[year, country]"""
    sources: pl.DataFrame
    """origin_kind, origin_id, place (the country's number): what goods can be traced to; sites come first."""
    shares: Floats
    """Of each source in what its country mines; sums to 1 over the sources of a country [year, source]."""


def diggers(config: WorldConfig, countries: list[str], mined: Mined, chain: Chain) -> Diggers:
    """Legal output and the part of artisanal output that is sold openly; never that of illegal sites."""
    years, places = len(config.years), len(countries)
    number = {country: index for index, country in enumerate(countries)}
    output = mined.output.filter(pl.col("family") == chain.family).with_columns(
        sold=pl.col("legal_kg") + chain.artisanal_sold * pl.col("artisanal_kg"),
        place=pl.col("country").replace_strict(number, return_dtype=pl.Int64),
    )
    mined_kg = np.zeros((years, places))
    mined_kg[output["year"].to_numpy() - config.first_year, output["place"].to_numpy()] = output["sold"].to_numpy()
    sites = mined.sites.filter(pl.col("family") == chain.family, pl.col("kind").is_in(KINDS)).sort("site_id")
    dug = _dug(config, mined, sites, chain)
    place = sites["country"].replace_strict(number, return_dtype=pl.Int64).to_numpy()
    total = np.zeros((years, places))
    np.add.at(total.T, place, dug.T)
    unknown = np.where(total > 0, 0.0, 1.0)
    shares = np.concatenate([dug / np.maximum(total[:, place], 1e-12), unknown], axis=1)
    return Diggers(mined_kg, sources(sites, countries, place), shares)


def sources(sites: pl.DataFrame, countries: list[str], place: Ints) -> pl.DataFrame:
    """Sites, then for each country what no site is known of, stock, and scrap."""
    own = np.arange(len(countries))
    kinds = ["unrecorded", "stock", "scrap"]
    return pl.DataFrame(
        {
            "origin_kind": ["site"] * sites.height + [kind for kind in kinds for _ in countries],
            "origin_id": sites["site_id"].to_list() + countries * len(kinds),
            "place": np.concatenate([place, *[own] * len(kinds)]),
        }
    )


def _dug(config: WorldConfig, mined: Mined, sites: pl.DataFrame, chain: Chain) -> Floats:
    """What each site sells in each year [year, site], kg of the basis."""
    sold = pl.when(pl.col("kind") == "artisanal").then(chain.artisanal_sold).otherwise(1.0)
    rows = (
        sites.with_row_index("site")
        .select("site_id", "site", sold=sold)
        .join(mined.site_months.select("site_id", "month", "contained_kg"), on="site_id")
        .select("site", "month", (pl.col("month").dt.year() - config.first_year).alias("year"), "sold", "contained_kg")
        .sort("site", "month")
    )
    dug = np.zeros((len(config.years), sites.height))
    np.add.at(dug, (rows["year"].to_numpy(), rows["site"].to_numpy()), (rows["sold"] * rows["contained_kg"]).to_numpy())
    return dug
