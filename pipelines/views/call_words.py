"""Begin and end of a call in words.

Reports begin and end at some moment, and that moment is no arrival and no departure: nobody saw a ship come that lay
there when it was first heard, and of one that was not heard since nobody knows whether it still lies there.
"""

from collections.abc import Mapping
from typing import Any

from pipelines.views.map_words import moment

Call = Mapping[str, Any]
"""A row of `port_calls` with first_seen and last_seen of its ship (`ship_queries.calls_of`)."""


def arrived(call: Call) -> str:
    """When it came: 2024-10-01 00:10, or that it was there before anybody heard it."""
    if not was_there(call):
        return moment(call["arrived"])
    first = call.get("first_seen")
    return "there at the first report" + ("" if first is None else f", {first:%Y-%m-%d}")


def left(call: Call, still: str = "still there") -> str:
    """When it left: 2024-10-08 12:00. `still` is said only of a ship that was heard on the last day that was read."""
    if call["left"] is not None:
        return moment(call["left"])
    last = call.get("last_seen")
    if last is None:
        return "not seen to leave"
    # Of a call that has not ended known_from is the last day that was read.
    return still if last.date() >= call["known_from"] else f"not seen to leave; last heard {last:%Y-%m-%d}"


def both(call: Call, still: str = "still there") -> str:
    """Begin and end in one line."""
    came = arrived(call) if was_there(call) else f"arrived {arrived(call)}"
    return f"{came}; {left(call, still) if call['left'] is None else f'left {left(call)}'}"


def was_there(call: Call) -> bool:
    """Whether the ship's first report lies in the waters of the place, so that nobody saw it arrive.

    is_whole tells it of calls that ended. Of the others only a ship at rest at its first report is known to have been
    there.
    """
    first = call.get("first_seen")
    is_cut = call["left"] is not None and call.get("is_whole") is False
    return is_cut or (first is not None and call["arrived"] <= first)
