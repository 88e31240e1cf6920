"""A small graph made to be difficult: what every engine must keep, whatever it is made of.

Self-loops, a two-cycle, parallel edges, ties, nulls in every place that may be null, residual partners at both ends,
several sources, families and years, and names that are code to somebody.
"""

import hashlib

import polars as pl

from graphs.build import snapshot_id
from graphs.schema import EDGE_TABLES, dtypes, schema_of
from graphs.stores.base import Graph
from tests.graphs.stores import contract_ships

HOSTILE = {
    "AAA": 'O\'Brien "quoted" \\ back\\\\slash',
    "BBB": "line\nbreak\ttab\r\nand, comma; semicolon | bar",
    "CCC": "'}) DETACH DELETE n // $code {x: 1} RETURN `c`",
    "DDD": "<script>alert('x')</script>&amp;<b>",
    "EEE": "鉱山 𝒢𝓇𝒶𝓅𝒽 😀 Ø\u00a0é\u200d",
    "FFF": "  spaces at both ends  ",
    "GGG": "null",
    "HHH": "",
}
"""Names of countries, by code. HHH has an empty name, which is not a missing one."""
SEATS = {"AAA": (1.5, -2.25), "BBB": (-180.0, 90.0), "CCC": (0.0, -0.0), "DDD": (0.1, 1e-7)}

# source, exporter, importer, commodity, year, export value, import value, export mass, import mass, value, mass
FLOWS = [
    ("comtrade", "AAA", "BBB", "260400", 2020, 100.0, 120.0, 10.0, 12.0, 110.0, 11.0),
    ("comtrade", "BBB", "AAA", "260400", 2020, 50.0, 50.0, None, 5.0, 50.0, 5.0),  # two-cycle with the one above
    ("comtrade", "AAA", "AAA", "260400", 2020, 7.0, None, None, None, 7.0, None),  # self-loop
    ("comtrade", "AAA", "BBB", "750110", 2020, 100.0, 100.0, 1.0, 1.0, 100.0, 1.0),  # parallel, another code
    ("comtrade", "AAA", "BBB", "260400", 2021, 100.0, 120.0, 10.0, 12.0, 110.0, 11.0),  # a tie with the first
    ("baci", "AAA", "BBB", "260400", 2020, None, None, None, None, 105.5, 10.5),  # another source, no declarations
    ("baci", "AAA", "BBB", "710812", 2020, None, None, None, None, 1e12, 0.1 + 0.2),
    ("comtrade", "AAA", "_X", "710812", 2021, 1e-9, None, None, None, 1e-9, None),  # residual partner
    ("comtrade", "_X", "CCC", "710812", 2021, None, 33.0, None, 3.0, 33.0, 3.0),
    ("comtrade", "_X", "_Z", "710812", 2021, None, None, None, None, None, None),  # nothing known at all
    ("comtrade", "CCC", "DDD", "260400", 2021, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0),  # zero is not null
    ("comtrade", "DDD", "EEE", "260400", 2021, 12.5, None, 2.5, None, 12.5, 2.5),
    ("comtrade", "EEE", "FFF", "260400", 2021, None, 14.0, None, 2.5, 14.0, 2.5),
    ("comtrade", "FFF", "DDD", "260400", 2021, 12.5, 12.5, 2.5, 2.5, 12.5, 2.5),  # closes a ring of three
]
FAMILY = {"260400": "nickel", "750110": "nickel", "710812": "gold"}
DAY = "2024-12-31"
RESIDUALS = [("_X", "Areas, not elsewhere specified", "residual"), ("_Z", 'Free zone "Z"', "zone")]


def contract_graph() -> Graph:
    """The graph, checked."""
    return graph_of(frames())


def graph_of(tables: dict[str, pl.DataFrame]) -> Graph:
    """Checked frames as a graph named by its content; the order of rows does not matter."""
    checked = {name: schema_of(name).validate(rows) for name, rows in tables.items()}
    contents = {name: content(name, rows) for name, rows in checked.items()}
    about = {"as_of": DAY, "sources": '[{"name": "Ø \\"quoted\\" \\n"}]'}
    return Graph(snapshot_id(contents), {name: rows.lazy() for name, rows in checked.items()}, contents, about)


def content(name: str, rows: pl.DataFrame) -> str:
    """Hash of a table's rows."""
    ordered = rows.sort(schema_of(name).primary_key())
    return hashlib.sha256(ordered.write_json().encode()).hexdigest()


def frame(name: str, rows: list[tuple[object, ...]]) -> pl.DataFrame:
    """Rows of a table in the order of its columns."""
    return pl.DataFrame(rows, schema=dtypes(schema_of(name)), orient="row")


def frames() -> dict[str, pl.DataFrame]:
    """Every table of the graph; no frame is shared between calls."""
    made = {
        "Country": frame("Country", [(code, name, *SEATS.get(code, (None, None))) for code, name in HOSTILE.items()]),
        "Residual": frame("Residual", list(RESIDUALS)),
        "Family": frame("Family", [("nickel", "Nickel", "Ni", "mass"), ("gold", "Gold `Au`", "Au", "value")]),
        "Commodity": frame("Commodity", [(code, f"Code {code}; \"{name}\"", name) for code, name in FAMILY.items()]),
        "Flow": flows(),
        "Alert": alerts(),
        "Ban": frame("Ban", [("BBB:2604:2020-01-01", "BBB", "2604", "2020-01-01", None, "Decree <1>"),
                             ("CCC:71 26:2019-05-01", "CCC", "71 26", "2019-05-01", "2021-01-01", "Decree '2'")]),
    }  # fmt: skip
    more = {name: frame(name, found) for name, found in contract_ships.rows().items()}
    return made | edges(made["Flow"]) | more


