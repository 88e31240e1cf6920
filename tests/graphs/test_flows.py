import math
from collections import defaultdict
from datetime import date

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from graphs.declarations import reporting, settle
from graphs.flags import names
from graphs.flows import pair
from graphs.settling import EXPORTS
from graphs.tables import Flows
from tests.graphs.trade_rows import CLEAN_ROWS, declared, tidied

EXPORT = {"flow_code": "X", "reporter_iso": "IDN", "partner_iso": "CHN", "value": 900.0, "mass": 48.0}


def paired(*rows: dict[str, object]) -> pl.DataFrame:
    settled = settle(declared(*rows))
    return pair(settled, reporting(settled))


def test_both_declarations_stand_side_by_side() -> None:
    flow = paired({"is_mass_estimated": True, "classification": "H5"}, {**EXPORT, "classification": "H4"})
    assert flow.row(0, named=True) == {
        "flow_id": "comtrade:IDN:CHN:260400:2020",
        "source": "comtrade",
        "exporter": "IDN",
        "importer": "CHN",
        "commodity": "260400",
        "family": "nickel",
        "period": 2020,
        "exporter_kind": "country",
        "importer_kind": "country",
        "exporter_reported": True,
        "importer_reported": True,
        "export_value_usd": 900.0,
        "import_value_usd": 1000.0,
        "export_mass_kg": 48.0,
        "import_mass_kg": 50.0,
        "import_value_basis": "CIF",
        "cif_fob_ratio": None,
        "is_export_mass_estimated": None,
        "is_import_mass_estimated": True,
        "export_hs_revision": "H4",
        "import_hs_revision": "H5",
        "reconciled_value_usd": None,
        "reconciled_mass_kg": None,
        "reconciled_log_sd": None,
        "flags": 1 << 7,
        "known_from": date(2021, 12, 31),
    }


def test_a_side_that_declared_nothing_is_null_and_says_whether_it_reported() -> None:
    silent = paired({}).row(0, named=True)
    assert (silent["export_value_usd"], silent["exporter_reported"]) == (None, False)
    # Indonesia reported exports that year, though none to China.
    other = {**EXPORT, "partner_iso": "JPN"}
    flow = paired({}, other).row(by_predicate=pl.col("importer") == "CHN", named=True)
    assert (flow["export_value_usd"], flow["exporter_reported"]) == (None, True)
    # Imports alone say nothing about exports.
    imports = {**EXPORT, "flow_code": "M"}
    flow = paired({}, imports).row(by_predicate=pl.col("importer") == "CHN", named=True)
    assert (flow["export_value_usd"], flow["exporter_reported"]) == (None, False)


def test_residual_partners_are_ends_of_their_own() -> None:
    flow = paired({"partner_iso": "_X"}).row(0, named=True)
    assert (flow["exporter"], flow["exporter_kind"], flow["exporter_reported"]) == ("_X", "residual", False)
    assert names(flow["flags"]) == ["residual"]


def test_goods_that_stay_are_flagged() -> None:
    flow = paired({"partner_iso": "CHN"}).row(0, named=True)
    assert (flow["exporter"], flow["importer"]) == ("CHN", "CHN")
    assert names(flow["flags"]) == ["self"]


def test_only_counted_rows_are_added_up() -> None:
    world, heading = {"partner_iso": "W00", "value": 9e9}, {"commodity": "2604", "value": 9e9}
    parts = [{**EXPORT, "flow_code": "DX", "value": 0.1}, {**EXPORT, "flow_code": "RX", "value": 0.2, "mass": 2.0}]
    flow = paired({}, world, heading, *parts).row(0, named=True)
    assert flow["import_value_usd"] == 1000.0
    assert (flow["export_value_usd"], flow["export_mass_kg"]) == (0.1 + 0.2, 50.0)


def test_a_sum_without_one_of_its_masses_has_no_mass() -> None:
    parts = [{**EXPORT, "flow_code": "DX"}, {**EXPORT, "flow_code": "RX", "mass": 0.0}]
    flow = paired(*parts).row(0, named=True)
    assert (flow["export_value_usd"], flow["export_mass_kg"]) == (1800.0, None)
    assert names(flow["flags"]) == ["no_mass"]


def test_the_importers_own_ratio_of_cif_to_fob() -> None:
    flow = paired({"value": 110.0, "cif_value": 110.0, "fob_value": 100.0}).row(0, named=True)
    assert flow["cif_fob_ratio"] == 1.1
    parts = [
        {"flow_code": "FM", "value": 110.0, "cif_value": 110.0, "fob_value": 100.0},
        {"flow_code": "RM", "value": 230.0, "cif_value": 230.0, "fob_value": 200.0},
    ]
    assert paired(*parts).row(0, named=True)["cif_fob_ratio"] == 340.0 / 300.0


def test_no_declarations_give_no_flows() -> None:
    settled = settle(declared({}).clear())
    assert pair(settled, reporting(settled)).height == 0


def by_hand(declarations: pl.DataFrame) -> dict[tuple[str, str, str, int], dict[str, list[float | None]]]:
    """Counted amounts of both sides, collected row by row."""
    flows: dict[tuple[str, str, str, int], dict[str, list[float | None]]] = defaultdict(lambda: defaultdict(list))
    for row in declarations.iter_rows(named=True):
        if row["is_counted"]:
            side = "export" if row["flow"] in EXPORTS else "import"
            ends = (row["reporter"], row["partner"]) if side == "export" else (row["partner"], row["reporter"])
            flow = flows[(*ends, row["commodity"], row["period"])]
            flow[f"{side}_value_usd"].append(row["value_usd"])
            flow[f"{side}_mass_kg"].append(row["mass_kg"])
    return flows


def total(amounts: list[float | None]) -> float | None:
    """Sum in ascending order; null if there is none or one is missing."""
    known = [one for one in amounts if one is not None]
    return sum(sorted(known)) if known and len(known) == len(amounts) else None


@given(CLEAN_ROWS)
def test_every_flow_equals_the_sum_of_its_counted_rows(rows: list[dict[str, object]]) -> None:
    settled = settle(tidied(*rows).declarations)
    flows, expected = pair(settled, reporting(settled)), by_hand(settled)
    assert Flows.is_valid(flows)
    assert flows.height == len(expected)
    for row in flows.iter_rows(named=True):
        sides = expected[(row["exporter"], row["importer"], row["commodity"], row["period"])]
        for name in ("export_value_usd", "import_value_usd", "export_mass_kg", "import_mass_kg"):
            assert row[name] == total(sides[name])


@given(CLEAN_ROWS, st.integers(0, 1000))
def test_the_order_of_rows_does_not_matter(rows: list[dict[str, object]], seed: int) -> None:
    settled = settle(tidied(*rows).declarations)
    mixed = settled.sample(fraction=1.0, shuffle=True, seed=seed)
    assert pair(mixed, reporting(mixed)).equals(pair(settled, reporting(settled)))


def test_large_values_are_added_to_the_cent() -> None:
    parts = [
        {**EXPORT, "flow_code": code, "value": value} for code, value in (("DX", 4e12 + 0.01), ("RX", 5e12 + 0.02))
    ]
    value = paired(*parts)["export_value_usd"][0]
    assert math.isclose(value - 9e12, 0.03, abs_tol=0.005)
