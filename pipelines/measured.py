"""Whether the declared error rate of the learned list was seen to hold, for the trees that are in use.

The list is the one that an analysis makes, with p against the clean pairs of its own data: how a list errs that is
calibrated on flows known to be free of schemes says nothing of it. An error rate that was measured of one model says
nothing of another, and an empty list errs never: neither counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from models.scoreboard.names import IN_ANALYSIS, POWER, REALISED, WORLDS
from models.scoreboard.protocol import NOMINAL
from pipelines.scoreboard.results import Results, is_kept


@dataclass(frozen=True)
class Verdict:
    """A sentence, and the numbers behind it."""

    ok: bool
    sentence: str
    numbers: Mapping[str, float] = field(default_factory=dict)


def _percent(share: float) -> str:
    """8.0 %."""
    return f"{100 * share:.1f} %"


def measured(sha256: str, found: Results | None) -> Verdict:
    """Hold a model (models.learned.trees.Trees.digest) against the shipped measurement."""
    if found is None:
        return Verdict(False, "nobody has measured the error rate of the learned list: no claim of it is confirmed")
    other = str(found.about["sha256"])
    if other != sha256:
        return Verdict(False, f"the trees in use ({sha256[:8]}) are not those that were measured ({other[:8]})")
    fdp, power = (found.of(WORLDS, IN_ANALYSIS, one, f"{NOMINAL:.2f}") for one in (REALISED, POWER))
    if fdp is None or power is None:
        return Verdict(False, "the error rate of the learned list was not measured as an analysis makes that list")
    if fdp.high is None:
        return Verdict(False, "the error rate of the learned list was measured on too few worlds to know its bound")
    if not power.value:
        worlds = f"{power.cases:,} unseen worlds"
        return Verdict(False, f"on {worlds} the learned list in an analysis claimed no error rate: none is known")
    sentence = (
        f"at a nominal {100 * NOMINAL:.0f} % the learned list in an analysis had a realised false-discovery proportion "
        f"of {_percent(fdp.value)} on {fdp.cases:,} unseen worlds (95 % bound {_percent(fdp.high)}), with a power of "
        f"{_percent(power.value)}"
    )
    return Verdict(is_kept(fdp, power), sentence, {"fdp_mean": fdp.value, "fdp_upper": fdp.high, "power": power.value})
