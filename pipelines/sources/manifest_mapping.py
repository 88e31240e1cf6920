"""The mapping that says what the columns of somebody's bills of lading are: a small TOML file beside the csv.

    [manifest]
    name = "customs-2021"            # names the mapping in every row
    files = "bills_*.csv"            # its files, relative to itself; without it, those that have its columns
    date_format = "%d/%m/%Y"         # as strptime takes it; days are never guessed
    mass_unit = "kg"                 # a unit that oretrace lists, such as kg, t or lb
    value_unit = "USD"
    decimal = "."                    # or ","
    known_after_days = 30            # from the day of a bill to its publication; or published = 2022-01-31
    ignored = ["Marks", "Container"] # columns that are not needed; others are told of
    licence = "CC0"
    citation = "Customs of XAA, bills of 2021"

    [columns]
    shipper = "Shipper Name"
    consignee = "Consignee"
    day = "BL Date"
    mass = "Gross Wt"

    [units]                          # units that a column mass_unit or value_unit names in its own way
    Pounds = "lb"

    [countries]                      # countries likewise
    "Cote d Ivoire" = "CIV"

Fields of [columns]: shipper, consignee, notify and <party>_country; commodity, description, mass, mass_unit, packages,
package_kind, value, value_unit, from, to, vessel, imo, day, published, bill, master (number of the master bill that a
house bill belongs to).
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fnmatch import fnmatch
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import Any

from graphs import units
from graphs.errors import DamagedFile, InputError, LayoutError
from graphs.manifest_rows import FIELDS, LAG_DAYS, Terms, country_of
from graphs.tables_companies import PARTIES

KIND = "manifest_mapping"
MOST_BYTES = 1 << 18
SECTIONS = ("manifest", "columns", "units", "countries")
REQUIRED = ("name", "date_format")
SETTINGS: Mapping[str, type] = MappingProxyType(
    {
        "name": str,
        "files": str,
        "date_format": str,
        "mass_unit": str,
        "value_unit": str,
        "decimal": str,
        "known_after_days": int,
        "published": date,
        "ignored": list,
        "licence": str,
        "citation": str,
    }
)
LONGEST_LAG_DAYS = 3660


@dataclass(frozen=True)
class ManifestMapping:
    """A mapping, read and checked."""

    terms: Terms
    columns: Mapping[str, str]
    """Column of the csv by field."""
    ignored: frozenset[str]
    files: str | None
    licence: str | None
    citation: str | None
    file: str
    """Name of the mapping's file, for messages."""

    def lacks(self, headers: Iterable[str]) -> list[str]:
        """Columns that the mapping names and a csv does not have."""
        return sorted(set(self.columns.values()) - set(headers))

    def surplus(self, headers: Iterable[str]) -> list[str]:
        """Columns of a csv that the mapping neither uses nor ignores."""
        return sorted(set(headers) - set(self.columns.values()) - self.ignored)


def is_mapping(text: str) -> bool:
    """True for TOML with a section [manifest]: what recognises a file of this kind by its content."""
    try:
        return isinstance(tomllib.loads(text).get("manifest"), dict)
    except tomllib.TOMLDecodeError:
        return False


def parse(path: Path | str, name: str | None = None) -> ManifestMapping:
    """Mapping of a TOML file, called `name` in messages. Raises DamagedFile or LayoutError."""
    file, called = Path(path), name or str(path)
    try:
        if file.stat().st_size > MOST_BYTES:
            raise LayoutError(f"{called} is longer than {MOST_BYTES:,} bytes, which no mapping is; name the right file")
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise DamagedFile(f"{called} cannot be opened ({error.strerror}); check its name and permissions") from error
    except UnicodeDecodeError as error:
        raise LayoutError(f"{called} is no UTF-8 text; save it as UTF-8") from error
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LayoutError(f"{called} is no TOML ({error}); correct it") from error
    return _checked(told, called)


def chosen(
    mappings: Sequence[tuple[PurePath, ManifestMapping]], file: PurePath, headers: Sequence[str]
) -> ManifestMapping | None:
    """The mapping that speaks of a csv, None where none does. Raises LayoutError where several do.

    A mapping with `files` speaks of the files that this pattern names, relative to the mapping's folder; one without
    it speaks of every csv that has all its columns.
    """
    claims = [one for place, one in mappings if _claims(place, one, file, headers)]
    if len({one.terms.name for one in claims}) > 1 or len(claims) > 1:
        named = " and ".join(sorted(one.file for one in claims))
        raise LayoutError(f"{file} is claimed by the mappings {named}; state files in each so that one is left")
    return claims[0] if claims else None


