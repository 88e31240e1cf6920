"""Rules by which reports become calls, silences, meetings and voyages, each with where it was published."""

from dataclasses import dataclass

KNOT_KM_H = 1.852
"""One knot, in km per hour."""
HOUR_S = 3_600
DAY_S = 86_400


@dataclass(frozen=True)
class Rules:
    """Thresholds; a change here changes every table of ships."""

    gap_hours: float = 8.0
    """Silences from this length on are gaps. Global Fishing Watch stores them from 6 h and uses those of 12 h, within
    which a satellite in a sun-synchronous orbit covers every place again (Welch et al. 2022, Sci. Adv. 8:eabq2109)."""
    fastest_kn: float = 60.0
    """Faster than this no ship moves: practice leaves out 40-50 kn for cargo ships, fast ferries make 45 kn."""
    jump_km: float = 3.0
    """Shorter ways are never a jump: positions err, and so do clocks."""
    head_kn: float = 30.0
    """Fastest way from one report to the next where two ships share an identity (gpsdio-segment takes 25 kn)."""
    buffer_hours: float = 0.25
    """Added to the time between two reports there, since clocks and minutes are rounded (gpsdio-segment)."""
    heads: int = 4
    """At most so many ships on one identity."""
    lone_hours: float = 24.0
    """A report that fits no other within so many hours is an impossible position (gpsdio-segment: 24 h)."""
    rest_kn: float = 1.0
    """Slower than this a ship rests (Global Fishing Watch: a stop begins at 0.2 kn and ends at 0.5 kn)."""
    port_km: float = 10.0
    """Rests nearer to a port's or anchorage's point count as a call."""
    leave_km: float = 12.0
    """A call ends with a report farther off: between both a ship neither comes nor goes."""
    berth_km: float = 2.5
    """A rest so near to a port's point is a berth, whatever status the crew has set."""
    dwell_hours: float = 1.0
    """Shorter calls with a single report at rest are none."""
    silent_rest_hours: float = 4.0
    """A silence so long with both ends at one place is a rest there (Global Fishing Watch's port gap)."""
    encounter_km: float = 0.5
    """Two ships meet within 500 m, for 2 h or more, at less than 2 kn (median), 10 km or more from any port or
    anchorage (Miller et al. 2018, Front. Mar. Sci. 5:240)."""
    encounter_hours: float = 2.0
    encounter_kn: float = 2.0
    encounter_port_km: float = 10.0
    step_minutes: int = 10
    """Tracks are compared at such steps (Global Fishing Watch's pipe-encounters)."""
    bridge_minutes: float = 90.0
    """Positions between two reports are drawn straight over at most so long."""
    holes: int = 1
    """Steps in a row that may be missing within a meeting."""
    loiter_kn: float = 2.0
    """Mean speed of a ship that loiters, for 8 h or more (Miller et al. 2018), 10 km or more from any port."""
    loiter_hours: float = 8.0
    loiter_port_km: float = 10.0


RULES = Rules()
