"""Parameters of the world's shipping."""

from dataclasses import dataclass, field

Counts = tuple[int, int, int]
"""A number for the small, the medium and the large world."""


@dataclass(frozen=True)
class Hull:
    """A class of vessels. Length is `slender` * deadweight^(1/3), laden draught `deep` * deadweight^(1/3)."""

    kind: str
    ais_type: int
    """Code of ITU-R M.1371: 30 fishing, 52 tug, 70-79 cargo."""
    deadweight_t: tuple[float, float]
    speed_kn: tuple[float, float]
    slender: float
    deep: float
    is_class_b: float = 0.0
    """Share with a transceiver of class B, which sends less often and without draught or status."""


def _hulls() -> dict[str, Hull]:
    """Sizes are those of the trade's usual classes; 5.3 * 170,000^(1/3) is a capesize of 294 m."""
    return {
        "coaster": Hull("general_cargo", 70, (4e3, 9e3), (10.0, 12.0), 6.0, 0.37),
        "handysize": Hull("bulk_carrier", 70, (28e3, 36e3), (11.5, 13.5), 5.6, 0.33),
        "supramax": Hull("bulk_carrier", 70, (52e3, 60e3), (11.5, 13.5), 5.2, 0.325),
        "panamax": Hull("bulk_carrier", 70, (74e3, 82e3), (11.5, 13.5), 5.3, 0.33),
        "capesize": Hull("bulk_carrier", 70, (165e3, 180e3), (11.5, 13.5), 5.3, 0.328),
        "liner": Hull("container", 71, (12e3, 70e3), (14.5, 18.5), 6.2, 0.33),
        "trawler": Hull("fishing", 30, (80.0, 600.0), (8.5, 11.0), 5.8, 0.62, 0.6),
        "tug": Hull("tug", 52, (150.0, 500.0), (9.0, 12.0), 5.0, 0.62),
    }


