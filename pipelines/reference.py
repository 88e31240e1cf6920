"""docs/reference.md and docs/questions.md, put together from the code: `python -m pipelines.reference` writes them.

Nothing is worded here that stands elsewhere: columns come from their schemas, sentences from docstrings, numbers from
the constants that models use, options from the command line. A test compares the file with what the code says.
"""

import ast
import inspect
import pkgutil
import re
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import dagster as dg
import polars as pl

import models.flows
import models.ladder
from graphs import declarations, errors, events, production
from graphs.countries import name_of
from graphs.families import FAMILIES, read_codes
from graphs.flags import Flag
from graphs.questions.catalogue import page as questions_page
from graphs.tables import TABLES
from models.flows import alerts, calibrate, clean, crowd, episodes, lead, leaders, ordinary, structure
from models.flows.channels import CHANNELS, Channel
from models.flows.ordinary import CAUSES, meaning
from models.flows.structure import gaps, hubs, past
from models.ladder import expect, gate, rung, scores
from pipelines import choice, cli, ledger, settings
from pipelines.assets.tables import GROUPS, MEANINGS
from pipelines.checks import CHECKS
from pipelines.commands.catalogue import Command, commands
from pipelines.definitions import ASSETS
from pipelines.home import FOLDERS, PARTITIONED
from pipelines.markdown import Row, code, doc, table
from pipelines.partitions import CALENDAR, DAYS, EDGE_TYPES, FILES, NODE_TYPES, YEARS
from pipelines.partitions import FAMILIES as BY_FAMILY
from pipelines.queries import ALERT_COLUMNS
from pipelines.reference_graph import sections as _graph
from pipelines.schedules import SCHEDULES
from pipelines.sources import (
    airports,
    ais_danish,
    ais_marine,
    anchorages,
    baci,
    cities,
    comtrade_api,
    comtrade_files,
    gfw_api,
    governance,
    land_network,
    ports,
    sea_lanes,
    usgs,
)
from pipelines.sources import events as events_source
from pipelines.sources.geopolrisk import CONTENTS
from pipelines.views import ladder, wording

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "reference.md"
QUESTIONS = DOCUMENT.with_name("questions.md")
HEAD = """# Reference

Written by `python -m pipelines.reference` from the code, never by hand."""
UNITS = (
    ("usd_per_t", "USD/t"), ("_usd", "USD"), ("_kg", "kg"), ("_t", "t"), ("_km", "km"), ("_kn", "knots"), ("_m", "m"),
    ("_deg", "degrees"), ("log_sd", "natural logarithm"),
)  # fmt: skip
NAMED = {"lon": "degrees", "lat": "degrees", "lon_end": "degrees", "lat_end": "degrees", "hours": "h"}
"""Columns whose name is that of the quantity."""
LEADS = {
    "always": "yes",
    "both": "where both sides declare the flow",
    "disputed": "where two declarations newly disagree",
    "never": "no, it only explains",
    "marker": "no, it speaks for an ordinary reason",
}
PARTITIONS: Mapping[object, str] = {
    None: "whole",
    YEARS: "by year",
    CALENDAR: "by year",
    BY_FAMILY: "by family",
    NODE_TYPES: "by type",
    EDGE_TYPES: "by type",
    DAYS: "by day",
    FILES: "by file",
}
EXAMPLES = ("gold", "nickel")
"""One family weighed by value and one weighed by mass: causes may speak differently about them."""


def document() -> str:
    """The whole reference as markdown."""
    sections = (
        _commands, _exit_codes, _settings, _tables, _flags, _channels, _ladder, _causes, _levels, _numbers, _families,
        _contents, _bans, _graph, _sources, _assets, _errors,
    )  # fmt: skip
    return "\n\n".join([HEAD, *(part for section in sections for part in section())]) + "\n"


def _commands() -> Iterator[str]:
    yield "## Commands"
    for one in commands().values():
        yield f"### `{f'oretrace {one.name}'.strip()}`"
        yield one.meaning if one.name else "These options stand before a command."
        yield table(["", "meaning", "must be given"], _options(one))


