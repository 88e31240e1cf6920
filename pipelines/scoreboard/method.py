"""What the page says of how its figures come about: seeds, which flows count, what each list and baseline rests on."""

from collections.abc import Mapping

from models.planting.rules import Rules
from models.scoreboard import exporters, protocol
from models.scoreboard.names import AUTOENCODER, EDGE, FOREST, IN_ANALYSIS, LEARNED, TREES, WORLDS
from models.world.parameters.schemes import Schemes

SEEN = (
    "Worlds 3001 to 3005 and plantings 101 to 104 served a first part of this measurement. Its figures were looked at, "
    "and after that the order of the agnostic list, some channels and the choice of flows that count were changed: "
    "those seeds and the rest of their series test nothing any more. Worlds 4001 to 4020 and plantings 201 to 220 "
    "served a second one, after which p-values in real trade were made to count exporters; they test nothing any more "
    "either"
)


def seeds() -> Mapping[str, str]:
    """Seeds of the protocol by what they are for, as they are kept with the figures."""
    ranges = {
        "training worlds": protocol.TRAINING_WORLDS,
        "calibration worlds": protocol.CALIBRATION_WORLDS,
        "test worlds": protocol.TEST_WORLDS,
        "training plantings": protocol.TRAINING_PLANTINGS,
        "test plantings": protocol.TEST_PLANTINGS,
    }
    return {name: f"{one.start} to {one.stop - 1}" for name, one in ranges.items()}


def fresh() -> str:
    """Which seeds test, and why not those of a first part."""
    return (
        f"Test seeds: worlds {seeds()['test worlds']} and plantings {seeds()['test plantings']}, set before any figure "
        f"of theirs was seen. {SEEN}."
    )


def counted(part: str) -> str:
    """Which flows of a part count: those on which a scheme could have left a trace."""
    if part == WORLDS:
        years = Schemes().quiet_years
        return (
            f"Flows count on which a scheme could have left a trace: those after a world's first {years} years, in "
            "which no scheme begins."
        )
    rules = Rules()
    return (
        "Flows count on which a scheme could have left a trace: those of pairs that had traded in at least "
        f"{rules.past_years} years before, usually for {rules.least_value_usd:,.0f} USD or more. Schemes are planted "
        "in no others, so that a long past and a large trade, which mark every planted pair, tell nothing here."
    )


def words() -> tuple[str, ...]:
    """What the words of the page mean, one a line."""
    return (
        "*Scheme*: an invented way of keeping goods or money out of sight, written into a training world or *planted* "
        "in a copy of real trade. No real case was ever used. Its kinds are listed in [the training "
        "world](world.md#schemes-and-artefacts).",
        "*Trace*: what a scheme leaves on a flow in a published declaration. A flow without any is *false* on a list.",
        "*Case*: one world, or one copy of a table of real trade (a *planting* in a *cube*: exporters, importers and "
        "years) with its schemes.",
        "*Null*: flows held for ordinary, from which is read how far ordinary flows stand out.",
        "*Declared* or *nominal* rate: the largest share of false flows that a list says it holds; *realised* rate: "
        "the share that it turned out to hold.",
        "*Selected*: what a list holds at a declared rate. *Power*: the share of all flows with a trace that it holds.",
        f"*Fold*: one of {protocol.FOLDS} parts of the exporters of a table of real trade; no model judges a part that "
        "it learned from.",
        "*Edge trees*: boosted trees that see the declared numbers of a flow alone. *Relational trees*: boosted trees "
        "that also see what stands around it; calibrated, they make the learned list.",
        "*Average precision*: 1 where all flows with a trace stand first, the share of such flows where the order is "
        "random.",
        "*CRPS*: how far a forecast, with the whole range that it gives, lies from what came; 0 is perfect.",
    )


def lines() -> tuple[str, ...]:
    """How it is measured, point by point."""
    known = seeds()
    return (
        f"Worlds of seeds {known['training worlds']} teach, {known['calibration worlds']} calibrate, "
        f"{known['test worlds']} test; each is read from the files of its own offices by the usual sources.",
        f"In real trade, plantings of seeds {known['training plantings']} teach and {known['test plantings']} test. "
        f"Exporters are dealt into {protocol.FOLDS} folds: models judge each fold after learning from two others and "
        "being calibrated on two more. The shipped model learns from the plants of one rotation's teaching folds only, "
        "and is measured on worlds alone.",
        "False is every selected flow without a trace of a scheme. In real trade some of these may be truly odd, which "
        "makes the realised rate there an upper bound.",
        *_lists(),
        *_baselines(),
    )


