"""Each kind of scheme on a cast written by hand: what it does to goods, and which flows it touches."""

from dataclasses import replace

import polars as pl
import pytest

from models.world.schemes import KINDS
from models.world.schemes.acts import Acts, routes
from models.world.schemes.casting import CAST
from models.world.schemes.market import market
from models.world.schemes.touched import touched
from tests.models.world import tiny

ACTS = {kind.name: kind.act for kind in KINDS}


@pytest.fixture(scope="module")
def stage():
    return market(tiny.CONFIG, tiny.ground(), tiny.mined(), tiny.traded())


def cast(kind: str, **other: object) -> pl.DataFrame:
    """Gold of XAA to XAF in 2019 and 2020, all of it handled, at full strength from the start."""
    row = {
        "scheme_id": f"scheme:{kind}:0", "kind": kind, "variant": "", "strength": 1.0, "family": "gold",
        "commodity": "710812", "exporter": "XAA", "hub": None, "third": None, "zone_id": None, "first_year": 2019,
        "last_year": 2020, "importers": ["XAF"], "ramp_years": 0, "handled": 1.0, "draw": 0.5,
        "other_code": "711590", "actors": "A; B", **other,
    }  # fmt: skip
    return pl.DataFrame([row], schema=CAST, orient="row")


def acted(stage, kind: str, **other: object) -> Acts:
    return ACTS[kind](cast(kind, **other), stage)


def roles(acts: Acts, kind: str) -> set[tuple[str, str, str, str, bool]]:
    flows = touched(acts.goods, pl.DataFrame({"scheme_id": [f"scheme:{kind}:0"], "kind": [kind]}))
    return set(flows.select("exporter", "importer", "commodity", "role", "is_visible").iter_rows())


def legal(stage, year: int) -> float:
    ends = (pl.col("exporter") == "XAA") & (pl.col("importer") == "XAF") & (pl.col("commodity") == "710812")
    return stage.goods.filter(ends, pl.col("year") == year)["mass_kg"].sum()


def test_strength_grows_over_the_ramp():
    forces = routes(cast("smuggling", strength=0.5, ramp_years=2, first_year=2018, last_year=2021))["force"]
    assert forces.to_list() == pytest.approx([0.5 / 3, 1 / 3, 0.5, 0.5])


def test_first_importer_takes_most():
    rows = routes(cast("smuggling", importers=["XAF", "XAG", "XAH"], last_year=2019))
    assert rows["weight"].to_list() == pytest.approx([6 / 11, 3 / 11, 2 / 11])


def test_under_invoicing(stage):
    acts = acted(stage, "under_invoicing", variant="value", strength=0.5)
    assert acts.parts["share"].to_list() == pytest.approx([0.5, 0.5])
    assert acts.goods["export_value_factor"].to_list() == pytest.approx([0.475, 0.475])
    assert acts.goods["export_mass_factor"].to_list() == [1.0, 1.0]
    assert acts.goods["mass_kg"].sum() == pytest.approx(0.5 * (legal(stage, 2019) + legal(stage, 2020)))
    assert roles(acts, "under_invoicing") == {("XAA", "XAF", "710812", "false_value", True)}
    kinds = pl.DataFrame({"scheme_id": ["scheme:under_invoicing:0"], "kind": ["under_invoicing"]})
    flow = touched(acts.goods, kinds).row(0, named=True)
    assert flow["hidden_mass_kg"] == 0.0
    assert flow["hidden_value_usd"] == pytest.approx(0.525 * 0.5 * legal(stage, flow["year"]) * 50_000)


def test_under_invoicing_by_weight(stage):
    acts = acted(stage, "under_invoicing", variant="weight")
    assert acts.goods["export_mass_factor"].to_list() == pytest.approx([0.475, 0.475])


@pytest.mark.parametrize("side", ["exporter", "importer"])
def test_misclassification(stage, side):
    acts = acted(stage, "misclassification", variant=side)
    assert roles(acts, "misclassification") == {
        ("XAA", "XAF", "711590", "false_code", True),
        ("XAA", "XAF", "710812", "hidden", True),
    }
    written = acts.goods["export_commodity" if side == "exporter" else "import_commodity"]
    assert written.to_list() == ["711590", "711590"]


