"""Commands about ways and ships. Each returns whether it found anything."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from graphs.errors import InputError
from pipelines import output
from pipelines.home import Home
from pipelines.output import TableFormat
from pipelines.pages import Page
from pipelines.ship_queries import Wanted, day
from pipelines.views import terminal
from pipelines.way_queries import Asked

ON_SCREEN, EVENTS_ON_SCREEN = 20, 10
"""Rows shown on screen unless --top says otherwise."""


def route(home: Home, asked: Asked, tonnes: float | None, how: TableFormat, out: Path | None) -> bool:
    """Ways between two places."""
    from pipelines.views.moving import ways_view
    from pipelines.way_queries import ways

    output.check_target(how, out)
    with terminal.busy("Looking for ways"):
        found = ways(home, asked)
    if found.steps.is_empty():
        return output.say(". ".join([_no_way(asked, found.start.said, found.end.said), *found.notes]))
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


def ships(home: Home, wanted: Wanted, show: str, top: int | None, how: TableFormat, out: Path | None) -> bool:
    """Ships, or one ship, or calls, voyages and events."""
    from pipelines import ship_queries
    from pipelines.views import ship_list

    output.check_target(how, out)
    read, screen = ship_queries.days_read(home), terminal.screen()
    tables = {
        "ships": ship_queries.ships,
        "calls": ship_queries.calls_of,
        "voyages": ship_queries.voyages_of,
        "events": ship_queries.events,
    }
    rows = tables[show](home, wanted)
    if rows.is_empty():
        what = "event" if show == "events" else show.removesuffix("s")
        hint = ship_list.NO_CALL if read else "`oretrace run --data FOLDER` reads positions of ships."
        return output.say(f"no {what} matches. {ship_list.days(read)} {hint}")
    if how is not TableFormat.TABLE:
        return output.write(rows.head(top) if top else rows, how, out) > 0
    if show == "ships" and rows.height == 1 and wanted.who is not None:
        mine = replace(wanted, who=rows["track_id"][0], port=None)
        calls, voyages, events = (tables[one](home, mine) for one in ("calls", "voyages", "events"))
        parts = ship_list.one_ship(rows.row(0, named=True), calls, voyages, events, read, screen.width)
    elif show == "events":
        counts = ship_queries.event_counts(rows)
        parts = ship_list.event_list(rows, top or EVENTS_ON_SCREEN, counts, read)
    elif show == "ships":
        parts = ship_list.ship_list(rows, top or ON_SCREEN, read, screen.width)
    else:
        parts = ship_list.moves(show, rows, top or ON_SCREEN, read, screen.width)
    terminal.print_all(screen, parts)
    return True


def capacity(
    home: Home, exporter: str, importer: str, commodity: str, year: int | None, how: TableFormat, out: Path | None
) -> bool:
    """What the ships that were seen could have carried."""
    from pipelines.ship_capacity import capacity as compare
    from pipelines.views.carried import carried, nothing

    output.check_target(how, out)
    found = compare(home, exporter, importer, commodity, year)
    if found.rows.is_empty():
        return output.say(nothing(found, year))
    if how is not TableFormat.TABLE:
        return output.write(found.rows, how, out) > 0
    screen = terminal.screen()
    terminal.print_all(screen, carried(found, screen.width))
    return True


def check_page(subject: str, names: Sequence[str], out: Path | None) -> None:
    """Refuse, before any work, what cannot be drawn. Raises InputError."""
    wanted = {"route": ("FROM", "TO"), "ship": ("WHO",), "alert": ("ALERT",)}[subject]
    if len(names) != len(wanted):
        raise InputError(f"a map of this kind is asked for as: oretrace map {subject} {' '.join(wanted)}")
    if out is not None and not out.parent.is_dir():
        raise InputError(f"{out} cannot be written, because there is no folder {out.parent}: make it first")


def map_route(home: Home, asked: Asked, out: Path | None) -> bool:
    """Ways between two places on a map."""
    from pipelines.map_pages import route as page

    return _drawn(home, page(home, asked), _no_way(asked, asked.start, asked.end), out)


def map_ship(home: Home, who: str, days: tuple[str | None, str | None], out: Path | None) -> bool:
    """Where a ship was heard, on a map."""
    from pipelines.map_pages import ship as page

    since, until = (day(one) if one else None for one in days)
    return _drawn(home, page(home, who, since, until), f"no ship is called {who!r}: `oretrace ships` lists them", out)


def map_alert(home: Home, name: str, list_name: str, out: Path | None) -> bool:
    """How the goods of an alert could have gone, on a map."""
    from pipelines.map_pages import alert as page
    from pipelines.queries import list_name as known

    missing = f"no scored flow is named {name!r}: `oretrace alerts` lists them"
    return _drawn(home, page(home, name, known(list_name)), missing, out)


def _drawn(home: Home, page: Page | None, missing: str, out: Path | None) -> bool:
    """Write a page and say where it lies."""
    if page is None:
        return output.say(missing)
    home.views_path.mkdir(parents=True, exist_ok=True)
    file = out or home.views_path / page.file
    page.write(file)
    print(f"{page.title}: {file}")
    return True
