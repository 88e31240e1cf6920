"""Column names of published positions of ships, and how each layout writes its times.

Names are compared without case, spaces and punctuation (`layouts.normal`): one entry serves BaseDateTime and
base_date_time. What a file is, is told from its header, or from its first sentence where it has none (NMEA).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from graphs.errors import LayoutError
from graphs.position_rows import ISO_TIMES
from pipelines.sources.layouts import normal

AisKind = Literal["ais_marine", "ais_danish", "ais_points", "ais_nmea"]


@dataclass(frozen=True)
class AisLayout:
    """Names of each field, those that must be there, formats of the time, and columns that say nothing here."""

    fields: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]
    times: tuple[str, ...]
    unused: frozenset[str]
    is_signed: bool = False
    """Negative speeds and courses count as not sent."""


MARINE = AisLayout(
    fields={
        "mmsi": ("mmsi",),
        "time": ("basedatetime",),
        "lat": ("lat", "latitude"),
        "lon": ("lon", "longitude"),
        "speed": ("sog",),
        "course": ("cog",),
        "heading": ("heading",),
        "name": ("vesselname",),
        "imo": ("imo",),
        "call_sign": ("callsign",),
        "ais_type": ("vesseltype",),
        "status": ("status",),
        "length": ("length",),
        "width": ("width",),
        "draught": ("draft", "draught"),
        "transceiver": ("transceiverclass", "transceiver"),
    },
    required=("mmsi", "time", "lat", "lon"),
    times=ISO_TIMES,
    unused=frozenset({"cargo"}),
    is_signed=True,
)
DANISH = AisLayout(
    fields={
        "time": ("timestamp",),
        "mobile": ("typeofmobile",),
        "mmsi": ("mmsi",),
        "lat": ("latitude",),
        "lon": ("longitude",),
        "status": ("navigationalstatus",),
        "speed": ("sog",),
        "course": ("cog",),
        "heading": ("heading",),
        "imo": ("imo",),
        "call_sign": ("callsign",),
        "name": ("name",),
        "ais_type": ("shiptype",),
        "width": ("width",),
        "length": ("length",),
        "draught": ("draught",),
    },
    required=("time", "mobile", "mmsi", "lat", "lon"),
    times=("%d/%m/%Y %H:%M:%S",),
    unused=frozenset(
        {"rot", "cargotype", "typeofpositionfixingdevice", "destination", "eta", "datasourcetype", "a", "b", "c", "d"}
    ),
)
POINTS = AisLayout(
    fields={"number": ("id",), "time": ("aispostimestamp",), "lon": ("longitude",), "lat": ("latitude",)},
    required=("number", "time", "lon", "lat"),
    times=("%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S"),
    unused=frozenset(),
)
LAYOUTS: Mapping[AisKind, AisLayout] = {"ais_marine": MARINE, "ais_danish": DANISH, "ais_points": POINTS}
"""Layouts with a header."""
SENTENCE = re.compile(rb"\s*(\\[^\\\r\n]*\\)?\s*([!$][A-Z]{2}(VDM|VDO),|\$PGHP,)")
"""Beginning of a file of NMEA sentences."""


@dataclass(frozen=True)
class AisColumns:
    """Field of each header that is read, and half sentences for the user about the others."""

    fields: Mapping[str, str]
    notes: tuple[str, ...]


def ais_kind(headers: Iterable[str]) -> AisKind | None:
    """Layout that holds all it needs among the headers; None where none does."""
    present = {normal(one) for one in headers}
    for kind, layout in LAYOUTS.items():
        if all(present & set(layout.fields[field]) for field in layout.required):
            return kind
    return None


def is_nmea(head: bytes) -> bool:
    """True for a file that begins with an AIS sentence, with or without a tag block; comments may stand before."""
    lines = (line for line in head.removeprefix(b"\xef\xbb\xbf").splitlines() if line.strip())
    first = next((line for line in lines if not line.startswith(b"#")), b"")
    return SENTENCE.match(first) is not None


def ais_columns(kind: AisKind, headers: Iterable[str], file: str) -> AisColumns:
    """Field of each header. Raises LayoutError where two headers name one field."""
    layout = LAYOUTS[kind]
    field_of = {name: field for field, names in layout.fields.items() for name in names}
    fields: dict[str, str] = {}
    strange = []
    for header in headers:
        field = field_of.get(normal(header))
        if field is not None and field in fields.values():
            twin = next(one for one, name in fields.items() if name == field)
            raise LayoutError(f"{file} has two columns for {field}, {twin!r} and {header!r}; remove one")
        if field is not None:
            fields[header] = field
        elif normal(header) not in layout.unused:
            strange.append(repr(header[:40]))
    missing = [field for field in layout.fields if field not in fields.values()]
    notes = []
    if strange:
        notes.append(f"the columns {', '.join(strange[:8])} are not part of the layout and were ignored")
    if missing:
        notes.append(f"there is no column for {', '.join(missing)}, so nothing is known of it")
    return AisColumns(fields, tuple(notes))
