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
BY_USD, BY_TONNES, BY_STRENGTH = "flows found by hidden USD", "flows found by hidden tonnes", "flows found by strength"

LEAST_CHANCE = 0.01
PREDICTED, OBSERVED = "predicted chance", "observed share"
ECE = "expected calibration error"
ECE_LIKELY = f"expected calibration error from a chance of {LEAST_CHANCE:g} on"
OVERLAP = "overlap of the five largest parts over seeds"
WITHHELD = "explanations withheld as unstable"
