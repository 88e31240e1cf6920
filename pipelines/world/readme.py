"""The text that stands beside a world's data."""

from models.world.config import WorldConfig

TEXT = """# Data of a training world

Everything here is invented: countries, companies, vessels, mines, rivers and every number. The codes XAA to XZZ belong
to no real country. Licence: CC0 1.0, no rights reserved. World version {version}, seed {seed}, size {size}:
{countries} countries, {first_year} to {last_year}.

| folder | what it is | layout |
|---|---|---|
| `trade/` | declarations by year and reporter; `_months` holds months | UN Comtrade API, 47 columns |
| `mining/` | mine output as an office publishes it | World Mining Data, long csv |
| `events/` | published bans on exports | `kind,country,codes,start,end,citation` |
| `prices/` | world prices by month, USD per kg | `commodity,month,usd_per_kg` |
| `covariates/` | stability (standard normal units), GDP (USD) and population by country and year | csv |
| `places/` | ports, airports, cities, borders, smelters, and the ways between them | csv |
| `map/` | countries, rivers, protected and permitted areas | GeoJSON, WGS 84 |
| `lists/` | who may report | UN Comtrade's list of reporters |
| `ais/` | reports of vessels, a file a day | US MarineCadastre csv |
| `scenes/` | monthly stacks of satellite images, hyperspectral cubes and drone mosaics of chosen places | GeoTIFF |
| `samples/` | samples of sediment, water, residue and ore, and what laboratories measured in them | csv |

The truth lies in another folder, which no analysis may read: `oretrace grade` compares an analysis with it.
"""


def text(config: WorldConfig) -> str:
    """The file README.md of a world's data."""
    return TEXT.format(
        version=config.version,
        seed=config.seed,
        size=config.size,
        countries=config.countries,
        first_year=config.first_year,
        last_year=config.last_year,
    )