@dataclass(frozen=True)
class Shipping:
    """Parameters of the world's shipping."""

    first_month: int = 10
    """Month of the last year whose first day begins the time that is observed."""
    days: Counts = (10, 61, 61)
    """Days observed."""
    lead_days: int = 21
    """Days before, in which ships move unobserved, so that the sea is not empty at the start."""
    families: tuple[str, ...] = ("sand", "bauxite", "nickel", "tin", "tantalum", "cobalt", "copper", "timber")
    """Families that are carried in bulk. Gold flies."""
    parcel_t: Counts = (3_000, 20_000, 25_000)
    """A pair of ports with less in all that time is served by boxes on liners, whose loads nobody knows."""
    hulls: dict[str, Hull] = field(default_factory=_hulls)
    bulk_hulls: tuple[str, ...] = ("coaster", "handysize", "supramax", "panamax", "capesize")
    """From the smallest to the largest."""
    largest_hull: dict[str, str] = field(
        default_factory=lambda: {"timber": "supramax", "sand": "panamax", "bauxite": "capesize"}
    )
    """Largest class by family; others go up to panamax."""
    other_hull: str = "panamax"
    fill: float = 0.93
    """Cargo of a full ship over its deadweight: the rest is fuel, water and stores."""
    ballast_draught: float = 0.56
    """Draught without cargo over laden draught."""
    liners: Counts = (3, 24, 40)
    trawlers: Counts = (4, 26, 45)
    tugs: Counts = (2, 10, 16)
    port_hours: tuple[float, float] = (16.0, 48.0)
    """Loading or discharging of bulk."""
    liner_hours: tuple[float, float] = (10.0, 26.0)
    wait_hours: float = 16.0
    """Mean time in the anchorage before the berth; exponential."""
    planned_kn: float = 11.3
    """Speed by which voyages are planned."""
    economic: float = 0.92
    """Slowest speed of a ship that would else arrive too early, over its service speed."""
    berth_km: tuple[float, float] = (0.3, 1.6)
    """Distance of berths from the port's point."""
    anchorage_km: tuple[float, float] = (4.0, 7.5)
    """Distance of anchorages from the port's point."""
    spacing_km: float = 30.0
    """Distance of points along a lane."""
    lane_spread_km: float = 9.0
    """Largest distance of a ship from the middle of its lane, where there is room."""
    transfers: Counts = (3, 22, 36)
    """Meetings at sea, seen by AIS."""
    dark_transfers: Counts = (2, 14, 24)
    """Meetings at sea for which the larger ship switches its transponder off."""
    dark_honest: float = 0.3
    """Share of these for which any ship is taken; for the others those with goods of a scheme aboard, if there are."""
    dark_alone: Counts = (1, 8, 12)
    """Ships that switch off for some hours and meet nobody."""
    tows: Counts = (1, 10, 16)
    """A tug alongside a slow ship at sea: close for long, and too fast for a meeting."""
    crew_changes: Counts = (2, 16, 24)
    """A boat alongside for less than an hour."""
    drifters: Counts = (1, 12, 20)
    """Ships that stop at sea alone."""
    escorts: int = 14
    """Most arrivals that a tug escorts."""
    dark_partner: float = 0.6
    """Share of dark meetings in which the smaller vessel switches off too."""
    dark_hours: tuple[float, float] = (2.0, 4.5)
    """How long before and after a meeting transponders are off; for those who meet nobody twice as long."""
    collisions: Counts = (1, 7, 12)
    """Pairs of vessels that send under one identity for some days."""
    collision_km: float = 600.0
    """Least distance between such vessels."""
    collision_days: tuple[float, float] = (2.0, 9.0)
    cloned_name: float = 0.5
    """Share of them that also send the other's name, number and size."""
    station_share: float = 0.85
    """Share of ports with a receiver ashore."""
    station_km: float = 105.0
    """Its reach: 40-60 nautical miles are usual."""
    moving_minutes: float = 14.0
    """Mean time between two kept reports under way within reach of a station; services thin the 2-10 s of the
    transponder."""
    resting_minutes: float = 60.0
    """The same at anchor or berth."""
    class_b_factor: float = 1.6
    """The same of class B over class A."""
    revisit_hours: float = 1.1
    """Mean time between two satellites over a place out of reach; exponential."""
    tile_degrees: float = 8.0
    """Side of the tiles within which ships are seen by the same satellites."""
    satellite_chance: float = 0.8
    """Chance that a satellite hears a ship below it."""
    holes: Counts = (2, 12, 18)
    """Times at which receivers of a region fail."""
    hole_km: tuple[float, float] = (90.0, 220.0)
    hole_hours: tuple[float, float] = (10.0, 60.0)
    power_down: float = 0.08
    """Share of stays at a berth during which the transponder is off."""
    gap_hours: float = 8.0
    """Silences from this length on are gaps."""
    encounter_km: float = 0.5
    encounter_hours: float = 2.0
    """Vessels at rest within this distance for so long are listed as encounters in an anchorage. The published rule for
    those at sea adds: slower than 2 kn, 10 km or more from any anchorage (Global Fishing Watch)."""
    position_m: float = 6.0
    """Standard deviation of a position's error."""
    speed_kn: float = 0.15
    """Standard deviation of a speed's error."""
    duplicates: float = 0.006
    """Share of reports that arrive twice."""
    delay_s: float = 4.0
    """Mean time from a report to its arrival by way of a station."""
    satellite_delay_s: float = 2_400.0
    """The same by way of a satellite, which stores reports until it passes a ground station."""
    no_position: float = 0.0008
    """Share of reports with latitude 91 and longitude 181: not available."""
    no_speed: float = 0.004
    """Share with speed 102.3: not available."""
    no_course: float = 0.01
    """Share with course 360: not available."""
    no_heading: float = 0.07
    """Share with heading 511: not available. All of class B."""
    no_static: float = 0.03
    """Share of reports to which no name, number or size is known yet."""
    stale_status: float = 0.06
    """Share of stays during which the crew leaves the status at under way."""
    stale_draught: float = 0.08
    """Share of departures at which the crew does not set the new draught."""
