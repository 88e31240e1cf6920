import polars as pl
import pytest
from polars.testing import assert_frame_equal

from models.world.forms import divided, filled, inherited, named
from tests.models.world.tiny import good

EARLY = [0.5, 0.5] + [0.0] * 10
ROW = good("XAA", "XAB", "gold", 2015, 100.0, goods_id="a", timing=[0.25, 0.25, 0.5] + [0.0] * 9)


def flows(goods: pl.DataFrame) -> dict[str, tuple[str, str, str]]:
    return {row["side"]: (row["exporter"], row["importer"], row["commodity"]) for row in named(goods).to_dicts()}


def test_plain_form_tells_the_truth():
    assert flows(filled(pl.DataFrame([ROW]))) == dict.fromkeys(("true", "export", "import"), ("XAA", "XAB", "710812"))


def test_forms_name_what_they_say():
    said = {
        "export_commodity": "711590",
        "export_partner": "XAH",
        "import_partner": "XAC",
        "import_commodity": "711291",
    }
    assert flows(filled(pl.DataFrame([ROW | said]))) == {
        "true": ("XAA", "XAB", "710812"),
        "export": ("XAA", "XAH", "711590"),
        "import": ("XAC", "XAB", "711291"),
    }


def test_importer_names_the_origin():
    assert flows(filled(pl.DataFrame([ROW | {"origin": "XAC"}])))["import"] == ("XAC", "XAB", "710812")


def test_what_is_not_declared_has_no_name():
    assert set(flows(filled(pl.DataFrame([ROW | {"export_share": 0.0}])))) == {"true", "import"}


def test_what_never_moved_has_no_true_flow():
    assert set(flows(filled(pl.DataFrame([ROW | {"is_phantom": True, "import_share": 0.0}])))) == {"export"}


def test_parts_and_rest_make_the_whole():
    goods = filled(pl.DataFrame([ROW, ROW | {"goods_id": "b"}]))
    part = filled(pl.DataFrame([ROW | {"goods_id": "part", "mass_kg": 40.0, "timing": EARLY}]))
    parts = pl.DataFrame({"goods_id": ["part"], "from_goods_id": ["a"], "share": [0.4]})
    left = divided(goods, parts, part).sort("goods_id")
    assert left["mass_kg"].to_list() == pytest.approx([60.0, 100.0])
    assert left["value_usd"].to_list() == pytest.approx([3e6, 5e6])
    # Months: 25 of 100 kg each in January and February, of which 20 went; all of March's 50 are left.
    assert left["timing"][0].to_list()[:4] == pytest.approx([5 / 60, 5 / 60, 50 / 60, 0.0])
    assert_frame_equal(left.tail(1), goods.tail(1))


def test_nothing_is_left_of_what_was_taken_whole():
    goods = filled(pl.DataFrame([ROW]))
    part = goods.with_columns(goods_id=pl.lit("part"))
    assert divided(goods, pl.DataFrame({"goods_id": ["part"], "from_goods_id": ["a"], "share": [1.0]}), part).is_empty()


def test_parts_come_from_where_the_whole_did():
    origins = pl.DataFrame({"goods_id": ["a", "b"], "origin_kind": "site", "origin_id": ["one", "two"], "share": 1.0})
    parts = pl.DataFrame({"goods_id": ["part"], "from_goods_id": ["a"], "share": [0.4]})
    assert inherited(parts, origins).to_dicts() == [
        {"goods_id": "part", "origin_kind": "site", "origin_id": "one", "share": 1.0}
    ]
