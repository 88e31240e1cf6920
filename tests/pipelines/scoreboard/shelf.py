"""A folder of small invented cases under the names of the protocol's, so that a whole measurement takes seconds."""

import json
from pathlib import Path

from pipelines.scoreboard.cache import ABOUT, FEATURES, ROWS, Wanted
from pipelines.scoreboard.plan import Plan
from tests.models.scoreboard.made import case


def fill(plan: Plan) -> None:
    """Every case of the plan, as if it had been built."""
    for wanted in plan.cases:
        put(wanted, plan.cache, wanted.code)


def put(wanted: Wanted, folder: Path, code: str) -> None:
    made, place = case(wanted.name, seed=wanted.seed), folder / "cases" / wanted.name
    place.mkdir(parents=True)
    made.rows.write_parquet(place / ROWS)
    made.features.write_parquet(place / FEATURES)
    (place / ABOUT).write_text(json.dumps({"code": code}), encoding="utf-8")
