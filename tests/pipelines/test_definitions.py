import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipelines.analysis import Analysis, ComtradeChoice
from pipelines.assets.tables import GROUPS
from pipelines.definitions import ASSETS, build_defs, codes, resources_for
from pipelines.home import FOLDERS, PARTITIONED, Home
from pipelines.instance import open_instance
from pipelines.run import STAGES, run
from pipelines.schedules import SCHEDULES, annual_comtrade, daily, monthly_comtrade, this_year
from pipelines.sensors import SENSORS
from pipelines.workspace import Workspace
from tests.pipelines import small_trade

ROOT = Path(__file__).parents[2]
MADE_BY_PEOPLE = {"judgements", "company_judgements"}


def specs() -> dict[str, dg.AssetSpec]:
    return {spec.key.to_user_string(): spec for asset in ASSETS for spec in asset.specs}


def test_every_stored_table_is_an_asset_with_a_meaning() -> None:
    found = specs()
    assert set(found) == set(FOLDERS) - MADE_BY_PEOPLE
    for name, spec in found.items():
        assert spec.description, name
        assert spec.code_version, name
        assert spec.group_name in GROUPS
        assert (spec.partitions_def is not None) == (name in PARTITIONED), name


def test_the_run_walks_all_assets_in_their_own_order() -> None:
    order = [table for stage in STAGES for together in stage.tables for table in together]
    assert set(order) == set(specs())
    graph = build_defs().resolve_asset_graph()
    for name in order:
        # The end of one day is what the next begins with: such a table is its own parent.
        for parent in graph.get(dg.AssetKey(name)).parent_keys - {dg.AssetKey(name)}:
            assert order.index(parent.to_user_string()) < order.index(name)


def test_building_definitions_touches_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ORETRACE_HOME", str(tmp_path / "home"))
    defs = build_defs(resources={"another": 1}, schedules=[])
    assert defs.resources is not None
    assert set(defs.resources) == {"workspace", "io_manager", "another"}
    assert list(defs.schedules or []) == []
    assert list(tmp_path.iterdir()) == []


def test_dagster_loads_the_definitions_in_a_checkout(tmp_path: Path) -> None:
    shutil.copy(ROOT / "dagster_home" / "dagster.yaml", tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "dagster", "definitions", "validate", "-m", "pipelines.definitions"],
        env={**os.environ, "DAGSTER_HOME": str(tmp_path), "ORETRACE_HOME": str(tmp_path / "home")},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert not (tmp_path / "home").exists()


def test_the_instance_sends_no_telemetry() -> None:
    with dg.DagsterInstance.from_config(str(ROOT / "dagster_home")) as instance:
        assert not instance.telemetry_enabled


def test_the_schedules_wake_once_a_year_and_skip_what_was_not_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home.open(tmp_path, create=True)
    assert {one.name: one.cron_schedule for one in SCHEDULES} == {
        "annual_sources": "0 6 1 3 *",
        "annual_comtrade": "0 6 1 3 *",
        "monthly_comtrade": "0 6 5 * *",
        "daily_ships": "0 5 * * *",
    }
    assert {one.default_status for one in SCHEDULES} == {dg.DefaultScheduleStatus.STOPPED}
    assert {one.default_status for one in SENSORS} == {dg.DefaultSensorStatus.STOPPED}

    def wake(schedule: dg.ScheduleDefinition = annual_comtrade) -> Any:
        moment = datetime(2025, 3, 1, 6, tzinfo=UTC)
        with dg.build_schedule_context(
            scheduled_execution_time=moment,
            resources={"workspace": Workspace(home)},
            repository_def=build_defs(home).get_repository_def(),
        ) as context:
            return schedule.evaluate_tick(context)

    monkeypatch.delenv("ORETRACE_COMTRADE_KEY", raising=False)
    assert "ORETRACE_COMTRADE_KEY" in (wake().skip_message or "")
    monkeypatch.setenv("ORETRACE_COMTRADE_KEY", "0123456789")
    home.save_analysis(Analysis(comtrade=ComtradeChoice(("2604",), years=(2020,))))
    requests = wake().run_requests or []
    assert [one.partition_key for one in requests] == [str(this_year() - back) for back in (3, 2, 1)]
    assert "months" in (wake(monthly_comtrade).skip_message or "")
    home.save_analysis(Analysis(comtrade=ComtradeChoice(("2604",), years=(2020,), frequency="M")))
    assert [one.partition_key for one in wake(monthly_comtrade).run_requests or []] == ["2024", "2025"]


def test_the_daily_schedule_asks_for_the_last_days_where_a_token_is_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home.open(tmp_path, create=True)

    def wake() -> Any:
        moment = datetime(2024, 10, 9, 5, tzinfo=UTC)
        with dg.build_schedule_context(
            scheduled_execution_time=moment, repository_def=build_defs(home).get_repository_def()
        ) as context:
            return daily().evaluate_tick(context)

    monkeypatch.delenv("ORETRACE_GFW_TOKEN", raising=False)
    assert "ORETRACE_GFW_TOKEN" in (wake().skip_message or "")
    monkeypatch.setenv("ORETRACE_GFW_TOKEN", "0123456789")
    (request,) = wake().run_requests or []
    assert request.run_config == {"ops": {"gfw": {"config": {"since": "2024-10-02", "until": "2024-10-08"}}}}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::dagster_shared.utils.warnings.BetaWarning")
def test_what_follows_from_a_new_source_follows_by_itself(tmp_path: Path) -> None:
    data = small_trade.write(tmp_path / "trade.csv", small_trade.rows(codes=("260900",)))
    home = Home.open(tmp_path / "home", create=True)
    run(home, Analysis(data=(str(data),), only_data=True))
    defs = build_defs(home)
    with open_instance(home.dagster_path) as instance:
        first = dg.evaluate_automation_conditions(defs, instance)
        calm = dg.evaluate_automation_conditions(defs, instance, cursor=first.cursor)
        assert calm.total_requested == 0
        dg.materialize(
            ASSETS, selection=["baci", "refused_baci"], instance=instance, resources=resources_for(Workspace(home))
        )
        after = dg.evaluate_automation_conditions(defs, instance, cursor=calm.cursor)
        assert after.get_requested_partitions(dg.AssetKey("flows")) == {"tin"}


def test_a_materialisation_tells_what_it_holds_and_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORETRACE_COMTRADE_KEY", "very-secret-key")
    table = small_trade.rows(codes=("260900",))
    data = small_trade.write(tmp_path / "very-secret-key.csv", table)
    data.write_text(data.read_text().replace("XAA", "very-secret-key", 1))
    home = Home.open(tmp_path / "home", create=True)
    run(home, Analysis(data=(str(data),), only_data=True))
    with open_instance(home.dagster_path) as instance:
        event = instance.get_latest_materialization_event(dg.AssetKey("parsed"))
        assert event is not None
        assert event.asset_materialization is not None
        metadata = event.asset_materialization.metadata
        assert metadata["dagster/row_count"].value == len(table) - 1
        assert metadata["rows_read"].value == len(table)
        assert metadata["content_sha256"].value == home.meta("parsed")["content"]
        assert set(metadata) >= {"bytes", "preview", "inputs_sha256", "known_from", "path"}
    for file in home.dagster_path.rglob("*.db*"):
        assert b"very-secret-key" not in file.read_bytes()


def test_code_versions_are_those_that_dagster_shows() -> None:
    assert codes() == {name: spec.code_version for name, spec in specs().items()}
