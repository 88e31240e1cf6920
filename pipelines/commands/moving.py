"""Commands about ways and ships. Each returns whether it found anything."""

from pathlib import Path

import polars as pl

from pipelines import output
from pipelines.home import Home
from pipelines.output import TableFormat
from pipelines.views import terminal
from pipelines.way_queries import Asked


def route(home: Home, asked: Asked, tonnes: float | None, how: TableFormat, out: Path | None) -> bool:
    """Ways between two places."""
    from pipelines.views.moving import ways_view
    from pipelines.way_queries import ways

    output.check_target(how, out)
    found = ways(home, asked)
    if found.steps.is_empty():
        return output.say(_no_way(asked, found.start.said, found.end.said))
    if how is not TableFormat.TABLE:
        return output.write(_named(found.steps, found.names, tonnes), how, out) > 0
    screen = terminal.screen()
    terminal.print_all(screen, ways_view(found, screen.width, tonnes))
    return True


def _no_way(asked: Asked, start: str, end: str) -> str:
    by = f" by {' and '.join(asked.modes)}" if asked.modes else ""
    without = f" that avoids {', '.join(asked.avoid)}" if asked.avoid else ""
    return f"no way{by}{without} is known from {start} to {end}"


def _named(steps: pl.DataFrame, names: dict[str, str], tonnes: float | None) -> pl.DataFrame:
    """Steps with the names of their ends and, where tonnes were given, what they cost."""
    ends = {"from_name": "from_place", "to_name": "to_place"}
    named = steps.with_columns(
        pl.col(column).replace_strict(names, default=None, return_dtype=pl.String).alias(name)
        for name, column in ends.items()
    )
    if tonnes is not None:
        named = named.with_columns((pl.col("cost_usd_per_t") * tonnes).alias("cost_usd"))
    return named.select(pl.exclude("lon_lat"), "lon_lat")
