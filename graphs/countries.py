"""Countries, residual areas, groups and the world: who can stand at either end of a flow.

A code is ISO 3166 alpha-3 where one exists. Statistics also name areas that are no country ("areas not
elsewhere specified", bunkers, free zones), groups that declare beside their members, and states that are
gone; these keep the code that UN Comtrade gives them, without its trailing spaces ("_X", "X2", "S19").
Codes that ISO leaves to users (XAA to XZZ) pass through unlisted, except XKX, which is Kosovo.

Numbers are those of UN Comtrade, which differ from ISO where a customs territory differs from the state:
USA 842, France 251, India 699, Switzerland 757, Norway 579. Source: UN Comtrade reference lists.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import polars as pl

from graphs.errors import UnknownCode

WORLD = "W00"
USER_ASSIGNED = re.compile(r"(?!XKX)X[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Area:
    """One end of a flow. `numeric` is the code in which it trades today, None for user-assigned codes."""

    code: str
    numeric: int | None
    name: str
    kind: str


# Names that read well in a sentence, where the ISO list inverts or lengthens them.
SHORT_NAMES = {
    "BOL": "Bolivia",
    "BRN": "Brunei",
    "COD": "Democratic Republic of the Congo",
    "COG": "Republic of the Congo",
    "FLK": "Falkland Islands",
    "FSM": "Micronesia",
    "HKG": "Hong Kong",
    "IRN": "Iran",
    "KOR": "South Korea",
    "LAO": "Laos",
    "MAC": "Macao",
    "MAF": "Saint Martin (French part)",
    "MDA": "Moldova",
    "NLD": "Netherlands",
    "PRK": "North Korea",
    "PSE": "Palestine",
    "RUS": "Russia",
    "SHN": "Saint Helena",
    "SXM": "Sint Maarten",
    "SYR": "Syria",
    "TUR": "Türkiye",
    "TWN": "Taiwan",
    "TZA": "Tanzania",
    "USA": "United States",
    "VEN": "Venezuela",
    "VGB": "British Virgin Islands",
    "VIR": "US Virgin Islands",
    "VNM": "Viet Nam",
}

# Customs territories whose Comtrade number is not the ISO number of their state.
TRADE_NUMBERS = {"CHE": 757, "FRA": 251, "IND": 699, "NOR": 579, "USA": 842}

# Former numbers of a territory that still carries the same code: unions before a split, states before a merger.
FORMER_NUMBERS = {
    58: "BEL",  # Belgium-Luxembourg, to 1998
    230: "ETH",  # with Eritrea, to 1992
    280: "DEU",  # Federal Republic of Germany, to 1990
    381: "ITA",  # legacy number
    532: "ANT",  # Netherlands Antilles with Aruba, to 1985
    588: "PAK",  # East and West Pakistan, to 1971
    590: "PAN",  # without the Canal Zone, to 1977
    658: "KNA",  # with Anguilla, to 1980
    736: "SDN",  # with South Sudan, to 2011
    841: "USA",  # with Puerto Rico only, to 1980
    868: "VNM",  # Republic of Viet Nam, to 1974
    886: "YEM",  # Arab Republic of Yemen, to 1990
}

# Codes that Comtrade gives to a number although they are another area's.
SHARED_CODES = {492: "MCO", 636: "A79"}

# Areas outside ISO 3166: number, code, name.
COUNTRIES = (
    (412, "XKX", "Kosovo"),
    (80, "ATB", "British Antarctic Territory"),
    (200, "CSK", "Czechoslovakia"),
    (278, "DDR", "German Democratic Republic"),
    (457, "_SK", "Sarawak"),
    (459, "_PM", "Peninsular Malaysia"),
    (461, "_SH", "Sabah"),
    (488, "_MI", "Midway Islands"),
    (530, "ANT", "Netherlands Antilles"),
    (536, "NTZ", "Neutral Zone (Iraq and Saudi Arabia)"),
    (582, "PCI", "Trust Territory of the Pacific Islands"),
    (592, "PCZ", "Panama Canal Zone"),
    (647, "_RI", "Ryukyu Islands"),
    (698, "_SM", "Sikkim"),
    # A customs union that declared in place of its members until 1999, so nothing is counted twice.
    (711, "ZA1", "Southern African Customs Union"),
    (717, "_RN", "Rhodesia and Nyasaland"),
    (720, "YMD", "Democratic Yemen"),
    (810, "SUN", "Soviet Union"),
    (830, "_CI", "Channel Islands"),
    (835, "_TK", "Tanganyika"),
    (836, "_ZP", "Zanzibar and Pemba"),
    (849, "PUS", "US Miscellaneous Pacific Islands"),
    (866, "VDR", "Democratic Republic of Viet Nam"),
    (872, "_WI", "Wake Island"),
    (890, "YUG", "Yugoslavia"),
    (891, "SCG", "Serbia and Montenegro"),
)
RESIDUALS = (
    (129, "A49", "Caribbean, n.e.s."),
    (221, "E29", "Eastern Europe, n.e.s."),
    (290, "F49", "Northern Africa, n.e.s."),
    (471, "R91", "Central American Common Market, n.e.s."),
    (472, "_AC", "Africa CAMEU region, n.e.s."),
    (473, "A79", "LAIA, n.e.s."),
    (490, "S19", "Other Asia, n.e.s. (Taiwan)"),
    # Comtrade labels 492 with Monaco's code; Monaco trades inside France. The number makes its code here.
    (492, "_492", "Europe EU, n.e.s."),
    (527, "O19", "Oceania, n.e.s."),
    (568, "E19", "Other Europe, n.e.s."),
    (577, "F19", "Other Africa, n.e.s."),
    # Comtrade labels 636 with the code of 473; kept apart, or their rows would share a key.
    (636, "_636", "Rest of America, n.e.s."),
    (637, "A59", "North America and Central America, n.e.s."),
    (697, "R20", "Europe EFTA, n.e.s."),
    (837, "X1", "Bunkers"),
    (839, "XX", "Special categories"),
    (879, "F97", "Western Asia, n.e.s."),
    (899, "_X", "Areas, n.e.s."),
)
GROUPS = ((97, "EUR", "European Union"), (975, "R4", "ASEAN"))
ZONES = ((838, "X2", "Free zones"),)
WORLDS = ((0, WORLD, "World"),)

# Other spellings that published tables use for a listed code.
ALIASES = {
    "_KS": "XKX",
    "KSV": "XKX",
    "UVK": "XKX",
    "ADO": "AND",
    "CHI": "_CI",
    "EU2": "EUR",
    "EUU": "EUR",
    "PAL": "PSE",
    "ROM": "ROU",
    "TMP": "TLS",
    "WBG": "PSE",
    "WLD": WORLD,
    "ZAR": "COD",
}


@cache
def areas() -> Mapping[str, Area]:
    """All listed areas by code; user-assigned codes are not listed."""
    import pycountry  # here, so that importing this module stays cheap

    listed = {}
    for one in pycountry.countries:
        numeric = TRADE_NUMBERS.get(one.alpha_3, int(one.numeric))
        # Monaco's number belongs to a residual area in trade statistics.
        known = None if numeric == 492 else numeric
        listed[one.alpha_3] = Area(one.alpha_3, known, SHORT_NAMES.get(one.alpha_3, one.name), "country")
    for kind, rows in _OUTSIDE_ISO.items():
        listed |= {code: Area(code, numeric, name, kind) for numeric, code, name in rows}
    return MappingProxyType(listed)


_OUTSIDE_ISO = {"country": COUNTRIES, "residual": RESIDUALS, "group": GROUPS, "zone": ZONES, "world": WORLDS}


@cache
def by_numeric() -> Mapping[int, str]:
    """Area code by number: Comtrade's, ISO's where it differs (840, 250, 356, 756, 578), and former ones."""
    import pycountry

    trade = {one.numeric: one.code for one in areas().values() if one.numeric is not None}
    iso = {int(one.numeric): one.alpha_3 for one in pycountry.countries}
    return MappingProxyType({**iso, **FORMER_NUMBERS, **trade})


def canonical(code: str) -> str:
    """The listed spelling of a code: no spaces, no alias. Raises UnknownCode if there is none."""
    stripped = code.strip()
    listed = ALIASES.get(stripped, stripped)
    if listed in areas() or is_user_assigned(listed):
        return listed
    raise UnknownCode(f"area code {code!r} is not in the list of countries; use ISO 3166 alpha-3 or a Comtrade code")


def area(code: str) -> Area:
    """Area of a code; a user-assigned code is a country of that name. Raises UnknownCode."""
    listed = canonical(code)
    return areas().get(listed) or Area(listed, None, listed, "country")


def from_numeric(number: int) -> str:
    """Area code of a Comtrade or ISO number. Raises UnknownCode."""
    try:
        return by_numeric()[number]
    except KeyError:
        raise UnknownCode(f"area number {number} is not in the list of countries; use a Comtrade number") from None


def resolve(code: str | None, number: int | None) -> Area:
    """Area of a row that carries a code, a number or both.

    A user-assigned code stands by itself. Otherwise the number decides, since Comtrade gives two areas one code
    (473 and 636) and one area the code of another (492). Raises UnknownCode where neither is known, or where
    they name different areas.
    """
    listed = canonical(code) if code is not None else None
    if number is None or (listed is not None and is_user_assigned(listed)):
        if listed is None:
            raise UnknownCode("no country is given; fill in the ISO alpha-3 code or the Comtrade number")
        return area(listed)
    found = area(from_numeric(number))
    if listed not in (None, found.code, SHARED_CODES.get(number)):
        raise UnknownCode(
            f"area code {code!r} and area number {number} ({found.code}) name different areas; correct one"
        )
    return found


def is_user_assigned(code: str) -> bool:
    """True for XAA to XZZ without XKX: codes that ISO leaves to users, here fictional countries."""
    return USER_ASSIGNED.fullmatch(code) is not None


def name_of(code: str) -> str:
    """Name for a reader; the code itself where none is listed."""
    listed = areas().get(ALIASES.get(code.strip(), code.strip()))
    return listed.name if listed else code


@cache
def alpha_2() -> Mapping[str, str]:
    """ISO 3166 alpha-2 by alpha-3, in lower case as other formats write it; states that are gone have none."""
    import pycountry

    return MappingProxyType({one.alpha_3: one.alpha_2.lower() for one in pycountry.countries})


def kind_of(code: str) -> str:
    """Kind of an area: country, residual, group, world or zone. Raises UnknownCode."""
    return area(code).kind


def numeric_frame() -> pl.DataFrame:
    """Columns numeric, code, kind: one row per number, to join declarations that carry numbers."""
    codes = by_numeric()
    kinds = [areas()[code].kind for code in codes.values()]
    schema = {"numeric": pl.Int32, "code": pl.String, "kind": pl.String}
    return pl.DataFrame([list(codes), list(codes.values()), kinds], schema=schema)


def code_frame() -> pl.DataFrame:
    """Columns spelling, code, kind: one row per listed code and alias, to join tables that carry codes."""
    codes = {code: code for code in areas()} | ALIASES
    kinds = [areas()[code].kind for code in codes.values()]
    schema = {"spelling": pl.String, "code": pl.String, "kind": pl.String}
    return pl.DataFrame([list(codes), list(codes.values()), kinds], schema=schema)