def test_smuggling_of_a_zone(stage):
    zone = stage.zones.filter(pl.col("family") == "gold", pl.col("country") == "XAA")["zone_id"][0]
    dug = stage.zone_years.filter(pl.col("zone_id") == zone, pl.col("year") == 2019)["contained_kg"].item()
    acts = acted(stage, "smuggling", zone_id=zone, strength=0.25, last_year=2019)
    goods = acts.goods.row(0, named=True)
    assert (goods["export_share"], goods["import_share"], goods["origin"]) == (0.0, 1.0, "XAA")
    assert goods["contained_kg"] == pytest.approx(dug / 4)
    assert goods["mass_kg"] == pytest.approx(dug / 2)  # half of the goods is fine gold in the tiny world
    assert goods["value_usd"] == pytest.approx(goods["mass_kg"] * 50_000)
    assert goods["mode"] == "air"
    assert roles(acts, "smuggling") == {("XAA", "XAF", "710812", "hidden", True)}
    assert set(acts.origins["origin_kind"]) == {"site"}
    assert acts.origins["share"].sum() == pytest.approx(1.0)


def test_smuggling_of_legal_goods(stage):
    acts = acted(stage, "smuggling", strength=0.5, handled=0.5)
    assert acts.goods["export_share"].to_list() == [0.0, 0.0]
    assert acts.parts["share"].to_list() == pytest.approx([0.25, 0.25])


def test_permit_laundering_leaves_nothing_missing(stage):
    acts = acted(stage, "permit_laundering", zone_id=stage.zones["zone_id"][0])
    shares = acts.goods.select("export_share", "import_share", "export_value_factor", "import_value_factor")
    assert set(shares.rows()) == {(1.0, 1.0, 1.0, 1.0)}
    assert roles(acts, "permit_laundering") == {("XAA", "XAF", "710812", "false_origin", True)}


def test_hub_laundering(stage):
    where = {"zone_id": stage.zones["zone_id"][0], "hub": "XAD", "third": "XAC", "last_year": 2019}
    unseen = acted(stage, "hub_laundering", variant="unseen", **where)
    assert roles(unseen, "hub_laundering") == {
        ("XAA", "XAD", "710812", "hidden", False),
        ("XAD", "XAF", "710812", "false_origin", True),
    }
    assert unseen.goods["contained_kg"].n_unique() == 1
    assert set(unseen.goods["origin"]) == {"XAA"}
    renamed = acted(stage, "hub_laundering", variant="third", **where)
    assert roles(renamed, "hub_laundering") == {
        ("XAA", "XAD", "710812", "hidden", False),
        ("XAC", "XAD", "710812", "false_origin", True),
        ("XAD", "XAF", "710812", "false_origin", True),
    }


def test_phantom_export(stage):
    acts = acted(stage, "phantom_export", strength=0.5)
    mean = sum(legal(stage, year) for year in tiny.CONFIG.years) / 13
    assert acts.goods["mass_kg"].to_list() == pytest.approx([mean / 2, mean / 2])
    assert acts.goods["is_phantom"].all()
    assert roles(acts, "phantom_export") == {("XAA", "XAF", "710812", "phantom", True)}
    assert set(acts.origins["origin_kind"]) == {"unrecorded"}


def test_round_tripping(stage):
    acts = acted(stage, "round_tripping", draw=0.0, last_year=2019)
    there, back = (acts.goods.filter(pl.col("exporter") == end).row(0, named=True) for end in ("XAA", "XAF"))
    assert there["contained_kg"] == back["contained_kg"]
    # One round a year at a markup of 10 %: out at the true value, back at 1.1 of it.
    assert there["export_value_factor"] == pytest.approx(1.0)
    assert back["export_value_factor"] == back["import_value_factor"] == pytest.approx(1.1)
    assert roles(acts, "round_tripping") == {
        ("XAA", "XAF", "710812", "round_trip", True),
        ("XAF", "XAA", "710812", "round_trip", True),
    }


