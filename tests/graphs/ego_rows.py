"""Small graphs for tests of ego networks, exports and views: node and edge frames from literals."""

import polars as pl

from graphs.schema import EDGE_TABLES, NODES, dtypes
from graphs.stores.base import Graph

HOSTILE = (
    'O\'Brien "Ltd"',
    "line\nbreak\r\nand\ttab",
    "</script><script>document.documentElement.dataset.hacked='yes'</script>",
    "<img src=x onerror=\"document.documentElement.dataset.hacked='yes'\">",
    "MATCH (n) DETACH DELETE n; //",
    "{{ 7 * 7 }}{% raw %}",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "\N{GRINNING FACE}\U00020000 four bytes",
    "sep\u2028ara\u2029tors",
    "bell\x07null\x00escape\x1b",
    "&lt;b&gt; &amp; \\u003c",
)
"""Names that somebody's quoting may trip over."""


def flow(exporter, importer, year=2020, value=1.0, **other):
    """One Flow node of reconciled trade, unless told otherwise."""
    row = {"source": "baci", "exporter": exporter, "importer": importer, "commodity": "710812", "family": "gold",
           "year": year, "value_usd": value, "mass_kg": value, **other}  # fmt: skip
    row["flow_id"] = ":".join(str(row[name]) for name in ("source", "exporter", "importer", "commodity", "year"))
    return row


def declared(exporter, importer, year=2020, x=None, m=None, **other):
    """One Flow node of a source that holds declarations."""
    told = {"source": "comtrade", "exporter_reported": True, "importer_reported": True, "export_value_usd": x,
            "import_value_usd": m} | other  # fmt: skip
    return flow(exporter, importer, year, m if m is not None else x, **told)


def alert_ids(*flow_ids):
    """Identifiers of the alerts about these flows on the agnostic list."""
    return [f"agnostic:{flow_id}:2025-12-31" for flow_id in flow_ids]


def alert(flow_id, level=1, rank=1, **other):
    """One Alert node."""
    row = {"alert_id": alert_ids(flow_id)[0], "list": "agnostic", "rank": rank, "flow_id": flow_id,
           "channel": "mirror_gap", "claim_level": level, "p_value": 0.01, "episode_id": "e", "is_selected": True,
           "as_of": "2025-12-31", "sentence": f"Alert number {rank}."}  # fmt: skip
    return row | other


def country(code, name=None, lon=None, lat=None):
    return {"code": code, "name": name or f"Land {code}", "lon": lon, "lat": lat}


def frame(table, *rows) -> pl.LazyFrame:
    """A node or edge table from dicts; what a row does not name is null."""
    schema = dtypes(EDGE_TABLES[table].schema if table in EDGE_TABLES else NODES[table])
    return pl.LazyFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema, orient="row")


def tables(*flows, alerts=(), residuals=(), names=None) -> dict[str, pl.LazyFrame]:
    """Node tables around flows: every area is a country unless it is listed as a residual."""
    codes = sorted({one[end] for one in flows for end in ("exporter", "importer")} - set(residuals))
    return {
        "Flow": frame("Flow", *flows),
        "Alert": frame("Alert", *alerts),
        "Country": frame("Country", *(country(code, (names or {}).get(code)) for code in codes)),
        "Residual": frame(
            "Residual", *({"code": one, "name": "Areas, n.e.s.", "kind": "residual"} for one in residuals)
        ),
        "Commodity": frame("Commodity", {"code": "710812", "title": "Gold, unwrought", "family": "gold"}),
        "Family": frame("Family", {"name": "gold", "title": "Gold", "basis": "gold", "weighed_by": "value"}),
    }


def graph(names=HOSTILE) -> Graph:
    """A graph with hostile names, nulls, a residual, a self-loop, parallel edges and a two-cycle."""
    codes = [f"C{at:02}" for at in range(len(names))]
    countries = [
        country(code, name, -170.0 + 30 * at, 10.0) for at, (code, name) in enumerate(zip(codes, names, strict=True))
    ]
    countries.append(country("NOP", "No place"))
    flows = [
        declared("C00", "C01", 2020, 5.0, None, importer_reported=False, mass_kg=None),
        declared("C01", "C00", 2020, None, 7.5),
        flow("C00", "C01", 2021, 3.0),
        flow("C02", "_X", 2020, None),
    ]
    trade = [
        edge("C00", "C01", 2020, 5.0, None),
        edge("C00", "C01", 2021, 3.0, 3.0),
        edge("C01", "C00", 2020, None, 7.5),
        edge("C02", "C02", 2020, 1.0, 1.0),
        edge("C00", "C11", 2020, 2.0, 2.0),
        edge("C00", "NOP", 2020, 2.0, 2.0),
    ]
    about = {"start": alert(flows[0]["flow_id"])["alert_id"], "end": flows[0]["flow_id"]}
    found = {
        "Country": frame("Country", *countries),
        "Residual": frame("Residual", {"code": "_X", "name": names[6], "kind": "residual"}),
        "Family": frame("Family", {"name": "gold", "title": names[1], "basis": "gold", "weighed_by": "value"}),
        "Commodity": frame("Commodity", {"code": "710812", "title": names[2], "family": "gold"}),
        "Flow": frame("Flow", *flows),
        "Alert": frame("Alert", alert(flows[0]["flow_id"], 2, sentence=names[3])),
        "Ban": frame("Ban", {"ban_id": "C00:7108:2020-01-01", "exporter": "C00", "codes": "7108",
                             "start": "2020-01-01", "citation": names[4]}),
        "Flow-EXPORTED_BY-Country": frame("Flow-EXPORTED_BY-Country", *(ends(one, "exporter") for one in flows)),
        "Flow-IMPORTED_BY-Country": frame("Flow-IMPORTED_BY-Country", *(ends(one, "importer") for one in flows[:3])),
        "Flow-IMPORTED_BY-Residual": frame("Flow-IMPORTED_BY-Residual", ends(flows[3], "importer")),
        "Flow-OF-Commodity": frame("Flow-OF-Commodity", *(ends(one, "commodity") for one in flows)),
        "Commodity-IN_FAMILY-Family": frame("Commodity-IN_FAMILY-Family", {"start": "710812", "end": "gold"}),
        "Alert-ABOUT-Flow": frame("Alert-ABOUT-Flow", about),
        "Country-EXPORTS_TO-Country": frame("Country-EXPORTS_TO-Country", *trade),
        "Country-EXPORTS_TO-Residual": frame("Country-EXPORTS_TO-Residual", edge("C02", "_X", 2020, None, None)),
        "Ban-DECREED_BY-Country": frame("Ban-DECREED_BY-Country", {"start": "C00:7108:2020-01-01", "end": "C00"}),
        "Ban-COVERS-Commodity": frame("Ban-COVERS-Commodity", {"start": "C00:7108:2020-01-01", "end": "710812"}),
    }  # fmt: skip
    told = {"sources": "made up", "licences": "none", "citation": "a test", "as_of": "2025-12-31"}
    return Graph("0123456789abcdef", found, about=told)


def edge(start, end, year, value, mass):
    return {"edge_id": f"baci:{start}:{end}:gold:{year}", "start": start, "end": end, "source": "baci",
            "family": "gold", "year": year, "value_usd": value, "mass_kg": mass, "flows": 1}  # fmt: skip


def ends(one, column):
    return {"start": one["flow_id"], "end": one[column]}
