"""What was judged on an earlier day must not know later data."""

from datetime import date

import polars as pl

from models.flows.channels import judge
from models.flows.reconcile import reconcile
from tests.models.flows.frames import context, flows
from tests.models.flows.test_mirror import pair, quiet_pairs


def test_later_rows_change_no_earlier_statistic():
    rows = [*quiet_pairs(), *pair({**dict.fromkeys(range(2010, 2020), 1.1), 2020: 20.0})]
    whole = flows(*rows)
    early = whole.filter(pl.col("known_from") <= date(2017, 12, 31))
    assert early["period"].max() == 2016
    before = judge(reconcile(early), context()).statistics
    within = judge(reconcile(whole), context()).statistics.filter(pl.col("flow_id").is_in(before["flow_id"].implode()))
    compared = before.join(within, on=["flow_id", "channel"], suffix="_later")
    # The reconciled level moves with the offices' spreads, the mirror's own statistic does not.
    mirror = compared.filter(pl.col("channel") == "mirror_gap")
    assert mirror.height > 50
    assert (mirror["statistic"] - mirror["statistic_later"]).abs().max() < 1e-9
