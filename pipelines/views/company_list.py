"""Companies and pairs of like names on a terminal. That a company stands on a bill says nothing against it."""

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl
from rich.console import RenderableType
from rich.text import Text

from pipelines.views import wording
from pipelines.views.answer import notes
from pipelines.views.terminal import STRONG, dim, heading, indented, pairs, with_room

HEADER = ("company", "company_id", ">rows", "roles", "from", "to", "counts as")
NO_FINDING = "A company here is what a bill calls it: that it stands on one says nothing against it."
UNDO = "oretrace same ONE OTHER --verdict different --reviewer NAME undoes a merge at the next run; same makes one."
PROPOSED = "Nothing proposed here is merged. risk: the share of such pairs that were two companies, in invented names."


def company_list(
    rows: pl.DataFrame, shown: int, width: int, matches: pl.DataFrame | None = None
) -> Iterator[RenderableType]:
    """Companies, one line each, the most often named first; with pairs of like names where a name was asked for."""
    yield heading(f"{rows.height:,} {'company' if rows.height == 1 else 'companies'}")
    cells = [_company(one) for one in rows.head(shown).to_dicts()]
    table = with_room(HEADER, [[Text(one) for one in row] for row in cells], (0, 1, 6), width)
    yield from table
    for row in () if table else cells:
        yield pairs(zip((name.lstrip(">") for name in HEADER), row, strict=True))
    if matches is not None and matches.height:
        yield Text()
        yield heading("Like names")
        yield from (indented(part) for one in matches.head(shown).to_dicts() for part in _match(one))
    more = [f"{rows.height - shown:,} more: --format csv gives all."] if rows.height > shown else []
    yield from notes([*more, NO_FINDING, UNDO])


def match_list(rows: pl.DataFrame, shown: int) -> Iterator[RenderableType]:
    """Pairs of names that may be one company, the least risk first."""
    yield heading(f"{rows.height:,} {'pair' if rows.height == 1 else 'pairs'} of names that may be one company")
    for one in rows.head(shown).to_dicts():
        yield from _match(one)
    more = [f"{rows.height - shown:,} more: --format csv gives all."] if rows.height > shown else []
    yield from notes([*more, PROPOSED, NO_FINDING, UNDO])


def _match(one: Mapping[str, Any]) -> Iterator[RenderableType]:
    state = "one company" if one["is_merged"] else "two companies" if one["decided_by"] != "nobody" else "not decided"
    yield Text.assemble((f"{one['one']}  =?  {one['other']}", STRONG))
    yield indented(Text(f"{state} · score {one['score']:.2f} · risk {wording.share(one['risk'])} · {one['why']}"), 4)
    compared = (f"{wording.spelled(part['name'])} {wording.number(part['value'])}" for part in one["parts"] or ())
    yield indented(dim(", ".join(compared)), 4)


def _company(one: Mapping[str, Any]) -> list[str]:
    stands = "" if one["group_id"] == one["company_id"] else one["group_id"]
    return [one["name"], one["company_id"], f"{one['rows']:,}", ", ".join(one["roles"]), wording.day(one["first_day"]),
            wording.day(one["last_day"]), stands]  # fmt: skip
