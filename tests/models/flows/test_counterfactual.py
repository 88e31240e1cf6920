import pytest

from models.flows.counterfactual import Plausible, plausible

FLOW = {"export_value_usd": 2e6, "import_value_usd": 9e6, "reconciled_value_usd": 5e6}
INTERVAL = [{"name": "gap_low_usd", "value": 5e6}, {"name": "gap_high_usd", "value": 7e6}]


@pytest.mark.parametrize(
    ("channel", "flow", "gap", "parts", "expected"),
    [
        ("mirror_gap", FLOW, 6e6, INTERVAL, Plausible("import", 9e6, 3e6, 2e6, 4e6)),
        ("code_switch", {**FLOW, "export_value_usd": 10e6}, 6e6, [], Plausible("export", 10e6, 4e6, None, None)),
        ("jump", FLOW, 4e6, INTERVAL, Plausible("reconciled", 5e6, 1e6, 0.0, 0.0)),
        (
            "one_sided",
            {**FLOW, "export_value_usd": None},
            6e6,
            [*INTERVAL, {"name": "silent_exporter", "value": 1.0}],
            Plausible("export", None, 6e6, 5e6, 7e6),
        ),
        (
            "one_sided",
            {**FLOW, "import_value_usd": 0.0},
            6e6,
            [{"name": "silent_exporter", "value": 0.0}],
            Plausible("import", 0.0, 6e6, None, None),
        ),
        ("mirror_gap", FLOW, 0.0, INTERVAL, None),
        ("unit_value", FLOW, None, [], None),
        ("balance", {**FLOW, "reconciled_value_usd": None}, 1e6, [], None),
    ],
)
def test_declared_less_unmatched_and_for_a_silent_side_the_unmatched(channel, flow, gap, parts, expected):
    assert plausible(flow, channel, gap, parts) == expected
