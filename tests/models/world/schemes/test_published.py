"""What is left of schemes in declarations."""

import polars as pl

from models.world.forms import filled
from models.world.schemes.published import published
from models.world.schemes.touched import touched
from tests.models.world.tiny import good

KINDS = pl.DataFrame({"scheme_id": ["s"], "kind": ["smuggling"]})
HIDDEN = {"scheme_id": "s", "export_share": 0.0}
SHORT = {"scheme_id": "s", "export_value_factor": 0.5}


def flows(*to: str, **form) -> pl.DataFrame:
    """Gold from XAA in 2015."""
    rows = [good("XAA", end, "gold", 2015, 10.0, **form) for end in to]
    return touched(filled(pl.DataFrame(rows, infer_schema_length=None)), KINDS)


def declared(*rows: tuple[str, str, str, str, int], monthly: bool = False) -> pl.DataFrame:
    """Rows of (reporter, flow, partner, code, year)."""
    names = ("reporterISO", "flowCode", "partnerISO", "cmdCode", "refYear")
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names[:4], pl.String) | {"refYear": pl.Int32}, orient="row")
    return frame.with_columns(freqCode=pl.lit("M" if monthly else "A"))


def visible(found: pl.DataFrame) -> set[str]:
    return set(found.filter("is_visible")["importer"])


OTHER = ("XAA", "X", "XAD", "260400", 2015)
"""The exporter's office published something else that year."""


def test_a_flow_that_no_office_published_leaves_no_trace():
    rows = declared(("XAB", "M", "XAA", "710812", 2015), ("XAC", "M", "XAA", "710812", 2014), OTHER)
    found = published(flows("XAB", "XAC", **HIDDEN), rows)
    assert visible(found) == {"XAB"}
    assert found.height == 2


def test_either_side_may_have_published_it():
    rows = declared(("XAB", "M", "XAA", "710812", 2015), ("XAA", "X", "XAC", "710812", 2015))
    assert visible(published(flows("XAB", "XAC", "XAD", **SHORT), rows)) == {"XAB", "XAC"}


def test_a_false_name_needs_no_office_but_the_one_that_publishes_it():
    rows = declared(("XAB", "M", "XAE", "710812", 2015))
    found = published(flows("XAB", scheme_id="s", import_partner="XAE"), rows)
    assert found.filter("is_visible").select("exporter", "role").rows() == [("XAE", "false_origin")]


def test_direction_counts():
    rows = declared(("XAB", "X", "XAA", "710812", 2015), ("XAC", "RX", "XAA", "710812", 2015), OTHER)
    assert not visible(published(flows("XAB", "XAC", **HIDDEN), rows))


def test_months_alone_do_not_publish_a_year():
    rows = declared(("XAA", "X", "XAB", "710812", 2015), monthly=True)
    assert not visible(published(flows("XAB", **SHORT), rows))


def test_nothing_is_odd_of_an_office_that_says_nothing_at_all():
    alone = declared(("XAB", "M", "XAA", "710812", 2015))
    assert not visible(published(flows("XAB", **HIDDEN), alone))
    assert not visible(published(flows("XAB", **SHORT), alone))
    exporter = declared(("XAA", "X", "XAB", "710812", 2015))
    assert not visible(published(flows("XAB", scheme_id="s", export_share=0.5), exporter))
    assert visible(published(flows("XAB", **SHORT), exporter)) == {"XAB"}


def test_publishing_makes_nothing_visible_that_was_on_no_form():
    rows = declared(("XAB", "M", "XAA", "710812", 2015), OTHER)
    assert not visible(published(flows("XAB", **HIDDEN, import_share=0.0), rows))
