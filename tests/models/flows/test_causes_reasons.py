"""An ordinary cause that is excluded says why, in words that hold for the flow; none is told by its meaning alone."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from graphs.flags import Flag
from graphs.tables import Declarations
from models.flows.causes import PARTS, face
from models.flows.ordinary import CAUSES, meaning
from models.flows.ordinary.finding import NOTHING_OPEN, TOO_LITTLE
from models.flows.reconcile import reconcile
from tests.models.flows.frames import context, flow, flows
from tests.models.flows.test_causes import SILENT, cause, scored

CHANNELS = ("mirror_gap", "one_sided", "jump", "balance", "carrying_capacity", "pass_through")
CODES = {"nickel": "260400", "gold": "710812", "bauxite": "260600"}
COUNTRIES = ("GHA", "CHE", "IRN", "FIN", "IDN")


def panel(family: str, seed: int) -> list[dict]:
    """Flows of one family with holes of every kind: silent sides, sides without a mass, zones, areas not specified."""
    rng = np.random.default_rng(seed)
    rows = []
    for year in range(2012, 2018):
        for one in COUNTRIES:
            for other in (*COUNTRIES, "_X", "_FZ", "_SC"):
                if one == other or rng.random() < 0.3:
                    continue
                is_area = other.startswith("_")
                kind = {"_X": "residual", "_FZ": "zone", "_SC": "residual"}.get(other, "country")
                x, m = (float(value) if rng.random() < 0.8 else None for value in rng.lognormal(13, 2, 2))
                heavy = {
                    f"{side}_mass_kg": None if value is None or rng.random() < 0.1 else value * float(rng.lognormal())
                    for side, value in (("export", x), ("import", m))
                }
                rows.append(
                    flow(
                        one, other, year, x, None if is_area else m, commodity=CODES[family], family=family,
                        importer_kind=kind, importer_reported=not is_area, **heavy,
                        flags=int(Flag.SPECIAL_CODE) if other == "_SC" else 0,
                        is_export_mass_estimated=False, is_import_mass_estimated=bool(rng.random() < 0.2),
                        import_value_basis="FOB" if rng.random() < 0.3 else "CIF",
                    )
                )  # fmt: skip
    return rows


def totals(family: str, seed: int) -> pl.DataFrame:
    """What each country declares with the world, so that what it lists can be held against it."""
    schema = Declarations.create_empty().schema
    rng = np.random.default_rng(seed)
    rows = [
        {"source": "comtrade", "reporter": one, "partner": "W00", "flow": way, "commodity": CODES[family],
         "period": year, "value_usd": float(rng.lognormal(15, 2)), "mass_kg": float(rng.lognormal(15, 2)),
         "flags": int(Flag.WORLD)}
        for one in COUNTRIES for way in ("X", "M") for year in range(2012, 2018)
    ]  # fmt: skip
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def part(name: str, rng: np.random.Generator) -> float:
    """A channel's own number: yes or no, a share near one, or an amount."""
    if name.startswith("is_"):
        return float(rng.integers(2))
    return float(rng.uniform(0.7, 1.0)) if name == "seen_share" else float(rng.lognormal(10, 3))


def judged(family: str, seed: int) -> pl.DataFrame:
    """Verdicts of all causes on every flow of a panel, led by each channel in turn, with gaps and without."""
    table = reconcile(flows(*panel(family, seed)))
    rng = np.random.default_rng(seed)
    scores = []
    for at, flow_id in enumerate(table.filter(pl.col("importer_kind") == "country")["flow_id"]):
        channel = CHANNELS[at % len(CHANNELS)]
        value, kg = ((0.0, 1e3, 1e6, 1e12)[rng.integers(4)] for _ in range(2))
        parts = [(name, part(name, rng)) for name in PARTS.get(channel, ())]
        scores.append(scored(flow_id, channel, value or None, kg or None, parts))
    seen = pl.concat(scores).with_columns(as_of=pl.lit(date(2018, 11, 30)))
    return face(table, seen, context(family, totals=totals(family, seed)))


@pytest.fixture(scope="module")
def faced() -> pl.DataFrame:
    return pl.concat([judged(family, seed) for family in CODES for seed in range(3)])


@pytest.mark.parametrize("name", CAUSES)
def test_whoever_excludes_a_cause_says_why(faced, name):
    mine = faced.filter(pl.col("cause") == name)
    excluded = mine.filter(pl.col("verdict").cast(pl.String) == "excluded")
    assert excluded.height
    assert excluded["detail"].null_count() == 0
    assert meaning(name) not in set(excluded["detail"])
    untested = mine.filter(pl.col("verdict").cast(pl.String) == "cannot_test")
    assert untested["detail"].null_count() == 0


@pytest.mark.parametrize("name", sorted({*CAUSES} - {"other_ways"}))
def test_the_reason_is_the_cause_s_own(faced, name):
    """A flow that a cause bears on is told by what was compared; of other ways, tests of carriage tell."""
    told = faced.filter(pl.col("cause") == name, pl.col("verdict").cast(pl.String) == "excluded")
    not_bearing = {CAUSES[name](family).not_bearing for family in CODES}
    assert set(told["detail"]) - not_bearing - {NOTHING_OPEN, TOO_LITTLE}


def detail(name: str, *rows: dict, **options: object) -> str:
    table = reconcile(flows(*rows))
    found = face(table, options.pop("score", scored()), options.pop("ctx", context()))
    return found.row(by_predicate=pl.col("cause") == name, named=True)["detail"]


def test_late_data_is_excluded_by_the_age_of_the_year():
    later = flow("EXP", "IMP", 2016, 1e6, 1e6)
    score = scored().with_columns(as_of=pl.lit(date(2018, 1, 30)))
    assert cause("late_data", SILENT, later, score=score)[0] == "excluded"
    assert detail("late_data", SILENT, later, score=score) == (
        "The year ended 25 months before the day of the analysis, and the source holds a later one."
    )


def test_late_data_does_not_call_a_young_year_old_where_nothing_is_unmatched():
    score = scored(value=0.0, mass=0.0).with_columns(as_of=pl.lit(date(2016, 1, 30)))
    assert cause("late_data", SILENT, score=score)[0] == "excluded"
    assert detail("late_data", SILENT, score=score) == NOTHING_OPEN


def test_a_balance_that_weights_do_not_change_says_what_they_give():
    parts = [("excess_kg", 37.8e3), ("excess_by_declared_mass_kg", 38.5e3), ("stock_allowance_kg", 0.0),
             ("is_output_doubled", 0.0)]  # fmt: skip
    gold = flow("EXP", "IMP", 2015, 1e6, 1e6, commodity="710812", family="gold")
    told = detail("quantity_fault", gold, score=scored(gold["flow_id"], "balance", parts=parts), ctx=context("gold"))
    assert told == (
        "Declared weights give an excess of 38.5 t, the price gives 37.8 t: the weights add less than a tenth to it."
    )


def test_an_importer_that_alone_declares_is_not_said_to_be_higher():
    alone = flow("EXP", "IMP", 2015, 1e6, None, import_value_basis="FOB")
    assert "only one side declares a value" in detail("fob_import", alone)
