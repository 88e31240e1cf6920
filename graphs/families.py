"""Code families: which HS codes carry the same material, and how much of it each carries.

A family joins the stages of one material (ore, intermediate, metal, scrap) so that goods coded at one
stage by the exporter and at another by the importer can still be compared, and so that the output of mines
can be set against trade in one measure, the family's `basis`. The first of its codes is the ore where it
has one. The lists are the project's own, kept as tables beside this module in `codes/`:

    families.csv    codes and neighbours of each family
    contained.csv   kg of the basis in one kg of goods as traded: low, mid, high, and what that rests on
    production.csv  which rows of production tables feed a family, and in what measure

Low and high are read as 10th and 90th percentiles. Compounds are stoichiometry (standard atomic weights);
ores, metals and scrap are usual commercial grades, as exchange and benchmark contracts, the International
Study Groups and the USGS Minerals Yearbooks describe them: stated ranges, not measurements of the goods at
hand. A code too mixed for an honest range (precious metal ores 261690, uranium ores, tellurium with boron)
has none, and what needs one cannot be tested.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from types import MappingProxyType
from typing import TypeVar

Range = tuple[float, float, float]
V = TypeVar("V")

# kg per m3 of goods counted by volume, by prefix: bulk density of moist sand and gravel, basic density of
# air-dry wood (green logs are heavier), crude oil of 18 to 47 degrees API, gas at 15 degrees and one atmosphere.
DENSITIES: Mapping[str, Range] = MappingProxyType(
    {
        "2505": (1400.0, 1600.0, 1900.0),
        "2517": (1400.0, 1600.0, 1800.0),
        "44": (400.0, 650.0, 1000.0),
        "4403": (600.0, 800.0, 1100.0),
        "440799": (480.0, 690.0, 950.0),
        "2709": (790.0, 860.0, 950.0),
        "271111": (420.0, 450.0, 470.0),
        "271121": (0.68, 0.75, 0.85),
    }
)


@dataclass(frozen=True)
class Family:
    """HS codes of one material. `codes`, `neighbours` and the keys of `contained` are prefixes of codes.

    `neighbours` are codes outside the family into which such goods are easily put. `weighed_by` is "value"
    for precious metals and stones, whose mass is often faulty, and "mass" for the rest. `price_checked`
    says that value over the world price gives the fine mass. `is_balanced` marks the metals whose supply can be
    balanced: what a mine digs is what trade carries, neither burnt, nor sold as dug, nor another metal's by-product.
    """

    name: str
    title: str
    basis: str
    codes: tuple[str, ...]
    neighbours: tuple[str, ...] = ()
    weighed_by: str = "mass"
    price_checked: bool = False
    is_balanced: bool = False
    contained: Mapping[str, Range] = field(default_factory=dict)
    production_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Produced:
    """A row of a production table: the family it feeds, and how.

    `basis` is "content" where `factor` turns kg reported into kg of the family's basis, and "ore" where it gives
    ore, which the contained factor of the family's first code turns into the basis.
    """

    family: str
    basis: str
    factor: float


def read_codes(name: str) -> list[dict[str, str]]:
    """Rows of one of the tables in `codes/`."""
    text = files("graphs").joinpath("codes", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def longest(code: str, by_prefix: Mapping[str, V]) -> V | None:
    """Value of the longest listed prefix of a code, None where none is listed."""
    for size in range(len(code), 1, -1):
        if code[:size] in by_prefix:
            return by_prefix[code[:size]]
    return None


def _produced() -> dict[str, Produced | None]:
    """Production rows by name; None for rows that feed no family."""
    return {
        row["name"]: Produced(row["family"], row["basis"], float(row["factor"])) if row["family"] else None
        for row in read_codes("production.csv")
    }


def _families(produced: Mapping[str, Produced | None]) -> dict[str, Family]:
    rows = {row["name"]: row for row in read_codes("families.csv")}
    owner = {code: name for name, row in rows.items() for code in row["codes"].split()}
    contained: dict[str, dict[str, Range]] = {name: {} for name in rows}
    for row in read_codes("contained.csv"):
        contained[longest(row["code"], owner) or ""][row["code"]] = (
            float(row["low"]),
            float(row["mid"]),
            float(row["high"]),
        )
    return {
        name: Family(
            name=name,
            title=row["title"],
            basis=row["basis"],
            codes=tuple(row["codes"].split()),
            neighbours=tuple(row["neighbours"].split()),
            weighed_by=row["weighed_by"],
            price_checked=row["price_checked"] == "yes",
            is_balanced=row["balanced"] == "yes",
            contained=MappingProxyType(contained[name]),
            production_names=tuple(label for label, one in produced.items() if one and one.family == name),
        )
        for name, row in rows.items()
    }


PRODUCED: Mapping[str, Produced | None] = MappingProxyType(_produced())
FAMILIES: Mapping[str, Family] = MappingProxyType(_families(PRODUCED))
