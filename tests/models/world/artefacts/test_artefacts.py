"""What holds for artefacts whatever the seed, and what each kind writes into forms."""

from dataclasses import replace
from functools import cache

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from graphs.commodities import family_of
from graphs.countries import kind_of
from models.world.artefacts import Artful, with_artefacts
from models.world.artefacts.listing import listing
from models.world.config import WorldConfig
from models.world.forms import FLOW, filled, named
from models.world.ground import ground
from models.world.mined import mined
from models.world.parameters.artefacts import Artefacts
from models.world.schemed import Schemed, schemed
from models.world.tables import ARTEFACTS, Artefact
from models.world.traded import traded
from tests.models.world import tiny

GROUND, MINED, TRADED = tiny.ground(), tiny.mined(), tiny.traded()
SEEDS = (1, 2)
MANY = replace(tiny.CONFIG.artefacts, in_forms={"small": 3})


@cache
def world_of(seed: int) -> tuple[Schemed, Artful]:
    return made(seed)


def made(seed: int, rules: Artefacts = MANY) -> tuple[Schemed, Artful]:
    config = replace(tiny.CONFIG, seed=seed, artefacts=rules)
    hidden = schemed(config, GROUND, MINED, TRADED)
    return hidden, with_artefacts(config, GROUND, MINED, hidden)


def small() -> tuple[Schemed, Artful]:
    """The real small world."""
    config = WorldConfig.sized("small", 4)
    land = ground(config)
    dug = mined(config, land)
    hidden = schemed(config, land, dug, traded(config, land, dug))
    return hidden, with_artefacts(config, land, dug, hidden)


@pytest.fixture(scope="module", params=[*SEEDS, "small"])
def any_worlds(request) -> tuple[Schemed, Artful]:
    return small() if request.param == "small" else world_of(request.param)


@pytest.fixture(params=SEEDS)
def worlds(request) -> tuple[Schemed, Artful]:
    return world_of(request.param)


def of_kind(world: Artful, kind: str) -> pl.DataFrame:
    rows = world.artefacts.filter(pl.col("kind").cast(pl.String) == kind)
    return world.goods.join(rows, on="artefact_id", suffix="_artefact")


def test_same_seed_same_world():
    again = made(SEEDS[0])[1]
    assert all(getattr(world_of(SEEDS[0])[1], name).equals(getattr(again, name)) for name in vars(again))
    assert not again.artefacts.equals(world_of(SEEDS[1])[1].artefacts)


def test_all_kinds_are_there(any_worlds):
    # Ore that crosses a border is scarce among twelve countries.
    scarce = {"wet_dry_mass", "toll_refining"} if any_worlds[1].goods["exporter"].n_unique() > 8 else set()
    assert set(any_worlds[1].artefacts["kind"]) >= set(ARTEFACTS) - scarce


def test_no_flow_of_an_artefact_is_one_of_a_scheme(any_worlds):
    hidden, world = any_worlds
    assert world.artefact_flows.join(hidden.scheme_flows, on=FLOW, how="semi").is_empty()


def test_every_artefact_has_flows_and_every_flow_its_artefact(any_worlds):
    world = any_worlds[1]
    assert set(world.artefacts["artefact_id"]) == set(world.artefact_flows["artefact_id"])
    goods = world.goods.filter(pl.col("artefact_id").is_not_null())
    assert set(goods["artefact_id"]) <= set(world.artefacts["artefact_id"])
    met = named(goods).join(world.artefact_flows, on=["artefact_id", *FLOW], how="semi")
    assert set(met["goods_id"]) == set(goods["goods_id"])


