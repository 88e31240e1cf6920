"""Why a channel said nothing."""

import pytest

from pipelines.silence import why_silent
from tests.pipelines.small_home import BEFORE, GOLD, ONE_SIDED, UNSCORED, Row, table

NEEDS = "needs three earlier clean years of this pair"


def full(of: Row) -> Row:
    """The flow as the table holds it."""
    return table("flows", [of]).row(0, named=True)


@pytest.mark.parametrize(
    ("channel", "of", "reason"),
    [
        ("mirror_gap", GOLD, "this source holds reconciled trade only"),
        ("one_sided", GOLD, "this source holds reconciled trade only"),
        ("ban_break", GOLD, "this source holds reconciled trade only"),
        ("code_switch", GOLD, "this source holds reconciled trade only"),
        ("partner_switch", GOLD, "this source holds reconciled trade only"),
        ("three_path", GOLD, "this source holds reconciled trade only"),
        ("two_cycle", GOLD, NEEDS),
        ("code_switch", BEFORE | {"importer_reported": False}, "reported nothing for 2019: its side is missing"),
        ("jump", GOLD, NEEDS),
        ("mirror_gap", ONE_SIDED, "only one of the two countries declares this flow"),
        ("one_sided", BEFORE, "both countries declare this flow"),
        ("mirror_gap", BEFORE, NEEDS),
        ("unit_value", BEFORE | {"reconciled_mass_kg": None}, "no mass is known"),
        ("ban_break", BEFORE, "no published ban on these exports of XAA is known for 2019"),
        ("ban_break", BEFORE | {"exporter_reported": False}, "XAA reported nothing for 2019"),
        ("ban_break", BEFORE | {"import_value_usd": None}, "the importer declares nothing"),
        ("one_sided", UNSCORED[4], "XGG reported nothing for 2020: its side is missing, not zero"),
        ("jump", UNSCORED[1], "'areas not specified' declare nothing"),
        ("jump", UNSCORED[2], "only annual flows are scored"),
        ("balance", UNSCORED[3], "exporter and importer are the same"),
    ],
)
def test_reason(channel: str, of: Row, reason: str) -> None:
    assert reason in why_silent(channel, NEEDS, full(of))
