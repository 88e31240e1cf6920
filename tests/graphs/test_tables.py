from datetime import date

import dataframely as dy
import polars as pl
import pytest

from graphs.countries import areas
from graphs.tables import CHANNELS, KINDS, TABLES, Alerts, Declarations, Production

# The order in which machines read alerts is promised to users.
ALERT_CONTRACT = [
    "alert_id", "list", "rank", "flow_id", "exporter", "importer", "commodity", "period", "channel", "statistic",
    "p_value", "q_value", "claim_level", "export_value_usd", "import_value_usd", "export_mass_kg", "import_mass_kg",
    "reconciled_value_usd", "reconciled_mass_kg", "gap_value_usd", "gap_mass_kg", "episode_id", "source", "as_of",
    "main_cause", "sentence",
]  # fmt: skip
UNITS = ("_usd", "_kg", "_t", "_m", "_km", "_kn", "_deg", "_ratio", "_log_sd")
# Numbers without a unit: statistics, probabilities, shares and indices.
PURE = {
    "quantity", "estimate", "standard_error", "median", "low", "high", "log_sd", "p_zero",
    "p_value", "q_value", "unit_p_value", "unit_q_value", "statistic", "model_p", "share_of_gap", "joint_share",
    "ordinary_share",
    "value", "rank", "rank_low", "rank_high", "gain", "gain_low", "gain_high",
    "lon", "lat", "lon_end", "lat_end", "hours", "confidence", "share", "seen_share", "seen_share_out", "seen_share_in",
    "score", "p_same", "risk",
}  # fmt: skip
# Refused rows are never analysed, and what people say counts from when they say it.
UNDATED = {"quarantine", "judgements", "company_judgements"}
PRODUCED = {
    "source": "usgs",
    "country": "GHA",
    "commodity": "gold",
    "year": 2020,
    "basis": "content",
    "mass_kg": 138_000.0,
    "mass_low_kg": 131_000.0,
    "mass_high_kg": 145_000.0,
    "flags": 0,
    "known_from": date(2021, 12, 31),
    "raw_sha256": "ab" * 32,
}


def _production(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=Production.create_empty().schema)


def test_a_good_row_passes_unchanged() -> None:
    frame = _production(PRODUCED)
    assert Production.validate(frame).equals(frame)


def test_a_missing_amount_is_allowed_and_stays_missing() -> None:
    valid = Production.validate(_production(PRODUCED | {"mass_kg": None, "mass_low_kg": None, "mass_high_kg": None}))
    assert valid["mass_kg"].to_list() == [None]


@pytest.mark.parametrize(
    "rows",
    [
        [PRODUCED | {"mass_kg": -1.0}],
        [PRODUCED | {"mass_kg": float("nan")}],
        [PRODUCED | {"mass_kg": float("inf")}],
        [PRODUCED | {"country": None}],
        [PRODUCED | {"known_from": None}],
        [PRODUCED, PRODUCED],
    ],
    ids=["negative mass", "not a number", "infinite mass", "no country", "no date", "key twice"],
)
def test_a_bad_row_is_refused(rows: list[dict[str, object]]) -> None:
    with pytest.raises(dy.exc.ValidationError):
        Production.validate(_production(*rows))


def test_a_missing_column_is_refused() -> None:
    with pytest.raises(dy.exc.SchemaError):
        Production.validate(_production(PRODUCED).drop("known_from"))


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_table_has_a_key_a_meaning_and_an_empty_frame(name: str) -> None:
    table = TABLES[name]
    assert table.primary_key()
    assert (table.__doc__ or "").strip().endswith(".")
    assert table.validate(table.create_empty()).columns == list(table.column_names())


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_number_names_its_unit(name: str) -> None:
    floats = [column for column, one in TABLES[name].columns().items() if isinstance(one, dy.Float64)]
    assert [column for column in floats if not column.endswith(UNITS) and column not in PURE] == []


@pytest.mark.parametrize("name", sorted(set(TABLES) - UNDATED))
def test_every_row_says_when_it_could_be_known(name: str) -> None:
    assert {"known_from", "as_of"} & set(TABLES[name].column_names())


def test_as_of_is_part_of_the_key_of_every_judgement_of_the_models() -> None:
    for name in ("expectations", "ladder", "statistics", "scores", "causes"):
        assert "as_of" in TABLES[name].primary_key()


def test_alerts_keep_their_promised_columns_first() -> None:
    assert list(Alerts.column_names())[: len(ALERT_CONTRACT)] == ALERT_CONTRACT


def test_the_key_of_a_declaration() -> None:
    assert set(Declarations.primary_key()) == {
        "source", "reporter", "partner", "flow", "commodity", "period", "partner2", "customs", "mode",
    }  # fmt: skip


def test_kinds_and_channels_are_words_without_repeats() -> None:
    assert {one.kind for one in areas().values()} <= set(KINDS)
    assert len(set(CHANNELS)) == len(CHANNELS)
