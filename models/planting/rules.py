"""Parameters of planting, frozen before any detector was fitted; a change of them is a change of the benchmark.

Shapes follow the typologies that the training world cites: FATF, Trade-based money laundering (2006); FATF and APG on
gold (2015); UNCTAD, Trade misinvoicing in primary commodities (2016); INTERPOL and UNEP on timber (2012). Numbers that
cite nothing are ranges of this project. `strengths` are the share of a pair's trade that is hidden, shifted or
invented, so that a quarter of an ordinary pair drowns in its noise and the whole of a large one cannot be overlooked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Variants = Mapping[str, tuple[str, ...]]

DECLARED: Variants = MappingProxyType(
    {
        "ban_evasion": ("silent",),
        "hub_laundering": ("unseen",),
        "misclassification": ("exporter", "importer"),
        "round_tripping": ("cycle",),
        "smuggling": ("silent", "on_top"),
        "under_invoicing": ("value", "weight"),
        "phantom_export": ("export",),
    }
)
"""Kinds of schemes where offices declare, each with its variants; the most particular first.

under_invoicing: the exporter declares too low a value; `weight`: too low a weight at an honest price.
misclassification: the exporter, or the importer, declares a part under a neighbouring code.
smuggling: the exporter does not declare a part of its goods, or goods on top of them that the importer declares.
hub_laundering: a part of the exports to a hub is in no book of the producer; the hub sells as much more.
phantom_export: the exporter declares goods that nobody receives.
round_tripping: goods go out and come back, dearer, and both sides declare both ways.
ban_evasion: the exporter declares nothing while a ban stands; its customers go on declaring.
"""
RECONCILED: Variants = MappingProxyType(
    {
        "hub_laundering": ("supply",),
        "smuggling": ("supply",),
        "phantom_export": ("supply",),
        "round_tripping": ("supply",),
    }
)
"""Kinds where a source holds one reconciled amount (BACI): what the offices said of each other is gone, so that only
schemes that change supply can be planted. All are a rise: nothing is taken away."""


@dataclass(frozen=True)
class Rules:
    """Parameters of planting. Ranges are drawn from evenly."""

    version: int = 1
    """Changes with any number below."""
    strengths: tuple[float, ...] = (0.25, 0.5, 1.0)
    """Share of the pair's trade that is hidden, shifted or invented at full strength (METHODS, section 1)."""
    share: float = 0.025
    """Share of the annual flows between countries that shall carry a trace."""
    past_years: int = 5
    """Years of trade of a pair before the onset, so that it has a past."""
    mirrored_years: int = 3
    """Of these, years in which both sides declared, where a scheme lives from the difference of both."""
    least_value_usd: float = 50_000.0
    """Usual yearly value of the pair before the onset, a geometric mean: nobody takes the trouble for less."""
    least_hidden_usd: float = 1_000.0
    """Amount below which nothing is hidden in a year, and the flow stays as it is."""
    lasting_years: tuple[int, int] = (2, 8)
    """Years from onset to end; fewer where the data end before."""
    ramp_years: tuple[int, int] = (0, 3)
    """Years until full strength; in year n of a ramp of r years the strength is (n + 1) / (r + 1) of the full."""
    invoice: tuple[float, float] = (0.25, 0.7)
    """Declared over true value, or weight, of under-invoiced goods (UNCTAD 2016: a third to two thirds missing)."""
    markup: tuple[float, float] = (0.1, 0.5)
    """Rise of the value of goods on their way back."""
    margin: tuple[float, float] = (0.0, 0.15)
    """Rise of the value of goods that pass a hub."""
    hub_size: tuple[float, float] = (0.1, 10.0)
    """Usual trade of the hub with the market over that of the producer with the hub: others would stand out by size."""
    destinations: int = 3
    """Most importers of a country's smuggled supply in reconciled flows."""
    ban_partners: int = 12
    """Most importers of an exporter that is put under a ban: of others too many flows would change."""
    ban_days: int = 31
    """The ban begins within so many days of the year."""
    idle_bans: int = 1
    """For each ban that is evaded, bans that nobody heeds because licences or grades exempt the trade: both sides go
    on declaring. Without them a published ban alone would give every trace away."""
    force_spread: float = 0.25
    """Standard deviation from year to year of the logit of the share that is hidden."""
    residual_bound: float = 1.0
    """Largest log residual of a pair's own past that moves an amount."""
    price_bound: float = 0.3
    """Largest log residual of a pair's own unit value that moves a mass."""
    variants: Variants = field(default_factory=lambda: DECLARED)
    """See DECLARED."""
    supply_variants: Variants = field(default_factory=lambda: RECONCILED)
    """See RECONCILED."""
