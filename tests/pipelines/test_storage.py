from datetime import date
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from graphs.errors import SchemaError
from graphs.tables import Production
from pipelines.analysis import Analysis
from pipelines.home import Home
from pipelines.storage import ParquetTables, preview
from pipelines.workspace import Workspace

FAMILIES = dg.DynamicPartitionsDefinition(name="families")
EVERY = dg.AllPartitionMapping()


@pytest.fixture(params=["local", "memory", "s3"])
def workspace(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    if request.param == "memory":
        monkeypatch.setenv("ORETRACE_DATA_URL", f"memory://oretrace-{tmp_path.name}")
    if request.param == "s3":
        monkeypatch.setenv("ORETRACE_DATA_URL", f"{request.getfixturevalue('s3')}/{tmp_path.name}")
    home = Home.open(tmp_path / "home", create=True)
    home.save_analysis(Analysis(only_data=True, as_of=date(2025, 1, 1)))
    return Workspace(home)


def production(*years: int, mass_kg: float = 1.0) -> pl.DataFrame:
    rows = [{"source": "usgs", "country": "XAA", "commodity": "gold", "year": one, "basis": "content"} for one in years]
    blank = {"mass_kg": mass_kg, "mass_low_kg": None, "mass_high_kg": None, "flags": 0, "raw_sha256": "00"}
    table = pl.DataFrame([{**row, **blank} for row in rows]).with_columns(known_from=pl.date("year", 12, 31))
    return Production.cast(table.select(Production.column_names()))


def materialize(workspace: Workspace, *assets: dg.AssetsDefinition, **more: object) -> dg.ExecuteInProcessResult:
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    return dg.materialize(
        assets,
        resources={"io_manager": ParquetTables(workspace)},
        run_config=quiet,
        **more,  # type: ignore[arg-type]
    )


def test_an_annotation_chooses_between_reading_and_scanning(workspace: Workspace) -> None:
    seen: dict[str, type] = {}

    @dg.asset(name="production", code_version="7")
    def made() -> pl.DataFrame:
        return production(2020, 2021)

    @dg.asset(name="eager_reader", io_manager_key="nowhere")
    def eager(production: pl.DataFrame) -> None:
        seen["eager"] = type(production)

    @dg.asset(name="lazy_reader", io_manager_key="nowhere")
    def lazy(production: pl.LazyFrame) -> None:
        seen["lazy"] = type(production)
        assert production.select(pl.len()).collect().item() == 2

    resources = {"io_manager": ParquetTables(workspace), "nowhere": dg.mem_io_manager}
    result = dg.materialize([made, eager, lazy], resources=resources)
    assert seen == {"eager": pl.DataFrame, "lazy": pl.LazyFrame}
    assert workspace.home.scan("production").collect().equals(production(2020, 2021))
    assert workspace.home.meta("production")["code"] == "7"
    (shown,) = [one.metadata for one in result.asset_materializations_for_node("production")]
    assert shown["dagster/row_count"].value == 2
    assert shown["bytes"].value > 0
    assert shown["content_sha256"].value == workspace.home.meta("production")["content"]
    assert "| usgs | XAA | gold | 2020 |" in shown["preview"].value


def test_bad_data_never_replace_good(workspace: Workspace) -> None:
    @dg.asset(name="production")
    def good() -> pl.LazyFrame:
        return production(2020).lazy()

    @dg.asset(name="production")
    def bad() -> pl.DataFrame:
        return production(2020, 2021, 2022, mass_kg=-5.0)

    materialize(workspace, good)
    before = workspace.home.table_path("production").read_bytes()
    with pytest.raises(SchemaError) as caught:
        materialize(workspace, bad)
    assert str(caught.value) == (
        "table production: 3 rows break the rule 'mass_kg min', first at source usgs, country XAA, commodity gold, "
        "year 2020, basis content; nothing was written"
    )
    assert workspace.home.table_path("production").read_bytes() == before


def test_all_partitions_come_as_one_frame_and_one_comes_alone(workspace: Workspace) -> None:
    @dg.asset(name="nulls")
    def pooled(ranked: pl.LazyFrame) -> pl.DataFrame:
        return ranked.collect()

    @dg.asset(name="ranked", partitions_def=FAMILIES)
    def ranked(context: dg.AssetExecutionContext) -> pl.DataFrame:
        return pl.DataFrame({"family": [context.partition_key]})

    @dg.asset(name="comtrade", partitions_def=FAMILIES)
    def one(ranked: pl.DataFrame) -> pl.DataFrame:
        return ranked

    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions("families", ["tin", "gold", "sand"])
        for family in ("tin", "gold"):
            materialize(workspace, ranked, one, partition_key=family, instance=instance)
        materialize(workspace, pooled, ranked, selection=[pooled], instance=instance)
    # Sand was never made: it is left out, not an error.
    assert workspace.home.scan("nulls").collect()["family"].to_list() == ["gold", "tin"]
    assert workspace.home.partitions("comtrade") == ["gold", "tin"]
    assert workspace.home.scan("comtrade", ["tin"]).collect()["family"].to_list() == ["tin"]


def test_no_partition_at_all_is_an_empty_table(workspace: Workspace) -> None:
    @dg.asset(name="flows", partitions_def=FAMILIES)
    def flows() -> pl.DataFrame:
        raise AssertionError

    @dg.asset(name="nulls", ins={"flows": dg.AssetIn(partition_mapping=EVERY)})
    def counted(flows: pl.LazyFrame) -> pl.DataFrame:
        return flows.select(rows=pl.len()).collect()

    materialize(workspace, flows, counted, selection=[counted])
    assert workspace.home.scan("nulls").collect().item() == 0


def test_a_preview_is_short_and_hides_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORETRACE_COMTRADE_KEY", "very-secret-key")
    table = pl.DataFrame({f"c{at}": [f"a|b {at}"] * 20 for at in range(12)})
    text = preview(table.with_columns(c0=pl.lit("x" * 100), c1=pl.lit("key very-secret-key")))
    lines = text.splitlines()
    assert lines[0] == "| c0 | c1 | c2 | c3 | c4 | c5 | c6 | c7 |"
    assert len(lines) == 7
    assert lines[2].startswith(f"| {'x' * 39}… | key very-secret-key | a\\|b 2 |")
