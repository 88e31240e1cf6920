"""A small analysis and its truth, written as literals: what is known of each flow stands beside it."""

from datetime import date

import polars as pl

from graphs.tables import Alerts, Causes, Scores
from models.grading.grade import Analysed
from models.grading.truth import Truth
from models.world.tables import Artefact, ArtefactFlow, Scheme, SchemeFlow

AS_OF = date(2022, 12, 31)


def alert(rank: int, exporter: str, year: int = 2020, *, level: int = 1, selected: bool = True, **more) -> dict:
    """A scored flow to XZZ, of nickel ore."""
    key = {"exporter": exporter, "importer": "XZZ", "commodity": "260400", "period": year} | more
    flow = f"comtrade:{key['exporter']}:{key['importer']}:{key['commodity']}:{key['period']}"
    return {
        "alert_id": f"agnostic:{flow}:{AS_OF}", "list": "agnostic", "rank": rank, "flow_id": flow, "statistic": 1.0,
        "channel": "mirror_gap", "p_value": 0.01 * rank, "claim_level": level, "export_value_usd": 1e6,
        "import_value_usd": 2e6, "gap_value_usd": 1e6,
        "episode_id": flow, "source": "comtrade", "as_of": AS_OF, "sentence": "A flow.", "channels_tested": 1,
        "is_selected": selected, "family": "nickel", "why_level": "Because.", "unit_p_value": 0.5,
        **key,
    }  # fmt: skip


def alerts(*rows: dict) -> pl.DataFrame:
    """Table `alerts`."""
    return Alerts.validate(_frame(Alerts, rows))


def scores(*rows: dict) -> pl.DataFrame:
    """Table `scores` with one mirror gap for each flow of `rows`, its p-value the alert's."""
    told = [
        {"flow_id": row["flow_id"], "channel": "mirror_gap", "as_of": AS_OF, "statistic": 1.0,
         "p_value": row["p_value"], "null_rows": 9, "null_block": "nickel", "is_null_large": False, "tests": 90,
         "parts": []}
        for row in rows
    ]  # fmt: skip
    return Scores.validate(_frame(Scores, told))


def causes(*rows: tuple[dict, str, str]) -> pl.DataFrame:
    """Table `causes` from (flow, cause, verdict)."""
    told = [
        {"flow_id": row["flow_id"], "cause": cause, "as_of": AS_OF, "verdict": verdict} for row, cause, verdict in rows
    ]
    return Causes.validate(_frame(Causes, told))


def scheme(name: str, kind: str = "under_invoicing", strength: float = 0.5, exporter: str = "XAA") -> dict:
    """A scheme of nickel ore."""
    return {
        "scheme_id": name, "kind": kind, "strength": strength, "family": "nickel", "exporter": exporter,
        "importer": "XZZ", "first_year": 2018, "last_year": 2022, "ramp_years": 0, "actors": "Invented",
        "origin_sites": [],
    }  # fmt: skip


def trace(name: str, exporter: str, year: int = 2020, *, hidden: float = 1e6, visible: bool = True) -> dict:
    """A flow of a scheme."""
    return {
        "scheme_id": name, "exporter": exporter, "importer": "XZZ", "commodity": "260400", "year": year,
        "role": "false_value", "hidden_mass_kg": 1.0, "hidden_value_usd": hidden, "is_visible": visible,
    }  # fmt: skip


def artefact(name: str, kind: str) -> dict:
    """An artefact of nickel ore."""
    return {
        "artefact_id": name, "kind": kind, "family": "nickel", "country": "XAA", "partner": None, "first_year": 2018,
        "last_year": 2022, "description": "Something ordinary.",
    }  # fmt: skip


def touched(name: str, exporter: str, year: int = 2020) -> dict:
    """A flow of an artefact."""
    return {"artefact_id": name, "exporter": exporter, "importer": "XZZ", "commodity": "260400", "year": year}


def moved(exporter: str, value_usd: float, year: int = 2020) -> dict:
    """What really moved of nickel ore."""
    return {"exporter": exporter, "importer": "XZZ", "commodity": "260400", "year": year, "value_usd": value_usd}


def analysed(*rows: dict, held=(), silent=(), lines=()) -> Analysed:
    """An analysis of some scored flows. `silent`: (country, year) that did not report from 2015 to 2022; `lines`:
    (exporter, year) of flows that somebody declared and no channel scored."""
    offices = [(f"X{first}{last}", year) for first in "ABCZ" for last in "ABCDEFGHZ" for year in range(2015, 2023)]
    spoke = [("comtrade", *one, way) for one in offices if one not in set(silent) for way in "XM"]
    told = [(row["exporter"], row["importer"], row["commodity"], row["period"]) for row in rows]
    told += [(exporter, "XZZ", "260400", year) for exporter, year in lines]
    reporting = pl.DataFrame(spoke, schema={"source": pl.String, "reporter": pl.String, "period": pl.Int32,
                                            "direction": pl.String}, orient="row")  # fmt: skip
    flows = pl.DataFrame(told, schema={"exporter": pl.String, "importer": pl.String, "commodity": pl.String,
                                       "period": pl.Int32}, orient="row")  # fmt: skip
    return Analysed(alerts(*rows), scores(*rows), causes(*held), reporting, flows)


def truth(schemes=(), traces=(), artefacts=(), flows=(), true=()) -> Truth:
    """Truth tables, validated by their schemas."""
    return Truth(
        Scheme.validate(_frame(Scheme, schemes)),
        SchemeFlow.validate(_frame(SchemeFlow, traces)),
        Artefact.validate(_frame(Artefact, artefacts)),
        ArtefactFlow.validate(_frame(ArtefactFlow, flows)),
        pl.DataFrame(
            true,
            schema={
                "exporter": pl.String,
                "importer": pl.String,
                "commodity": pl.String,
                "year": pl.Int32,
                "value_usd": pl.Float64,
            },
            orient="row",
        ),
    )


def _frame(schema, rows) -> pl.DataFrame:
    dtypes = schema.create_empty().schema
    return pl.DataFrame([{name: row.get(name) for name in dtypes} for row in rows], schema=dtypes, orient="row")
