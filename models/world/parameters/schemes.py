"""Parameters of the world's schemes, set before any detector is tuned.

Shapes follow published typologies: FATF, Trade-based money laundering (2006); FATF and APG, Risks and vulnerabilities
associated with gold (2015); UNCTAD, Trade misinvoicing in primary commodities (2016); INTERPOL and UNEP on timber
(2012); Swissaid, On the trail of African gold (2024). They state what is done, hardly how much of it: numbers below
that cite nothing are ranges of this project, wide enough to hold both what drowns in ordinary trade and what rules it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

RAW: Mapping[str, str] = MappingProxyType(
    {
        "gold": "710812",
        "nickel": "260400",
        "bauxite": "260600",
        "tin": "260900",
        "tantalum": "261590",
        "cobalt": "260500",
        "copper": "260300",
        "sand": "250590",
        "timber": "440349",
    }
)
"""Code under which a family's material leaves a mine or forest: doré, ores, sand, logs."""
OTHER_CODES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "710812": ("711590", "711291", "711319"),
        "261690": ("262099", "260300"),
        "711291": ("711590", "710691"),
        "260400": ("260111", "260300"),
        "750110": ("262099", "720260"),
        "750210": ("750220", "810520"),
        "260600": ("250830", "262040"),
        "281820": ("281830", "262040"),
        "760110": ("760429", "760120"),
        "260900": ("261590", "261790"),
        "800110": ("800120", "800700"),
        "261590": ("260900", "261790"),
        "810320": ("811292", "810390"),
        "260500": ("260300", "260400"),
        "282200": ("282739", "283329"),
        "810520": ("750120", "810590"),
        "260300": ("262030", "261690"),
        "740311": ("740500", "740322"),
        "250590": ("250610", "253090"),
        "440349": ("440399", "442190"),
        "440729": ("440929", "440799", "441890"),
    }
)
"""Codes into which goods are easily put by mistake or on purpose: of the family, or its neighbours in
`graphs/codes/families.csv`. Schemes and the benign artefact draw from the same list."""


@dataclass(frozen=True)
class Schemes:
    """Parameters of the world's schemes. Ranges are drawn from evenly."""

    strengths: tuple[float, ...] = (0.25, 0.5, 1.0)
    """Share of the affected trade that is hidden or false at full strength (METHODS, section 1). Affected is what the
    actors handle of a pair's trade, or the output of an illegal zone."""
    instances: Mapping[str, int] = field(default_factory=lambda: {"small": 1, "medium": 12, "large": 18})
    """Schemes of each kind by size of the world; strengths take turns."""
    quiet_years: int = 5
    """Years at the beginning of the world without schemes, so that a flow has a past of its own."""
    least_years: int = 2
    """Years that the stage of a scheme must leave for it."""
    lasting_years: tuple[int, int] = (4, 12)
    """Years from onset to end."""
    ramp_years: tuple[int, int] = (0, 3)
    """Years until full strength; in year n of a ramp of r years the strength is (n + 1) / (r + 1) of the full."""
    least_traded_years: int = 5
    """Years in which a pair must have traded for actors to hide in its trade."""
    least_value_usd: float = 50_000.0
    """Mean yearly value of such a pair: nobody founds companies for less."""
    handled: tuple[float, ...] = (0.7, 0.85, 1.0)
    """Share of a pair's trade that the actors handle. They take turns, so that each meets each strength. Who handles a
    tenth of a pair's trade is drowned by it: strength alone says how much is hidden (METHODS, section 1)."""
    importers: Mapping[str, int] = field(default_factory=lambda: {"small": 2, "medium": 2, "large": 2})
    """Most countries to which the actors of one scheme ship, by size of the world."""
    buyers: int = 12
    """Largest importers of a family among which the goods of illegal zones find their way."""
    hubs: int = 6
    """Largest countries of re-export of a family among which launderers choose."""
    zone_sites: int = 2
    """Illegal sites of a country and family that one scheme may draw on."""
    invoice: tuple[float, float] = (0.25, 0.7)
    """Declared value over true value of under-invoiced goods. UNCTAD 2016 found exports of some pairs
    under-invoiced by a third to two thirds."""
    carousel_markup: tuple[float, float] = (0.1, 0.5)
    """Rise of the declared value at each passage of goods that go round; FATF 2006 describes it and no size."""
    carousel_rounds: tuple[int, int] = (1, 4)
    """Passages a year."""
    value_spread: float = 0.15
    """Standard deviation of the log unit value of scheme goods about the legal goods of that code and year."""
    price_window_months: int = 36
    """Months before, whose mean price is the measure of a high price."""
    price_least_months: int = 12
    """Months needed for that mean."""
    price_rise: float = 1.15
    """Price over that mean from which goods of a price-timed scheme are hidden."""
    banned_share: float = 0.5
    """Share of a year that a ban must cover for its evasion in that year."""
    evaded_share: float = 0.3
    """Largest share of a country's counted output that evades a ban where no illegal zone feeds it. Indonesia's
    partners declared about a tenth of its former nickel ore exports in 2020 (METHODS, section 1)."""
    raw: Mapping[str, str] = field(default_factory=lambda: dict(RAW))
    """See RAW."""
    other_codes: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: dict(OTHER_CODES))
    """See OTHER_CODES."""
