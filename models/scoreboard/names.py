"""Names of detectors and measures, apart from the code that knows them: whoever only shows figures loads no model."""

ALL = "all"
WORLDS = "worlds"
"""Name of the part that worlds make; every other part is a cube of real trade."""

LEARNED, TREES, EDGE, FOREST, AUTOENCODER, AGNOSTIC = (
    "learned list",
    "relational trees",
    "edge trees",
    "isolation forest",
    "graph autoencoder",
    "agnostic list",
)
IN_ANALYSIS = "learned list in an analysis"
"""The learned list as an analysis makes it, which knows no flow to be without a scheme: p against the clean pairs of
the same data, q and what is shown by the rule of models.flows.alerts."""
LEFT_OUT = "relational trees that never saw it"
"""Trees without what they are judged on."""
BEST = "best single channel"
MEAN_KIND = "mean over schemes"

PRECISION = "average precision"
DRAWN = "average precision, exporters drawn"
IN_FAMILY = "average precision in family"
BASE = "base rate"
CURVE = "precision at recall"
HEADS = (50, 200, 1000)

REALISED = "realised false-discovery proportion"
REALISED_EPISODES = "realised false-discovery proportion of episodes"
POWER = "flows found"
SCHEMES_FOUND = "schemes found"
VALUE_FOUND = "hidden value found"
LEAD_TIME = "years from onset to first selection"
FIRST_YEAR = "schemes found in their first year"
SELECTED = "flows selected"
CLAIMED = "flows with a declared rate"
SHOWN = "flows that an analysis shows"
"""At first sight: within the declared rate, or within the budget where no rate is claimed."""
SHOWN_FALSE = "share without a trace of the flows that an analysis shows"
SHOWN_FOUND = "flows found among those that an analysis shows"
BY_USD, BY_TONNES, BY_STRENGTH = "flows found by hidden USD", "flows found by hidden tonnes", "flows found by strength"

LEAST_CHANCE = 0.01
PREDICTED, OBSERVED = "predicted chance", "observed share"
ECE = "expected calibration error"
ECE_LIKELY = f"expected calibration error from a chance of {LEAST_CHANCE:g} on"
OVERLAP = "overlap of the five largest parts over seeds"
WITHHELD = "explanations withheld as unstable"
