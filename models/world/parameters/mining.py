"""Parameters of the world's mining: prices, countries, mines, diggings, zones, bans, and what offices count of them.

What nobody measures is set by hand: how zones grow, move and close. Pairs and triples follow the kinds of sites (legal,
artisanal, illegal), the sizes of worlds (small, medium, large) or lowest and highest, as their lines say.
"""

from dataclasses import dataclass

from models.world.parameters.minerals import MINERALS, Mineral


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