def _options(command: Command) -> Iterator[Row]:
    for one in command.options:
        yield f"`{one.name}`", one.meaning, "yes" if one.is_required else None


def _exit_codes() -> Iterator[str]:
    listed = re.search(r"Exit codes: (.*?)\.", doc(cli), re.DOTALL)
    codes = re.findall(r"(\d+) ([^,]+)", listed.group(1) if listed else "")
    yield "## Exit codes"
    yield table(["code", "meaning"], codes)


def _settings() -> Iterator[str]:
    yield "## Settings"
    yield doc(settings)
    yield doc(choice)


def _tables() -> Iterator[str]:
    yield "## Tables"
    for name, schema in TABLES.items():
        yield f"### `{name}`"
        yield f"{doc(schema)} Stored as {_place(name)}."
        yield table(["column", "type", "unit", "key", "may be null", "meaning"], _columns(schema))
        if name == "alerts":
            yield f"For programs, `oretrace alerts` writes these columns in this order: {code(ALERT_COLUMNS)}."
    yield "### Between them"
    rest = [(f"`{name}`", MEANINGS.get(name), _place(name)) for name in FOLDERS if name not in TABLES]
    yield table(["table", "meaning", "place"], rest)


def _place(name: str) -> str:
    part = {one: kind for one, kind, _ in _partitioned()}.get(name)
    file = f"{part.removeprefix('by ').upper()}" if part and name in PARTITIONED else name
    return f"`{FOLDERS[name]}/{file}.parquet`"


def _columns(schema: Any) -> Iterator[Row]:
    for name, column in schema.columns().items():
        key = "key" if column.primary_key else None
        null = "yes" if column.nullable else None
        yield f"`{name}`", _dtype(column.dtype), _unit(name, column), key, null, column_meaning(schema, name)


def column_meaning(schema: Any, name: str) -> str:
    """What a column means; a name that another table explained already means the same everywhere."""
    own = schema.columns()[name].description
    others = (one.columns()[name].description for one in TABLES.values() if name in one.columns())
    return own or next((text for text in others if text), "")


def _dtype(dtype: pl.DataType) -> str:
    if isinstance(dtype, pl.Enum):
        return f"one of {', '.join(dtype.categories)}"
    if isinstance(dtype, pl.List) and isinstance(dtype.inner, pl.Struct):
        return f"List of ({', '.join(f'{one.name} {one.dtype}' for one in dtype.inner.fields)})"
    return "Datetime" if isinstance(dtype, pl.Datetime) else str(dtype)


def _unit(name: str, column: Any) -> str | None:
    if (getattr(column, "min", None), getattr(column, "max", None)) == (0.0, 1.0):
        return "0 to 1"
    return NAMED.get(name) or next((unit for ending, unit in UNITS if name.endswith(ending)), None)


def _flags() -> Iterator[str]:
    comments = dict(re.findall(r"^\s+(\w+) = .*?# (.+)$", inspect.getsource(Flag), re.MULTILINE))
    yield "## Flags"
    yield "A flagged row stays in its table. The column `flags` is the sum of its bits; `oretrace explain` spells them."
    rows = ((f"`{one.name.lower()}`", one.value, comments[one.name]) for one in Flag if one.name)
    yield table(["flag", "bit", "meaning"], rows)


def _channels() -> Iterator[str]:
    yield "## Channels"
    for one in CHANNELS.values():
        yield f"### `{one.name}`: {wording.CHANNELS[one.name]}"
        yield one.meaning
        yield doc(inspect.getmodule(one.test), title=False)
        yield table(["", ""], _facts(one))
    yield "### What the structure channels share"
    yield doc(structure, title=False)
    for name in (past.__name__, hubs.__name__, gaps.__name__):
        yield doc(import_module(name))


def _facts(channel: Channel) -> Iterator[Row]:
    decisive = code(channel.decisive)
    if more := [one for one in alerts.PRECIOUS_DECISIVE if one not in channel.decisive and channel.gap]:
        decisive += f"; for goods weighed by value also {code(more)}"
    enough = f", with {channel.least_null} clean rows or more to compare with" if channel.least_null else ""
    yield "may lead an alert", LEADS[channel.leads] + enough
    yield "to be tested it", channel.needs
    yield "unmatched amount", code(f"gap_{one}" for one in channel.gap) or "none"
    yield "decisive causes", decisive


