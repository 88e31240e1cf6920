"""Where each node of a network is drawn: computed here, so that a page opens at once and looks the same each time.

Around one centre, those who mostly sell to it stand on the left and those who mostly buy from it on the right, the
largest on top. Between two centres each partner stands on the side of the one it trades more with. Without a centre,
columns run from those who only sell to those who only buy; hubs, which do both, stand in the middle. Every node has a
place of its own for its name, so that no two names meet.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from graphs.ego import MORE, Ego

LONGEST_COLUMN = 22
BANDS = (0.02, 0.3, 0.7, 0.98)
"""Shares of buying in a node's trade at which one column ends and the next begins."""


@dataclass(frozen=True)
class Spot:
    """A place: pixels at scale 1, origin in the middle, y downwards; `side` is where the name stands."""

    x: float
    y: float
    side: str


@dataclass(frozen=True)
class Room:
    """How much space there is: half the width to the nearest column, height, and the gap between columns."""

    reach: float
    height: float
    gap: float
    row: float
    """Smallest distance between two nodes of a column."""


WIDE = Room(reach=310, height=690, gap=205, row=27)
NARROW = Room(reach=78, height=520, gap=86, row=21)


def layout(found: Ego, room: Room) -> dict[str, Spot]:
    """A spot for every node."""
    totals = _totals(found)
    partners = [one for one in found.nodes.filter(~pl.col("is_centre"))["id"] if one != MORE]
    if not found.centre:
        return _bands(found, partners, totals, room)
    if len(found.centre) == 1:
        left = [one for one in partners if totals[one][0] >= totals[one][1]]
    else:
        left, room = _nearer_to_first(found, partners), replace(room, reach=room.reach * 1.25)
    now = set(_of_year(found, found.focus.year)["id"])
    spots = _sides(left, [one for one in partners if one not in set(left)], now, room)
    return spots | _centres(found, room)


def _totals(found: Ego) -> dict[str, tuple[float, float]]:
    """Sold and bought by each node in the year of the focus, where it traded then, else in all years."""
    chosen = dict.fromkeys(found.nodes["id"], (0.0, 0.0))
    for year in (None, found.focus.year):
        rows = _of_year(found, year).select("id", pl.col("out_value_usd", "in_value_usd").fill_null(0.0))
        chosen |= {one: (sold, bought) for one, sold, bought in rows.iter_rows() if one in chosen}
    return chosen


def _of_year(found: Ego, year: int | None) -> pl.DataFrame:
    return found.activity.filter(pl.col("year").eq_missing(pl.lit(year, pl.Int64)))


def _nearer_to_first(found: Ego, partners: Sequence[str]) -> list[str]:
    """Partners that trade more with the first centre than with the second."""
    rows = found.links.filter(pl.col("year").is_null())
    trade: dict[tuple[str, str], float] = {}
    for start, end, value in rows.select("start", "end", pl.col("value_usd").fill_null(0.0)).iter_rows():
        for pair in ((start, end), (end, start)):
            trade[pair] = trade.get(pair, 0.0) + value
    first, second = found.centre
    return [one for one in partners if trade.get((one, first), 0.0) >= trade.get((one, second), 0.0)]


def _centres(found: Ego, room: Room) -> dict[str, Spot]:
    if len(found.centre) == 1:
        spots = {found.centre[0]: Spot(0, 0, "below")}
    else:
        half = room.reach * 0.4
        spots = {found.centre[0]: Spot(-half, 0, "below"), found.centre[1]: Spot(half, 0, "below")}
    return spots | ({MORE: Spot(0, room.height * 0.36, "below")} if MORE in found.nodes["id"].to_list() else {})


def _sides(left: Sequence[str], right: Sequence[str], now: Container[str], room: Room) -> dict[str, Spot]:
    """Columns on both sides; those who did not trade in the year of the focus stand outside, for other years."""
    spots = {}
    for sign, names, side in ((-1, left, "left"), (1, right, "right")):
        here = [one for one in names if one in now]
        first = _columns(here, 0, room)
        later = _columns(
            [one for one in names if one not in now], 1 + max((at for at, _ in first.values()), default=-1), room
        )
        for name, (column, y) in (first | later).items():
            bend = 1 - 0.16 * min(1.0, (2 * y / room.height) ** 2)
            spots[name] = Spot(sign * (room.reach * bend + column * room.gap), y, side)
    return spots


