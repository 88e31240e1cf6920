"""Goods under one code here and under another there."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.flows.structure import code_switch
from models.flows.structure.code_switch import HELD, SLIGHT
from tests.models.flows.frames import context, flow
from tests.models.flows.structure import slow

ORE, MATTE, IRON = "260400", "750110", "260111"


def confused(seed: int = 0) -> list[dict]:
    """Two codes per pair, and a part of the ore that the exporter calls matte, more in some years."""
    rows = []
    for place, row in enumerate(slow.noisy(seed)):
        moved = 0.5 * row["export_value_usd"] * ((place * 7919 + seed) % 10 + 2) / 10
        ends = row["exporter"], row["importer"], row["period"]
        rows.append(flow(*ends, row["export_value_usd"] - moved, row["import_value_usd"]))
        rows.append(flow(*ends, 3e5 + moved, 3e5, commodity=MATTE))
    return rows


def off(row: dict) -> float:
    exports, imports = row["export_value_usd"] or 0.0, row["import_value_usd"] or 0.0
    return imports - exports if abs(imports - exports) > max(imports, exports) / 3 else 0.0


def test_agrees_with_an_obvious_version():
    rows = confused()
    table = sorted(slow.table(*rows).to_dicts(), key=lambda row: (row["exporter"], row["importer"], row["period"]))
    pairs = sorted({(row["exporter"], row["importer"]) for row in table})
    moves, switched = [], {}
    traded = {}
    for pair in pairs:
        shares: list[float] = []
        for year in slow.YEARS:
            codes = [row for row in table if (row["exporter"], row["importer"], row["period"]) == (*pair, year)]
            over, under = (sum(max(sign * off(row), 0.0) for row in codes) for sign in (1, -1))
            traded[pair, year] = max(sum(row[f"{side}_value_usd"] for row in codes) for side in ("export", "import"))
            usual = slow.usual(shares)
            shares.append(min(over, under) / traded[pair, year])
            switched[pair, year] = min(over, under), over, under
            if shares[-1] >= SLIGHT:
                change = None if usual is None else math.log(shares[-1] + SLIGHT) - math.log(usual + SLIGHT)
                moves.append({"source": "comtrade", "exporter": pair[0], "importer": pair[1], "period": year,
                              "change": change})  # fmt: skip
    for move in moves:
        pair, year = (move["exporter"], move["importer"]), move["period"]
        whole = sum(usd for (_, at), usd in traded.items() if at == year and switched[_, at][0] / usd >= SLIGHT)
        move["band"] = math.floor(math.log10(traded[pair, year] / whole))
    expected = {}
    for move, spread in zip(moves, slow.spreads(moves), strict=True):
        pair, year = (move["exporter"], move["importer"]), move["period"]
        if move["change"] is None or spread is None:
            continue
        least, over, under = switched[pair, year]
        for code in (ORE, MATTE):
            mine = next(off(row) for row in table if (row["exporter"], row["importer"], row["period"],
                        row["commodity"]) == (*pair, year, code))  # fmt: skip
            gap = min(abs(mine), under if mine > 0 else over)
            if gap > 0 and gap >= HELD * least:
                expected[f"{pair[0]}:{pair[1]}:{code}:{year}"] = move["change"] / spread
    found = {name: row["statistic"] for name, row in slow.judged(code_switch, rows).items()}
    assert found == pytest.approx(expected)
    assert len(found) > 100


def relabelled(code: str = MATTE) -> list[dict]:
    """In 2020 E1 declares its ore for M1 as something else."""
    rows = [row for row in confused() if (row["exporter"], row["importer"]) != ("E1", "M1")]
    for row in slow.noisy():
        if (row["exporter"], row["importer"]) == ("E1", "M1"):
            hidden = 0.95 if row["period"] == 2020 else 0.0
            usd, ends = row["export_value_usd"], ("E1", "M1", row["period"])
            rows.append(flow(*ends, usd * (1 - hidden), row["import_value_usd"]))
            rows.append(flow(*ends, 3e5 + usd * hidden, 3e5, commodity=code))
    return rows


def test_goods_relabelled_by_one_side_stand_out_under_both_codes_and_a_plain_gap_does_not():
    found = slow.judged(code_switch, relabelled())
    for code in (ORE, MATTE):
        row = found[f"E1:M1:{code}:2020"]
        assert row["statistic"] >= sorted(one["statistic"] for one in found.values())[-5]
        assert row["switched_share"] > 0.7
    assert found[f"E1:M1:{ORE}:2020"]["off_usd"] > 0 > found[f"E1:M1:{MATTE}:2020"]["off_usd"]
    plain = [
        row for row in relabelled() if (row["commodity"], row["period"]) != (MATTE, 2020) or row["exporter"] != "E1"
    ]
    assert f"E1:M1:{ORE}:2020" not in slow.judged(code_switch, plain)


def test_goods_put_under_a_code_of_another_family_are_found_there():
    rows = relabelled(IRON)
    own = [row for row in rows if row["commodity"] != IRON]
    iron = [row | {"family": "iron"} for row in rows if row["commodity"] == IRON]
    assert f"E1:M1:{ORE}:2020" not in slow.judged(code_switch, own)
    found = slow.judged(code_switch, own, context(neighbours=slow.table(*iron)))
    assert found[f"E1:M1:{ORE}:2020"]["opposite_usd"] > 1e6
    assert not any(f":{IRON}:" in name for name in found)


def test_a_side_that_did_not_report_declares_nothing_under_any_code():
    silent = [row | {"importer_reported": False} if row["period"] == 2020 else row for row in relabelled()]
    assert not any(name.endswith(":2020") for name in slow.judged(code_switch, silent))


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 100))
def test_neither_order_nor_names_nor_currency_matter(seed):
    slow.invariant(code_switch, confused(seed), seed)
