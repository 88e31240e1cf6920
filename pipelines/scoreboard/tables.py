"""The scoreboard as tables of words: one form for the page and for the terminal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.scoreboard import protocol
from models.scoreboard.names import (
    AGNOSTIC,
    ALL,
    AUTOENCODER,
    BASE,
    BEST,
    BY_TONNES,
    BY_USD,
    CLAIMED,
    DRAWN,
    ECE,
    ECE_LIKELY,
    EDGE,
    FIRST_YEAR,
    FOREST,
    HEADS,
    IN_ANALYSIS,
    IN_FAMILY,
    LEAD_TIME,
    LEARNED,
    LEFT_OUT,
    MEAN_KIND,
    OVERLAP,
    POWER,
    PRECISION,
    REALISED,
    REALISED_EPISODES,
    SCHEMES_FOUND,
    SELECTED,
    SHOWN,
    SHOWN_FALSE,
    SHOWN_FOUND,
    TREES,
    VALUE_FOUND,
    WITHHELD,
    WORLDS,
)
from pipelines.scoreboard import method
from pipelines.scoreboard.results import Found, Results, is_kept
from pipelines.views import wording

NOMINAL = f"{protocol.NOMINAL:.2f}"
LISTS = (LEARNED, IN_ANALYSIS, AGNOSTIC, EDGE, FOREST)
ORDER = (
    LEARNED,
    IN_ANALYSIS,
    TREES,
    AGNOSTIC,
    EDGE,
    FOREST,
    AUTOENCODER,
    "PPML residual",
    "standardised gap",
    "raw gap",
)
MET, MISSED, UNKNOWN = "met", "not met", "not measured"
EMPTY = f"{wording.NOTHING} (nothing selected)"
NOT_ASKED = "not asked"


@dataclass(frozen=True)
class Table:
    """A table with what it means."""

    title: str
    meaning: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    names_schemes: bool = False
    """Cells name kinds of schemes: the truth of an invented world, in which these words may be said."""


def targets(found: Results) -> Table:
    """What was promised before anything was measured, and what came out."""
    rows = [row for part in found.parts() for row in _targets(found, part)]
    meaning = (
        "Set before anything was measured. `met` and `not met` speak of the mean over test cases; the interval (90 %, "
        "its upper end being the upper 95 % bound) says how sure that is. The error rate is asked of two lists: the "
        "learned list, calibrated on worlds set aside or, in real trade, on exporters set aside; and, on worlds, that "
        "list as an analysis makes it, which knows of no flow that it is without a scheme. Where an error rate is `not "
        "met`, use the list as an order in which to read, and quote no rate of it."
    )
    return Table("Targets", meaning, ("on", "target", "found", "verdict"), rows, names_schemes=True)


def _targets(found: Results, part: str) -> Iterator[Sequence[str]]:
    loss = found.of(part, LEARNED, f"{PRECISION} less {TREES}")
    yield _target(part, "learned list within 0.02 of the trees before calibration (average precision)", loss,
                  loss and loss.value >= -protocol.NEAR_TREES)  # fmt: skip
    ratio = found.of(part, LEARNED, f"{PRECISION} over {FOREST}")
    yield _target(part, "learned list at least 2 x isolation forest (average precision)", ratio,
                  ratio and ratio.value >= protocol.TIMES_FOREST)  # fmt: skip
    yield _kept(found, part, LEARNED)
    if part == WORLDS:
        yield _kept(found, part, IN_ANALYSIS)
    ratios = found.bands(part, AGNOSTIC, f"{PRECISION} over {BEST}")
    kinds = {kind: one for kind, one in ratios.items() if kind != MEAN_KIND}
    if kinds:
        worst = min(kinds, key=lambda kind: kinds[kind].value)
        share = f"{protocol.SHARE_OF_BEST:g}"
        text = f"agnostic list at least {share} of the best channel that may raise an alert, on each scheme"
        told = f"least on {wording.spelled(worst)}: {number(kinds[worst])}"
        yield _target(part, text, kinds[worst], kinds[worst].value >= protocol.SHARE_OF_BEST, told)
    mean = ratios.get(MEAN_KIND)
    yield _target(part, "agnostic list best on average over schemes", mean, mean and mean.value >= 1)


def _kept(found: Results, part: str, name: str) -> Sequence[str]:
    """Whether a list keeps the error rate that it declares. A list that finds nothing does not; a perfect one does."""
    fdp = found.of(part, name, REALISED, NOMINAL)
    text = (
        f"{name}: realised false-discovery proportion at nominal {_whole(protocol.NOMINAL)}, mean at most "
        f"{_whole(protocol.MEAN_FDP)}, upper bound at most {_whole(protocol.UPPER_FDP)}, with some power"
    )
    power = found.of(part, name, POWER, NOMINAL)
    beside = f"; power {_power(found, part, name, NOMINAL)}" if power else ""
    told = _realised(found, part, name, REALISED, NOMINAL)
    return _target(part, text, fdp, is_kept(fdp, power), told + beside)


def _is_empty(found: Results, part: str, name: str, level: str) -> bool:
    """True where a list selected nothing at this rate in any case."""
    chosen = found.of(part, name, SELECTED, level)
    return chosen is not None and chosen.value == 0


def _realised(found: Results, part: str, name: str, measure: str, level: str) -> str:
    """A realised rate; where nothing was selected there is none."""
    return EMPTY if _is_empty(found, part, name, level) else percent(found.of(part, name, measure, level))


def _power(found: Results, part: str, name: str, level: str) -> str:
    """The power reached; without an interval where nothing was selected."""
    return percent(found.of(part, name, POWER, level), short=_is_empty(found, part, name, level))


def _target(part: str, text: str, found: Found | None, is_met: object, told: str = "") -> Sequence[str]:
    if found is None:
        return part, text, wording.NOTHING, UNKNOWN
    return part, text, told or number(found), MET if is_met else MISSED


def detectors(found: Results, part: str) -> Table:
    """Every detector and baseline by the same measures."""
    rate = found.of(part, ALL, BASE)
    meaning = (
        f"{method.counted(part)} Average precision is the area under the precision-recall steps over these flows, "
        f"tested or not; a random order of them has {number(rate, 4)}. In brackets 90 % intervals over cases, then "
        "80 % over exporters. P@k is the share of the first k flows that carry a trace of a scheme. Channels marked * "
        "are features: they never raise an alert by themselves. An order that knows nothing of these flows, or "
        "was not measured on them, has no figures."
    )
    anywhere = {name for one in found.parts() for name in found.detectors(one)}
    known = set(found.detectors(part))
    names = [name for name in ORDER if name in anywhere]
    names += sorted(
        (name for name in found.about["channels"] if name in known),
        key=lambda name: -(found.of(part, name, PRECISION) or Found(0, None, None, 0)).value,
    )
    rows = [
        (
            _named(found, name),
            number(found.of(part, name, PRECISION)),
            _bracket(found.of(part, name, DRAWN)),
            *(percent(found.of(part, name, f"precision of the first {k}"), short=True) for k in HEADS),
        )
        for name in names
    ]
    head = ("detector", "average precision", "over exporters", *(f"P@{k}" for k in HEADS))
    return Table("Detectors", meaning, head, rows)


def rates(found: Results, part: str) -> Table:
    """Declared against realised false-discovery rates, and the power reached."""
    meaning = (
        "A flow is false when no scheme left a trace on it, an episode (exporter, commodity, run of years) when none "
        "of its flows carries one. Power is the share of all flows with a trace that the list holds at that rate; a "
        "list that selects nothing has no realised rate, and no power. `claimed for`: share of flows for which the "
        "list may declare a rate at all; it holds none of the others. Of the agnostic list this is not asked: its "
        "rates here are as if every null were large enough. What each list rests on is told at the end of "
        "docs/scoreboard.md."
    )
    rows = []
    for name in LISTS:
        for level in (f"{one:.2f}" for one in protocol.RATES):
            if found.of(part, name, REALISED, level):
                chosen = found.of(part, name, SELECTED, level)
                rows.append((
                    name, NOT_ASKED if name == AGNOSTIC else percent(found.of(part, name, CLAIMED), short=True),
                    _whole(float(level)), _realised(found, part, name, REALISED, level),
                    _realised(found, part, name, REALISED_EPISODES, level), _power(found, part, name, level),
                    f"{chosen.value:,.0f}" if chosen else "",
                ))  # fmt: skip
    head = ("list", "claimed for", "declared", "realised, flows", "realised, episodes", "power", "flows selected")
    return Table("Declared and realised error rates", meaning, head, rows)


def shown(found: Results, part: str) -> Table:
    """What a user meets first."""
    meaning = (
        "What an analysis shows at first sight: the flows within the declared rate where it may claim one, else those "
        "within a budget, of which no rate is claimed."
    )
    rows = [
        (name, number(one, 0), percent(found.of(part, name, SHOWN_FALSE)), percent(found.of(part, name, SHOWN_FOUND)))
        for name in LISTS
        if (one := found.of(part, name, SHOWN))
    ]
    head = ("list", "flows shown", "without a trace", "power")
    return Table("Shown at first sight", meaning, head, rows)


def schemes(found: Results, part: str) -> Table:
    """Scheme by scheme."""
    meaning = (
        "Average precision on the flows of one kind of scheme against all flows without any. `never saw it`: the same "
        "trees, taught without that kind. `best channel`: the channel that turned out best on it among those that may "
        "raise an alert, chosen after the fact. Found, first year and lead time are the learned list's at a declared "
        f"rate of {_whole(protocol.NOMINAL)}; lead time is years from a scheme's first traced year to its first "
        "selected one."
    )
    kinds = [band for band in found.bands(part, LEARNED, PRECISION) if band != ALL]
    rows = []
    for kind in kinds:
        best = next((name for name in found.detectors(part) if name == BEST), None)
        named = _best_of(found, part, kind) if best else ""
        rows.append((
            wording.spelled(kind),
            number(found.of(part, ALL, BASE, kind), 4),
            number(found.of(part, LEARNED, PRECISION, kind)),
            number(found.of(part, LEFT_OUT, PRECISION, kind)),
            number(found.of(part, AGNOSTIC, PRECISION, kind)),
            named,
            number(found.of(part, AGNOSTIC, f"{PRECISION} over {BEST}", kind)),
            percent(found.of(part, LEARNED, SCHEMES_FOUND, kind), short=True),
            percent(found.of(part, LEARNED, FIRST_YEAR, kind), short=True),
            number(found.of(part, LEARNED, LEAD_TIME, kind), 1, short=True),
        ))  # fmt: skip
    head = ("scheme", "base rate", "learned", "never saw it", "agnostic", "best channel", "agnostic / best", "found",
            "in first year", "lead time, years")  # fmt: skip
    return Table("Scheme by scheme", meaning, head, rows, names_schemes=True)


def families(found: Results, part: str) -> Table:
    """Goods that the trees never saw."""
    meaning = "Average precision inside each code family. `never saw it`: trees that were taught without its flows."
    measure = IN_FAMILY
    rows = [
        (name, *(number(found.of(part, one, measure, name)) for one in (LEARNED, LEFT_OUT, AGNOSTIC)))
        for name in found.bands(part, LEARNED, measure)
    ]
    return Table("Goods left out", meaning, ("family", "learned", "never saw it", "agnostic"), rows)


def limits(found: Results, part: str) -> Table:
    """How much must be hidden to be found."""
    meaning = (
        f"Share of flows with a trace that a list holds at a declared rate of {_whole(protocol.NOMINAL)}, by how much "
        "is hidden on them that year: from this amount up to the next."
    )
    lists = [name for name in LISTS if found.bands(part, name, BY_USD)]
    rows = [
        (f"{float(low):,.0f} {unit}", *(percent(found.of(part, name, measure, low)) for name in lists))
        for measure, unit in ((BY_USD, "USD"), (BY_TONNES, "t"))
        for low in found.bands(part, LEARNED, measure)
    ]
    return Table("Detection limit", meaning, ("hidden, from", *lists), rows)


def chances(found: Results, part: str) -> Table:
    """Whether chances and explanations can be trusted."""
    meaning = (
        "Expected calibration error compares predicted chances of a scheme with how often there was one. Overlap is "
        "how many of the five reasons given first are the same under another seed, over the 200 flows at the head of "
        "the learned list; explanations with too little are withheld."
    )
    rows = [
        (name, number(one, 4) if "error" in name else percent(one))
        for name in (ECE, ECE_LIKELY, OVERLAP, WITHHELD)
        if (one := found.of(part, LEARNED, name))
    ]
    rows += [
        (f"{name}: {VALUE_FOUND} at a declared {_whole(protocol.NOMINAL)}", percent(one))
        for name in (LEARNED, IN_ANALYSIS, AGNOSTIC)
        if (one := found.of(part, name, VALUE_FOUND))
    ]
    return Table("Chances and explanations", meaning, ("measure", "value"), rows)


def whole(found: Results) -> Iterator[tuple[str, Sequence[Table]]]:
    """Every section that is the same in the page and the terminal."""
    for part in found.parts():
        told = shown(found, part)
        tables = [detectors(found, part), rates(found, part), *([told] if told.rows else []), schemes(found, part)]
        if part == WORLDS:
            tables += [families(found, part), limits(found, part), chances(found, part)]
        yield part, tables


def number(one: Found | None, digits: int = 3, *, short: bool = False) -> str:
    """0.412 (0.380 to 0.441)."""
    if one is None:
        return wording.NOTHING
    text = f"{one.value:.{digits}f}"
    return text if short or one.low is None else f"{text} ({one.low:.{digits}f} to {one.high:.{digits}f})"


def percent(one: Found | None, *, short: bool = False) -> str:
    """9.8 % (8.1 to 11.5 %)."""
    if one is None:
        return wording.NOTHING
    text = f"{100 * one.value:.1f}"
    return (
        f"{text} %"
        if short or one.low is None or one.high is None
        else (f"{text} % ({100 * one.low:.1f} to {100 * one.high:.1f} %)")
    )


def _whole(share: float) -> str:
    """10 %."""
    return f"{100 * share:.0f} %"


def _bracket(one: Found | None) -> str:
    return wording.NOTHING if one is None or one.low is None else f"{one.low:.3f} to {one.high:.3f}"


def _named(found: Results, name: str) -> str:
    is_feature = found.about["channels"].get(name) in ("never", "marker")
    return wording.CHANNELS.get(name, name) + (" *" if is_feature else "")


def _best_of(found: Results, part: str, kind: str) -> str:
    """Name of the best channel of a kind and its average precision."""
    prefix = f"{PRECISION} of "
    for measure, bands in found.figures[part].get(BEST, {}).items():
        if kind in bands:
            return f"{_named(found, measure.removeprefix(prefix))}: {number(Found(*bands[kind]))}"
    return wording.NOTHING