def _ladder() -> Iterator[str]:
    yield "## What would have been ordinary"
    yield doc(models.ladder)
    yield doc(rung, title=False)
    rows = ((f"`{one.name}`", ladder.RUNGS[one.name], doc(type(one))) for one in expect.RUNGS)
    yield table(["rung", "", "what it says"], rows)
    modules = dict.fromkeys(type(one).__module__.removesuffix(".rung") for one in expect.RUNGS)
    for name in (*modules, gate.__name__, scores.__name__):
        yield doc(import_module(name))


def _causes() -> Iterator[str]:
    yield "## Ordinary causes"
    yield doc(ordinary, title=False)
    rows = ((f"`{name}`", meaning(name), _untested(name)) for name in CAUSES)
    yield table(["cause", "what users read", "it cannot be tested where"], rows)


def _untested(cause: str) -> str:
    found = [CAUSES[cause](family) for family in EXAMPLES]
    return "; ".join(dict.fromkeys(one.why_not for one in found if one.why_not))


def _levels() -> Iterator[str]:
    yield "## Claim levels, order and error rate"
    yield table(["level", "word"], enumerate(wording.LEVELS))
    yield doc(alerts, title=False)
    yield doc(ledger).split("\n\n")[1]
    for module in (lead, crowd, leaders, calibrate, clean, episodes):
        yield doc(module)


def _numbers() -> Iterator[str]:
    yield "## Numbers that the models use"
    names = sorted(one.name for one in pkgutil.walk_packages(models.flows.__path__, "models.flows."))
    names += sorted(one.name for one in pkgutil.iter_modules(models.ladder.__path__, "models.ladder.") if not one.ispkg)
    rows = (row for name in [*names, "models.normal"] for row in _constants(import_module(name)))
    yield table(["module", "number", "value", "meaning"], rows)


def _constants(module: ModuleType) -> Iterator[Row]:
    """Public numbers of a module, each with the text that stands below it."""
    body = ast.parse(inspect.getsource(module)).body
    for node, below in zip(body, [*body[1:], None], strict=True):
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
            continue
        name = node.targets[0].id
        value = getattr(module, name)
        text = below.value if isinstance(below, ast.Expr) else None
        said = text.value if isinstance(text, ast.Constant) else None
        if not name.startswith("_") and isinstance(value, int | float) and not isinstance(value, bool):
            yield f"`{module.__name__}`", f"`{name}`", f"{value:g}", said


def _families() -> Iterator[str]:
    yield "## Commodity families"
    yield (
        "Codes are first digits of HS codes; a code outside every family has the family `hs` and its first four "
        "digits. Goods of a family are easily declared under its neighbours."
    )
    head = ["family", "title", "measured in", "codes", "neighbours", "weighed by", "balanced", "price-checked"]
    rows = (
        (f"`{one.name}`", one.title, one.basis, " ".join(one.codes), " ".join(one.neighbours), one.weighed_by,
         "yes" if one.is_balanced else None, "yes" if one.price_checked else None)
        for one in FAMILIES.values()
    )  # fmt: skip
    yield table(head, rows)


def _contents() -> Iterator[str]:
    yield "### What goods contain"
    yield "Kilograms of the family's measure in one kilogram of goods; low and high are 10th and 90th percentiles."
    rows = (
        tuple(row[name] for name in ("code", "low", "mid", "high", "source")) for row in read_codes("contained.csv")
    )
    yield table(["code", "low", "middle", "high", "rests on"], rows)


def _bans() -> Iterator[str]:
    yield "## Published export bans"
    yield doc(events, title=False)
    rows = (
        (name_of(one.exporter), " ".join(one.prefixes), one.start, one.end or "still stands", one.citation)
        for one in events.BANS
    )
    yield table(["exporter", "codes", "from", "until", "act"], rows)
    yield "### Bans of your own"
    yield doc(events_source)