def test_round_trips_of_a_year_get_dearer(stage):
    acts = acted(stage, "round_tripping", draw=1.0, last_year=2019)
    there = acts.goods.filter(pl.col("exporter") == "XAA").row(0, named=True)
    # Four rounds at 50 %: passages out are dearer by 1.5^0, 1.5^2, 1.5^4, 1.5^6.
    assert there["export_value_factor"] == pytest.approx((1 + 1.5**2 + 1.5**4 + 1.5**6) / 4)


BANNED = {
    "family": "nickel", "commodity": "260400", "exporter": "XAB", "third": "XAC", "other_code": "260111",
}  # fmt: skip


def test_evasion_of_a_ban(stage):
    acts = acted(stage, "ban_evasion", variant="silent", **BANNED)
    assert acts.goods["export_share"].to_list() == [0.0, 0.0]
    assert roles(acts, "ban_evasion") == {("XAB", "XAF", "260400", "hidden", True)}
    assert set(acts.origins["origin_kind"]) == {"unrecorded"}


def test_evasion_only_while_the_ban_stands(stage):
    acts = acted(stage, "ban_evasion", variant="silent", first_year=2016, last_year=2019, **BANNED)
    assert acts.goods["year"].to_list() == [2018, 2019]


def test_evasion_by_way_of_a_neighbour(stage):
    acts = acted(stage, "ban_evasion", variant="neighbour", importers=["XAF", "XAG"], **BANNED)
    assert roles(acts, "ban_evasion") == {
        ("XAB", "XAC", "260400", "hidden", False),
        ("XAC", "XAF", "260400", "false_origin", True),
        ("XAC", "XAG", "260400", "false_origin", True),
    }
    into = acts.goods.filter(pl.col("importer") == "XAC")["contained_kg"].sum()
    assert into == pytest.approx(acts.goods.filter(pl.col("exporter") == "XAC")["contained_kg"].sum())


def test_evasion_under_another_code(stage):
    acts = acted(stage, "ban_evasion", variant="code", **BANNED)
    assert roles(acts, "ban_evasion") == {
        ("XAB", "XAF", "260111", "false_code", True),
        ("XAB", "XAF", "260400", "hidden", True),
    }


def test_evasion_never_exceeds_what_the_zone_digs(stage):
    zone = stage.zones.filter(pl.col("country") == "XAB", pl.col("family") == "nickel")["zone_id"][0]
    small = replace(stage, zone_years=stage.zone_years.with_columns(pl.col("contained_kg") / 100))
    acts = acted(small, "ban_evasion", variant="silent", zone_id=zone, **BANNED)
    dug = small.zone_years.filter(pl.col("zone_id") == zone, pl.col("year").is_in([2019, 2020]))
    assert acts.goods.sort("year")["contained_kg"].to_list() == pytest.approx(dug["contained_kg"].to_list())


@pytest.mark.parametrize(
    ("variant", "share", "factor"), [("silent", 0.0, 1.0), ("low", 1.0, 0.8056), ("late", 0.0, 1.0)]
)
def test_price_timed(stage, variant, share, factor):
    acts = acted(stage, "price_timed", variant=variant)
    moved = acts.goods.filter(~pl.col("is_phantom")).row(0, named=True)
    # Prices are high from May to December of 2019, in no month of 2020.
    assert moved["year"] == 2019
    assert moved["mass_kg"] == pytest.approx(legal(stage, 2019) * 8 / 12)
    assert moved["timing"] == pytest.approx([0.0] * 4 + [1 / 8] * 8)
    assert moved["export_share"] == share
    assert moved["export_value_factor"] == pytest.approx(factor, abs=0.2)
    late = acts.goods.filter("is_phantom")
    assert late["year"].to_list() == ([2020] if variant == "late" else [])
    assert ("late" in {role for *_, role, _ in roles(acts, "price_timed")}) == (variant == "late")


def test_nothing_happens_without_a_cast(stage):
    for kind in KINDS:
        assert kind.act(pl.DataFrame(schema=CAST), stage).goods.is_empty()