def test_a_trifle_is_not_listed_under_the_name_of_a_large_trade():
    row = {"family": "copper", "commodity": "260300", "year": 2015, "origin": "XAA", "is_phantom": False}
    rows = [
        row | {"goods_id": "large", "exporter": "XAA", "importer": "XAC", "value_usd": 1e6, "artefact_id": None},
        # Bought by XAB of XAA and sold on to XAC and XAD, whose offices may name the origin.
        row | {"goods_id": "trifle", "exporter": "XAB", "importer": "XAC", "value_usd": 1e4, "artefact_id": "a"},
        row | {"goods_id": "lone", "exporter": "XAB", "importer": "XAD", "value_usd": 1e4, "artefact_id": "a"},
    ]
    goods = pl.DataFrame(rows, infer_schema_length=None).with_columns(mass_kg=pl.col("value_usd"))
    goods = goods.with_columns(contained_kg="mass_kg", mode=pl.lit("sea"), timing=pl.lit([1 / 12] * 12))
    schemes = pl.DataFrame(schema={name: pl.Int32 if name == "year" else pl.String for name in FLOW})
    flows = listing(filled(goods), Artefact.create_empty(), schemes)
    assert flows.select("exporter", "importer").rows() == [("XAA", "XAD"), ("XAB", "XAC"), ("XAB", "XAD")]


def test_schemes_stay_as_they_were_and_truth_stays_true(any_worlds):
    hidden, world = any_worlds
    both = world.goods.join(hidden.goods, on="goods_id", how="semi").sort("goods_id")
    truth = both.columns[: both.columns.index("artefact_id")]
    assert_frame_equal(both.select(truth), hidden.goods.select(truth))
    of_schemes = pl.col("scheme_id").is_not_null()
    assert_frame_equal(world.goods.filter(of_schemes), hidden.goods.filter(of_schemes))


def test_goods_on_top_have_origins(any_worlds):
    world = any_worlds[1]
    sums = world.origins.group_by("goods_id").agg(pl.col("share").sum())
    assert set(sums["goods_id"]) == set(world.goods["goods_id"])
    assert sums["share"].to_list() == pytest.approx([1.0] * sums.height)


def test_years_lie_in_the_world(any_worlds):
    rows = any_worlds[1].artefacts
    assert (rows["first_year"] <= rows["last_year"]).all()
    assert rows["first_year"].min() >= tiny.CONFIG.first_year
    assert rows["last_year"].max() <= tiny.CONFIG.last_year


def test_transit_names_a_third_country_on_one_side(worlds):
    goods = of_kind(worlds[1], "transit_misattribution")
    said = [pl.col(f"{side}_partner").is_not_null() for side in ("export", "import")]
    assert goods.filter(said[0] == said[1]).is_empty()
    assert goods.filter(pl.coalesce("export_partner", "import_partner") != pl.col("partner")).is_empty()
    assert goods.filter(said[0]).select(pl.col("partner") != pl.col("importer")).to_series().all()


def test_resold_goods_are_put_down_to_the_seller():
    goods = pl.concat([of_kind(world, "transit_misattribution") for _, world in map(world_of, SEEDS)]).filter(
        "is_reexport"
    )
    assert goods.height > 0
    assert (goods["import_partner"] == goods["exporter"]).all()
    assert (goods["origin"] != goods["exporter"]).all()


def test_merchants_stand_for_some_importers_only(worlds):
    goods = of_kind(worlds[1], "transit_misattribution").filter(pl.col("description").str.contains("merchants"))
    assert set(goods["export_partner"]) == {"XAD"}  # the only hub of the tiny world
    one = goods.row(0, named=True)
    same = (pl.col("exporter") == one["exporter"]) & (pl.col("commodity") == one["commodity"])
    through = goods.filter(pl.col("artefact_id") == one["artefact_id"])["importer"].n_unique()
    assert 0 < through < TRADED.goods.filter(same)["importer"].n_unique()


