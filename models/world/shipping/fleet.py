"""Vessels with names and numbers that belong to no real one.

An MMSI begins with three digits of a country (ITU-R M.585). The blocks after the highest number given out in each part
of the world, such as 280-299 and 680-699, belong to no state; each country of the world has one of them. IMO numbers
begin with 2, 3 or 4, which no ship was given, and end with a valid check digit. Call signs begin with Q, with which no
state's may begin.
"""

import numpy as np
import polars as pl

from models.world.land.names import place_names
from models.world.land.sphere import Floats, Ints
from models.world.parameters.shipping import Hull

DIGITS = tuple(number for hundred in range(2, 8) for number in range(100 * hundred + 80, 100 * hundred + 100))
"""Country digits that belong to no state."""
SMALLEST_WITH_IMO_T = 250.0
"""Smaller vessels have no IMO number."""
LETTERS = np.array(list("ABCDEFGHJKLMNPRSTUVWXYZ"))
SECOND_NAMES = ("STAR", "WIND", "HOPE", "GLORY", "TRADER", "PIONEER", "SPIRIT", "WAVE", "DAWN", "EXPRESS")


def vessels(
    rng: np.random.Generator, hulls: dict[str, Hull], classes: list[str], flags: list[str], countries: list[str]
) -> pl.DataFrame:
    """One vessel for each entry of `classes`, under the flag beside it. Columns of `tables.Vessel` and `speed_kn`."""
    count = len(classes)
    kinds = [hulls[one] for one in classes]
    deadweight = np.round(rng.uniform(*np.array([one.deadweight_t for one in kinds]).reshape(-1, 2).T), -1)
    size = np.cbrt(deadweight)
    length = np.rint(size * [one.slender for one in kinds] * rng.uniform(0.96, 1.04, count))
    laden = np.round(size * [one.deep for one in kinds] * rng.uniform(0.97, 1.03, count), 1)
    numbers = imo_numbers(rng.choice(300_000, count, replace=False) + 200_000)
    is_b = rng.random(count) < [one.is_class_b for one in kinds]
    return pl.DataFrame(
        {
            "vessel_id": [f"vessel:{at:04d}" for at in range(count)],
            "name": _names(rng, count),
            "mmsi": mmsi(rng, np.array([countries.index(one) for one in flags], dtype=np.int64)),
            "imo": [
                f"IMO{number}" if large else None
                for number, large in zip(numbers, deadweight >= SMALLEST_WITH_IMO_T, strict=True)
            ],
            "call_sign": _call_signs(rng, count),
            "flag": flags,
            "kind": [one.kind for one in kinds],
            "ais_type": [one.ais_type for one in kinds],
            "transceiver": np.where(is_b, "B", "A").tolist(),
            "length_m": length,
            "width_m": np.maximum(np.rint(length / rng.uniform(5.6, 6.8, count)), 4.0),
            "deadweight_t": deadweight,
            "draught_laden_m": laden,
            "speed_kn": rng.uniform(*np.array([one.speed_kn for one in kinds]).reshape(-1, 2).T),
        }
    )


def mmsi(rng: np.random.Generator, country: Ints) -> list[int]:
    """Distinct maritime identities: digits of the flag's country and six more."""
    tails = rng.choice(900_000, len(country), replace=False) + 100_000
    return [DIGITS[at % len(DIGITS)] * 1_000_000 + int(tail) for at, tail in zip(country, tails, strict=True)]


def imo_numbers(heads: Ints) -> list[int]:
    """Numbers of seven digits: six, and the last digit of 7 d1 + 6 d2 + ... + 2 d6."""
    digits = heads[:, None] // 10 ** np.arange(5, -1, -1) % 10
    check = (digits * np.arange(7, 1, -1)).sum(axis=1) % 10
    return [int(number) for number in heads * 10 + check]


def draught_m(laden_m: Floats, ballast: float, cargo_t: Floats, deadweight_t: Floats, fill: float) -> Floats:
    """Draught between that in ballast (`ballast` * laden) and that of a full cargo (`fill` * deadweight), linear."""
    share = np.clip(cargo_t / (fill * deadweight_t), 0.0, 1.0)
    return np.asarray(laden_m * (ballast + (1 - ballast) * share))


def _names(rng: np.random.Generator, count: int) -> list[str]:
    second = rng.choice(SECOND_NAMES, count)
    return [f"{first} {last}".upper() for first, last in zip(place_names(rng, count), second, strict=True)]


def _call_signs(rng: np.random.Generator, count: int) -> list[str]:
    letters = rng.choice(LETTERS, (count, 3))
    return ["Q" + "".join(three) + f"{at % 10_000:04d}"[-3:] for at, three in enumerate(letters)]