def _sources() -> Iterator[str]:
    annual, monthly = declarations.LAG_DAYS[comtrade_files.SOURCE]
    lags = {"baci": baci.LAG_DAYS, "world_mining_data": production.LAG_DAYS, "wgi": governance.LAG_DAYS}
    yield "## Sources"
    yield "A row counts as known from its publication, where it states one, else so many days after its period ended."
    rows: list[Row] = [(f"`{one.source}`", lags[one.source], one.licence, one.citation) for one in CONTENTS]
    rows += [
        (f"`{comtrade_files.SOURCE}`", f"{annual}; months {monthly}", comtrade_api.LICENCE, comtrade_api.CITATION),
        (f"`{usgs.SOURCE}`", production.LAG_DAYS, None, doc(usgs, title=False)),
        (f"`{events_source.SOURCE}`", "known from its first day", None, "the act that each row cites"),
        *((f"`{name}`", None, licence, citation) for name, licence, citation in _lists()),
    ]
    yield table(["source", "days", "licence", "citation"], rows)


def _lists() -> Iterator[tuple[str, str, str]]:
    """Lists of places and ways, without a date of their own, and positions of ships, known from their day."""
    yield ports.WPI, ports.WPI_LICENCE, ports.WPI_CITATION
    yield ports.SEAROUTE, ports.SEAROUTE_LICENCE, f"{ports.SEAROUTE_CITATION}; {sea_lanes.CITATION}"
    yield anchorages.SOURCE, anchorages.LICENCE, anchorages.CITATION
    yield airports.AIRPORTSDATA, airports.AIRPORTSDATA_LICENCE, airports.AIRPORTSDATA_CITATION
    yield airports.OPENFLIGHTS, airports.OPENFLIGHTS_LICENCE, airports.OPENFLIGHTS_CITATION
    yield cities.SOURCE, cities.LICENCE, cities.CITATION
    yield land_network.SOURCE, land_network.LICENCE, land_network.CITATION
    yield "ais_marine", ais_marine.LICENCE, ais_marine.CITATION
    yield "ais_danish", ais_danish.LICENCE, ais_danish.CITATION
    yield gfw_api.SOURCE, gfw_api.LICENCE, gfw_api.CITATION


def _partitioned() -> Iterator[tuple[str, str, dg.AssetSpec]]:
    """Every asset, how it is divided, and what Dagster knows of it."""
    for made in ASSETS:
        for spec in sorted(made.specs, key=lambda one: one.key):
            yield spec.key.to_user_string(), PARTITIONS[made.partitions_def], spec


def _assets() -> Iterator[str]:
    yield "## Dagster"
    order = {name: place for place, (name, _, _) in enumerate(_partitioned())}
    rows = [
        (f"`{name}`", spec.group_name, kind, code(sorted(_inputs(spec), key=lambda one: order[str(one)])))
        for name, kind, spec in sorted(_partitioned(), key=lambda one: GROUPS.index(one[2].group_name or ""))
    ]
    yield table(["asset", "group", "divided", "made from"], rows)
    checks = ((f"`{one.name}`", f"`{one.asset_key.to_user_string()}`", one.description) for one in _check_specs())
    yield table(["check", "of", "meaning"], checks)
    timed = ((f"`{one.name}`", f"`{one.cron_schedule}`", one.execution_timezone, one.description) for one in SCHEDULES)
    yield table(["schedule", "when", "zone", "meaning"], timed)


def _inputs(spec: dg.AssetSpec) -> list[str]:
    return [one.asset_key.to_user_string() for one in spec.deps]


def _check_specs() -> Iterator[dg.AssetCheckSpec]:
    return (spec for check in CHECKS for spec in check.check_specs)


def _errors() -> Iterator[str]:
    yield "## Errors"
    tree, _, rule = doc(errors, title=False).rpartition("\n\n")
    yield f"```\n{tree}\n```"
    yield rule


def main() -> int:
    """Write the reference and the page of questions."""
    for file, text in ((DOCUMENT, document()), (QUESTIONS, questions_page())):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        print(file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
