"""Units that raise on the unknown: mass to kilograms, money to US dollars.

A unit has a dimension and a size in the base of that dimension (kg, m3, item, kWh, USD). Volume becomes
mass only through a density in kg per m3, which the caller states. A mass of a substance inside the goods
("kg P2O5") is not the mass of the goods and does not convert. Names are compared without case and
surplus spaces. Sources: UN Comtrade list of quantity units; World Mining Data; USGS Mineral Commodity
Summaries; the metric carat (200 mg), the troy ounce (31.1034768 g) and the avoirdupois pound
(0.45359237 kg) are exact; the mercury flask is 76 pounds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NoReturn

import polars as pl

from graphs.errors import UnknownUnit

POUND_KG = 0.45359237
TROY_OUNCE_KG = 0.0311034768
CARAT_KG = 0.0002
BARREL_M3 = 0.158987294928
BOARD_FOOT_M3 = 0.002359737216


@dataclass(frozen=True, slots=True)
class Unit:
    """`size` in the base unit of `dimension`: mass kg, volume m3, count items, energy kWh, value USD."""

    name: str
    dimension: str
    size: float


# UN Comtrade quantity units: code, abbreviation, description, dimension, size.
COMTRADE = (
    (-1, "N/A", "Not available or not specified or no quantity.", "none", 0.0),
    (1, "No Quantity", "No Quantity", "none", 0.0),  # the older layouts' word for -1
    (2, "m²", "Area in square meters", "area", 1.0),
    (3, "1000 kWh", "Electrical energy in thousands of kilowatt-hours", "energy", 1000.0),
    (4, "m", "Length in meters", "length", 1.0),
    (5, "u", "Number of items", "count", 1.0),
    (6, "2u", "Number of pairs", "count", 2.0),
    (7, "l", "Volume in liters", "volume", 0.001),
    (8, "kg", "Weight in kilograms", "mass", 1.0),
    (9, "1000u", "Thousand of items", "count", 1000.0),
    (10, "U (jeu/pack)", "Number of packages", "package", 1.0),
    (11, "12u", "Dozen of items", "count", 12.0),
    (12, "m³", "Volume in cubic meters", "volume", 1.0),
    (13, "carat", "Weight in carats", "mass", CARAT_KG),
    (14, "km", "Length in Kilometers", "length", 1000.0),
    (15, "g", "Weight in grams", "mass", 0.001),
    (16, "hive", "Beehive", "hive", 1.0),
    (17, "1000 m³", "Volume in thousand cubic meters", "volume", 1000.0),
    (18, "TJ", "Terajoule (gross calorific value)", "energy", 1e6 / 3.6),
    (19, "BBL", "Barrels", "volume", BARREL_M3),
    (20, "1000 L", "Volume in thousands of liters", "volume", 1.0),
    (21, "1000 KG", "Weight in thousand of kilograms", "mass", 1000.0),
    (22, "kWH", "Electrical energy in kilowatt-hours", "energy", 1.0),
    (23, "l alc 100%", "Litre pure (100 %) alcohol - l alc. 100%", "substance", 0.001),
    (24, "head", "Head", "head", 1.0),
    (25, "kg/net eda", "Kilogram drained net weight", "substance", 1.0),
    (26, "kg C5H14ClNO", "Kilogram of choline chloride", "substance", 1.0),
    (27, "kg P2O5", "Kilogram of diphosphorus pentaoxide", "substance", 1.0),
    (28, "kg H2O2", "Kilogram of hydrogen peroxide", "substance", 1.0),
    (29, "kg met.am.", "Kilogram of methylamines", "substance", 1.0),
    (30, "kg N", "Kilogram of nitrogen", "substance", 1.0),
    (31, "kg KOH", "Kilogram of potassium hydroxide (caustic potash)", "substance", 1.0),
    (32, "kg K2O", "Kilogram of potassium oxide", "substance", 1.0),
    (33, "kg NaOH", "Kilogram of sodium hydroxide (caustic soda)", "substance", 1.0),
    (34, "kg 90% sdt", "Kilogram of substance 90 % dry", "substance", 1.0),
    (35, "kg U", "Kilogram of uranium", "substance", 1.0),
    (36, "ct/l", "Carrying capacity in tonnes", "capacity", 1.0),
    (37, "Bq", "Becquerels", "activity", 1.0),
    (38, "gi F/S", "Gram of fissile isotopes", "substance", 0.001),
    (39, "GRT", "Gross register ton", "capacity", 1.0),
    (40, "GT", "Gross tonnage", "capacity", 1.0),
    (41, "ce/el", "Number of cells/elements", "cell", 1.0),
)

# Names that other tables use.
NAMED: Mapping[str, tuple[str, float]] = {
    # World Mining Data
    "metr. t": ("mass", 1000.0),
    "1000 metr. t": ("mass", 1e6),
    "ct": ("mass", CARAT_KG),
    "1000 ct": ("mass", 1000 * CARAT_KG),
    "Mio m3": ("volume", 1e6),
    # USGS
    "metric tons": ("mass", 1000.0),
    "thousand metric tons": ("mass", 1e6),
    "thousand metric dry tons": ("mass", 1e6),
    "million metric tons": ("mass", 1e9),
    "kilograms": ("mass", 1.0),
    "million carats": ("mass", 1e6 * CARAT_KG),
    "thousand carats": ("mass", 1000 * CARAT_KG),
    "thousands of carats": ("mass", 1000 * CARAT_KG),
    "million cubic meters": ("volume", 1e6),
    "million liters": ("volume", 1000.0),
    # Everyday
    "grams": ("mass", 0.001),
    "t": ("mass", 1000.0),
    "tonne": ("mass", 1000.0),
    "tonnes": ("mass", 1000.0),
    "kt": ("mass", 1e6),
    "lb": ("mass", POUND_KG),
    "short ton": ("mass", 2000 * POUND_KG),
    "long ton": ("mass", 2240 * POUND_KG),
    "troy oz": ("mass", TROY_OUNCE_KG),
    "troy ounce": ("mass", TROY_OUNCE_KG),
    "ozt": ("mass", TROY_OUNCE_KG),
    "flask": ("mass", 76 * POUND_KG),
    "m3": ("volume", 1.0),
    "1000 m3": ("volume", 1000.0),
    "mbf": ("volume", 1000 * BOARD_FOOT_M3),
    # Money
    "USD": ("value", 1.0),
    "US$": ("value", 1.0),
    "dollars": ("value", 1.0),
    "kUSD": ("value", 1000.0),
    "1000 USD": ("value", 1000.0),
    "thousand dollars": ("value", 1000.0),
    "million USD": ("value", 1e6),
    "million dollars": ("value", 1e6),
}

# Refused on purpose, since tables seldom say which is meant: "oz" (an avoirdupois ounce is 9 % lighter than a
# troy ounce), "tons" (short, long or metric) and "Mt" (a million tonnes or one metric ton).


def _normal(name: str) -> str:
    return " ".join(name.split()).casefold()


def _all_units() -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for _, short, long, dimension, size in COMTRADE:
        units[_normal(short)] = units[_normal(long)] = Unit(short, dimension, size)
    for name, (dimension, size) in NAMED.items():
        units[_normal(name)] = Unit(name, dimension, size)
    return units


UNITS: Mapping[str, Unit] = MappingProxyType(_all_units())
BY_CODE: Mapping[int, Unit] = MappingProxyType({row[0]: UNITS[_normal(row[1])] for row in COMTRADE})


def unit(name: str) -> Unit:
    """Unit of a name. Raises UnknownUnit."""
    try:
        return UNITS[_normal(name)]
    except KeyError:
        raise UnknownUnit(f"unit {name!r} has no conversion; use kg, g, t, troy oz, carat, m3, USD or kUSD") from None


def from_code(code: int) -> Unit:
    """Unit of a UN Comtrade quantity code. Raises UnknownUnit."""
    try:
        return BY_CODE[code]
    except KeyError:
        raise UnknownUnit(f"quantity unit code {code} is not in the UN Comtrade list; expected -1 or 1 to 41") from None


def _refuse(found: Unit, wanted: str) -> NoReturn:
    remedy = "state a density in kg per m3" if found.dimension == "volume" and wanted == "kg" else "use another column"
    raise UnknownUnit(f"unit {found.name!r} measures {found.dimension} and does not convert to {wanted}; {remedy}")


def to_kg(value: float, name: str, density: float | None = None) -> float:
    """Mass in kg; a volume needs `density` in kg per m3. Raises UnknownUnit for any other dimension."""
    found = unit(name)
    if found.dimension == "mass":
        return value * found.size
    if found.dimension == "volume" and density is not None:
        return value * found.size * density
    _refuse(found, "kg")


def from_kg(mass_kg: float, name: str, density: float | None = None) -> float:
    """Inverse of `to_kg`."""
    return mass_kg / to_kg(1.0, name, density)


def to_usd(value: float, name: str) -> float:
    """Money in US dollars. Raises UnknownUnit for anything but a unit of US dollars."""
    found = unit(name)
    if found.dimension == "value":
        return value * found.size
    _refuse(found, "USD")


def is_unit(column: str = "quantity_unit") -> pl.Expr:
    """True where the column holds a listed unit; rows that fail belong in quarantine."""
    return _normal_expr(column).is_in(list(UNITS))


def kg_per(column: str = "quantity_unit") -> pl.Expr:
    """Kilograms in one of the unit a column names; null where that is no unit of mass."""
    sizes = {name: one.size for name, one in UNITS.items() if one.dimension == "mass"}
    return _normal_expr(column).replace_strict(sizes, default=None, return_dtype=pl.Float64)


def m3_per(column: str = "quantity_unit") -> pl.Expr:
    """Cubic metres in one of the unit a column names; null where that is no unit of volume."""
    sizes = {name: one.size for name, one in UNITS.items() if one.dimension == "volume"}
    return _normal_expr(column).replace_strict(sizes, default=None, return_dtype=pl.Float64)


def _normal_expr(column: str) -> pl.Expr:
    spaced = pl.col(column).str.replace_all(r"\s+", " ").str.strip_chars(" ")
    return spaced.str.to_lowercase()