def test_vaults_give_back_what_they_took(worlds):
    goods = of_kind(worlds[1], "vault_move")
    out, back = (
        pl.col("contained_kg").filter(pl.col(end) == pl.col("country")).sum() for end in ("exporter", "importer")
    )
    sums = goods.group_by("artefact_id").agg(out=out, back=back)
    assert sums["out"].to_list() == pytest.approx(sums["back"].to_list())
    special = goods.select(pl.coalesce("export_partner", "import_partner")).to_series()
    assert {kind_of(code) for code in special} == {"residual"}


def test_tolled_metal_is_what_the_ore_held(worlds):
    goods = of_kind(worlds[1], "toll_refining")
    back = goods.filter(pl.col("importer") == pl.col("country"))
    out = goods.filter(pl.col("exporter") == pl.col("country"))
    assert set(back["commodity"]) == {"750210"}
    assert back["contained_kg"].sum() == pytest.approx(0.94 * out["contained_kg"].sum())
    assert set((goods["export_share"] + goods["import_share"]).to_list()) == {1.0}
    assert goods["export_value_factor"].is_between(0.05, 0.2).all()


def test_ore_weighs_less_when_dry(worlds):
    goods = of_kind(worlds[1], "wet_dry_mass")
    assert set(goods["commodity"]) == {"260400"}
    assert goods["import_mass_factor"].is_between(0.7, 0.9).all()
    assert (goods["import_value_factor"] == 1.0).all()


def test_neighbouring_code_is_written_by_one_side(worlds):
    goods = of_kind(worlds[1], "neighbour_coding")
    written = goods.select("commodity", said=pl.coalesce("export_commodity", "import_commodity"))
    assert set(written["said"]) <= {"711590", "260111", "440399", "750220"}
    assert goods.filter(pl.col("export_commodity").is_not_null() & pl.col("import_commodity").is_not_null()).is_empty()
    assert goods.height > 0


def test_events_are_told_as_they_happened(worlds):
    rows = worlds[1].artefacts.filter(pl.col("kind").cast(pl.String).is_in(["strike", "price_spike"]))
    assert rows.sort("family")["country"].to_list() == ["XAA", "W00"]
    flows = worlds[1].artefact_flows.filter(pl.col("artefact_id") == "artefact:strike:0")
    assert set(flows["exporter"]) == {"XAA"}
    assert set(flows["year"]) == {2015}
    assert {family_of(code) for code in flows["commodity"]} <= {"gold", "hs7115"}  # or under the code beside


@pytest.mark.parametrize(
    ("kind", "ends"),
    [("fob_importer", {"importer"}), ("confidentiality", {"exporter"}), ("reporter_stops", {"exporter", "importer"})],
)
def test_flows_of_an_office_are_those_it_publishes(worlds, kind, ends):
    world = worlds[1]
    rows = world.artefact_flows.join(
        world.artefacts.filter(pl.col("kind").cast(pl.String) == kind), on="artefact_id", how="inner"
    )
    assert rows.height > 0
    assert rows.filter(~pl.any_horizontal(pl.col(end) == pl.col("country") for end in ends)).is_empty()
    assert rows.filter(~pl.col("year").is_between("first_year", "last_year")).is_empty()


def test_offices_have_one_artefact_each():
    offices = world_of(SEEDS[0])[1].artefacts.filter(
        pl.col("kind").cast(pl.String).is_in(["reporter_stops", "reporter_break", "fob_importer", "estimated_mass"])
    )
    assert offices["country"].is_unique().all()


@pytest.mark.parametrize(("share", "partners"), [(0.0, 7), (1.0, 1)])
def test_secrecy_is_about_all_partners_or_the_largest(share, partners):
    world = made(SEEDS[0], replace(MANY, one_partner=share))[1]
    artefact = world.artefacts.filter(pl.col("kind").cast(pl.String) == "confidentiality").row(0, named=True)
    flows = world.artefact_flows.filter(pl.col("artefact_id") == artefact["artefact_id"])
    assert (artefact["partner"] is None) == (share == 0.0)
    assert artefact["partner"] in {None, *flows["importer"]}
    assert flows["importer"].n_unique() == partners