def _columns(names: Sequence[str], first: int, room: Room) -> dict[str, tuple[int, float]]:
    """Column and height of each name: top to bottom, columns side by side and staggered where one would be too long."""
    columns = max(1, -(-len(names) // LONGEST_COLUMN))
    rows = max(1, -(-len(names) // columns))
    step = max(room.row, min(room.height / rows, room.row * 1.9))
    out = {}
    for at, name in enumerate(names):
        row, column = divmod(at, columns)
        stagger = column / columns - (columns - 1) / (2 * columns)
        out[name] = (first + column, (row - (rows - 1) / 2 + stagger) * step)
    return out


def _bands(
    found: Ego, partners: Sequence[str], totals: Mapping[str, tuple[float, float]], room: Room
) -> dict[str, Spot]:
    """Columns from sellers to buyers (rows, where the room is narrow), ordered so that few links cross."""
    columns: list[list[str]] = [[] for _ in range(len(BANDS) + 1)]
    for name in partners:
        sold, bought = totals[name]
        share = bought / (sold + bought) if sold + bought else 0.5
        columns[sum(share > limit for limit in BANDS)].append(name)
    filled = _split([one for one in columns if one])
    near = _neighbours(found)
    for _ in range(6):
        filled = _untangled(filled, near)
    return _in_rows(filled, room) if room.reach == NARROW.reach else _in_columns(filled, found, room)


def _split(columns: list[list[str]], longest: int = 14) -> list[list[str]]:
    """Long columns become two beside each other."""
    out = []
    for one in columns:
        parts = -(-len(one) // longest)
        out += [one[at::parts] for at in range(parts)]
    return out


def _neighbours(found: Ego) -> dict[str, list[str]]:
    near: dict[str, list[str]] = {}
    rows = found.links.filter(pl.col("year").is_null(), "is_drawn").select("start", "end")
    for start, end in rows.iter_rows():
        near.setdefault(start, []).append(end)
        near.setdefault(end, []).append(start)
    return near


def _untangled(columns: list[list[str]], near: Mapping[str, list[str]]) -> list[list[str]]:
    """Each column sorted by the mean height of its members' neighbours (Sugiyama's barycentre rule)."""
    height = {name: at - (len(one) - 1) / 2 for one in columns for at, name in enumerate(one)}
    out = []
    for one in columns:
        mean = {name: _mean([height[other] for other in near.get(name, []) if other in height]) for name in one}
        ordered = sorted(one, key=lambda name: (mean[name], name))
        height |= {name: at - (len(one) - 1) / 2 for at, name in enumerate(ordered)}
        out.append(ordered)
    return out


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _in_columns(columns: list[list[str]], found: Ego, room: Room) -> dict[str, Spot]:
    width = 2 * (room.reach + room.gap)
    spots = {}
    for column, names in enumerate(columns):
        x = (column + 0.5) / len(columns) * width - width / 2
        step = min(room.height / max(len(names), 1), room.row * 3)
        for at, name in enumerate(names):
            stagger = 0.25 * step if column % 2 else -0.25 * step
            spots[name] = Spot(x, (at - (len(names) - 1) / 2) * step + stagger, "right")
    return spots | {MORE: Spot(0, room.height / 2 + 2 * room.row, "right")}


def _in_rows(columns: list[list[str]], room: Room) -> dict[str, Spot]:
    rows = [one[at : at + 7] for one in columns for at in range(0, len(one), 7)]
    spots = {}
    for row, names in enumerate(rows):
        y = (row + 0.5) / len(rows) * room.height - room.height / 2
        for at, name in enumerate(names):
            spots[name] = Spot((at - (len(names) - 1) / 2) * 54, y, "below")
    return spots | {MORE: Spot(0, room.height / 2 + 2 * room.row, "below")}