def flows() -> pl.DataFrame:
    """One node per flow."""
    rows = []
    for source, exporter, importer, code, year, *amounts in FLOWS:
        told = (None, None) if source == "baci" else (exporter != "_X", importer[0] != "_")
        key = f"{source}:{exporter}:{importer}:{code}:{year}"
        rows.append((key, source, exporter, importer, code, FAMILY[code], year, *told, *amounts))
    return frame("Flow", rows)


def alerts() -> pl.DataFrame:
    """Two alerts about one flow, with and without the columns that may be null."""
    flow, other = "comtrade:AAA:BBB:260400:2020", "comtrade:AAA:BBB:260400:2021"
    rows = [
        ("learned:1", "learned", 1, flow, "mirror", 2, 0.001, 0.05, 20.0, 2.0, "transit", "e1", True, DAY, "\"1\".\n"),
        ("agnostic:1", "agnostic", 1, flow, "mirror", 1, 0.001, None, None, None, None, "e1", False, DAY, "Another."),
        ("agnostic:2", "agnostic", 2, other, "jump", 1, 0.5, None, -3.0, None, None, "e2", False, DAY, "{}"),
    ]  # fmt: skip
    return frame("Alert", rows)


def edges(flow: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Every edge table."""
    made = {name: frame(name, []) for name in EDGE_TABLES}
    rows: dict[str, list[tuple[object, ...]]] = {name: [] for name in EDGE_TABLES}
    for one in flow.iter_rows(named=True):
        key, ends = one["flow_id"], (one["exporter"], one["importer"])
        start, end = (_label(area) for area in ends)
        rows[f"Flow-EXPORTED_BY-{start}"].append((key, ends[0]))
        rows[f"Flow-IMPORTED_BY-{end}"].append((key, ends[1]))
        rows["Flow-OF-Commodity"].append((key, one["commodity"]))
        for side, office in zip(("export", "import"), ends, strict=True):
            value, mass = one[f"{side}_value_usd"], one[f"{side}_mass_kg"]
            if (value, mass) != (None, None) and _label(office) == "Country":
                estimated = None if mass is None else mass > 5
                rows["Flow-DECLARED_BY-Country"].append((f"{key}:{side}", key, office, side, value, mass, estimated))
    rows["Commodity-IN_FAMILY-Family"] = list(FAMILY.items())
    rows["Alert-ABOUT-Flow"] = list(alerts().select("alert_id", "flow_id").iter_rows())
    rows["Ban-DECREED_BY-Country"] = [("BBB:2604:2020-01-01", "BBB"), ("CCC:71 26:2019-05-01", "CCC")]
    rows["Ban-COVERS-Commodity"] = [("BBB:2604:2020-01-01", "260400"), ("CCC:71 26:2019-05-01", "260400"),
                                    ("CCC:71 26:2019-05-01", "710812")]  # fmt: skip
    rows["Country-PRODUCES-Family"] = [
        ("usgs:AAA:nickel:2020:content", "AAA", "nickel", "usgs", 2020, "content", 1000.0, 900.0, 1100.0),
        ("usgs:AAA:nickel:2020:ore", "AAA", "nickel", "usgs", 2020, "ore", 50_000.0, None, None),
        ("wmd:AAA:nickel:2020:content", "AAA", "nickel", "wmd", 2020, "content", 1000.0, 900.0, 1100.0),
        ("wmd:GGG:gold:2021:content", "GGG", "gold", "wmd", 2021, "content", None, None, None),
    ]
    rows["Residual-PRODUCES-Family"] = [
        ("wmd:_X:gold:2021:content", "_X", "gold", "wmd", 2021, "content", 5.0, None, None)
    ]
    rows |= _exports_to(flow)
    return made | {name: frame(name, found) for name, found in rows.items()}


def _exports_to(flow: pl.DataFrame) -> dict[str, list[tuple[object, ...]]]:
    """Flows added up the slow way."""
    groups: dict[tuple[str, ...], list[dict[str, object]]] = {}
    for one in flow.iter_rows(named=True):
        groups.setdefault(tuple(one[name] for name in ("source", "exporter", "importer", "family", "year")), []).append(
            one
        )
    rows: dict[str, list[tuple[object, ...]]] = {}
    for (source, start, end, family, year), found in groups.items():
        values = [one["value_usd"] for one in found if one["value_usd"] is not None]
        masses = [one["mass_kg"] for one in found]
        value, mass = sum(values) if values else None, None if None in masses else sum(masses)
        key = f"{source}:{start}:{end}:{family}:{year}"
        table = f"{_label(start)}-EXPORTS_TO-{_label(end)}"
        rows.setdefault(table, []).append((key, start, end, source, family, year, value, mass, len(found)))
    return rows


def _label(area: str) -> str:
    return "Residual" if area.startswith("_") else "Country"
