import polars as pl
import pytest

from models.world.forms import filled
from models.world.schemes.touched import touched
from tests.models.world.tiny import good

KINDS = pl.DataFrame({"scheme_id": ["s"], "kind": ["smuggling"]})
HIDDEN = {"scheme_id": "s", "export_share": 0.0}


def flows(*rows: dict) -> pl.DataFrame:
    return touched(filled(pl.DataFrame(rows, infer_schema_length=None)), KINDS)


def test_goods_on_one_flow_add_up():
    one = good("XAA", "XAB", "gold", 2015, 10.0, **HIDDEN)
    flow = flows(one, one | {"goods_id": "other", "mass_kg": 5.0}).row(0, named=True)
    assert flow["hidden_mass_kg"] == pytest.approx(15.0)
    assert (flow["role"], flow["is_visible"]) == ("hidden", True)


def test_goods_without_a_scheme_touch_nothing():
    assert flows(good("XAA", "XAB", "gold", 2015, 10.0, scheme_id=None)).is_empty()


def test_falsest_role_names_the_flow():
    coded = good("XAA", "XAB", "gold", 2015, 1.0, goods_id="coded", scheme_id="s", export_commodity="711590",
                 export_share=1.0)  # fmt: skip
    cheap = good("XAA", "XAB", "gold", 2015, 1.0, commodity="710812", scheme_id="s", export_share=1.0,
                 export_value_factor=0.5)  # fmt: skip
    filled_rows = pl.concat([filled(pl.DataFrame([row])) for row in (coded, cheap)])
    roles = dict(touched(filled_rows, KINDS).select("commodity", "role").iter_rows())
    assert roles == {"711590": "false_code", "710812": "false_value"}


def test_undeclared_on_both_sides_is_not_visible():
    flow = flows(good("XAA", "XAB", "gold", 2015, 10.0, **HIDDEN, import_share=0.0)).row(0, named=True)
    assert not flow["is_visible"]
