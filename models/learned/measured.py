"""What was measured of the shipped trees on worlds that they never saw: `trained/scoreboard.json`.

    sha256     of the models that were measured (Trees.digest)
    nominal    declared false-discovery rate
    fdp_mean   realised false-discovery proportion at it, mean over the worlds
    fdp_upper  its upper 95 % bound
    power      share of the flows of schemes that stood on the list, mean over the worlds
    worlds     how many

An error rate that was measured of one model says nothing of another, and an empty list errs never: both count as not
measured.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

FILE = "scoreboard.json"
LARGEST_MEAN, LARGEST_UPPER = 0.12, 0.15
"""Realised false-discovery proportion at a nominal 10 %: mean, and upper 95 % bound."""


@dataclass(frozen=True)
class Verdict:
    """Whether the declared rate was seen to hold, in a sentence and in numbers."""

    ok: bool
    sentence: str
    numbers: Mapping[str, float] = field(default_factory=dict)


def scoreboard() -> Mapping[str, Any] | None:
    """The shipped measurement, or None where there is none."""
    file = files("models.learned") / "trained" / FILE
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else None


def measured(sha256: str, board: Mapping[str, Any] | None) -> Verdict:
    """Hold a model against a measurement."""
    if board is None:
        return Verdict(False, "nobody has measured the error rate of the learned list: no claim of it is confirmed")
    if board["sha256"] != sha256:
        return Verdict(
            False, f"the trees in use ({sha256[:8]}) are not those that were measured ({board['sha256'][:8]})"
        )
    mean, upper, power = (float(board[name]) for name in ("fdp_mean", "fdp_upper", "power"))
    ok = mean <= LARGEST_MEAN and upper <= LARGEST_UPPER and power > 0
    sentence = (
        f"at a nominal {board['nominal']:.0%} the realised false-discovery proportion was {mean:.1%} on "
        f"{board['worlds']:,} unseen worlds (95 % bound {upper:.1%}), with a power of {power:.1%}"
    )
    return Verdict(ok, sentence, {"fdp_mean": mean, "fdp_upper": upper, "power": power})
