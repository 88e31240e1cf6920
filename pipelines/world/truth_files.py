"""The truth of a world as Parquet, written beside its data."""

from pathlib import Path

import polars as pl

from models.world.build import World
from models.world.schemes.published import published
from pipelines.world import truth_readme

ROW_GROUP_ROWS = 1 << 16


def write(folder: Path, world: World) -> None:
    """All truth tables, and what their columns mean. That of the scenes is written with them."""
    folder.mkdir(parents=True, exist_ok=True)
    known = tables(world)
    for name, table in known.items():
        write_table(folder / f"{name}.parquet", table)
    (folder / "README.md").write_text(truth_readme.text(known), encoding="utf-8")


def write_table(file: Path, table: pl.DataFrame) -> None:
    """A table as Parquet whose bytes depend on its rows alone, and not on how many threads made it."""
    table.rechunk().write_parquet(file, row_group_size=ROW_GROUP_ROWS)


def tables(world: World) -> dict[str, pl.DataFrame]:
    """Truth tables by name (schemas in `models.world.tables` and beside the parts that make them)."""
    ground, mined, ships = world.ground, world.mined, world.sailed
    return {
        "countries": ground.countries,
        "deposits": ground.deposits,
        "sites": mined.sites,
        "site_months": mined.site_months,
        "output": mined.output,
        "incidents": mined.events,
        "supply": world.traded.supply,
        "goods": world.artful.goods,
        "goods_origins": world.artful.origins,
        "true_flows": world.true_flows,
        "schemes": world.schemed.schemes,
        "scheme_flows": published(world.schemed.scheme_flows, world.declared),
        "artefacts": world.artful.artefacts,
        "artefact_flows": world.artful.artefact_flows,
        "vessels": ships.vessels,
        "voyages": ships.voyages,
        "port_calls": ships.port_calls,
        "gaps": ships.gaps,
        "encounters": ships.encounters,
        "collisions": ships.collisions,
        "sample_sources": world.sampled.sources,
    }
