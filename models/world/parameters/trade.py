"""Parameters of the world's trade: the chains from mine to market, and how goods find their markets."""

from dataclasses import dataclass
from typing import Literal

Source = Literal["mined", "refined", "scrap"]
Hubs = Literal["bullion", "warehouse", "entrepot"]


@dataclass(frozen=True)
class Stage:
    """Goods of a family at one step between the mine and the last user."""

    commodity: str
    """HS code of most of it."""
    source: Source
    """What fills it: mines, the stages that are refined into it, or goods in use that come back."""
    into: int | None = None
    """Position in the chain of what refiners make of it; None where it is used as it is."""
    loss: float = 0.0
    """Share of the contained mass that refiners lose."""
    refiners: int = 0
    """Countries of 60 that refine it."""
    near_mine: float = 0.5
    """How far refiners stand where the mines are (1) rather than where money is (0)."""
    home: float = 0.7
    """Mean share that a producer who refines keeps for its own refiners."""
    tradable: float = 1.0
    """Share of a producer's supply that would cross a border at all."""
    used: float = 0.0
    """Share of home use that is used without refining, where there are refiners."""
    hub_share: float = 0.0
    """Mean share of exports that goes through hubs."""
    hub_used: float = 0.05
    """Share of what a hub receives that stays there: refined where the hub refines, else used."""
    reach: float = 0.25
    """Partners of the largest exporter, as a share of all countries."""
    occasional: float = 0.25
    """Chance of an occasional small flow of the largest exporter to an average country."""
    passed_on: float = 0.01
    """Median share of their imports that other countries than hubs sell on."""
    is_air: bool = False
    """It flies; all else goes by sea, or by rail and road to neighbours."""
    contained: tuple[float, float, float] | None = None
    """Kg of the basis in a kg (low, mid, high); None: the graph's own factor of the code."""
    payable: float = 1.0
    """Price of its contained mass over the price list's for the code."""
    quality_sd: float = 0.1
    """Log sd of a pair's price about the world's: grade, brand, contract."""
    second: str | None = None
    """Another true code of part of it."""
    second_pairs: float = 0.0
    """Share of pairs that use it."""
    second_share: float = 0.0
    """Its share in the trade of a pair that uses it."""
    second_contained: tuple[float, float, float] | None = None
    """Its contained factor where the graph has none."""


@dataclass(frozen=True)
class Chain:
    """The stages of a family, each before those that are made from it, the used ones last."""

    family: str
    stages: tuple[Stage, ...]
    hubs: Hubs | None = None
    """Which kind of hub serves it."""
    home_bias: float = 6.0
    """How much more a country takes of its own last stage than its share of world demand."""
    taste_sd: float = 0.6
    """Log sd of a country's demand about its share of world income."""
    artisanal_sold: float = 0.7
    """Share of artisanal output that enters the legal market; the rest is left to other channels."""
    scrap: float = 0.0
    """Share of the year before's use that comes back as scrap."""
    distance: float = 0.8
    """Elasticity of trade to distance."""


