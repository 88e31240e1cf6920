"""What statistical offices publish of goods that crossed their borders.

offices     how each office declares, and when it publishes at all
freight     what the way costs and how long it takes
forms       what is booked by rule: partner, year, value
lines       which rows an office misses or books under another partner
errors      what its amounts are off by
secrecy     what it does not tell
editions    codes of the edition it uses
masses      masses that are estimated, absent, rounded
months      monthly rows
totals      world totals, headings, re-exports
layout      the 47 columns of UN Comtrade
truth       what really moved
dates       when it was published, and first versions of what was revised
"""

import polars as pl

from models.world.config import WorldConfig
from models.world.customs import editions, errors, lines, masses, months, totals
from models.world.customs import offices as habits
from models.world.customs.dates import releases, superseded
from models.world.customs.forms import AMOUNTS, ROW, forms
from models.world.customs.layout import COLUMNS, in_layout
from models.world.customs.secrecy import still_reporting, with_secrets
from models.world.customs.sums import added
from models.world.customs.truth import true_flows

__all__ = ["COLUMNS", "declared", "releases", "superseded", "true_flows"]


def declared(
    config: WorldConfig, countries: pl.DataFrame, goods: pl.DataFrame, artefacts: pl.DataFrame
) -> pl.DataFrame:
    """All rows that offices publish, in the layout of UN Comtrade: annual, and monthly for some offices.

    countries, goods, artefacts: schemas Country, Goods and Artefact. Of the artefacts only those of a whole office are
    applied here; those of single goods stand in the goods.
    """
    offices = habits.offices(config, countries)
    reporting = still_reporting(offices, artefacts, habits.reporting(config, offices))
    booked = forms(config, offices, goods)
    rows = added(booked.rows, ROW, AMOUNTS).join(reporting, on=["reporter", "year"], how="semi", maintain_order="left")
    rows = lines.noticed(config, rows)
    rows = lines.misplaced(config, offices, rows)
    rows = lines.strayed(config, offices, rows)
    rows = errors.with_errors(config, lines.unspecified(config, rows))
    rows = with_secrets(config, offices, artefacts, rows)
    rows = editions.with_editions(config, offices, rows)
    rows = masses.with_masses(config, offices, artefacts, rows)
    rows = masses.with_valuation(offices, artefacts, rows)
    rows = months.with_months(config, offices, booked, rows)
    rows = totals.flows(offices, masses.rounded(offices, rows))
    return in_layout(offices, totals.with_totals(config, offices, reporting, rows))
