import polars as pl
import pytest

from models.flows.sentences import sentence


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [(1e6, 3e6, "2.0 M USD (1.0 M USD to 3.0 M USD) is"), (1.99e6, 2.01e6, "2.0 M USD is")],
)
def test_an_interval_narrower_than_its_words_is_left_out(low, high, told):
    parts = [{"name": "gap_low_usd", "value": low}, {"name": "gap_high_usd", "value": high}]
    row = {"exporter": "XAA", "importer": "XAB", "commodity": "260400", "period": 2020, "claim_level": 2,
           "channel": "one_sided", "parts": parts, "gap_value_usd": 2e6, "gap_mass_kg": None, "main_cause": None,
           "import_value_usd": 2e6, "export_value_usd": None, "reconciled_value_usd": 2e6, "lead_p": 0.01}  # fmt: skip
    schema = {"gap_mass_kg": pl.Float64, "export_value_usd": pl.Float64, "main_cause": pl.String}
    assert told in sentence(pl.DataFrame([row], schema_overrides=schema), "nickel").item()


@pytest.mark.parametrize(
    ("gap", "told"),
    [(2e6, "its numbers together do; 2.0 M USD is apparently unmatched. Not"), (0.0, "its numbers together do. There")],
)
def test_where_only_the_learned_score_stands_out_no_channel_is_said_to(gap, told):
    row = {"exporter": "XAA", "importer": "XAB", "commodity": "260400", "period": 2020, "claim_level": 1,
           "channel": "mirror_gap", "parts": [], "gap_value_usd": gap, "gap_mass_kg": None, "main_cause": None,
           "import_value_usd": 2e6, "export_value_usd": 2e6, "reconciled_value_usd": 2e6, "lead_p": 0.6}  # fmt: skip
    schema = {"gap_mass_kg": pl.Float64, "main_cause": pl.String,
              "parts": pl.List(pl.Struct({"name": pl.String, "value": pl.Float64}))}  # fmt: skip
    said = sentence(pl.DataFrame([row], schema_overrides=schema), "nickel").item()
    assert told in said
    assert "further apart" not in said


@pytest.mark.parametrize(
    ("channel", "part", "told"),
    [
        ("pass_through", "hub_imports_usd", "2.0 M USD traded by a country that bought 7.0 M USD of the same goods"),
        ("two_cycle", "back_usd", "2.0 M USD traded, and 7.0 M USD of the same goods came back that year; 1.5 M USD"),
        ("code_switch", "opposite_usd", "the importer declares 2.0 M USD and the exporter 1.0 M USD under this code, "
         "and 7.0 M USD stands unmatched the other way under others; 1.5 M USD is apparently declared under different"),
        ("three_path", "short_usd", "declares 7.0 M USD from producers beyond what they declare to it; 1.5 M USD of "),
        ("edge_stream", "month_value_usd", "2.0 M USD traded, 7.0 M USD of it in one month; 1.5 M USD is beyond what"),
    ],
)  # fmt: skip
def test_a_structure_channel_tells_what_it_saw_around_the_flow(channel, part, told):
    row = {"exporter": "XAA", "importer": "XAB", "commodity": "260400", "period": 2020, "claim_level": 1,
           "channel": channel, "parts": [{"name": part, "value": 7e6}], "gap_value_usd": 1.5e6, "gap_mass_kg": None,
           "main_cause": None, "import_value_usd": 2e6, "export_value_usd": 1e6, "reconciled_value_usd": 2e6,
           "lead_p": 0.01}  # fmt: skip
    schema = {"gap_mass_kg": pl.Float64, "main_cause": pl.String}
    said = sentence(pl.DataFrame([row], schema_overrides=schema), "nickel").item()
    assert told in said
    assert "illegal" not in said
