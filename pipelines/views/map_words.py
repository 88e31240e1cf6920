"""What the page of a map says: numbers with their units, what is not known, and what a line is not."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from math import isfinite

from graphs.countries import is_user_assigned, name_of
from pipelines.views.wording import number, share

UNKNOWN = "not known"
WAY_CAVEAT = (
    "This page shows ways that goods could take, worked out from networks, speeds and prices. That a way exists does "
    "not say that anything took it. It is no finding about any person, company or country."
)
VOYAGE_CAVEAT = (
    "This page shows where receivers heard one ship. It says nothing of what it carried or for whom, and is no finding "
    "about any person, company, ship or country. Where nobody heard it, nothing is drawn."
)
OUTLINES = (
    "Outlines: Natural Earth, public domain, simplified to about 4 km, so that a port may seem to lie inland or at "
    "sea. Borders are drawn as they are held, which is no opinion on who should hold them."
)
NO_LAND = "No land is drawn: the countries are invented, and their places lie on no real map."
MODES = {
    "road": "by road",
    "rail": "by rail",
    "river": "by river",
    "sea": "by sea",
    "air": "by air",
    "transfer": "change between two modes",
    "heard": "along positions that were heard",
}
CERTAINTIES = {
    "known": "along a known network, all but 2 % at most",
    "partly": "partly a straight line, where no network is known",
    "estimated": "an estimate: no network or listed flight is known",
}
MARKS = {
    "end": "declared end",
    "stop": "place on the way",
    "call": "call in a port or anchorage",
    "silent": "where a stretch without positions begins or ends",
    "event": "where an event begins: silence, meeting, slow time, shared identity",
}
SILENCE = "silence"
JUMP = "positions too far apart"
WILD = "position set aside"
NO_REASON = "Receivers do not reach everywhere and messages are lost: a silence says nothing of its reason."


def caveat(words: str, countries: Iterable[str | None]) -> str:
    """What stands above the picture; countries that no list knows are told to be none."""
    from pipelines.views.network_words import INVENTED  # here, because terminals need only the numbers

    invented = any(one is not None and is_user_assigned(one) for one in countries)
    return f"{INVENTED} {words}" if invented else words


def is_invented(countries: Iterable[str | None]) -> bool:
    """Whether countries are named and no list knows any of them: then their places lie on no real map."""
    named = [one for one in countries if one is not None]
    return bool(named) and all(map(is_user_assigned, named))


def end(role: str, name: str, country: str | None) -> str:
    """A declared end: its role, its name and its country."""
    where = "" if country is None or name == name_of(country) else f", {name_of(country)}"
    return f"{role}: {name}{where}"


def length(km: float | None) -> str:
    """1,240 km, 3.4 km."""
    return UNKNOWN if km is None else f"{km:,.0f} km" if km >= 10 else f"{km:.1f} km"


def duration(hours: float | None) -> str:
    """5.5 h, 31 h, 12.4 days."""
    if hours is None:
        return UNKNOWN
    if hours >= 72:
        return f"{hours / 24:,.1f} days"
    return f"{hours:.0f} h" if hours >= 10 else f"{hours:.1f} h"


def cost(usd_per_t: float | None) -> str:
    """43.2 USD/t."""
    return UNKNOWN if usd_per_t is None else f"{number(usd_per_t)} USD/t"


def speed(knots: float | None) -> str:
    """11.2 knots."""
    return UNKNOWN if knots is None else f"{knots:.1f} knots"


def moment(value: datetime | None) -> str:
    """2021-03-23 05:40."""
    return UNKNOWN if value is None else value.strftime("%Y-%m-%d %H:%M")


def known(value: float | None) -> float | None:
    """A number that is one: what is infinite or no number is not known."""
    return value if value is not None and isfinite(value) else None


def summed(values: Sequence[float | None]) -> tuple[float | None, int]:
    """The sum of what is known, and how many are not; None where nothing is known."""
    given = [one for one in values if one is not None]
    return (sum(given) if given else None), len(values) - len(given)


def told(value: str, missing: int, of: int) -> str:
    """A sum in words that hides nothing: what was not known is counted, and never as zero."""
    if not missing:
        return value
    return f"at least {value} ({missing} of {of} {UNKNOWN})"


def way(number_of: int, legs: int, sums: Sequence[str], off_km: float | None, length_km: float | None) -> str:
    """One way in a sentence: legs, length, time, cost, and how much of it is no known network."""
    said = f"Way {number_of}: {'1 leg' if legs == 1 else f'{legs:,} legs'}, {', '.join(sums)}"
    if off_km is None:
        return f"{said}; how much of it is an estimate is {UNKNOWN}."
    if off_km <= 0:
        return f"{said}; all of it along known networks."
    of = f" ({share(min(1.0, off_km / length_km))})" if length_km else ""
    return f"{said}; {length(off_km)}{of} of it beyond known networks, where it is an estimate."


def silence(hours: float, km: float, *, without: int) -> str:
    """A stretch without positions."""
    heard = f" The ship was heard {without:,} times there without a position." if without else ""
    return f"no position for {duration(hours)}, ends {length(km)} apart; nothing is drawn between them.{heard}"


def wild(lon: float, lat: float) -> str:
    """One position that does not fit those before and after it, which fit each other."""
    return f"{lat:.2f}, {lon:.2f}: no ship sails there and back in that time, so it is not drawn."


def jump(km: float, hours: float) -> str:
    """Two positions that no ship sails between."""
    return f"{length(km)} apart within {duration(hours)}: no ship sails that, so they are not joined."
