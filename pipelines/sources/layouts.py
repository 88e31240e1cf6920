"""Column names: what the layouts of published trade and production files call each field.

Names are compared without case, spaces and punctuation, so that `Netweight (kg)`, `netWgt` and `netwgt` need
one entry each at most.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graphs.errors import LayoutError

# Comtrade: field -> names in the current API layout, the legacy bulk csv, its lower-case form, the old JSON API.
COMTRADE: Mapping[str, tuple[str, ...]] = {
    "period": ("period",),
    "year": ("refyear", "year", "yr"),
    "flow_code": ("flowcode", "tradeflowcode", "rgcode"),
    "flow_name": ("flowdesc", "tradeflow", "flow", "rgdesc"),
    "reporter_iso": ("reporteriso", "reporteriso3", "rt3iso"),
    "reporter_code": ("reportercode", "rtcode"),
    "partner_iso": ("partneriso", "partneriso3", "pt3iso"),
    "partner_code": ("partnercode", "ptcode"),
    "partner2_iso": ("partner2iso", "ndpartneriso", "ptcode2iso", "pt3iso2"),
    "partner2_code": ("partner2code", "ndpartnercode", "ptcode2"),
    "commodity": ("cmdcode", "commoditycode", "productcode"),
    "classification": ("classificationcode", "classification", "pfcode"),
    "type_code": ("typecode",),
    "customs": ("customscode", "customsproccode", "cstcode"),
    "mode": ("motcode", "modeoftransportcode"),
    "quantity_unit_code": ("qtyunitcode", "unitcode", "qtcode"),
    "quantity_unit": ("qtyunitabbr", "qtyunit", "unit", "qtdesc"),
    "quantity": ("qty", "quantity", "tradequantity"),
    "mass": ("netwgt", "netweightkg", "netweight", "weight"),
    "value": ("primaryvalue", "tradevalueus", "tradevalueusd", "tradevalue"),
    "cif_value": ("cifvalue", "ciftradevalueus"),
    "fob_value": ("fobvalue", "fobtradevalueus"),
    "is_mass_estimated": ("isnetwgtestimated",),
    "is_quantity_estimated": ("isqtyestimated",),
    "estimation_flag": ("legacyestimationflag", "flag", "estcode"),
    "published": ("publicationdate",),
}
# Known columns that carry nothing the tables need.
_UNUSED = """
    freqcode refperiodid refmonth perioddesc perioddescription id lastchanged timeinfo
    reporterdesc reporter rttitle reporteriso2 partnerdesc partner pttitle partneriso2
    partner2desc 2ndpartner 2ndpartneriso 2ndpartnercode pttitle2
    classificationsearchcode isoriginalclassification cmddesc commodity cmddesce
    aggrlevel aggregatelevel isleaf isleafcode customsdesc customs cstdesc moscode motdesc modeoftransport
    qtyunitdesc altqtyunitcode altqtyunitabbr altqtyunit altqty isaltqtyestimated
    grosswgt grossweightkg grossweight isgrosswgtestimated isreported isaggregate
"""
UNUSED = frozenset(_UNUSED.split())
# Each group must be present by at least one of its fields; the name is that of the API.
COMTRADE_REQUIRED: Mapping[tuple[str, ...], str] = {
    ("period", "year"): "period",
    ("flow_code", "flow_name"): "flowCode",
    ("reporter_iso", "reporter_code"): "reporterISO or reporterCode",
    ("partner_iso", "partner_code"): "partnerISO or partnerCode",
    ("commodity",): "cmdCode",
    ("value",): "primaryValue",
}
# Fields whose absence changes what can be said: named in a note.
COMTRADE_WANTED = {
    "mass": "there is no net mass, so unit values cannot be tested",
    "is_mass_estimated": "there is no isNetWgtEstimated, so estimated masses are told by their digits alone",
    "classification": "there is no classificationCode, so changes between HS editions cannot be told",
}


@dataclass(frozen=True)
class Columns:
    """How the columns of one file map to fields, and what a reader should know about it."""

    fields: Mapping[str, str]  # header -> field
    # Half sentences, to stand after the name of the file.
    notes: tuple[str, ...]


def normal(header: str) -> str:
    """A header without case, spaces and punctuation."""
    return re.sub(r"[^0-9a-z]", "", header.lower())


def is_comtrade(headers: Iterable[str]) -> bool:
    """True where most required groups of the Comtrade layouts are present: then a missing one is worth naming."""
    present = {_FIELD_OF.get(normal(one)) for one in headers}
    return sum(any(field in present for field in group) for group in COMTRADE_REQUIRED) >= 4


def comtrade_columns(headers: Iterable[str], file: str) -> Columns:
    """Map the columns of a Comtrade file. Raises LayoutError where a required one is missing or doubled."""
    fields: dict[str, str] = {}
    surplus = []
    for header in headers:
        field = _FIELD_OF.get(normal(header))
        if field in fields.values():
            twin = next(one for one, name in fields.items() if name == field)
            raise LayoutError(f"{file} has two columns for {field}, {twin!r} and {header!r}; remove one")
        if field:
            fields[header] = field
        elif normal(header) not in UNUSED:
            surplus.append(header)
    present = set(fields.values())
    for group, names in COMTRADE_REQUIRED.items():
        if not present & set(group):
            raise LayoutError(
                f"{file} has no column {names}; found {_listed(list(fields) + surplus)}; add it or rename yours"
            )
    notes = [text for field, text in COMTRADE_WANTED.items() if not _has(field, present)]
    if surplus:
        notes.append(f"the columns {_listed(surplus)} are not part of the Comtrade layout and were ignored")
    return Columns(fields, tuple(notes))


def _has(field: str, present: set[str]) -> bool:
    return field in present or (field == "is_mass_estimated" and "estimation_flag" in present)


def _listed(names: list[str], most: int = 8) -> str:
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


_FIELD_OF = {name: field for field, names in COMTRADE.items() for name in names}
