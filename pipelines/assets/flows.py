"""From declarations to judged flows, one code family at a time."""

from datetime import date
from typing import Any

import dagster as dg
import polars as pl

from graphs.commodities import family_expr, family_named
from graphs.flows import pair
from graphs.land_ways import islands
from graphs.neighbours import neighbours_of
from graphs.periods import known_by
from graphs.tables import TABLES, Flows
from models.flows import calibrate
from models.flows.carriage import BULK
from models.flows.causes import face
from models.flows.channels import judge
from models.flows.context import Context
from models.flows.reconcile import reconcile
from models.ladder.expect import climb
from models.learned.channel import with_learned
from pipelines.assets.tables import EVERY, table, tables
from pipelines.partitions import FAMILIES
from pipelines.workspace import Workspace

ALL = dg.AssetIn(partition_mapping=EVERY)
AROUND = {"flows": ALL, "declarations": ALL}
MOVED = ("carrying_capacity", "transport_modes", "legs", "places")
"""How goods could have moved: read for bulk goods alone, whose ships are counted."""


@table("flows", partitions=FAMILIES, ins={"declarations": ALL})
def flows(
    context: dg.AssetExecutionContext, declarations: pl.LazyFrame, reporting: pl.DataFrame, baci: pl.LazyFrame
) -> pl.DataFrame:
    """Both declarations side by side with a reconciled value, and the flows of BACI as they came."""
    family = context.partition_key
    declared = declarations.filter(family_expr("commodity") == family).collect()
    own = reconcile(pair(declared, reporting))
    return pl.concat([own.select(Flows.column_names()), baci.filter(pl.col("family") == family).collect()])


@tables("flows", "statistics", partitions=FAMILIES, ins=AROUND, deps=MOVED)
def judged(
    context: dg.AssetExecutionContext,
    workspace: dg.ResourceParam[Workspace],
    flows: pl.LazyFrame,
    declarations: pl.LazyFrame,
    reporting: pl.DataFrame,
    production: pl.DataFrame,
    governance: pl.DataFrame,
    events: pl.DataFrame,
) -> pl.DataFrame:
    """Run every channel over one family, and the trees over what the channels said."""
    small = (reporting, production, governance, events)
    own, around = _look(workspace, context.partition_key, flows, declarations, small)
    return with_learned(own, judge(own, around).statistics, around)


@tables("flows", "expectations", "ladder", partitions=FAMILIES)
def climbed(
    context: dg.AssetExecutionContext,
    workspace: dg.ResourceParam[Workspace],
    flows: pl.LazyFrame,
    statistics: pl.DataFrame,
    reporting: pl.DataFrame,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Forecast one family's flows by every rung of the ladder, and compare the rungs."""
    as_of = workspace.memo.as_of()
    known = known_by(as_of)
    own = reconcile(flows.filter(known, pl.col("family") == context.partition_key).collect())
    said = climb(own, context.partition_key, as_of, reporting.filter(known), statistics)
    return said.expectations, said.scores


@table("scores", ins={"statistics": ALL})
def nulls(statistics: pl.LazyFrame) -> pl.DataFrame:
    """Pool the clean rows of all families."""
    return calibrate.null_pool(statistics)


@table("scores", partitions=FAMILIES)
def scores(statistics: pl.DataFrame, nulls: pl.DataFrame) -> pl.DataFrame:
    """Read each statistic's p-value from the null."""
    return calibrate.p_values(statistics, nulls)


@table("scores", partitions=FAMILIES, ins=AROUND, deps=MOVED)
def causes(
    context: dg.AssetExecutionContext,
    workspace: dg.ResourceParam[Workspace],
    flows: pl.LazyFrame,
    declarations: pl.LazyFrame,
    scores: pl.DataFrame,
    reporting: pl.DataFrame,
    production: pl.DataFrame,
    governance: pl.DataFrame,
    events: pl.DataFrame,
) -> pl.DataFrame:
    """Let every scored flow face every ordinary cause."""
    small = (reporting, production, governance, events)
    own, around = _look(workspace, context.partition_key, flows, declarations, small)
    return face(own, scores, around)


def _look(
    workspace: Workspace,
    family: str,
    flows: pl.LazyFrame,
    declarations: pl.LazyFrame,
    small: tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame],
) -> tuple[pl.DataFrame, Context]:
    """One family's flows and its context, as far as they were known on the day of the analysis."""
    as_of = workspace.memo.as_of()
    known = known_by(as_of)
    reporting, production, governance, events = (one.filter(known) for one in small)
    uncounted = declarations.filter(known, family_expr("commodity") == family, ~pl.col("is_counted"))
    # Reconciled anew: how far an office can be trusted must not rest on years that came later.
    return reconcile(flows.filter(known, pl.col("family") == family).collect()), Context(
        family=family,
        as_of=as_of,
        reporting=reporting,
        production=production,
        governance=governance,
        events=events,
        neighbours=_neighbours(workspace, family, flows.filter(known)),
        totals=uncounted.collect(),
        **_moved(workspace, family, as_of),
    )


def _moved(workspace: Workspace, family: str, as_of: date) -> dict[str, Any]:
    """`carriage`, `modes` and `islands` of a context; only bulk goods have any."""
    if family not in BULK:
        return {}
    known = known_by(as_of)
    capacity, modes, legs, places = (_whole(workspace, name).filter(known) for name in MOVED)
    mine = modes.filter(family_expr("commodity") == family)
    return {
        "carriage": capacity.filter("is_whole").collect(),
        "modes": mine.collect(),
        "islands": islands(legs.collect(), places.collect()),
    }


def _whole(workspace: Workspace, name: str) -> pl.LazyFrame:
    """A whole table; empty where the home has none yet."""
    home = workspace.home
    return home.scan(name) if home.table_path(name).exists() else TABLES[name].create_empty(lazy=True)


def _neighbours(workspace: Workspace, family: str, flows: pl.LazyFrame) -> pl.DataFrame:
    """Flows of other families into whose codes goods of this family are easily declared."""
    families = neighbours_of(family, workspace.memo.families())
    near = [pl.col("commodity").str.starts_with(prefix) for prefix in family_named(family).neighbours]
    return flows.filter(pl.col("family").is_in(families), pl.any_horizontal(near or [pl.lit(False)])).collect()
