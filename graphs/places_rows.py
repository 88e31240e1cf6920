"""Rows of any list of places to table `places`, and near-duplicates joined so that each join can be undone.

A row that cannot be used stands in quarantine with one sentence. A code that is none, or that names another country
than the row, is left out and named in a note: the place is real, the code would join it with a stranger.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from graphs import countries, rows
from graphs.country_names import from_alpha_2
from graphs.errors import UnknownCode
from graphs.faults import Fault, split, unreadable
from graphs.places_joined import join_duplicates as join_duplicates
from graphs.rows import Cell, Read
from graphs.tables_places import PLACE_KINDS, Places

TEXTS = ("place_id", "kind", "name", "country", "locode", "iata", "icao", "size")
NUMBERS = ("lon", "lat", "max_draught_m", "max_length_m")
COLUMNS = ("raw_row", *TEXTS, *NUMBERS)
NEEDED = ("place_id", "kind", "name", "country", "lon", "lat")
"""Columns without which a table is none of places; the others may be absent."""
TIMELESS = date(1900, 1, 1)
"""Day from which a list without a date counts as known."""
CODES = {"locode": re.compile(r"[A-Z]{2}[A-Z0-9]{3}"), "iata": re.compile(r"[A-Z0-9]{3}")}
NOWHERE_DEG = 0.01
"""A point so near to 0, 0 stands for an unknown one: no harbour lies there."""
SHOWN = 3
"""Examples that a note names."""


@dataclass(frozen=True)
class Told:
    """Places (schema Places), rows that cannot be used (schema Quarantine), sentences on codes left out."""

    places: pl.DataFrame
    quarantine: pl.DataFrame
    notes: tuple[str, ...]


def tidy_places(raw: pl.DataFrame, *, source: str, file: str, raw_sha256: str) -> Told:
    """Rows with `raw_row` and the columns NEEDED, any of COLUMNS beside them: text, or numbers where NUMBERS.

    `country` is ISO alpha-3 or a user-assigned code. Nothing else is guessed: where a list names countries otherwise,
    its reader translates before.
    """
    text = _typed(raw)
    for inputs, outputs, read in _CELLS:
        text = rows.translate(text, inputs, outputs, read)
    good, refused = split(text, _faults(text), source=source, file=file, raw_sha256=raw_sha256)
    kept, notes = _codes(good, file)
    named = kept.select(
        "place_id",
        pl.col("kind_read").alias("kind"),
        "name",
        pl.col("country_read").alias("country"),
        "lon",
        "lat",
        "locode",
        "iata",
        "icao",
        "size",
        "max_draught_m",
        "max_length_m",
        pl.lit(source).alias("source"),
        pl.lit(None, pl.String).alias("same_as"),
        pl.lit(None, pl.String).alias("same_why"),
        pl.lit(TIMELESS).alias("known_from"),
        pl.lit(raw_sha256).alias("raw_sha256"),
    )
    return Told(Places.cast(named).sort("place_id"), refused, notes)


def merge(tables: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Places of several lists as one table; where two bring the same place_id, the first stands."""
    together = pl.concat([Places.create_empty(), *tables])
    return together.unique("place_id", keep="first", maintain_order=True).sort("place_id")


def numbered(ids: pl.Expr) -> pl.Expr:
    """Ids of a list that repeats its own numbers: the second row of one gets `:2`, the third `:3`, in file order."""
    again = pl.int_range(1, pl.len() + 1).over(ids)
    return pl.when(again == 1).then(ids).otherwise(pl.format("{}:{}", ids, again))


def _typed(raw: pl.DataFrame) -> pl.DataFrame:
    """All columns; text without blanks around it, null where empty; `given_*` numbers as they stood."""
    missing = [pl.lit(None, pl.String).alias(name) for name in (*TEXTS, *NUMBERS) if name not in raw.columns]
    frame = raw.with_columns(missing).select(*COLUMNS)
    texts = [pl.col(name).cast(pl.String).str.strip_chars() for name in TEXTS]
    given = [pl.col(name).cast(pl.String).str.strip_chars() for name in NUMBERS]
    return (
        frame.with_columns(pl.when(one != "").then(one) for one in texts)
        .with_columns(
            pl.when(one != "").then(one).alias(f"given_{name}") for name, one in zip(NUMBERS, given, strict=True)
        )
        .with_columns(pl.col(f"given_{name}").cast(pl.Float64, strict=False).alias(name) for name in NUMBERS)
        .with_columns(pl.col("locode").str.replace_all(" ", "").str.to_uppercase())
    )


def _read_kind(kind: Cell) -> Read:
    found = (kind or "").lower()
    if found not in PLACE_KINDS:
        raise UnknownCode(f"kind of place {kind!r} is unknown; expected one of {', '.join(PLACE_KINDS)}")
    return (found,)


def _read_country(country: Cell) -> Read:
    """Null where none is given."""
    if country is None:
        return (None,)
    found = countries.area(country)
    if found.kind != "country":
        raise UnknownCode(f"{found.code} is no country ({found.kind}); fill in the ISO alpha-3 code")
    return (found.code,)


