import polars as pl
import pytest

from models.flows.sentences import sentence

ROW = {
    "list": "agnostic", "exporter": "XAA", "importer": "XAB", "commodity": "260400", "period": 2020, "claim_level": 1,
    "channel": "mirror_gap", "parts": [], "gap_value_usd": 2e6, "gap_mass_kg": None, "main_cause": None,
    "import_value_usd": 2e6, "export_value_usd": 2e6, "reconciled_value_usd": 2e6, "exporter_reported": True,
    "importer_reported": True, "p_value": 0.01, "lead_p": 0.01, "may_lead": True, "has_open_cause": False,
}  # fmt: skip
SCHEMA = {
    **dict.fromkeys(("gap_value_usd", "gap_mass_kg", "import_value_usd", "export_value_usd"), pl.Float64),
    **dict.fromkeys(("exporter_reported", "importer_reported"), pl.Boolean),
    "main_cause": pl.String, "parts": pl.List(pl.Struct({"name": pl.String, "value": pl.Float64})),
}  # fmt: skip


def told(**more):
    return sentence(pl.DataFrame([{**ROW, **more}], schema_overrides=SCHEMA), "nickel").item()


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(1e6, 3e6, "2.0 M USD (1.0 M USD to 3.0 M USD) is"), (1.99e6, 2.01e6, "2.0 M USD is")],
)
def test_an_interval_narrower_than_its_words_is_left_out(low, high, expected):
    parts = [{"name": "gap_low_usd", "value": low}, {"name": "gap_high_usd", "value": high}]
    assert expected in told(claim_level=2, channel="one_sided", parts=parts, export_value_usd=None)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, "its numbers together do; 2.0 M USD is apparently unmatched. By itself the gap is no larger than clean"),
        ({"has_open_cause": True}, "apparently unmatched. Not every ordinary cause could be tested."),
        ({"gap_value_usd": 0.0}, "its numbers together do. There is no gap that an ordinary cause"),
    ],
)
def test_where_only_the_learned_score_stands_out_no_channel_is_said_to(more, expected):
    said = told(lead_p=0.6, list="learned", **more)
    assert expected in said
    assert "further apart" not in said


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"has_open_cause": True}, " Not every ordinary cause could be tested."),
        ({"main_cause": "time_lag", "has_open_cause": True}, " An ordinary cause is possible: time lag."),
        ({"gap_value_usd": None}, " There is no gap that an ordinary cause could be held against."),
        (
            {"claim_level": 2},
            " The ordinary causes that could be tested would together account for at most half of it.",
        ),
        ({}, " Ordinary causes together could account for more than half of it."),
    ],
)
def test_the_end_says_what_ordinary_causes_leave(more, expected):
    assert told(**more).endswith(f".{expected}")


NONE = {"export_value_usd": None}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (NONE, "the importer declares 2.0 M USD and the exporter nothing"),
        ({**NONE, "exporter_reported": False}, "the importer declares 2.0 M USD and the exporter did not report"),
        ({**NONE, "exporter_reported": None}, "the importer declares 2.0 M USD and the exporter did not report"),
        ({"import_value_usd": None}, "the importer declares nothing and the exporter 2.0 M USD"),
        (
            {"import_value_usd": None, "importer_reported": False},
            "the importer did not report and the exporter declares 2.0 M USD",
        ),
        ({"import_value_usd": 0.0, "importer_reported": False}, "the importer declares 0 USD and the exporter 2.0 M"),
    ],
)
@pytest.mark.parametrize("channel", ["ban_break", "code_switch", "ordinary", "together"])
def test_who_did_not_report_is_not_said_to_declare_nothing(more, expected, channel):
    as_told = {"ordinary": {"claim_level": 0}, "together": {"lead_p": 0.6}}.get(channel, {"channel": channel})
    parts = [{"name": "opposite_usd", "value": 7e6}]
    assert expected in told(parts=parts, **more, **as_told)


def test_a_source_that_holds_no_declarations_tells_what_was_traded():
    none = {f"{side}_value_usd": None for side in ("import", "export")}
    said = told(**none, exporter_reported=None, importer_reported=None, claim_level=0)
    assert said.endswith("2020: 2.0 M USD traded; nothing stands out.")


UNTESTED = "no channel that may raise an alert could test this flow"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"p_value": 0.4}, "nothing stands out."),
        ({"p_value": 1.0, "may_lead": False}, f"{UNTESTED}."),
        ({"list": "learned", "p_value": 0.4}, "the learned score does not stand out."),
        ({"list": "learned", "p_value": 0.4, "may_lead": False}, "the learned score does not stand out."),
        ({"list": "learned", "may_lead": False}, f"the learned score stands out; {UNTESTED}, so it is no alert."),
    ],
)
def test_level_zero_says_whether_nothing_stands_out_or_nothing_could_be_tested(more, expected):
    assert told(claim_level=0, **more).endswith(f"; {expected}")


@pytest.mark.parametrize(
    ("channel", "part", "expected"),
    [
        ("pass_through", "hub_imports_usd", "2.0 M USD traded by a country that bought 7.0 M USD of the same goods"),
        ("two_cycle", "back_usd", "2.0 M USD traded, and 7.0 M USD of the same goods came back that year; 1.5 M USD"),
        ("code_switch", "opposite_usd", "the importer declares 2.0 M USD and the exporter 1.0 M USD under this code, "
         "and 7.0 M USD stands unmatched the other way under others; 1.5 M USD is apparently declared under different"),
        ("three_path", "short_usd", "declares 7.0 M USD from producers beyond what they declare to it; 1.5 M USD of "),
        ("edge_stream", "month_value_usd", "2.0 M USD traded, 7.0 M USD of it in one month; 1.5 M USD is beyond what"),
    ],
)  # fmt: skip
def test_a_structure_channel_tells_what_it_saw_around_the_flow(channel, part, expected):
    parts = [{"name": part, "value": 7e6}]
    said = told(channel=channel, parts=parts, gap_value_usd=1.5e6, export_value_usd=1e6)
    assert expected in said
    assert "illegal" not in said
