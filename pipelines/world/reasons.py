"""Why a flow was found, missed or raised, in plain words."""

from models.grading.offices import ABOVE, BELOW, NEAR, NOTHING
from pipelines.views import wording
from pipelines.world.told import Row

USUAL = {
    "mirror_gap": "The two declarations differ no more than this pair's usually do",
    "one_sided": "That one side is silent is not rare for these offices",
    "unit_value": "Its price is within what such flows usually have",
    "balance": "The exporter's supply allows for it",
    "jump": "It grew no more than such flows usually do",
    "ban_break": "Imports during the ban are no larger than elsewhere",
    "disparity": "It weighs no more among its partners' flows than it used to",
    "pass_through": "What passes through its exporter grew no more than it does elsewhere",
    "two_cycle": "No more goes round between the two than it used to",
    "code_switch": "No more stands under other codes than it used to",
    "partner_switch": "What is missing stands with other partners",
    "new_route": "It is no larger than other new routes",
    "three_path": "Its exporter's purchases are as well declared as they used to be",
    "edge_stream": "No month of it is out of line",
    "carrying_capacity": "The ships that were heard could have carried it",
}
"""Why a flow is ordinary, by the channel that speaks."""
OFFICES = {
    BELOW: "one side far below it (under 1/30)",
    ABOVE: "one side far above it (over 30 times)",
    NEAR: "both nearer to it (partner, timing or habit)",
    NOTHING: "nothing moved there in truth",
}
"""What two offices booked beside the truth."""


def hidden(row: Row) -> str:
    """33.3 M USD hidden, 3 % of the 1.25 bn USD unmatched: the flow is on the list for another reason."""
    amount, share = f"{wording.usd(row['hidden_usd'])} hidden", row["hidden_share"]
    if share is None:
        return amount
    gap = f"{wording.usd(row['gap_value_usd'])} unmatched"
    if share >= 1:
        return f"{amount}, no less than the {gap}"
    other = "" if share >= 0.25 else ": the flow stands out for another reason"
    return f"{amount}, {wording.share(share)} of the {gap}{other}"


def missed(row: Row) -> str:
    """Why nothing stood out."""
    if row["rank"] is None:
        return str(row["why"])
    return f"{USUAL[row['channel']]} (p {wording.probability(row['p_value'])}). Rank {row['rank']:,}."


def booked(row: Row) -> str:
    """What the offices booked beside what moved, of a flow of which the truth knows of nothing else."""
    if row["off"] == NOTHING:
        return "nothing moved between the two in truth under this code that year"
    true = f"a true {wording.usd(row['true_usd'])}"
    if row["off"] in (BELOW, ABOVE):
        side = "export" if row["off_side"] == "exporter" else "import"
        value = row[f"{side}_value_usd"]
        if not value:
            return f"the {row['off_side']}'s office booked nothing of {true}"
        factor = value / row["true_usd"]
        times = "" if factor < 1 else f", {wording.number(factor)} times as much"
        return f"the {row['off_side']}'s office booked {wording.usd(value)} of {true}{times}"
    exports, imports = (wording.usd(row[f"{one}_value_usd"] or 0.0) for one in ("export", "import"))
    return f"exports of {exports} and imports of {imports} stand beside {true}"