CHAINS: tuple[Chain, ...] = (
    Chain(
        "gold",
        (
            Stage(
                "710812", "mined", into=2, loss=0.005, refiners=8, near_mine=0.4, home=0.6, hub_share=0.35,
                hub_used=0.55, reach=0.25, passed_on=0.004, is_air=True, contained=(0.72, 0.86, 0.96), payable=0.985,
                quality_sd=0.08, second="261690", second_pairs=0.2, second_share=0.1,
                second_contained=(3e-5, 6e-5, 1.5e-4),
            ),
            Stage(
                "711291", "scrap", into=2, loss=0.01, refiners=12, near_mine=0.0, home=0.85, hub_share=0.3,
                hub_used=1.0, reach=0.1, passed_on=0.0, is_air=True, quality_sd=0.12,
            ),
            Stage(
                "710812", "refined", hub_share=0.3, hub_used=0.1, reach=0.5, passed_on=0.04, is_air=True,
                contained=(0.995, 0.9995, 0.9999), quality_sd=0.04,
            ),
        ),
        hubs="bullion", scrap=0.22, distance=0.5, taste_sd=0.8,
    ),
    Chain(
        "nickel",
        (
            Stage("260400", "mined", into=1, loss=0.1, refiners=9, near_mine=0.6, used=0.02,
                  quality_sd=0.25, reach=0.2),
            Stage("750110", "refined", into=2, loss=0.03, refiners=8, near_mine=0.2, hub_share=0.03,
                  quality_sd=0.18, reach=0.2),
            Stage("750210", "refined", hub_share=0.2, reach=0.6, passed_on=0.03),
        ),
        hubs="warehouse",
    ),
    Chain(
        "bauxite",
        (
            Stage("260600", "mined", into=1, loss=0.1, refiners=12, near_mine=0.6, used=0.03,
                  quality_sd=0.22, reach=0.3, passed_on=0.005),
            Stage("281820", "refined", into=2, loss=0.02, refiners=14, near_mine=0.2, used=0.03,
                  quality_sd=0.15, reach=0.4),
            Stage("760110", "refined", hub_share=0.2, reach=0.7, passed_on=0.03),
        ),
        hubs="warehouse",
    ),
    Chain(
        "tin",
        (
            Stage("260900", "mined", into=1, loss=0.04, refiners=7, near_mine=0.6, hub_share=0.06,
                  quality_sd=0.2, reach=0.2),
            Stage("800110", "refined", hub_share=0.2, reach=0.6, passed_on=0.03, quality_sd=0.08),
        ),
        hubs="warehouse",
    ),
    Chain(
        "tantalum",
        (
            Stage("261590", "mined", into=1, loss=0.12, refiners=6, near_mine=0.1, hub_share=0.15,
                  quality_sd=0.25, reach=0.2),
            Stage("810320", "refined", hub_share=0.05, reach=0.45, passed_on=0.03, quality_sd=0.15),
        ),
        hubs="entrepot",
    ),
    Chain(
        "cobalt",
        (
            Stage("260500", "mined", into=1, loss=0.15, refiners=6, near_mine=0.7, quality_sd=0.25,
                  reach=0.15),
            Stage("282200", "refined", into=2, loss=0.03, refiners=8, near_mine=0.1, used=0.25,
                  quality_sd=0.18, hub_share=0.04),
            Stage("810520", "refined", hub_share=0.12, reach=0.5, passed_on=0.03, quality_sd=0.12),
        ),
        hubs="warehouse",
    ),
    Chain(
        "copper",
        (
            Stage("260300", "mined", into=2, loss=0.03, refiners=14, near_mine=0.65, hub_share=0.04,
                  quality_sd=0.2, reach=0.3),
            Stage("740400", "scrap", into=2, loss=0.03, refiners=25, home=1.0, tradable=0.0),
            Stage("740311", "refined", hub_share=0.18, reach=0.7, passed_on=0.03),
        ),
        hubs="warehouse", scrap=0.15,
    ),
    Chain(
        "sand",
        (Stage("250590", "mined", tradable=0.08, reach=0.3, quality_sd=0.25, passed_on=0.01),),
        home_bias=20.0, distance=2.0, artisanal_sold=0.9,
    ),
    Chain(
        "timber",
        (
            Stage("440349", "mined", into=1, loss=0.4, refiners=30, near_mine=0.5, home=0.75, tradable=0.6, used=0.2,
                  quality_sd=0.2, reach=0.3),
            Stage("440729", "refined", hub_share=0.05, reach=0.6, passed_on=0.02, quality_sd=0.18,
                  second="440929", second_pairs=0.3, second_share=0.2),
        ),
        hubs="entrepot", distance=1.0, artisanal_sold=0.8,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Trade:
    """Parameters of the world's trade. Values in USD, distances in km; a log sd is of natural logarithms."""

    chains: tuple[Chain, ...] = CHAINS
    """One for each family that can be traded."""
    bullion_hubs: int = 3
    """Trading centres of gold with refineries in free zones."""
    warehouse_hubs: int = 2
    """Places where exchanges store metal."""
    entrepot_hubs: int = 1
    """Traders of ores and wood between neighbours."""
    least_refiners: int = 2
    """A stage is refined in at least so many countries."""
    user_demand: float = 0.003
    """Demand for ore of a country that does not refine it (laboratories, glazes, welding), of its demand for metal."""
    user_passed: float = 10.0
    """So many times more of it than refiners such a country sells on."""
    pair_sd: float = 2.3
    """Log sd of what holds between two countries for good."""
    drift_sd: float = 0.5
    """Log sd of what changes slowly between them."""
    drift_memory: float = 0.85
    """Correlation of it from one year to the next."""
    shock_sd: float = 0.75
    """Log sd of a year's shock to a flow of a million USD."""
    shock_slope: float = 0.16
    """Less of it for each tenfold value."""
    shock_range: tuple[float, float] = (0.15, 1.4)
    """Least and largest shock."""
    idle_share: float = 0.7
    """Chance that a flow of `least_value_usd` rests for a year."""
    idle_power: float = 0.23
    """How fast that chance falls with value."""
    occasional_usd: float = 6_000.0
    """Median value of an occasional flow."""
    occasional_sd: float = 2.5
    """Its log sd."""
    occasional_share: float = 0.01
    """Largest share of an exporter's trade that it may have."""
    occasional_memory: float = 0.75
    """Correlation, from one year to the next, of the normal draw behind its chance."""
    least_value_usd: float = 100.0
    """Smaller flows do not happen."""
    degree_power: float = 0.3
    """How an exporter's number of partners grows with its size."""
    border_km: float = 300.0
    """Added to every distance: what it costs to trade at all."""
    hub_spread: float = 4.0
    """Concentration of the Beta from which an exporter's share through hubs is drawn."""
    hub_lag: float = 0.18
    """Share of what a hub passes on that waits for the next year."""
    hub_between: float = 0.06
    """Share of what a hub receives that goes to another hub."""
    hub_reach: float = 0.06
    """Markets to which a hub passes the goods of its largest origin, as a share of all countries."""
    passed_sd: float = 1.0
    """Log sd of the share of imports that a country sells on."""
    passed_reach: float = 0.12
    """Buyers of the country that sells on most, as a share of all countries."""
    stored: float = 0.04
    """Share of home use that goes into stock."""
    drawn: float = 0.25
    """Share of the stock that comes out in a year."""
    first_stock: float = 0.15
    """Stock before the first year, in years of use or of refining."""
    ban_refined: float = 0.4
    """Under a ban: share of goods kept home that a country without refiners begins to refine; the rest is stored."""
    factor_sd: float = 0.5
    """Spread of exporters' contained factors, of the spread that the range of the code implies."""
    quality_year_sd: float = 0.03
    """Log sd of a year's price of a pair about the pair's own."""
    shipment_usd: float = 400_000.0
    """Usual value of one shipment; flows of few shipments have months without any."""
    most_shipments: int = 60
    """A flow's seasons are even from so many shipments on."""
    season_spread: float = 8.0
    """Concentration of the Dirichlet of an exporter's seasons, for each month."""
    transhipped: float = 0.1
    """Share of sea routes between coasts that change ship in a third country."""
    transit_ports: int = 3
    """Countries where they do."""
    least_share: float = 0.01
    """Smaller shares of single sites in goods are told by country only."""