def _lists() -> tuple[str, ...]:
    """What the error rates of the lists rest on."""
    return (
        f"The {LEARNED} has conformal p-values against flows known to be without a trace, which no model was taught "
        "on: those of the calibration worlds, or of the exporters set aside in real trade. Before scores are compared, "
        "what all flows of an exporter's office share that year is taken off them (models.scoreboard.offices), and p "
        f"is raised to what it would be at most in {exporters.LEVEL:.0%} of other draws of the null's exporters "
        "(models.scoreboard.exporters): flows of one exporter are no independent witnesses. q-values are "
        "Benjamini-Hochberg over the whole list of a world, and inside each fold of real trade. Where the null is too "
        f"small, or holds fewer than {exporters.LEAST_EXPORTERS} exporters, nothing is claimed.",
        f"The {IN_ANALYSIS} is what users get from the same trees. Nobody tells an analysis which flows are without a "
        "scheme: its p-values are against clean pairs of the same data, by family and stratum (sides that declare, "
        "size), its q-values Benjamini-Hochberg within each of these where their null is large enough, and what is "
        "selected is all of them together, less flows on which no channel may raise an alert. How the declared rate "
        "turns out for that is measured on worlds alone.",
        "The agnostic list stands in the order of the product: claim level, ordinary share, p, unmatched amount. Its "
        "p-values are the product's own, corrected for the channels that could test, and its q-values "
        "Benjamini-Hochberg over all flows that could be tested. An analysis claims them only where every null is "
        "large enough, which is not asked here.",
        *_limits(),
    )


def _limits() -> tuple[str, ...]:
    """What could not be had, as found on cases of development, of which nothing else is reported."""
    return (
        "Why the agnostic list misses its targets, as found on two worlds of development (9002, 9006). It puts claim "
        "levels first, and flows that ordinary causes could account for come later: of 476 flows with a trace of round "
        "trips none has level 2, 150 have level 1 and 318 have level 0. Even an order that knew the truth inside each "
        "level would reach 0.35 and 0.25 of the best channel on them. Without levels the same order is on average over "
        "schemes as good as the best channel (1.02 and 1.01 of it, with levels 0.54 and 0.54), yet reaches 0.06 and "
        "0.03 on round trips. Larger nulls for the channels of structure (one end clean, or all pairs) reach 0.01 to "
        "0.12 there; Fisher's, Stouffer's and Cauchy's combinations of p, the harmonic mean and higher criticism 0.02 "
        "to 0.19, and at most 0.24 on average. Errors of offices stand out as far as schemes and are more. An order by "
        "the share of schemes among flows as far out on a channel, taught all labels of the very case, reaches 0.45 "
        "and 0.25 on its worst scheme; taught those of all other schemes, 0.01 and 0.02 on round trips. No order of "
        "these channels that does not know the schemes was found to come near 0.65 on each.",
        "Why realised rates in real trade are an upper bound, as found on plantings of development (9001 to 9029), at "
        "a declared 10 %. By conformal p alone 46 % of the flows selected in nickel were false and 27 % in sawnwood, "
        "yet 57 % of the false ones in nickel are one exporter's of the years since its first published ban, 37 % in "
        "sawnwood are one exporter's of one year, and 23 flows that are selected in at least half of the plantings "
        "make two thirds of sawnwood's: they stand out whatever is planted. Rules that count exporters outright (one "
        "draw or the largest score of each) hold everywhere and select nothing anywhere. The rule used keeps 11 % in "
        "sawnwood, 6 % in copper and 6 % in gold; nickel (30 %) and tin (5 %) have too few exporters for it and claim "
        "nothing. It was fixed on these plantings and then held against others (9030 to 9049, of gold 9015 to 9020): "
        "sawnwood 9.3 % (30.3 % by conformal p alone), copper 8.0 % (9.3 %), gold 6.3 % (9.5 %).",
    )


def _baselines() -> tuple[str, ...]:
    """On what the detectors in the same tables were taught, where it differs."""
    return (
        f"The {TREES}, the {EDGE} and the trees that never saw something are taught on the same flows with the same "
        "weights: training worlds and the plantings of the exporters that teach, or, in real trade, those of the "
        f"rotation. The {EDGE} see a flow's own declared numbers alone. Trees that never saw something have fewer "
        "seeds than those they stand beside.",
        f"The {FOREST} sees no labels. It is grown on the same flows, drawn by their weight; in real trade on those of "
        "the teaching exporters in the planting that is judged. The raw gap, the standardised gap and the PPML "
        "residual need no training.",
        f"The {AUTOENCODER} sees no labels either and is fitted on the test case itself, as such detectors are: it "
        "knows the exporters that it judges, which no other detector here does. It is slow, and measured on the first "
        "few cases of each part.",
    )
