"""Graphs to ask: a small one whose answers are known by hand, and a larger one that engines can stumble over.

Countries are fictional (XAA to XZZ) apart from those of a published export ban; every amount is invented.
"""

import random
from datetime import date
from typing import Any

import polars as pl

from graphs.build import TABLES, Tidy, build
from graphs.commodities import family_of
from graphs.countries import kind_of
from graphs.event_rows import built_in
from graphs.stores.base import Graph
from tests.graphs.questions import ship_worlds
from tests.graphs.questions.ship_worlds import SMALL, Moved, frames

Row = tuple[Any, ...]
FLOW = {
    "source": pl.String,
    "exporter": pl.String,
    "importer": pl.String,
    "commodity": pl.String,
    "period": pl.Int32,
    "exporter_reported": pl.Boolean,
    "importer_reported": pl.Boolean,
    "export_value_usd": pl.Float64,
    "import_value_usd": pl.Float64,
    "export_mass_kg": pl.Float64,
    "import_mass_kg": pl.Float64,
    "is_export_mass_estimated": pl.Boolean,
    "is_import_mass_estimated": pl.Boolean,
    "reconciled_value_usd": pl.Float64,
    "reconciled_mass_kg": pl.Float64,
}
PRODUCED = {
    "source": pl.String,
    "country": pl.String,
    "commodity": pl.String,
    "year": pl.Int64,
    "basis": pl.String,
    "mass_kg": pl.Float64,
    "mass_low_kg": pl.Float64,
    "mass_high_kg": pl.Float64,
}
ALERT = {
    "list": pl.String,
    "rank": pl.Int64,
    "flow_id": pl.String,
    "channel": pl.String,
    "claim_level": pl.Int64,
    "gap_value_usd": pl.Float64,
    "main_cause": pl.String,
    "episode_id": pl.String,
    "is_selected": pl.Boolean,
}
GOLD, ORES, NICKEL, MATTES = "710812", "261690", "260400", "750110"
HOSTILE = "Robert'); MATCH (n) DETACH DELETE n; //\n\"`$limit` \\ 𐍈😀"
"""Stands where a name may stand: the title of gold, and the sentence of the first alert."""


def baci(exporter: str, importer: str, commodity: str, year: int, value: float | None, mass: float | None) -> Row:
    """A reconciled flow."""
    return ("baci", exporter, importer, commodity, year, *[None] * 8, value, mass)


def said(exporter: str, importer: str, commodity: str, year: int, exports: Row, imports: Row, heard: str = "XM") -> Row:
    """A declared flow: (value, mass, is_mass_estimated) of each side; `heard` says who reported."""
    (x_value, x_mass, x_estimated), (m_value, m_mass, m_estimated) = exports, imports
    sides = ("X" in heard, "M" in heard, x_value, m_value, x_mass, m_mass, x_estimated, m_estimated)
    return ("comtrade", exporter, importer, commodity, year, *sides, None, None)


