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
