"""The agnostic order of a case is that of the product."""

import polars as pl

from graphs.tables import Scores
from models.scoreboard.judged import Material, agnostic
from tests.models.flows.frames import AS_OF, context, flow, flows


def scores(*rows: tuple[str, str, float]) -> pl.DataFrame:
    """Table `scores` from (flow_id, channel, p)."""
    full = [
        {
            "flow_id": flow_id, "channel": channel, "as_of": AS_OF, "statistic": 1.0, "p_value": p, "null_rows": 1000,
            "null_block": "nickel", "is_null_large": True, "tests": len(rows), "gap_value_usd": 100.0, "parts": [],
        }
        for flow_id, channel, p in rows
    ]  # fmt: skip
    return pl.DataFrame(full, schema=Scores.create_empty().schema, orient="row").with_columns(
        pl.col("channel").cast(pl.String)
    )


def test_claim_level_comes_before_the_share_of_ordinary_flows() -> None:
    # The anomaly is one of ten on its channel: 0.09 * 10 / 1, at most 0.95, is its ordinary share. The ordinary flow
    # is alone on its own, with 0.2. By the share it would come first; but p above 0.1 is level 0.
    others = [flow("OTH", f"P{place:02d}", 2020, 900.0, 1000.0) for place in range(9)]
    anomaly, ordinary = flow("EXP", "IMP", 2020, 900.0, 1000.0), flow("ORD", "IMP", 2020, None, 1000.0)
    feature = flow("FEA", "IMP", 2020, 900.0, 1000.0)
    trade = flows(anomaly, ordinary, feature, *others)
    said = scores(
        (anomaly["flow_id"], "mirror_gap", 0.09),
        (ordinary["flow_id"], "one_sided", 0.2),
        (feature["flow_id"], "jump", 0.001),
        *((one["flow_id"], "mirror_gap", 0.95) for one in others),
    )
    found = agnostic(said, trade.select("flow_id"), [Material(trade, context())]).sort(
        "agnostic", descending=True, nulls_last=True
    )
    assert found["flow_id"].head(2).to_list() == [anomaly["flow_id"], ordinary["flow_id"]]
    assert found["agnostic_p"].head(3).to_list() == [0.09, 0.2, 0.95]
    assert found["agnostic"].to_list() == [*range(10, -1, -1), None]
    assert found.row(-1, named=True)["flow_id"] == feature["flow_id"]
    assert found["agnostic_p"][-1] is None
    assert found["claim_level"].to_list() == [1, *[0] * 11]
