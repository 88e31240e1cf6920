"""What people decided about alerts: appended, never changed, and untouched by any run.

One table, `judgements` (graphs.tables.Judgements). A later judgement of the same reviewer counts instead of the
earlier one, which stays. Two reviewers who hold a candidate (level 2) for implausible, with nobody holding it for
explained, raise it to level 3, reviewed. That belongs to the alert as judged: a run with later data makes an alert
with another `as_of`, beside which the earlier judgement is shown without raising it.

Imports neither Dagster nor the schema library.
"""

from datetime import datetime

import polars as pl

from pipelines import appended
from pipelines.home import Home

TABLE = "judgements"
SCHEMA = pl.Schema(
    {
        "alert_id": pl.String(),
        "judged_at": pl.Datetime("us", "UTC"),
        "reviewer": pl.String(),
        "verdict": pl.Enum(["implausible", "explained", "undecided"]),
        "note": pl.String(),
    }
)
CANDIDATE, REVIEWED = 2, 3
REVIEWERS_NEEDED = 2


def read(home: Home) -> pl.DataFrame:
    """All judgements, oldest first; an empty table where there is none. Raises HomeError for a damaged file."""
    return appended.read(home, TABLE, SCHEMA)


def append(
    home: Home, alert_id: str, *, reviewer: str, verdict: str, note: str | None = None, now: datetime | None = None
) -> pl.DataFrame:
    """Add one judgement and return it as a row. Raises InputError for an empty reviewer or an unknown verdict."""
    judged = appended.judged(SCHEMA, reviewer=reviewer, verdict=verdict, note=note)
    return appended.add(home, TABLE, SCHEMA, {"alert_id": alert_id, **judged}, now)


def current(judgements: pl.DataFrame) -> pl.DataFrame:
    """The judgement that counts of each reviewer about each alert: the last."""
    return judgements.sort("judged_at").unique(["alert_id", "reviewer"], keep="last", maintain_order=True)


def reviewed(judgements: pl.DataFrame) -> list[str]:
    """Alerts that two reviewers hold for implausible and nobody for explained."""
    counts = (
        current(judgements)
        .group_by("alert_id", maintain_order=True)
        .agg(
            against=(pl.col("verdict") == "implausible").sum(),
            explained=(pl.col("verdict") == "explained").any(),
        )
    )
    chosen = counts.filter(pl.col("against") >= REVIEWERS_NEEDED, ~pl.col("explained"))
    return chosen["alert_id"].to_list()


def about(judgements: pl.DataFrame, list_name: str, flow_id: str) -> pl.DataFrame:
    """Every judgement about a flow on one list, whatever the `as_of` under which it was judged."""
    return judgements.filter(pl.col("alert_id").str.starts_with(f"{list_name}:{flow_id}:"))
