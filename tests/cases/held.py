"""What holds of a case: no flow of it above level 1 on any list, and its ordinary cause told."""

import polars as pl

from models.flows.chain import Chain
from tests.cases.registry import Case


def flows_of(case: Case, flows: pl.DataFrame) -> pl.DataFrame:
    """The flows that a case is about."""
    chosen = {"exporter": case.exporters, "importer": case.importers, "period": tuple(case.years)}
    conditions = [pl.col(name).is_in(list(values)) for name, values in chosen.items() if values]
    return flows.filter(pl.col("commodity").str.starts_with(case.commodity), *conditions)


def too_high(alerts: pl.DataFrame) -> list[str]:
    """Flows above level 1, with list and channel, for a message that says what to look at."""
    high = alerts.filter(pl.col("claim_level") > 1).sort("list", "flow_id")
    return [f"{row['list']}: {row['flow_id']} by {row['channel']}" for row in high.iter_rows(named=True)]


def told(case: Case, causes: pl.DataFrame) -> pl.DataFrame:
    """Verdicts that tell the case's ordinary reason: possible, or cannot be tested where no source can show it."""
    verdict = "possible" if case.is_testable else "cannot_test"
    return causes.filter(
        pl.col("cause").is_in(list(case.causes)), pl.col("verdict").cast(pl.String) == verdict, pl.col("detail") != ""
    )


def check(case: Case, chain: Chain) -> None:
    """Raises AssertionError where a case does not hold."""
    mine = flows_of(case, chain.flows)["flow_id"]
    assert len(mine) > 0, f"{case.name}: the table holds no such flow"
    alerts = chain.alerts.filter(pl.col("flow_id").is_in(mine.implode()))
    assert alerts.height > 0, f"{case.name}: no channel scores any of its flows, so nothing was tested"
    assert not too_high(alerts), case.name
    causes = chain.causes.filter(pl.col("flow_id").is_in(alerts["flow_id"].implode()))
    if not case.causes:  # nothing stands out, so that no reason is needed
        assert (alerts["claim_level"] == 0).all(), case.name
        return
    assert told(case, causes).height > 0, f"{case.name}: nothing is told of {' or '.join(case.causes)}"
