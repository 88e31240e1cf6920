"""Parameters of the world's geography."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Extent:
    """Part of the sphere that the world covers, centred on 0 E 0 N."""

    half_width_degrees: float
    half_height_degrees: float
    cell_degrees: float
    sea_cells: int
    """Cells of the ground along a side of one cell of the sea, over which ships are routed."""


@dataclass(frozen=True)
class Host:
    """A geological setting of a family's deposits. Medians and standard deviations of logarithms."""

    share: float
    """Share of the family's deposits."""
    contained_kg: float
    contained_sd: float
    grade: float
    grade_sd: float


@dataclass(frozen=True)
class Belt:
    """How a family's deposits lie: in belts that families of one group share."""

    group: str
    deposits_per_million_km2: float
    hosts: dict[str, Host]
    in_belts: float = 0.6
    """Share of deposits that lie in belts; the rest lies anywhere that the setting allows."""


@dataclass(frozen=True)
class Way:
    """A means of transport: hours = fixed + km / speed, USD per tonne = fixed + rate times km."""

    km_per_hour: float
    usd_per_t_km: float
    fixed_hours: float = 0.0
    fixed_usd_per_t: float = 0.0


def _extents() -> dict[str, Extent]:
    return {
        "small": Extent(30.0, 22.0, 0.5, 1),
        "medium": Extent(60.0, 45.0, 0.25, 2),
        "large": Extent(75.0, 50.0, 0.25, 2),
    }


def _belts() -> dict[str, Belt]:
    """Grades and spreads follow the grade and tonnage models of the US Geological Survey (Bulletin 1693), rounded.

    Medians of mass are larger: this world has few deposits, and each stands for a district that feeds decades.
    """
    return {
        "gold": Belt(
            "gold",
            6.0,
            {
                "orogenic_vein": Host(0.55, 220e3, 1.7, 4e-6, 0.6),
                "placer": Host(0.45, 30e3, 1.5, 0.2e-6, 0.6),
            },
        ),
        "nickel": Belt(
            "nickel",
            1.6,
            {
                "laterite": Host(0.7, 1500e6, 1.1, 0.013, 0.25),
                "sulphide": Host(0.3, 300e6, 1.5, 0.008, 0.5),
            },
        ),
        "bauxite": Belt("laterite", 1.2, {"laterite": Host(1.0, 40e9, 1.4, 0.24, 0.12)}),
        "tin": Belt(
            "granite",
            1.8,
            {
                "granite_greisen": Host(0.45, 125e6, 1.3, 0.004, 0.6),
                "pegmatite": Host(0.15, 25e6, 1.2, 0.0012, 0.6),
                "placer": Host(0.4, 40e6, 1.3, 0.0003, 0.5),
            },
        ),
        "tantalum": Belt(
            "granite",
            1.2,
            {
                "pegmatite": Host(0.55, 1.5e6, 1.3, 0.0003, 0.6),
                "granite_greisen": Host(0.2, 2e6, 1.2, 0.00012, 0.5),
                "placer": Host(0.25, 0.3e6, 1.2, 0.00008, 0.6),
            },
        ),
        "cobalt": Belt(
            "copper",
            0.9,
            {
                "sediment_hosted": Host(0.85, 150e6, 1.4, 0.003, 0.6),
                "porphyry": Host(0.15, 25e6, 1.2, 0.0001, 0.5),
            },
        ),
        "copper": Belt(
            "copper",
            2.2,
            {
                "porphyry": Host(0.55, 6000e6, 1.5, 0.005, 0.35),
                "sediment_hosted": Host(0.45, 2400e6, 1.6, 0.02, 0.5),
            },
        ),
        "sand": Belt(
            "sand",
            4.0,
            {
                "river": Host(0.7, 120e9, 1.2, 0.97, 0.01),
                "beach": Host(0.3, 64e9, 1.2, 0.95, 0.02),
            },
            in_belts=0.3,
        ),
        "timber": Belt("timber", 4.0, {"rain_forest": Host(1.0, 20e9, 1.0, 0.92, 0.03)}, in_belts=0.3),
    }


def _ways() -> dict[str, Way]:
    """Usual freight: lorries 0.05-0.14, trains 0.02-0.04, barges 0.01-0.02, bulk ships 0.002-0.005, air 0.5-1.5."""
    return {
        "road": Way(55.0, 0.09),
        "rail": Way(32.0, 0.03, 10.0, 4.0),
        "river": Way(11.0, 0.016, 12.0, 4.0),
        "sea": Way(24.0, 0.0032, 0.0, 3.0),
        "air": Way(780.0, 0.9, 3.0, 150.0),
    }


def _handling() -> dict[str, Way]:
    """Between a city and what lies in it: lorries through the town, loading and waiting."""
    return {
        "port": Way(25.0, 0.15, 48.0, 9.0),
        "airport": Way(25.0, 0.15, 8.0, 120.0),
        "smelter": Way(25.0, 0.15, 12.0, 5.0),
        "border": Way(30.0, 0.09, 24.0, 10.0),
    }


