"""From declarations to what a case is judged by: flows of each family and all that an analysis knows beside them."""

from pathlib import Path

import polars as pl

from graphs.commodities import family_expr, family_named
from graphs.declarations import reporting, settle, tidy
from graphs.flows import pair
from graphs.neighbours import neighbours_of
from graphs.tables import Declarations, Events, Governance, Production, Reporting
from models.flows.context import Context
from models.flows.reconcile import reconcile
from models.scoreboard.judged import Material
from pipelines.sources.comtrade_files import SOURCE, parse


def declared(file: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Flows and settled declarations of a file of UN Comtrade, by the same sources as an analysis."""
    parsed = parse(file)
    rows = settle(tidy(parsed.raw, source=SOURCE, file=file.name, raw_sha256=parsed.sha256).declarations)
    return pair(rows, reporting(rows)), rows


def materials(
    flows: pl.DataFrame,
    rows: pl.DataFrame | None,
    *,
    production: pl.DataFrame | None = None,
    governance: pl.DataFrame | None = None,
    events: pl.DataFrame | None = None,
) -> list[Material]:
    """One Material per family, flows reconciled; `rows` are the declarations behind them, where there are any."""
    if rows is not None:
        flows = reconcile(flows)
    families = sorted(flows["family"].unique())
    heard = Reporting.create_empty() if rows is None else reporting(rows)
    uncounted = None if rows is None else rows.filter(~pl.col("is_counted"))
    day = flows["known_from"].max()
    return [
        Material(
            flows.filter(pl.col("family") == family),
            Context(
                family=family,
                as_of=day,  # type: ignore[arg-type]
                reporting=heard,
                production=Production.create_empty() if production is None else production,
                governance=Governance.create_empty() if governance is None else governance,
                events=Events.create_empty() if events is None else events,
                neighbours=_neighbours(family, families, flows),
                totals=_totals(uncounted, family),
            ),
        )
        for family in families
    ]


def _neighbours(family: str, families: list[str], flows: pl.DataFrame) -> pl.DataFrame:
    """Flows of other families into whose codes goods of this one are easily declared."""
    near = [pl.col("commodity").str.starts_with(prefix) for prefix in family_named(family).neighbours]
    mine = pl.col("family").is_in(neighbours_of(family, families))
    return flows.filter(mine, pl.any_horizontal(near or [pl.lit(False)]))


def _totals(uncounted: pl.DataFrame | None, family: str) -> pl.DataFrame:
    if uncounted is None:
        return Declarations.create_empty()
    return uncounted.filter(family_expr("commodity") == family)
