"""Parameters of the world's mining: prices, mines, diggings, zones, bans, and what offices count of them.

World totals, shares of countries and prices are of the order of the real ones in 2018-2024 (World Mining Data, USGS
Mineral Commodity Summaries, FAO, London and Shanghai exchanges). What nobody measures is set by hand: the share of
illegal output, how zones grow and move.
"""

from dataclasses import dataclass

COUNTRIES = 60
"""Countries of the world that `Mineral.output_kg`, `artisanal_sites` and `illegal_zones` describe."""


@dataclass(frozen=True)
class Mineral:
    """How one family is priced, dug and spread over countries."""

    family: str
    price_usd_per_kg: float
    """Long-run price of one kg of the basis as metal, sand or logs."""
    price_volatility: float
    """Standard deviation of the yearly log price change without jumps."""
    products: tuple[tuple[str, float, float], ...]
    """HS code, kg of the basis in one kg, share of that content's price that is paid (above 1 for worked goods)."""
    output_kg: float
    """Output of a world of 60 countries in a year, kg of the basis, all kinds of sites together."""
    rank_exponent: float
    """The producer of rank r has a share in proportion to r to the power of minus this."""
    artisanal_share: float
    illegal_share: float
    artisanal_sites: int
    illegal_zones: int
    """Over all years; about half of them are at work at one time."""
    legal_depth_m: float
    """Metres of ore under one square metre of opened ground, waste not counted."""
    small_depth_m: float
    """The same in artisanal sites and illegal zones."""
    density_kg_m3: float
    """Of the ground as it lies; for timber kg of wood on one m2, of which the depth is the share that is felled."""
    recovery: float
    """Share of the content that a legal mine wins; small sites win `Mining.small_recovery` of that."""
    ways: tuple[float, float, float, float]
    """Weights of where a zone opens: along a river, in a protected area, on ground of nobody, beside a permit."""
    drift_km_month: float
    """Median speed with which the centre of an illegal zone moves."""
    regrowth_factor: float
    """How much faster than `Mining.regrowth_per_month` the ground closes again."""
    ban: str
    """HS codes that an export ban on the raw good names; empty where none is ever banned."""


