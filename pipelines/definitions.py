"""Everything that Dagster sees: `dagster dev -m pipelines.definitions`.

The home is that of `ORETRACE_HOME`, the analysis the one that `oretrace run` last kept there.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dagster as dg

from pipelines.assets import alerts, companies, comtrade, flows, graph, raw, ships, tidy, transport, watched
from pipelines.checks import CHECKS
from pipelines.home import Home
from pipelines.schedules import JOBS, SCHEDULES
from pipelines.sensors import SENSOR_JOBS, SENSORS
from pipelines.storage import ParquetTables
from pipelines.workspace import Workspace

ASSETS: tuple[dg.AssetsDefinition, ...] = tuple(
    one
    for module in (raw, comtrade, watched, transport, ships, companies, tidy, flows, alerts, graph)
    for one in vars(module).values()
    if isinstance(one, dg.AssetsDefinition)
)


def resources_for(workspace: Workspace) -> dict[str, Any]:
    """What assets and checks ask for by name."""
    return {"workspace": workspace, "io_manager": ParquetTables(workspace)}


def build_defs(home: Home | str | Path | None = None, **overrides: Any) -> dg.Definitions:
    """Definitions over a home. `overrides` replaces arguments of `dg.Definitions`; resources are merged."""
    resources: Mapping[str, Any] = resources_for(Workspace(home)) | overrides.pop("resources", {})
    arguments: dict[str, Any] = {
        "assets": ASSETS,
        "asset_checks": CHECKS,
        "jobs": (*JOBS, *SENSOR_JOBS),
        "schedules": SCHEDULES,
        "sensors": SENSORS,
        "resources": resources,
        "executor": dg.in_process_executor,
    }
    return dg.Definitions(**arguments | overrides)


def codes() -> dict[str, str]:
    """Code version of each table."""
    found = [pair for asset in ASSETS for pair in asset.code_versions_by_key.items()]
    return {key.to_user_string(): version or "" for key, version in found}


defs = build_defs()
