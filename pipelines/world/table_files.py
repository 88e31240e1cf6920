"""Tables of a world as csv, and its list of reporters as UN Comtrade publishes one."""

import json
from pathlib import Path
from typing import Any

import polars as pl

from graphs.event_rows import COLUMNS as EVENT
from models.world.build import World


def write(folder: Path, world: World) -> None:
    """Mine output, events, prices, covariates, places, samples and lists."""
    mined, ground, sampled = world.mined, world.ground, world.sampled
    years = mined.country_years.sort("country", "year")
    tables = {
        "mining/production.csv": world.reported_output,
        "events/events.csv": mined.bans.with_columns(kind=pl.lit("ban")).select(EVENT),
        "prices/prices.csv": mined.prices,
        "covariates/governance.csv": years.select("country", "year", "governance"),
        "covariates/economy.csv": years.select("country", "year", "gdp_usd", "population"),
        "places/places.csv": ground.places,
        "places/legs.csv": ground.legs,
        "samples/samples.csv": sampled.samples,
        "samples/measurements.csv": sampled.measurements,
    }
    for name, table in tables.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        table.write_csv(file)
    _reporters(folder / "lists" / "Reporters.json", ground.countries)


def _reporters(file: Path, countries: pl.DataFrame) -> None:
    """Who may report, in the layout of UN Comtrade's reference list of that name."""
    listed = [_reporter(one) for one in countries.sort("numeric").iter_rows(named=True)]
    file.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"results": listed, "more": False}, indent=2, ensure_ascii=False)
    file.write_text(text + "\n", encoding="utf-8")


def _reporter(country: dict[str, Any]) -> dict[str, Any]:
    name = country["name"]
    return {
        "id": country["numeric"],
        "text": name,
        "reporterCode": country["numeric"],
        "reporterDesc": name,
        "reporterNote": name,
        "reporterCodeIsoAlpha2": None,
        "reporterCodeIsoAlpha3": country["country"],
        "entryEffectiveDate": "1900-01-01T00:00:00",
        "isGroup": False,
    }
