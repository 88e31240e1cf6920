"""Published events as rows of table `events`: the built-in export bans of graphs.events, and those of a user's file.

A row states what the law was: country, HS codes by their first digits, first and last day, and the act. An event counts
as known from its first day.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from graphs import rows
from graphs.errors import UnknownCode
from graphs.events import BANS
from graphs.faults import Fault, split, unreadable
from graphs.rows import Cell, Read
from graphs.tables import EVENT_KINDS, Events

BUILT_IN = "oretrace"
"""Source of the built-in rows."""
COLUMNS = ("kind", "country", "codes", "start", "end", "citation")
KEY = ("kind", "country", "codes", "start")
"""What names an event, whatever source tells of it."""
PREFIX = re.compile(r"\d{2,6}")


@dataclass(frozen=True)
class Told:
    """Events (schema Events), and rows that cannot be used (schema Quarantine)."""

    events: pl.DataFrame
    quarantine: pl.DataFrame


def built_in() -> pl.DataFrame:
    """The bans of graphs.events as rows of table `events`."""
    listed = [
        {
            "source": BUILT_IN,
            "kind": "ban",
            "country": ban.exporter,
            "codes": " ".join(ban.prefixes),
            "start": ban.start,
            "end": ban.end,
            "citation": ban.citation,
            "known_from": ban.start,
            "raw_sha256": None,
        }
        for ban in BANS
    ]
    return pl.DataFrame(listed, schema=Events.create_empty().schema).sort(Events.primary_key())


def tidy_events(raw: pl.DataFrame, *, source: str, file: str, raw_sha256: str) -> Told:
    """Rows of text with `raw_row` and the columns of COLUMNS; whatever cannot be read is refused with a reason."""
    text = raw.with_columns(pl.col("citation").str.strip_chars())
    for inputs, outputs, read in _CELLS:
        text = rows.translate(text, inputs, outputs, read)
    good, refused = split(text, _faults(text), source=source, file=file, raw_sha256=raw_sha256)
    named = good.select(
        pl.lit(source).alias("source"),
        pl.col("kind_read").alias("kind"),
        pl.col("country_read").alias("country"),
        pl.col("codes_read").alias("codes"),
        pl.col("start_read").alias("start"),
        pl.col("end_read").alias("end"),
        "citation",
        pl.col("start_read").alias("known_from"),
        pl.lit(raw_sha256).alias("raw_sha256"),
    )
    return Told(Events.cast(named).sort(Events.primary_key()), refused)


def merge(tables: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Events of several tables as one; where two tell of the same event, the first counts."""
    together = pl.concat([Events.create_empty(), *tables])
    return together.unique(KEY, keep="first", maintain_order=True).sort(Events.primary_key())


def _read_kind(kind: Cell) -> Read:
    found = (kind or "").lower()
    if found not in EVENT_KINDS:
        raise UnknownCode(f"event kind {kind!r} is unknown; expected {' or '.join(EVENT_KINDS)}")
    return (found,)


def _read_country(code: Cell) -> Read:
    found, kind = rows.read_area(code, None)
    if kind != "country":
        raise UnknownCode(f"{found} is no country ({kind}); name each country that decreed the ban in a row of its own")
    return (found,)


def _read_codes(codes: Cell) -> Read:
    prefixes = sorted(set((codes or "").split()))
    if not prefixes or not all(PREFIX.fullmatch(one) for one in prefixes):
        raise UnknownCode(
            f"codes {codes!r} are no HS codes; write two to six first digits of each, separated by blanks"
        )
    return (" ".join(prefixes),)


def _read_start(day: Cell) -> Read:
    if day is None:
        raise UnknownCode("no first day is given; write it as 2020-01-31")
    return (_day(day),)


def _read_end(day: Cell) -> Read:
    """Null while the ban stands."""
    return (None if day is None else _day(day),)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UnknownCode(f"day {text!r} is none; write it as 2020-01-31") from None


_CELLS = (
    (("kind",), {"kind_read": pl.String()}, _read_kind),
    (("country",), {"country_read": pl.String()}, _read_country),
    (("codes",), {"codes_read": pl.String()}, _read_codes),
    (("start",), {"start_read": pl.Date()}, _read_start),
    (("end",), {"end_read": pl.Date()}, _read_end),
)


def _faults(text: pl.DataFrame) -> list[Fault]:
    start, end = pl.col("start_read"), pl.col("end_read")
    key = [f"{name}_read" for name in KEY]
    again = pl.struct(key).is_first_distinct().not_()
    silent = pl.col("citation").fill_null("") == ""
    return [
        *(one for inputs, outputs, _ in _CELLS for one in unreadable(text, inputs, outputs)),
        Fault("end", end < start, pl.col("end"), pl.lit("the last day lies before the first; correct one of them")),
        Fault("citation", silent, pl.lit(None, pl.String), pl.lit("no act is cited; name the decree or its source")),
        Fault("codes", again, pl.col("codes"), pl.lit("it repeats an event of an earlier row; the first was kept")),
    ]