NONE = (None, None, None)
FLOWS = [
    baci("XAA", "XBB", GOLD, 2020, 6_000_000.0, 100.0),
    baci("XAA", "XCC", GOLD, 2020, 1_000_000.0, 20.0),
    baci("XBB", "XCC", GOLD, 2020, 8_000_000.0, None),
    baci("XCC", "XBB", GOLD, 2020, 2_000_000.0, 40.0),
    baci("XCC", "XAA", GOLD, 2020, 3_000_000.0, 50.0),
    baci("XBB", "S19", GOLD, 2020, 500_000.0, 10.0),
    baci("XAA", "XAA", GOLD, 2020, 100_000.0, 2.0),
    baci("XAA", "XBB", ORES, 2020, 400_000.0, 4000.0),
    baci("XBB", "XCC", ORES, 2020, 200_000.0, 1000.0),
    baci("XAA", "XBB", GOLD, 2019, 1_500_000.0, 30.0),
    baci("XCC", "XBB", GOLD, 2019, 4_000_000.0, 80.0),
    baci("XBB", "XAA", GOLD, 2019, 700_000.0, 10.0),
    baci("XAA", "XCC", NICKEL, 2020, 10_000.0, 5000.0),
    baci("XCC", "XAA", NICKEL, 2020, 1_000.0, 500.0),
    baci("XAA", "XBB", NICKEL, 2021, 1000.0, 1.0),
    baci("XBB", "XAA", NICKEL, 2021, 2000.0, 1.0),
    baci("XBB", "XCC", NICKEL, 2021, 3000.0, 1.0),
    baci("XCC", "XBB", NICKEL, 2021, 4000.0, 1.0),
    baci("XAA", "XCC", NICKEL, 2021, 5000.0, 1.0),
    baci("XCC", "XAA", NICKEL, 2021, 6000.0, 1.0),
    said("XAA", "XBB", NICKEL, 2020, (1000.0, 100.0, False), (3000.0, 100.0, False)),
    said("XAA", "XCC", NICKEL, 2020, (2000.0, 100.0, False), (2500.0, None, None)),
    said("XAA", "XDD", NICKEL, 2020, NONE, (4000.0, 50.0, None)),
    said("XEE", "XBB", NICKEL, 2020, NONE, (5000.0, None, None), heard="M"),
    said("XAA", "XEE", NICKEL, 2020, (700.0, 7.0, False), NONE, heard="X"),
    said("XBB", "XAA", NICKEL, 2020, (6000.0, 600.0, False), NONE),
    said("XBB", "_X", NICKEL, 2020, (900.0, 90.0, False), NONE, heard="X"),
    said("XCC", "XBB", MATTES, 2020, (10.0, 1.0, False), (5.0, 4.0, True)),
    said("IDN", "CHN", NICKEL, 2018, (100.0, 10.0, False), (120.0, 10.0, False)),
    said("IDN", "CHN", NICKEL, 2019, (200.0, 20.0, False), (210.0, 20.0, False)),
    said("IDN", "CHN", NICKEL, 2020, NONE, (90.0, 9.0, False)),
    said("IDN", "JPN", NICKEL, 2019, (30.0, 3.0, False), NONE),
    said("PHL", "CHN", NICKEL, 2018, (50.0, 5.0, False), (50.0, 5.0, False)),
    said("PHL", "CHN", NICKEL, 2020, (290.0, 29.0, False), (300.0, 30.0, False)),
    said("PHL", "JPN", NICKEL, 2021, NONE, (500.0, 50.0, False)),
    said("CIV", "CHN", NICKEL, 2020, NONE, (40.0, 4.0, False), heard="M"),
    said("CIV", "CHN", NICKEL, 2021, (55.0, 5.0, False), (60.0, 6.0, False)),
]
PRODUCTION = [
    ("table", "XAA", "gold", 2020, "content", 50.0, 45.0, 55.0),
    ("table", "XDD", "gold", 2020, "content", 30.0, 25.0, 35.0),
    ("table", "XEE", "gold", 2020, "content", None, None, None),
    ("table", "XAA", "nickel", 2020, "content", 1000.0, 900.0, 1100.0),
]
ALERTS = [
    ("agnostic", 1, "comtrade:XAA:XBB:260400:2020", "mirror_gap", 2, 2000.0, None, "XAA-2020", True),
    ("agnostic", 2, "comtrade:XAA:XDD:260400:2020", "one_sided", 1, None, "transit", "XAA-2020", False),
    ("agnostic", 3, "comtrade:XEE:XBB:260400:2020", "mirror_gap", 1, 5000.0, "transit", "XEE-2020", True),
    ("agnostic", 4, "comtrade:PHL:CHN:260400:2018", "mirror_gap", 0, 1.0, None, "PHL-2018", False),
    ("learned", 1, "comtrade:XCC:XBB:750110:2020", "unit_value", 1, 5.0, "habit", "XCC-2020", True),
]


def tidy(flows: list[Row], production: list[Row], alerts: list[Row], moved: Moved | None = None) -> Tidy:
    """The tables that the graph is built from; without ships unless they are handed in."""
    rows = pl.DataFrame(flows, schema=FLOW, orient="row")
    key = pl.concat_str("source", "exporter", "importer", "commodity", "period", separator=":")
    kinds = {code: kind_of(code) for end in ("exporter", "importer") for code in rows[end].unique()}
    scored = pl.DataFrame(alerts, schema=ALERT, orient="row").with_columns(
        alert_id=pl.concat_str("list", "flow_id", pl.lit("2025-01-31"), separator=":"),
        p_value=pl.lit(0.01),
        q_value=pl.lit(None, pl.Float64),
        gap_mass_kg=pl.lit(None, pl.Float64),
        as_of=pl.lit(date(2025, 1, 31)),
        sentence=pl.format("Alert {} of the list.", "rank"),
    )
    families = {code: family_of(code) for code in rows["commodity"].unique()}
    return Tidy(
        flows=rows.lazy().with_columns(
            flow_id=key,
            family=pl.col("commodity").replace_strict(families, return_dtype=pl.String),
            exporter_kind=pl.col("exporter").replace_strict(kinds, return_dtype=pl.String),
            importer_kind=pl.col("importer").replace_strict(kinds, return_dtype=pl.String),
        ),
        alerts=scored.lazy(),
        production=pl.LazyFrame(production, schema=PRODUCED, orient="row"),
        events=built_in().lazy(),
        **({} if moved is None else frames(moved)),
    )