MINERALS = (
    Mineral(
        family="gold",
        price_usd_per_kg=50_000.0,
        price_volatility=0.15,
        products=(("710812", 0.995, 0.995), ("261690", 0.00006, 0.92), ("711291", 0.4, 0.96)),
        output_kg=3.5e6,
        rank_exponent=0.75,
        artisanal_share=0.17,
        illegal_share=0.08,
        artisanal_sites=220,
        illegal_zones=180,
        legal_depth_m=15.0,
        small_depth_m=4.0,
        density_kg_m3=2200.0,
        recovery=0.9,
        ways=(0.5, 0.25, 0.15, 0.3),
        drift_km_month=0.12,
        regrowth_factor=1.0,
        ban="",
    ),
    Mineral(
        family="nickel",
        price_usd_per_kg=17.0,
        price_volatility=0.3,
        products=(("260400", 0.012, 0.25), ("750110", 0.65, 0.78), ("750210", 0.999, 1.0)),
        output_kg=2.6e9,
        rank_exponent=1.45,
        artisanal_share=0.0,
        illegal_share=0.03,
        artisanal_sites=0,
        illegal_zones=30,
        legal_depth_m=8.0,
        small_depth_m=5.0,
        density_kg_m3=1500.0,
        recovery=0.85,
        ways=(0.0, 0.3, 0.2, 0.5),
        drift_km_month=0.06,
        regrowth_factor=1.0,
        ban="2604",
    ),
    Mineral(
        family="bauxite",
        price_usd_per_kg=2.0,
        price_volatility=0.18,
        products=(("260600", 0.24, 0.085), ("281820", 0.525, 0.34), ("760110", 0.998, 1.0)),
        output_kg=8.6e10,
        rank_exponent=0.9,
        artisanal_share=0.0,
        illegal_share=0.015,
        artisanal_sites=0,
        illegal_zones=24,
        legal_depth_m=5.0,
        small_depth_m=3.0,
        density_kg_m3=1600.0,
        recovery=0.95,
        ways=(0.0, 0.15, 0.25, 0.6),
        drift_km_month=0.05,
        regrowth_factor=1.0,
        ban="2606",
    ),
    Mineral(
        family="tin",
        price_usd_per_kg=24.0,
        price_volatility=0.24,
        products=(("260900", 0.55, 0.92), ("800110", 0.999, 1.0)),
        output_kg=3.0e8,
        rank_exponent=0.95,
        artisanal_share=0.22,
        illegal_share=0.05,
        artisanal_sites=45,
        illegal_zones=36,
        legal_depth_m=6.0,
        small_depth_m=4.0,
        density_kg_m3=1900.0,
        recovery=0.75,
        ways=(0.35, 0.2, 0.2, 0.25),
        drift_km_month=0.1,
        regrowth_factor=1.0,
        ban="2609",
    ),
    Mineral(
        family="tantalum",
        price_usd_per_kg=250.0,
        price_volatility=0.2,
        products=(("261590", 0.2, 0.8), ("810320", 0.998, 1.0)),
        output_kg=2.0e6,
        rank_exponent=1.0,
        artisanal_share=0.35,
        illegal_share=0.06,
        artisanal_sites=40,
        illegal_zones=36,
        legal_depth_m=8.0,
        small_depth_m=4.0,
        density_kg_m3=2000.0,
        recovery=0.65,
        ways=(0.15, 0.35, 0.4, 0.1),
        drift_km_month=0.08,
        regrowth_factor=1.0,
        ban="261590",
    ),
    Mineral(
        family="cobalt",
        price_usd_per_kg=42.0,
        price_volatility=0.32,
        products=(("260500", 0.08, 0.6), ("282200", 0.3, 0.72), ("810520", 0.35, 0.92)),
        output_kg=1.5e8,
        rank_exponent=1.9,
        artisanal_share=0.12,
        illegal_share=0.04,
        artisanal_sites=25,
        illegal_zones=26,
        legal_depth_m=20.0,
        small_depth_m=5.0,
        density_kg_m3=2100.0,
        recovery=0.75,
        ways=(0.0, 0.05, 0.3, 0.65),
        drift_km_month=0.04,
        regrowth_factor=1.0,
        ban="2605",
    ),
    Mineral(
        family="copper",
        price_usd_per_kg=7.5,
        price_volatility=0.22,
        products=(("260300", 0.25, 0.9), ("740311", 0.9999, 1.0)),
        output_kg=2.0e10,
        rank_exponent=0.85,
        artisanal_share=0.0,
        illegal_share=0.01,
        artisanal_sites=0,
        illegal_zones=28,
        legal_depth_m=40.0,
        small_depth_m=6.0,
        density_kg_m3=2500.0,
        recovery=0.85,
        ways=(0.0, 0.1, 0.3, 0.6),
        drift_km_month=0.04,
        regrowth_factor=1.0,
        ban="2603",
    ),
    Mineral(
        family="sand",
        price_usd_per_kg=0.014,
        price_volatility=0.07,
        products=(("250590", 1.0, 1.0),),
        output_kg=6.0e11,
        rank_exponent=0.6,
        artisanal_share=0.1,
        illegal_share=0.05,
        artisanal_sites=60,
        illegal_zones=45,
        legal_depth_m=5.0,
        small_depth_m=3.0,
        density_kg_m3=1600.0,
        recovery=0.95,
        ways=(0.8, 0.1, 0.05, 0.15),
        drift_km_month=0.1,
        regrowth_factor=2.0,
        ban="2505",
    ),
    Mineral(
        family="timber",
        price_usd_per_kg=0.2,
        price_volatility=0.11,
        products=(("440349", 1.0, 1.0), ("440729", 1.0, 3.3), ("440929", 1.0, 5.0)),
        output_kg=2.0e11,
        rank_exponent=0.7,
        artisanal_share=0.0,
        illegal_share=0.03,
        artisanal_sites=0,
        illegal_zones=90,
        legal_depth_m=1.0,
        small_depth_m=0.5,
        density_kg_m3=25.0,
        recovery=0.9,
        ways=(0.0, 0.6, 0.25, 0.2),
        drift_km_month=0.3,
        regrowth_factor=10.0,
        ban="4403",
    ),
)
"""Contents are those of `graphs.commodities`, but for precious metal ore (60 g of gold in a tonne) and mouldings.
Gold, nickel and cobalt reproduce the real shares of the largest producer in 2022 (11, 49 and 70 %) within a few
points; the timber's 25 kg of wood per m2 is a stand of 300 m3 per ha, of which illegal
felling takes half.
"""


