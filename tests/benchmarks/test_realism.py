"""The realism section from small declared worlds in place of real data."""

import polars as pl
import pytest

from benchmarks import realism_page
from benchmarks.realism_data import Declared, read
from models.world.config import WorldConfig
from models.world.customs import declared
from tests.models.world import trading


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Declared:
    config = WorldConfig.sized("small", 1)
    places = trading.countries(20)
    rows = declared(config, places, trading.goods(config, places, 500), trading.no_artefacts())
    file = tmp_path_factory.mktemp("realism") / "rows.parquet"
    rows.write_parquet(file)
    return read(file)


def section(real: Declared, world: Declared) -> dict[str, list[str]]:
    """Remarks of each table by the first words of what stands above it."""
    found = realism_page.section(dict.fromkeys(("nickel", "sawnwood", "imports", "baci"), real), world)
    return {table.lead.split("**")[1]: list(table.remarks) for table in found.tables}


def test_flows_are_read_with_both_sides_and_who_reported(source: Declared) -> None:
    both = source.flows.filter((pl.col("export_value_usd") > 0) & (pl.col("import_value_usd") > 0))
    assert both.height > 200
    assert both.select(pl.col("exporter_reported", "importer_reported").all()).row(0) == (True, True)
    assert not source.rows["partner"].is_in(["W00", "_X"]).any()


def test_a_world_is_as_real_as_itself(source: Declared) -> None:
    for name, remarks in section(source, source).items():
        assert not any("It differs" in remark for remark in remarks), name


def test_differences_are_told_with_both_figures(source: Declared) -> None:
    doubled = source.flows.with_columns(import_value_usd=pl.col("import_value_usd") * 3)
    remarks = section(source, Declared(doubled, source.reporting, source.rows))["Log mirror gap"]
    assert any("It differs at" in one and "nickel ore" in one and "(real " in one for one in remarks)


def test_every_row_of_a_table_has_every_column(source: Declared) -> None:
    found = realism_page.section(dict.fromkeys(("nickel", "sawnwood", "imports", "baci"), source), source)
    for table in found.tables:
        assert {len(row) for row in table.rows} == {len(table.columns)}, table.lead
