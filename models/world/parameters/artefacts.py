"""Parameters of the world's artefacts: ordinary things that look like schemes, as large and as many as these.

Each stands for something seen in real statistics (METHODS, section 1): Zambian copper booked to Switzerland and Chilean
copper to the Netherlands (transit and merchanting), gold between London and Zurich (vaults), nickel ore declared wet or
dry (importers' mass 0.77 of the exporters'), sawnwood 4407 against 4409 (neighbouring codes), Swiss gold without
countries until 2014 and South African gold under a special partner (breaks), Australian nickel ore under "areas n.e.s."
(confidentiality), New Caledonia from 2016 and Russia from 2022 (offices that stop), Chinese nickel ore of 2016 with one
unit value for all partners (estimated masses), Canada, South Africa and Mexico (imports valued FOB).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

SMELTED: Mapping[str, str] = MappingProxyType(
    {
        "260400": "750210",
        "260600": "760110",
        "260900": "800110",
        "261590": "810320",
        "260500": "810520",
        "260300": "740311",
    }
)
"""Ore and the metal that comes back from toll refining."""
WET = ("260400", "260600", "260900", "260500", "260300", "250590")
"""Goods that some weigh wet and some dry."""


@dataclass(frozen=True)
class Artefacts:
    """Parameters of the world's artefacts. Ranges are drawn from evenly."""

    in_forms: Mapping[str, int] = field(default_factory=lambda: {"small": 1, "medium": 8, "large": 14})
    """Artefacts of each kind that stands in traders' forms, by size of the world."""
    in_offices: Mapping[str, int] = field(default_factory=lambda: {"small": 1, "medium": 3, "large": 5})
    """Offices with each kind of artefact of a whole office."""
    always: float = 0.5
    """Share of habits in forms that last as long as the world; the others begin, and may end, within it."""
    lasting_years: tuple[int, int] = (3, 9)
    """Years of those that do not."""
    every_partner: float = 0.4
    """Share of habits of weighing and coding that an exporter has with all its partners: Indonesia's sawnwood."""
    merchants: float = 0.5
    """Share of an exporter's importers whose goods it declares to the merchant's country: Switzerland took 28.9 bn USD
    of Zambian copper in 1995-2014 on paper, about half of it all."""
    size_power: float = 0.5
    """How much more likely a larger trade is touched: weight = value to this power, so that large ones are often."""
    dry_mass: tuple[float, float] = (0.7, 0.9)
    """Dry over wet mass: 10 to 30 % of water in ores as shipped; laterite holds 30 to 35 %."""
    vaults: int = 4
    """Countries with the largest trade in gold, between whose vaults bullion moves."""
    vaulted: tuple[float, float] = (0.1, 0.8)
    """Bullion moved in a year over the gold that the country exports in a mean year."""
    vault_years: tuple[int, int] = (3, 6)
    """Years of moves out and back."""
    special_partners: tuple[str, ...] = ("XX", "_X")
    """Codes of UN Comtrade under which moves of bullion are booked: special categories, areas not specified."""
    tolled: tuple[float, float] = (0.05, 0.4)
    """Ore sent out for refining over the ore that the country exports in a mean year."""
    recovered: float = 0.94
    """Share of the metal that comes back."""
    fee: tuple[float, float] = (0.05, 0.2)
    """Processing fee over the value of the goods."""
    break_years: tuple[int, int] = (2, 5)
    """Years in which an office publishes without countries."""
    stopped_years: tuple[int, int] = (2, 6)
    """Years in which an office publishes nothing."""
    stops_for_good: float = 0.5
    """Share of offices that stop and do not begin again."""
    secret_years: tuple[int, int] = (4, 10)
    """Years in which a family's exports are confidential."""
    one_partner: float = 0.5
    """Share of confidential exports that are secret only where they go to the largest partner."""
    estimated_years: tuple[int, int] = (1, 4)
    """Years in which an office makes masses from values."""
    smelted: Mapping[str, str] = field(default_factory=lambda: dict(SMELTED))
    """See SMELTED."""
    wet: tuple[str, ...] = WET
    """See WET."""