@dataclass(frozen=True)
class Geography:
    """Parameters of the world's geography."""

    extents: dict[str, Extent] = field(default_factory=_extents)
    """Map by size of world."""
    land_share: float = 0.34
    """Share of the map's surface that is land; on Earth 0.29."""
    height_exponent: float = 3.1
    """Fall of the terrain's power spectrum with wave number; measured on Earth 3 to 4."""
    ridge_weight: float = 0.55
    """Height of mountain chains beside the swells of continents, both in standard deviations."""
    mean_height_m: float = 650.0
    """Mean height of land; heights are exponentially distributed. On Earth about 800."""
    valley_m: float = 55.0
    """Metres by which rivers cut in for each tenfold drained area."""
    wet_mm: float = 1100.0
    """Runoff at the equator, mm a year."""
    temperate_mm: float = 350.0
    """Runoff at 48 degrees."""
    dry_mm: float = 25.0
    """Runoff in the dry belts between."""
    runoff_sd: float = 0.5
    """Standard deviation of log runoff about its zone."""
    river_km2: float = 12_000.0
    """Drained area above which a stream is a reach."""
    navigable_m3_s: float = 1_500.0
    """Mean discharge that carries barges."""
    corridor_km: float = 130.0
    """Land so near the sea goes to the neighbours of the country whose seat is farthest inland: it has no coast."""
    island_share: float = 0.08
    """Share of countries whose seat is on an island, as far as there are islands."""
    island_km2: tuple[float, float] = (12_000.0, 900_000.0)
    """Area of a landmass on which such a seat may stand."""
    seat_candidates: int = 12
    """Places tried for each seat, of which the one farthest from other seats is taken: sets how evenly they lie."""
    mountain_km: float = 0.05
    """Extra kilometres of travel for each metre up or down."""
    river_crossing_km: float = 80.0
    """Extra kilometres for the crossing of a river, for each tenfold discharge above 100 m3/s."""
    country_head_start_km: float = 350.0
    """Largest head start of a country when land is divided: makes large and small ones."""
    people_per_km2: float = 75.0
    """Median density on fully habitable land."""
    people_sd: float = 0.8
    """Standard deviation of its logarithm between countries."""
    gdp_per_head_usd: float = 4_500.0
    """Median in the first year."""
    gdp_per_head_sd: float = 1.15
    """Standard deviation of its logarithm."""
    governance_correlation: float = 0.65
    """Between governance and log GDP per head; World Bank stability and income per head: 0.6 to 0.7."""
    people_per_city: float = 3e6
    """Cities of a country: its people over this, to the power 0.6, within `cities`."""
    cities: tuple[int, int] = (2, 14)
    """Fewest and most cities of a country, islands aside."""
    city_spacing_km: float = 110.0
    """Cities stand at least so far apart, where a country has room."""
    ports: int = 4
    """Most ports of a country."""
    airports: int = 3
    """Most airports of a country."""
    smelters: dict[str, float] = field(
        default_factory=lambda: {
            "gold": 0.12, "nickel": 0.1, "bauxite": 0.14, "tin": 0.07, "tantalum": 0.05, "cobalt": 0.06, "copper": 0.14,
        }
    )  # fmt: skip
    """Smelters and refineries of each metal, for each country of the world."""
    ways: dict[str, Way] = field(default_factory=_ways)
    """Speed and freight of each mode."""
    handling: dict[str, Way] = field(default_factory=_handling)
    """Time and cost between a city and a place in it, and across a border."""
    road_winding: float = 1.25
    """Road kilometres for one kilometre on the grid."""
    slow_slope_m_per_km: float = 12.0
    """Mean slope at which lorries are half as fast."""
    road_neighbours: int = 2
    """Nearest places of the country to which each is joined, beside the tree that joins all."""
    rail_share: float = 0.45
    """Share of countries with railways, the richest and largest first."""
    port_neighbours: int = 5
    """Nearest ports to which a port has a lane."""
    hubs: float = 0.12
    """Share of ports that are hubs, which have lanes to all of each other and from everybody."""
    belts: dict[str, Belt] = field(default_factory=_belts)
    """Where and how the deposits of each family lie."""
    belts_of_group: int = 4
    """Belts of each group of families."""
    belt_width_km: float = 220.0
    """Distance from a belt's middle line at which deposits are fewer by e."""
    protected_per_million_km2: float = 5.0
    """Protected areas for a million km2 of land."""
    protected_km2: float = 9_000.0
    """Median size."""
    protected_sd: float = 1.0
    """Standard deviation of log size."""
    protected_on_deposits: float = 0.35
    """Share of protected areas that are laid over a deposit."""
    industrial_share: float = 0.5
    """Largest deposits of each family and setting, for which permits are sought."""
    permitted_share: float = 0.67
    """Share of those that have a permit."""
    idle_permits: float = 0.12
    """Permits on ground without an industrial deposit, for each other permit: never worked."""
    expired_permits: float = 0.12
    """Share of permits that ended before the world's last year."""
    permit_km2: dict[str, float] = field(default_factory=lambda: {"timber": 900.0, "bauxite": 250.0, "sand": 4.0})
    """Median size by family; `other_permit_km2` for families not listed."""
    other_permit_km2: float = 90.0
    permit_sd: float = 0.7
    """Standard deviation of log size."""
    permit_years: tuple[int, int] = (20, 35)
    """Shortest and longest validity."""
    old_permits: float = 0.8
    """Share of permits that are older than the world's first year."""
