"""Rows of bills of lading as text to rows of table `manifests`, by the terms of their publisher; bad rows are refused.

Nothing is guessed: how days and amounts are written and in which unit stands in the terms (`Terms`, read from a
mapping), an empty cell stays null, and so does a mass or a value of 0, which bills write where none was stated. A row
with one cell that cannot be read is refused whole, with a reason.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from types import MappingProxyType

import polars as pl

from graphs import countries, rows, units
from graphs.errors import UnknownCode
from graphs.faults import Fault, split, unreadable
from graphs.rows import Cell, Read
from graphs.tables_companies import PARTIES, Manifests

SOURCE = "manifest"
TEXTS = ("description", "package_kind", "from", "to", "vessel", "bill", "master")
FIELDS = (
    *PARTIES, *(f"{party}_country" for party in PARTIES), *TEXTS,
    "commodity", "mass", "mass_unit", "packages", "value", "value_unit", "imo", "day", "published",
)  # fmt: skip
"""What a mapping can name a column for."""
LONGEST_NAME, LONGEST_TEXT = 300, 10_000
MOST_KG = 6e8
"""No ship carries more: the largest ever built carried 565,000 t."""
MOST_USD = 1e12
MOST_PACKAGES = 1e9
FIRST_YEAR = 1900
LAG_DAYS = 30
"""Days from a bill to its publication where the mapping states none."""
WHOLE = r"(?:\d+|\d{1,3}(?:[ ,]\d{3})+)(?:\.\d+)?"
HS = re.compile(r"\d{2,12}")
IMO = re.compile(r"(?:IMO)?\s*(\d{7})", re.IGNORECASE)
IMO_WEIGHTS = (7, 6, 5, 4, 3, 2)


@dataclass(frozen=True)
class Terms:
    """How one publisher writes bills."""

    name: str
    date_format: str
    """As strptime takes it, e.g. %d/%m/%Y."""
    mass_unit: str | None = None
    """Unit of masses in rows that name none of their own."""
    value_unit: str | None = None
    """Unit of values in rows that name none of their own: USD or its multiples."""
    decimal: str = "."
    """Mark before decimals, a point or a comma; the other one, or a blank, may stand between thousands."""
    known_after_days: int = LAG_DAYS
    published: date | None = None
    """Day on which the whole file was published, if it is known."""
    units: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Names of units that the file uses, as listed units."""
    countries: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Names of countries that the file uses, as ISO 3166 alpha-3."""


@dataclass(frozen=True)
class Told:
    """Bills (schema Manifests), rows that cannot be used (schema Quarantine), and the numbers of master bills."""

    manifests: pl.DataFrame
    quarantine: pl.DataFrame
    masters: frozenset[str]
    """Master bills that house bills name: both speak of the same goods."""


def tidy_manifests(raw: pl.DataFrame, terms: Terms, *, file: str, raw_sha256: str, latest: date | None = None) -> Told:
    """Rows of text with `raw_row` and any of FIELDS; `latest` is the day on which the file was taken, if known.

    A column `surplus` holds what stood beyond the header; a row that has anything there is refused.
    """
    missing = [pl.lit(None, pl.String).alias(name) for name in (*FIELDS, "surplus") if name not in raw.columns]
    text = raw.with_columns(missing).with_columns(_text(name) for name in (*PARTIES, *TEXTS))
    reader = _Reader(terms, latest)
    cells = reader.cells()
    for inputs, outputs, read in cells:
        text = rows.translate(text, inputs, outputs, read)
    text = text.with_columns(
        _number(name, terms.decimal).alias(f"{name}_number") for name in ("mass", "value", "packages")
    )
    unread = [one for inputs, outputs, _ in cells for one in unreadable(text, inputs, outputs)]
    good, refused = split(text, [*_shape(), *unread, *_amounts(terms)], source=SOURCE, file=file, raw_sha256=raw_sha256)
    houses = good.filter(pl.col("master") != pl.col("bill").fill_null(""))
    masters = frozenset(houses["master"].drop_nulls())
    return Told(count_houses(_named(good, terms, raw_sha256), masters), refused, masters)


def count_houses(manifests: pl.DataFrame, masters: frozenset[str]) -> pl.DataFrame:
    """Bills with `is_counted` false where they are the master of a house bill, so that no goods count twice."""
    is_master = pl.col("bill").is_in(sorted(masters)).fill_null(False)
    return manifests.with_columns(is_counted=is_master.not_())


def _named(good: pl.DataFrame, terms: Terms, raw_sha256: str) -> pl.DataFrame:
    mass, value = (pl.col(f"{one}_number") * pl.col(f"{one}_size") for one in ("mass", "value"))
    unknown = [f"{party}_id" for party in PARTIES] + ["from_place", "to_place", "track_id"]
    return Manifests.cast(
        good.select(
            pl.lit(raw_sha256).alias("raw_sha256"),
            "raw_row",
            pl.lit(terms.name).alias("mapping"),
            pl.col("day_read").alias("day"),
            *PARTIES,
            *(pl.col(f"{party}_country_read").alias(f"{party}_country") for party in PARTIES),
            *(pl.lit(None, pl.String).alias(name) for name in unknown),
            pl.col("commodity_read").alias("commodity"),
            "description",
            pl.when(mass > 0).then(mass).alias("mass_kg"),
            pl.col("packages_number").cast(pl.Int64).alias("packages"),
            "package_kind",
            pl.when(value > 0).then(value).alias("value_usd"),
            pl.col("from").alias("from_text"),
            pl.col("to").alias("to_text"),
            pl.col("vessel").alias("vessel_text"),
            pl.col("imo_read").alias("imo"),
            "bill",
            pl.lit(True).alias("is_counted"),
            pl.col("known_from_read").alias("known_from"),
        )
    ).sort(Manifests.primary_key())


_Cells = tuple[tuple[str, ...], dict[str, pl.DataType], Callable[..., Read]]


class _Reader:
    """Cells with few distinct values, read by the terms of the publisher."""

    def __init__(self, terms: Terms, latest: date | None) -> None:
        self._terms, self._latest = terms, latest

    def cells(self) -> list[_Cells]:
        """Columns, what becomes of them, and how."""
        listed: list[_Cells] = [
            ((f"{party}_country",), {f"{party}_country_read": pl.String()}, self.country) for party in PARTIES
        ]
        return [
            (("day", "published"), {"day_read": pl.Date(), "known_from_read": pl.Date()}, self.days),
            *listed,
            (("commodity",), {"commodity_read": pl.String()}, read_hs),
            (("mass_unit",), {"mass_size": pl.Float64()}, self.mass),
            (("value_unit",), {"value_size": pl.Float64()}, self.value),
            (("imo",), {"imo_read": pl.Int32()}, read_imo),
        ]

    def days(self, day: Cell, published: Cell) -> Read:
        """Day of the bill, and the day from which it could be known."""
        read = None if day is None else self._day(day)
        told = self._terms.published if published is None else self._day(published)
        if told is None and read is None:
            raise UnknownCode("no day is given, and no publication; fill in the day, or state published in the mapping")
        if told is None and read is not None:
            told = read + timedelta(self._terms.known_after_days)
        return (read, told)

    def _day(self, text: str) -> date:
        try:
            read = datetime.strptime(text, self._terms.date_format).date()
        except ValueError:
            raise UnknownCode(
                f"day {text[:40]!r} is none in the form {self._terms.date_format!r}; correct it, or the mapping"
            ) from None
        if read.year < FIRST_YEAR:
            raise UnknownCode(f"day {text!r} lies before {FIRST_YEAR}; correct it, or date_format in the mapping")
        if self._latest is not None and read > self._latest:
            raise UnknownCode(f"day {text!r} lies after {self._latest}, when the file was taken; correct it")
        return read

    def country(self, text: Cell) -> Read:
        """Country of an address: a code of two or three letters, or a name."""
        return (None if text is None else country_of(self._terms.countries.get(text, text)),)

    def mass(self, unit: Cell) -> Read:
        """Kilograms in the unit of a row; null where none is known."""
        name = self._terms.units.get(unit, unit) if unit else self._terms.mass_unit
        return (None if name is None else units.to_kg(1.0, name),)

    def value(self, unit: Cell) -> Read:
        """US dollars likewise."""
        name = self._terms.units.get(unit, unit) if unit else self._terms.value_unit
        return (None if name is None else units.to_usd(1.0, name),)


def read_hs(code: Cell) -> Read:
    """First six digits of an HS code of two digits and more, with the leading zero that spreadsheets drop."""
    if code is None:
        return (None,)
    digits = re.sub(r"[. ]", "", code)
    padded = digits.zfill(len(digits) + len(digits) % 2)
    if HS.fullmatch(padded) is None or padded[:2] == "00":
        raise UnknownCode(f"commodity code {code[:40]!r} is no HS code; write one code of 2 to 12 digits a row")
    return (padded[:6],)


def read_imo(text: Cell) -> Read:
    """IMO number of a ship, null for 0; the seventh digit must be the last of the sum 7 a + 6 b + ... + 2 f."""
    if text is None or not text.strip("0"):
        return (None,)
    found = IMO.fullmatch(text)
    if found is None:
        raise UnknownCode(f"IMO number {text[:40]!r} is none; write its seven digits, or leave it empty")
    digits = [int(one) for one in found[1]]
    if sum(weight * digit for weight, digit in zip(IMO_WEIGHTS, digits, strict=False)) % 10 != digits[6]:
        raise UnknownCode(f"IMO number {text!r} has a wrong check digit; correct it, or leave it empty")
    return (int(found[1]),)


def country_of(text: str) -> str:
    """ISO 3166 alpha-3 of a code of two or three letters or of an English name. Raises UnknownCode."""
    found = _country_names().get(text.casefold())
    if found is None and len(text) == 3:
        found = countries.canonical(text.upper())
    if found is None:
        raise UnknownCode(f"country {text[:40]!r} is unknown; add it to [countries] of the mapping with its ISO code")
    return found


@cache
def _country_names() -> Mapping[str, str]:
    names = {one.name.casefold(): code for code, one in countries.areas().items() if one.kind == "country"}
    return names | {short: code for code, short in countries.alpha_2().items()}


def _text(name: str) -> pl.Expr:
    """A cell of words, trimmed; null where it says nothing or holds no letter, digit or lost byte."""
    text = pl.col(name).str.strip_chars()
    says = text.str.to_lowercase().is_in(rows.NO_TEXT).not_() & text.str.contains(r"[\p{L}\p{N}\x{FFFD}]")
    return pl.when(says).then(text).alias(name)


def _number(name: str, decimal: str) -> pl.Expr:
    """An amount without a sign, null where it is none; a comma for decimals is made a point first."""
    text = rows.amount_cell(name)
    if decimal == ",":
        text = text.str.replace_all(".", " ", literal=True).str.replace_all(",", ".", literal=True)
    plain = text.str.replace_all(r"[ ,]", "")
    return pl.when(text.str.contains(f"^(?:{WHOLE})$")).then(plain).cast(pl.Float64, strict=False)


def _shape() -> list[Fault]:
    """What is wrong with a row as such, before any cell is read."""
    said = [pl.col(name).is_not_null() for name in (*PARTIES, "commodity", "description", "mass")]
    none, surplus = pl.lit(None, pl.String), pl.col("surplus")
    words = [(name, LONGEST_NAME if name in PARTIES else LONGEST_TEXT) for name in (*PARTIES, *TEXTS)]
    return [
        Fault(
            "surplus",
            surplus.is_not_null(),
            surplus.str.head(80),
            pl.lit("it has more cells than the header; a separator may stand in a cell without quotes"),
        ),
        *(
            Fault(
                name,
                pl.col(name).str.len_chars() > longest,
                pl.col(name).str.head(80),
                pl.format(
                    f"{name} has {{}} characters, more than {longest:,}; a quote may be unclosed",
                    pl.col(name).str.len_chars(),
                ),
            )
            for name, longest in words
        ),
        *(
            Fault(
                name,
                pl.col(name).str.contains("\ufffd", literal=True),
                pl.col(name).str.head(80),
                pl.lit(f"{name} holds bytes that are no text in the file's encoding; save the file as UTF-8"),
            )
            for name, _ in words
        ),
        Fault(
            "shipper",
            ~pl.any_horizontal(said),
            none,
            pl.lit("it names neither a party nor goods nor a mass; fill in one of them or remove the row"),
        ),
    ]


def _amounts(terms: Terms) -> list[Fault]:
    """What is wrong with the numbers of a row."""
    found = []
    shown = "25,000.50" if terms.decimal == "." else "25.000,50"
    for name, most, unit in (
        ("mass", MOST_KG, "kg"),
        ("value", MOST_USD, "USD"),
        ("packages", MOST_PACKAGES, "packages"),
    ):
        cell, number = rows.amount_cell(name), pl.col(f"{name}_number")
        size = pl.lit(1.0) if name == "packages" else pl.col(f"{name}_size")
        found += [
            Fault(
                name,
                cell.is_not_null() & number.is_null(),
                cell.str.head(80),
                pl.lit(f"{name} is no amount; write it without a sign, such as {shown}, or leave it empty"),
            ),
            Fault(
                name,
                number.is_not_null() & size.is_null(),
                cell,
                pl.lit(f"{name} has no unit; state {name}_unit in the mapping"),
            ),
            Fault(
                name,
                (number * size > most).fill_null(False),
                cell.str.head(80),
                pl.lit(
                    f"{name} is above {most:,.0f} {unit}, which no bill holds; correct it, or the unit in the mapping"
                ),
            ),
        ]
    parts = pl.col("packages_number") % 1 != 0
    return [*found, Fault("packages", parts, pl.col("packages"), pl.lit("packages are no whole number; correct it"))]