def graph(name: str, made_of: Tidy) -> Graph:
    """Every table built."""
    return Graph(name, {table: build(table, made_of) for table in TABLES}, about={"as_of": "2025-01-31"})


def small() -> Graph:
    """The graph of the rows above, with hostile text where a name may stand."""
    made = graph("small", tidy(FLOWS, PRODUCTION, ALERTS, SMALL))
    titled = pl.when(pl.col("name") == "gold").then(pl.lit(HOSTILE)).otherwise("title")
    first = pl.when(pl.col("rank") == 1).then(pl.lit(HOSTILE)).otherwise("sentence")
    tables = {
        **made.tables,
        "Family": made.tables["Family"].with_columns(title=titled),
        "Alert": made.tables["Alert"].with_columns(sentence=first),
    }
    return Graph("small", tables, about=made.about)


def large(seed: int = 4) -> Graph:
    """Invented trade of thirty areas: both kinds of source, ties, nulls, zeros, self-loops, residual partners."""
    flows, produced, alerts = large_rows(seed)
    return graph("large", tidy(flows, produced, alerts, ship_worlds.large()))


def large_rows(seed: int = 4) -> tuple[list[Row], list[Row], list[Row]]:
    """Flows, production and alerts of the large graph."""
    chance = random.Random(seed)
    areas = [f"X{first}{second}" for first in "ABCDE" for second in "ABCDE"] + ["IDN", "CHN", "PHL", "_X", "XX", "S19"]
    unique = {row[:5]: row for row in (_flow(chance, areas, at) for at in range(4000))}
    produced = [
        ("table", country, family, year, "content", *_output(chance))
        for country in areas[:12]
        for family in ("gold", "nickel")
        for year in range(2016, 2022)
    ]
    declared = [row for row in unique.values() if row[0] == "comtrade"]
    alerts = [_alert(chance, row, rank) for rank, row in enumerate(chance.sample(declared, 150), 1)]
    return list(unique.values()), produced, alerts


def _flow(chance: random.Random, areas: list[str], at: int) -> Row:
    exporter, importer = chance.choice(areas), chance.choice(areas)
    code, year = chance.choice([GOLD, ORES, NICKEL, MATTES]), chance.randint(2016, 2021)
    if at % 2:
        return baci(exporter, importer, code, year, *_amounts(chance)[:2])
    exports, imports = _amounts(chance), _amounts(chance)
    silent = chance.random()
    if silent < 0.25:
        exports = NONE
    elif silent < 0.5:
        imports = NONE
    heard = "".join(side for side, spoke in (("X", exports), ("M", imports)) if spoke != NONE or chance.random() < 0.5)
    return said(exporter, importer, code, year, exports, imports, heard)


def _amounts(chance: random.Random) -> Row:
    """Value and mass to a thousandth, whole, tied, zero or unknown; and whether the mass was estimated."""
    value = chance.choice([None, 0.0, 0.1, 1e6 / 3, 1e6, 2e6, chance.lognormvariate(14, 2)])
    value = value if value is None else round(value, 3)
    mass = chance.choice([None, 0.0, 100.0, round(chance.lognormvariate(8, 2), 3)])
    return value, mass, chance.choice([None, True, False])


def _output(chance: random.Random) -> Row:
    mass = chance.choice([None, 0.0, round(chance.lognormvariate(3, 3), 3)])
    return (mass, mass and mass * 0.9, mass and mass * 1.1)


def _alert(chance: random.Random, row: Row, rank: int) -> Row:
    source, exporter, importer, code, year = row[:5]
    gap = chance.choice([None, 0.0, round(chance.lognormvariate(12, 2), 3)])
    return (
        chance.choice(["agnostic", "learned"]), rank, f"{source}:{exporter}:{importer}:{code}:{year}",
        chance.choice(["mirror_gap", "jump"]), chance.choice([1, 2]), gap, chance.choice([None, "transit", "habit"]),
        f"{exporter}-{code}", chance.random() < 0.5,
    )  # fmt: skip