@dataclass(frozen=True)
class Mining:
    """Parameters of the world's mining."""

    minerals: tuple[Mineral, ...] = MINERALS
    """One entry for each family that a world may have."""

    # Prices.
    reversion_per_year: float = 0.35
    """Rate at which log prices return to their long-run level: half-life two years."""
    price_common_share: float = 0.35
    """Share of the variance of price changes that all families have in common."""
    price_jumps_per_year: float = 0.3
    """Mean number of jumps of a family's price."""
    price_jump_sd: float = 0.12
    """Standard deviation of a jump, logs."""
    product_noise_sd: float = 0.03
    """Monthly deviation of a product's price from its metal's, logs."""
    spikes: tuple[int, int, int] = (1, 3, 5)
    """Price spikes in a small, medium and large world."""
    spike_factor: tuple[float, float] = (1.7, 2.6)
    """Price at the peak of a spike over the price without it, lowest and highest."""
    spike_half_life_months: float = 5.0
    """Time in which half of a spike, in logs, is gone."""

    # Countries.
    gdp_growth: float = 0.032
    """Mean yearly growth of GDP, in logs."""
    gdp_growth_spread: float = 0.015
    """Standard deviation of mean growth between countries."""
    gdp_shock_sd: float = 0.025
    """Yearly shock of one country's GDP, logs."""
    world_shock_sd: float = 0.012
    """Yearly shock of every country's GDP, logs."""
    population_growth: tuple[float, float] = (0.0, 0.028)
    """Yearly growth of population of the richest and of the poorest countries, logs."""
    governance_step_sd: float = 0.07
    """Yearly step of the governance score, in its standard deviations."""

    # Sites.
    rank_noise_sd: float = 0.5
    """Noise on the endowment by which the producers of a family are ranked, logs."""
    share_noise_sd: float = 0.25
    """Noise on a country's share of a family, logs."""
    worked_permits: tuple[float, float] = (0.97, 0.4)
    """Share of the permits over a deposit under which a mine ever opens, of those older than the world and of those
    that begin within it; the others are held and not worked."""
    opened_before: float = 0.9
    """Share of mines that are at work when the world begins, where their permit allows."""
    closing_mines: float = 0.1
    """Share of mines that close before the world and their permit end."""
    young_size: float = 0.2
    """Size of mines that open within the world over that of older ones: large new mines are events of their own."""
    closing_size: float = 0.35
    """Size of mines that close within the world over that of others: ore bodies that run out."""
    size_spread: tuple[float, float, float] = (0.8, 0.7, 0.7)
    """Standard deviation of the log capacity of legal, artisanal and illegal sites of one country."""
    governance_tilt: tuple[float, float] = (0.5, 0.9)
    """Artisanal and illegal sites are e to the power of minus this times governance as frequent."""
    artisanal_offset_km: float = 4.0
    """Mean distance of an artisanal site from the middle of its deposit."""
    zone_offset_km: float = 3.0
    """The same for an illegal zone on ground of nobody."""
    river_reach_km: float = 25.0
    """Illegal zones along a river open within this distance of the deposit that feeds it."""
    protected_reach_km: float = 60.0
    """A protected area draws zones from deposits up to this distance away."""
    beside_permit_km: tuple[float, float] = (0.6, 2.0)
    """Distance of a zone beside a permit from its edge."""
    belt_km: float = 6.0
    """A zone off the river moves no further than this from where it opened."""

    # Life of sites.
    legal_growth: float = 0.012
    """Yearly growth of legal output, logs."""
    market_response: float = 0.6
    """How far other mines make up for what mines that open, close or strike add to or take from the world's output: 0
    not at all, 1 wholly."""
    market_bounds: tuple[float, float] = (0.6, 1.6)
    """Least and largest factor by which mines respond."""
    elasticity: tuple[float, float, float] = (0.08, 0.5, 1.0)
    """Of the activity of legal, artisanal and illegal sites to the price of the past half year."""
    season_amplitude: tuple[float, float, float] = (0.03, 0.25, 0.35)
    """Half of the yearly swing of activity between dry and wet season by kind."""
    activity_sd: tuple[float, float, float] = (0.08, 0.25, 0.35)
    """Standard deviation of the log activity of a site by kind."""
    activity_memory: float = 0.7
    """Correlation of log activity from month to month."""
    ramp_months: tuple[float, float, float] = (14.0, 8.0, 10.0)
    """Months from opening to half of full activity by kind: logistic growth."""
    artisanal_years: float = 11.0
    """Median life of an artisanal site."""
    zone_years: float = 6.0
    """Median life of an illegal zone without raids."""
    raids_per_year: float = 0.22
    """Mean raids on an illegal zone in a country of middling governance."""
    raid_closes: float = 0.35
    """Chance that a raid ends the zone."""
    raid_months: int = 4
    """Months for which a zone that survives a raid is nearly idle."""
    raid_factor: float = 0.1
    """Activity in those months."""
    low_price: float = 0.7
    """Below this share of the long-run price zones close."""
    low_price_closes: float = 0.04
    """Monthly chance of a zone to close while the price is low."""
    least_activity: float = 0.03
    """Below this share of capacity there is no work and no row."""

    # Ground.
    small_recovery: float = 0.55
    """Recovery of artisanal and illegal sites over that of a legal mine."""
    small_selectivity: float = 1.6
    """Grade that artisanal and illegal sites choose over the grade of the deposit."""
    yield_sd: float = 0.2
    """Monthly noise of output over area x depth x grade, logs."""
    regrowth_per_month: tuple[float, float, float] = (0.002, 0.006, 0.008)
    """Share of open ground that closes again in a month by kind."""

    # Incidents and bans.
    strikes: tuple[int, int, int] = (2, 8, 14)
    """Strikes in a small, medium and large world."""
    new_mines: tuple[int, int, int] = (2, 8, 14)
    """Large new mines in a small, medium and large world."""
    strike_months: tuple[int, int] = (4, 9)
    """Shortest and longest strike."""
    strike_factor: tuple[float, float] = (0.0, 0.15)
    """Activity during a strike."""
    strike_least_share: float = 0.25
    """Least share of its country's capacity that a mine needs for its strike to be an event."""
    new_mine_share: tuple[float, float] = (0.3, 0.55)
    """Share of a new mine in the capacity of its country."""
    new_mine_largest_country: float = 0.25
    """Share of the world above which a country is too large for such a new mine."""
    new_mine_listed_share: float = 0.2
    """Any other mine that opens within the world with this share of its country is listed as a new mine too."""
    new_mine_half_months: float = 5.0
    """Months from its opening to half of its capacity."""
    bans: tuple[int, int, int] = (2, 5, 8)
    """Export bans in a small, medium and large world, at most."""
    ban_stays: float = 0.5
    """Chance that a ban still stands at the end."""
    ban_output: tuple[float, ...] = (0.5, 0.7, 0.85)
    """Activity of legal mines of the banned good in its first, second, third year; full afterwards, for smelters."""

    # What production offices count.
    artisanal_counted: tuple[float, float] = (0.1, 0.8)
    """Share of artisanal output in the books of the worst and of the best governed countries."""
    count_error_sd: tuple[float, float, float] = (0.025, 0.05, 0.12)
    """Error of reported, provisional and estimated figures, logs."""
    estimated_countries: float = 0.25
    """Share of the listed pairs of country and mineral whose figures are estimates in some years."""
    unlisted_countries: tuple[int, int, int] = (1, 4, 6)
    """Countries that the table does not list at all, in a small, medium and large world."""
    unlisted_pairs: float = 0.06
    """Share of further pairs of country and mineral that are not listed."""
    missing_cells: float = 0.015
    """Share of figures that are left empty."""
    repeated_last: float = 0.06
    """Share of pairs whose last one or two figures repeat the one before."""

    def mineral(self, family: str) -> Mineral:
        """Entry of a family."""
        return next(one for one in self.minerals if one.family == family)
