"""Everything that is known about one flow, gathered from all tables: what `oretrace explain` shows.

A scored flow is found by alert_id, flow_id or rank; a flow that no channel could score is found by its flow_id.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

import polars as pl

from graphs.commodities import family_of, title_of
from graphs.countries import name_of
from graphs.errors import InputError
from graphs.flags import names as flag_names
from graphs.periods import known_by
from pipelines import history, ledger
from pipelines.home import Home
from pipelines.moved import Moved, moved
from pipelines.provenance import Origin, declarations_of, origins
from pipelines.queries import (
    AGNOSTIC,
    FLOW_ID_PARTS,
    LEARNED,
    find_alert,
    flow_key,
    same_flow,
    scan_or_none,
    standing,
)
from pipelines.silence import why_silent

Row = dict[str, Any]
WITHHELD = "the reasons differ between equally good models"
NOT_WORKED_OUT = "reasons are worked out for the highest scores of each family only"
_VERDICT_ORDER = {"possible": 0, "cannot_test": 1, "excluded": 2}


@dataclass(frozen=True)
class Explanation:
    """One flow with all that was compared. Rows keep the names of their tables."""

    flow: Row
    alert: Row | None
    """Row of the alerts table, on the list that was asked for; None for a flow that could not be scored."""
    scored_flows: int
    """Length of that list."""
    standing: list[Row]
    """Where the flow stands on every list that holds it."""
    declarations: list[Row]
    tested: list[Row]
    """Scores of the channels that could be tested, smallest p first, each with the channel's `meaning`."""
    untested: list[Row]
    """Channels that could not be tested, each with the reason `why`."""
    moved: Moved
    """How the goods could have moved, by ships, routes and declared modes."""
    learned: Row | None
    """The learned score with its reasons (see `_learned`); None where the flow has none."""
    counterfactual: Row | None
    """What would have been plausible (models.flows.counterfactual); None where nothing is unmatched."""
    expectations: list[Row]
    """What each rung of the ladder let expect of this flow."""
    ladder: list[Row]
    """How well each rung forecast this commodity in the last years, and which is used."""
    causes: list[Row]
    """Every ordinary cause: possible ones first, by share."""
    judgements: list[Row]
    before: list[Row]
    """Where it stood on the same list in versions of the alerts that were replaced, the oldest first."""
    origins: list[Origin]

    @cached_property
    def names(self) -> dict[str, str]:
        """Plain names of exporter, importer and commodity."""
        flow = self.flow
        return {
            "exporter": name_of(flow["exporter"]),
            "importer": name_of(flow["importer"]),
            "commodity": title_of(flow["commodity"]),
        }

    def to_json(self) -> Row:
        """Plain values for `--format json`, with names and flags spelled out."""
        found = {"flow_id": self.flow["flow_id"], "names": self.names, **asdict(self)}
        found["flow"]["flags"] = flag_names(self.flow["flags"])
        for row in found["declarations"]:
            row["flags"] = flag_names(row["flags"])
        for row in found["tested"]:
            row["parts"] = {part["name"]: part["value"] for part in row["parts"]}
        return dict(_plain(found))


def explain(home: Home, name: str, list_name: str = AGNOSTIC) -> Explanation | None:
    """All about the flow that `name` means; None where there is no such flow. Raises InputError for no name at all.

    A flow named by its flow_id that is not on the list asked for is shown as it stands on the other.
    """
    alert = find_alert(home, name, list_name)
    if alert is None and name.count(":") == FLOW_ID_PARTS - 1:
        alert = find_alert(home, name)
    if alert is None and name.count(":") > FLOW_ID_PARTS:
        flow_id = ":".join(name.split(":")[1:-1])
        if find_alert(home, flow_id):
            raise InputError(f"{name} is of another day or list; explain {flow_id} shows it as it stands now")
    if alert is None and name.strip().lstrip("#").isdecimal():
        return None
    key = flow_key(alert["flow_id"] if alert else name)
    family = alert["family"] if alert else family_of(key["commodity"])
    flow = _first(_rows(home, "flows", family, same_flow(key)))
    if flow is None:
        return None
    mine = pl.col("flow_id") == flow["flow_id"]
    said = _frame(home, "scores", family, mine)
    scores = said.to_dicts()
    tested = _tested([row for row in scores if row["channel"] != LEARNED], _leading(home, flow, family, said))
    stands = standing(home, key) if alert else []
    declared = declarations_of(home, key)
    return Explanation(
        flow=flow,
        alert=alert,
        scored_flows=next((one["scored"] for one in stands if alert and one["list"] == alert["list"]), 0),
        standing=stands,
        declarations=declared.to_dicts(),
        tested=tested,
        untested=_untested({row["channel"] for row in tested}, flow),
        moved=moved(home, flow, tested),
        learned=_learned(_first([row for row in scores if row["channel"] == LEARNED])),
        counterfactual=_counterfactual(flow, alert, tested),
        expectations=_rows(home, "expectations", family, mine),
        ladder=_rows(
            home, "ladder", family, pl.all_horizontal(pl.col(one) == flow[one] for one in ("source", "commodity"))
        ),
        causes=_causes(_rows(home, "causes", family, mine)),
        judgements=_judgements(home, alert),
        before=_before(home, flow["flow_id"], alert["list"] if alert else list_name),
        origins=origins(home, flow["source"], declared),
    )