_CELLS = (
    (("kind",), {"kind_read": pl.String()}, _read_kind),
    (("country",), {"country_read": pl.String()}, _read_country),
)


def _faults(text: pl.DataFrame) -> list[Fault]:
    nothing = pl.lit(None, pl.String)
    lon, lat = pl.col("lon"), pl.col("lat")
    alone = pl.col("country_read").is_null() & (pl.col("kind_read") != "strait")
    nowhere = (lon.abs() < NOWHERE_DEG) & (lat.abs() < NOWHERE_DEG)
    again = pl.col("place_id").is_first_distinct().not_() & pl.col("place_id").is_not_null()
    return [
        Fault("place_id", pl.col("place_id").is_null(), nothing, pl.lit("no place_id is given; write one")),
        *(one for inputs, outputs, _ in _CELLS for one in unreadable(text, inputs, outputs)),
        Fault("country", alone, nothing, pl.lit("no country is given; fill in the ISO alpha-3 code")),
        Fault("name", pl.col("name").is_null(), nothing, pl.lit("no name is given; write one")),
        *(_degrees(name, most) for name, most in (("lon", 180), ("lat", 90))),
        Fault("lon", nowhere, pl.col("given_lon"), pl.lit("it lies at 0, 0, which stands for unknown; give its place")),
        *(_metres(name) for name in ("max_draught_m", "max_length_m")),
        Fault("place_id", again, pl.col("place_id"), pl.lit("it repeats a place_id of an earlier row, which was kept")),
    ]


def _degrees(name: str, most: int) -> Fault:
    value = pl.col(name)
    bad = value.is_null() | value.is_finite().not_() | (value.abs() > most)
    return Fault(name, bad, pl.col(f"given_{name}"), pl.lit(f"{name} is not between -{most} and {most} degrees"))


def _metres(name: str) -> Fault:
    value, given = pl.col(name), pl.col(f"given_{name}")
    bad = given.is_not_null() & (value.is_null() | value.is_finite().not_() | (value <= 0))
    return Fault(name, bad, given, pl.lit(f"{name} is not above zero metres; leave the cell empty where unknown"))


def _codes(good: pl.DataFrame, file: str) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Codes that are none, and UN/LOCODEs of another country, become null and are counted in a note."""
    notes: list[str] = []
    for name, pattern in CODES.items():
        bad = pl.col(name).str.contains(f"^(?:{pattern.pattern})$").not_()
        good = _without(good, name, bad, f"{file}: {{}} {name} codes are none and were left out ({{}})", notes)
    stated = {code: found for code in good["locode"].drop_nulls().unique() if (found := from_alpha_2(code[:2]))}
    land = (
        pl.col("locode").replace_strict(stated, default=None, return_dtype=pl.String)
        if stated
        else pl.lit(None, pl.String)
    )
    is_invented = pl.col("country_read").str.contains("^X[A-Z]{2}$") & (pl.col("country_read") != "XKX")
    other = is_invented.not_() & (land != pl.col("country_read")) & _is_family(land).not_()
    sentence = f"{file}: {{}} UN/LOCODEs name another country than their row and were left out ({{}})"
    return _without(good, "locode", other, sentence, notes), tuple(notes)


FAMILIES = (
    {"FRA", "GLP", "MTQ", "GUF", "REU", "MYT", "BLM", "MAF", "SPM", "NCL", "PYF", "WLF", "ATF"},
    {"USA", "PRI", "VIR", "GUM", "ASM", "MNP", "UMI"},
    {"NLD", "ABW", "CUW", "SXM", "BES", "ANT"},
    {"GBR", "GGY", "JEY", "IMN", "GIB", "SHN", "FLK", "SGS", "IOT"},
    {"NOR", "SJM"},
    {"AUS", "CXR", "CCK", "NFK"},
    {"CHN", "HKG", "MAC"},
    {"FIN", "ALA"},
)
"""A UN/LOCODE of the state for a place of its territory, or the reverse, is another way to write the same."""


def _is_family(land: pl.Expr) -> pl.Expr:
    """True where two codes belong to one family of state and territories."""
    return pl.any_horizontal(land.is_in(sorted(one)) & pl.col("country_read").is_in(sorted(one)) for one in FAMILIES)


def _without(frame: pl.DataFrame, name: str, bad: pl.Expr, sentence: str, notes: list[str]) -> pl.DataFrame:
    marked = frame.with_columns(bad.fill_null(False).alias("is_left_out"))
    lost = marked.filter("is_left_out")
    if lost.height:
        shown = ", ".join(f"{code} at {place}" for code, place in lost.select(name, "name").head(SHOWN).iter_rows())
        notes.append(sentence.format(lost.height, shown + (", ..." if lost.height > SHOWN else "")))
    return marked.with_columns(pl.when(pl.col("is_left_out").not_()).then(name).alias(name)).drop("is_left_out")