def _claims(place: PurePath, mapping: ManifestMapping, file: PurePath, headers: Sequence[str]) -> bool:
    if mapping.files is None:
        return not mapping.lacks(headers)
    return file.is_relative_to(place.parent) and fnmatch(file.relative_to(place.parent).as_posix(), mapping.files)


def _checked(told: dict[str, Any], called: str) -> ManifestMapping:
    manifest, columns = told.get("manifest"), told.get("columns")
    if not isinstance(manifest, dict):
        raise LayoutError(f"{called} has no section [manifest]; write one with {' and '.join(REQUIRED)}")
    if not isinstance(columns, dict) or not columns:
        raise LayoutError(f"{called} has no section [columns]; name the column of each field, as shipper = 'Shipper'")
    _known(told, SECTIONS, "section", called)
    _known(manifest, SETTINGS, "key", called)
    _known(columns, FIELDS, "field", called)
    for key in REQUIRED:
        if not manifest.get(key):
            raise LayoutError(f"{called} states no {key} in [manifest]; add it")
    for key, value in manifest.items():
        if type(value) is not SETTINGS[key]:
            raise LayoutError(f"{called} states {key} = {value!r}; expected a value of kind {SETTINGS[key].__name__}")
    names = [*columns.items(), *(("ignored", one) for one in manifest.get("ignored", []))]
    for section in ("units", "countries"):
        names += list(_section(told, section, called).items())
    for key, value in names:
        if not isinstance(value, str) or not value.strip():
            raise LayoutError(f"{called} states {key} = {value!r}; expected a name in quotes")
    return ManifestMapping(
        terms=_terms(told, columns, called),
        columns=MappingProxyType({name: column.strip() for name, column in columns.items()}),
        ignored=frozenset(one.strip() for one in manifest.get("ignored", [])),
        files=manifest.get("files"),
        licence=manifest.get("licence"),
        citation=manifest.get("citation"),
        file=called,
    )


def _terms(told: dict[str, Any], columns: dict[str, str], called: str) -> Terms:
    manifest, aliases = told["manifest"], _section(told, "countries", called)
    lag, decimal = manifest.get("known_after_days", LAG_DAYS), manifest.get("decimal", ".")
    if decimal not in (".", ","):
        raise LayoutError(f"{called} states decimal = {decimal!r}; expected '.' or ','")
    if not 0 <= lag <= LONGEST_LAG_DAYS:
        raise LayoutError(f"{called} states known_after_days = {lag}; expected 0 to {LONGEST_LAG_DAYS}")
    _readable_format(manifest["date_format"], called)
    for amount in ("mass", "value"):
        if amount in columns and f"{amount}_unit" not in {*manifest, *columns}:
            raise LayoutError(f"{called} names a column of {amount} and no unit; state {amount}_unit in [manifest]")
    if not {*PARTIES, "commodity", "description", "mass"} & columns.keys():
        raise LayoutError(f"{called} names no column of parties, goods or mass; add one to [columns]")
    if not {"day", "published"} & {*columns, *manifest}:
        raise LayoutError(f"{called} names no column of days and no day of publication; add day or published")
    named_units = _section(told, "units", called)
    try:
        for one in (*named_units.values(), *(manifest[key] for key in ("mass_unit", "value_unit") if key in manifest)):
            units.unit(one)
        found = {name: country_of(code) for name, code in aliases.items()}
    except InputError as error:
        raise LayoutError(f"{called}: {error}") from error
    return Terms(
        name=manifest["name"].strip(),
        date_format=manifest["date_format"],
        mass_unit=manifest.get("mass_unit"),
        value_unit=manifest.get("value_unit"),
        decimal=decimal,
        known_after_days=lag,
        published=manifest.get("published"),
        units=MappingProxyType(named_units),
        countries=MappingProxyType(found),
    )


def _readable_format(text: str, called: str) -> None:
    """Refuse a form that loses the day, the month or the year of a date, or that strptime does not take."""
    day = datetime(2021, 3, 14)
    try:
        is_kept = datetime.strptime(day.strftime(text), text) == day
    except ValueError:
        is_kept = False
    if not is_kept:
        raise LayoutError(f"{called} states date_format = {text!r}, which holds no whole day; write it as %d/%m/%Y")


def _section(told: dict[str, Any], name: str, called: str) -> dict[str, str]:
    found = told.get(name, {})
    if not isinstance(found, dict):
        raise LayoutError(f"{called} states {name} = {found!r}; write a section [{name}]")
    return found


def _known(told: Mapping[str, Any], listed: Iterable[str], what: str, called: str) -> None:
    unknown = sorted(set(told) - set(listed))
    if unknown:
        raise LayoutError(f"{called} has an unknown {what} {unknown[0]!r}; expected one of {', '.join(listed)}")