def _frame(home: Home, table: str, family: str, condition: pl.Expr) -> pl.DataFrame:
    """Rows of one family's table that meet a condition; none where the table is not there."""
    rows = scan_or_none(home, table, family)
    return pl.DataFrame() if rows is None else rows.filter(condition).collect()


def _rows(home: Home, table: str, family: str, condition: pl.Expr) -> list[Row]:
    return _frame(home, table, family, condition).to_dicts()


def _first(rows: list[Row]) -> Row | None:
    return rows[0] if rows else None


def _leading(home: Home, flow: Row, family: str, scores: pl.DataFrame) -> set[str]:
    """Channels that may raise an alert about this flow, by the rule of the list and from what was known that day."""
    if scores.is_empty():
        return set()
    from models.flows.leaders import leaders  # here, because only `explain` needs the channels
    from models.flows.panel import PAIR

    pair = pl.all_horizontal(pl.col(one) == flow[one] for one in PAIR)
    known = _frame(home, "flows", family, pair & known_by(scores["as_of"].item(0)))
    return set(leaders(scores, known).filter("may_lead")["channel"])


def _tested(rows: list[Row], leading: set[str]) -> list[Row]:
    """Channels that may lead an alert about this flow first, smallest p first."""
    from models.flows.channels import CHANNELS

    shown = [
        {**row, "meaning": CHANNELS[row["channel"]].meaning, "may_lead": row["channel"] in leading} for row in rows
    ]
    order = list(CHANNELS)
    return sorted(shown, key=lambda row: (not row["may_lead"], row["p_value"], order.index(row["channel"])))


def _untested(tested: set[str], flow: Row) -> list[Row]:
    from models.flows.channels import CHANNELS

    return [
        {"channel": name, "why": why_silent(name, one.needs, flow)}
        for name, one in CHANNELS.items()
        if name not in tested
    ]


def _learned(row: Row | None) -> Row | None:
    """The learned score: statistic, p, null, `base`, `overlap`, `reasons` (feature, meaning, contribution, observed).

    `withheld` says why there are no reasons; it is null where there are.
    """
    if row is None:
        return None
    from models.learned.features import FEATURES
    from models.learned.overlap import BASE, OBSERVED, OVERLAP

    parts = {part["name"]: part["value"] for part in row["parts"]}
    reasons = [
        {"feature": name, "meaning": FEATURES.get(name, ""), "contribution": value,
         "observed": parts.get(f"{OBSERVED}{name}")}
        for name, value in parts.items()
        if name not in (BASE, OVERLAP) and not name.startswith(OBSERVED)
    ]  # fmt: skip
    return {
        **{name: row[name] for name in ("statistic", "p_value", "null_rows", "null_block", "is_null_large", "tests")},
        "base": parts.get(BASE),
        "overlap": parts.get(OVERLAP),
        "reasons": reasons,
        "withheld": None if reasons else WITHHELD if parts else NOT_WORKED_OUT,
    }


def _counterfactual(flow: Row, alert: Row | None, tested: list[Row]) -> Row | None:
    from models.flows.counterfactual import plausible

    if alert is None:
        return None
    parts: list[Row] = next((row["parts"] for row in tested if row["channel"] == alert["channel"]), [])
    found = plausible(flow, alert["channel"], alert["gap_value_usd"], parts)
    return asdict(found) if found else None


def _causes(rows: list[Row]) -> list[Row]:
    from models.flows.ordinary import CAUSES, meaning

    meant = [{**row, "meaning": meaning(row["cause"]) if row["cause"] in CAUSES else ""} for row in rows]
    return sorted(meant, key=lambda row: (_VERDICT_ORDER[row["verdict"]], -(row["share_of_gap"] or 0.0), row["cause"]))


def _judgements(home: Home, alert: Row | None) -> list[Row]:
    if alert is None:
        return []
    found = ledger.about(ledger.read(home), alert["list"], alert["flow_id"])
    return found.with_columns(is_about_this=pl.col("alert_id") == alert["alert_id"]).to_dicts()


def _before(home: Home, flow_id: str, list_name: str) -> list[Row]:
    rows = history.of_flow(home, flow_id, with_present=False)
    return rows.filter(pl.col("list") == list_name).drop("is_present").to_dicts()


def _plain(value: Any) -> Any:
    """Nested values with dates as text, ready for json."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date | datetime) else value
