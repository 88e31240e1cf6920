"""The list on a narrow screen: what an amount is called, and that no gap is said to be none."""

from datetime import date
from typing import Any

import pytest
from rich.console import Console

from pipelines.policy import lint
from pipelines.views.alert_list import Shown, alert_list

SHOWN = Shown(matching=1, scored=9, as_of=date(2024, 6, 30), everything=False, list_name="learned")
ROW = {"rank": 1, "alert_id": "a", "claim_level": 1, "exporter": "XAA", "importer": "XBB", "commodity": "710812",
       "period": 2020, "p_value": 0.03, "main_cause": None}  # fmt: skip


def narrow(channel: str, value: float | None, mass: float | None) -> str:
    screen = Console(width=44, record=True)
    row: dict[str, Any] = {**ROW, "channel": channel, "gap_value_usd": value, "gap_mass_kg": mass}
    with screen.capture() as said:
        for part in alert_list([row], SHOWN, {}, 44):
            screen.print(part)
    return " ".join(said.get().split())


@pytest.mark.parametrize(
    ("channel", "value", "mass", "told"),
    [
        ("balance", 2.4e9, 37_800.0, "2.40 bn USD, 37.8 t beyond the balance · p"),
        ("mirror_gap", 2.4e9, None, "anomaly · 2.40 bn USD unmatched · p"),
        ("mirror_gap", 0.0, 5e3, "anomaly · 0 USD, 5 t unmatched · p"),
        ("balance", 0.0, 0.0, "anomaly · nothing unmatched · p"),
        ("unit_value", None, None, "anomaly · unit value · p"),
    ],
)
def test_an_amount_is_called_what_its_channel_found(
    channel: str, value: float | None, mass: float | None, told: str
) -> None:
    text = narrow(channel, value, mass)
    assert told in text
    assert lint(text) == []
