"""What is gathered about one flow: which channels may raise an alert about it."""

from datetime import date
from pathlib import Path

import pytest

from models.flows.channels import STRUCTURE_NULL
from pipelines.explanation import explain
from pipelines.home import Home
from tests.pipelines.small_home import AS_OF, Row, alert, flow, write

CHANNELS = ("mirror_gap", "two_cycle", "edge_stream", "code_switch", "partner_switch", "disparity")


def years(*amounts: tuple[float | None, float | None], **more: object) -> list[Row]:
    """One pair up to 2020, (exports, imports) a year."""
    first = 2021 - len(amounts)
    return [
        flow("XAA", "XBB", "260400", first + at, export_value_usd=x, import_value_usd=m, **more)
        for at, (x, m) in enumerate(amounts)
    ]


def leading(path: Path, rows: list[Row], null_rows: int = STRUCTURE_NULL) -> set[str]:
    """Channels of which `explain` says that they may raise an alert about the last of these flows."""
    last = rows[-1]
    home = Home.open(path, create=True)
    write(home, "flows", rows, "nickel")
    write(home, "alerts", [alert(1, last, "mirror_gap", 1, 0.01)])
    scores = [{"flow_id": last["flow_id"], "channel": one, "statistic": 3.0, "p_value": 0.01} for one in CHANNELS]
    write(home, "scores", [one | {"null_rows": null_rows} for one in scores], "nickel")
    found = explain(home, last["flow_id"])
    assert found is not None
    assert {one["channel"] for one in found.tested} == set(CHANNELS)
    return {one["channel"] for one in found.tested if one["may_lead"]}


AGREED, APART = (1e6, 1e6), (1e6, 5e6)
ALWAYS = {"mirror_gap", "code_switch"}


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ([AGREED, AGREED], {*ALWAYS, "two_cycle"}),
        ([AGREED, APART], {*ALWAYS, "two_cycle", "edge_stream"}),
        ([APART, APART], {*ALWAYS, "two_cycle"}),  # a habit is no dispute
        ([AGREED, (None, 5e6)], {*ALWAYS, "edge_stream"}),  # one side fell silent
        ([(None, 5e6), (None, 5e6)], ALWAYS),  # it always was
    ],
)
def test_a_channel_may_raise_an_alert_only_where_the_list_lets_it(
    tmp_path: Path, amounts: list[tuple[float | None, float | None]], expected: set[str]
) -> None:
    assert leading(tmp_path, years(*amounts)) == expected


def test_a_channel_with_too_few_clean_rows_only_explains(tmp_path: Path) -> None:
    assert leading(tmp_path, years(AGREED, APART), STRUCTURE_NULL - 1) == {"mirror_gap"}


def test_years_that_became_known_later_make_no_habit(tmp_path: Path) -> None:
    *before, last = years(APART, APART)
    late = [one | {"known_from": date(AS_OF.year + 1, 1, 1)} for one in before]
    assert leading(tmp_path, [*late, last]) == {*ALWAYS, "two_cycle", "edge_stream"}
