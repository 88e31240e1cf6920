"""One explanation as text for people: what was declared, what each channel says, which ordinary causes remain."""

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Column
from rich.text import Text

from graphs.countries import name_of
from graphs.flags import names as flag_names
from models.flows.calibrate import ALPHA
from pipelines.explanation import Explanation
from pipelines.provenance import Origin
from pipelines.views import wording
from pipelines.views.flow_history import scored_before
from pipelines.views.ladder import expected
from pipelines.views.moved import moved
from pipelines.views.standing import instead, learned, order, place, standings
from pipelines.views.terminal import DIM, LEVEL_STYLES, STRONG, dim, grid, heading, indented, pairs

Row = dict[str, Any]
FLOW_WORDS = {"X": "exports", "M": "imports", "RX": "re-exports", "RM": "re-imports", "DX": "domestic exports",
              "FM": "foreign imports"}  # fmt: skip
ROWS_NAMED = 6
"""Row numbers that are named before the rest is only counted."""


def explained(found: Explanation) -> Iterator[RenderableType]:
    """Everything to print, section by section."""
    yield from _head(found)
    for title, parts in (
        ("What was declared", _declared(found)),
        ("What the channels say", _channels(found)),
        ("How it could have moved", moved(found.moved)),
        ("What the learned score says", learned(found.learned)),
        ("What would have been ordinary", _ordinary(found)),
        ("Ordinary causes", _causes(found)),
        ("What people decided", _judged(found)),
        ("Where the numbers come from", _origins(found)),
    ):
        body = list(parts)
        if body:
            yield Text()
            yield heading(title)
            yield from (indented(part) for part in body)


def _head(found: Explanation) -> Iterator[RenderableType]:
    flow, alert = found.flow, found.alert
    pair = f"{wording.place(flow['exporter'])} to {wording.place(flow['importer'])}"
    yield Text(f"{pair}, {wording.goods(flow['commodity'])}, {wording.month(flow['period'])}", style=STRONG)
    yield dim(flow["flow_id"] if alert is None else alert["alert_id"])
    yield Text()
    if alert is None:
        yield Text("Not scored: no channel that could raise an alert could be tested for this flow.")
        yield from (dim(line) for line in scored_before(found.before))
        return
    number = alert["claim_level"]
    yield Text.assemble(
        (f"Level {number}, {wording.LEVELS[number]}", LEVEL_STYLES[number]), f" · {place(alert, found.scored_flows)}"
    )
    yield Text(alert["sentence"])
    yield dim(f"Why this level: {alert['why_level']}{_reviewed(number)}")
    yield from (dim(line) for line in order(alert, found.tested))
    yield from (dim(line) for line in standings(alert, found.standing))
    yield from (dim(line) for line in scored_before(found.before))
    yield dim(f"Episode {alert['episode_id']}")


def _reviewed(number: int) -> str:
    return " Two reviewers hold it for implausible." if number == 3 else ""


def _ordinary(found: Explanation) -> Iterator[RenderableType]:
    yield from expected(found.expectations, found.ladder)
    if found.counterfactual:
        yield Text(instead(found.counterfactual, found.names))


def _declared(found: Explanation) -> Iterator[RenderableType]:
    flow = found.flow
    table = grid(
        Column("", overflow="fold"),
        Column("value", justify="right", no_wrap=True),
        Column("mass", justify="right", no_wrap=True),
        Column("price", justify="right", no_wrap=True),
        Column("", style=DIM, overflow="fold"),
        header=True,
    )
    for side, verb in (("export", "exports"), ("import", "imports")):
        table.add_row(*_side(flow, side, verb))
    table.add_row("reconciled", *_amounts(flow["reconciled_value_usd"], flow["reconciled_mass_kg"]), _spread(flow))
    if found.alert:
        gap = _amounts(found.alert["gap_value_usd"], found.alert["gap_mass_kg"], price=False)
        channel = found.alert["channel"]
        table.add_row(Text(wording.gap(channel), style=STRONG), *gap, wording.CHANNELS[channel])
    yield table
    marks = [wording.spelled(one) for one in flag_names(flow["flags"])]
    if marks:
        yield dim(f"Marked: {', '.join(marks)}.")
    if found.declarations:
        yield Padding(_rows(found.declarations), (1, 0, 0, 0), expand=False)


def _side(flow: Row, side: str, verb: str) -> list[RenderableType]:
    office = name_of(flow["exporter" if side == "export" else "importer"])
    value, mass, reported = flow[f"{side}_value_usd"], flow[f"{side}_mass_kg"], flow[f"{side}er_reported"]
    who = f"{office}, {verb}"
    if value is None:
        told = {
            None: "this source holds reconciled trade only, no declarations",
            True: "declares nothing, though it reported that period",
            False: "reported nothing that period: missing, not zero",
        }[reported]
        return [who, wording.NOTHING, wording.NOTHING, wording.NOTHING, told]
    basis = "FOB" if side == "export" else flow["import_value_basis"]
    notes = [str(basis)] if basis != "unknown" else []
    if flow[f"is_{side}_mass_estimated"]:
        notes.append("mass was estimated, not declared")
    if revision := flow[f"{side}_hs_revision"]:
        notes.append(f"HS edition {revision}")
    return [who, *_amounts(value, mass), ", ".join(notes)]


def _amounts(value: float | None, mass: float | None, *, price: bool = True) -> list[str]:
    per_kg = value / mass if price and value is not None and mass else None
    return [wording.usd(value), wording.mass(mass), wording.price(per_kg) if price else ""]


def _spread(flow: Row) -> str:
    sd = flow["reconciled_log_sd"]
    return "" if sd is None else f"give or take {wording.factor(sd)}"


def _rows(declarations: Sequence[Row]) -> RenderableType:
    """Every declared row, counted or not, as it stands in the source."""
    table = grid(
        Column("row", justify="right", no_wrap=True),
        Column("who declares", overflow="fold"),
        Column("value, USD", justify="right", no_wrap=True),
        Column("mass, kg", justify="right", no_wrap=True),
        Column("", style=DIM, overflow="fold"),
        header=True,
    )
    for row in declarations:
        words = FLOW_WORDS.get(row["flow"], row["flow"])
        notes = [wording.spelled(one) for one in flag_names(row["flags"])]
        notes += [] if row["is_counted"] else ["not counted"]
        notes += [] if row["mode"] == 0 else [f"transport mode {row['mode']}"]
        notes += [] if row["customs"] == "C00" else [f"customs procedure {row['customs']}"]
        notes += [] if row["partner2"] == "W00" else [f"by way of {wording.place(row['partner2'])}"]
        table.add_row(
            f"{row['raw_row']:,}",
            f"{name_of(row['reporter'])}, {words}",
            _exact(row["value_usd"]),
            _exact(row["mass_kg"]),
            ", ".join(notes),
        )
    return table


def _exact(value: float | None) -> str:
    return wording.NOTHING if value is None else f"{value:,.0f}"


def _channels(found: Explanation) -> Iterator[RenderableType]:
    for row in found.tested:
        name = wording.CHANNELS[row["channel"]]
        head = Text.assemble((name, STRONG), f"   statistic {wording.number(row['statistic'])}")
        head.append(f", p {wording.probability(row['p_value'])}").append(f", {_null(row)}", style=DIM)
        yield head
        yield indented(Text(_finding(row)))
        yield indented(pairs(wording.spelled_parts(row["parts"])), 4)
    if found.untested:
        yield dim("Not tested:")
        yield indented(_untested(found))


def _finding(row: Row) -> str:
    """What the channel looks for, and whether it is so: its sentence alone would say so of every flow tested."""
    is_so = "Stands out" if row["p_value"] <= ALPHA else "Does not stand out"
    return f"{is_so}: {row['meaning']}" + ("" if row["may_lead"] else " It explains, and raises no alert by itself.")


def _untested(found: Explanation) -> RenderableType:
    """Channels with the reason why they could not be tested; those with the same reason together."""
    reasons: dict[str, list[str]] = {}
    for row in found.untested:
        reasons.setdefault(row["why"], []).append(wording.CHANNELS[row["channel"]])
    table = grid(Column(max_width=30), Column(style=DIM, overflow="fold"))
    for why, names in reasons.items():
        table.add_row(
            "any channel" if len(names) == len(found.untested) and not found.tested else ", ".join(names), why
        )
    return table


def _null(row: Row) -> str:
    if row["null_rows"] == 0:
        return "from the channel's own model"
    block = "all families" if row["null_block"] == "pooled" else f"family {row['null_block']}"
    small = "" if row.get("is_null_large", True) else ", too few for an error rate"
    return f"against {row['null_rows']:,} clean rows of {block}{small}"


def _causes(found: Explanation) -> Iterator[RenderableType]:
    if not found.causes:
        return
    table = grid(
        Column("verdict", no_wrap=True),
        Column("cause", no_wrap=True),
        Column("share", justify="right", no_wrap=True),
        Column("", style=DIM, overflow="fold"),
        header=True,
    )
    for row in found.causes:
        style = "" if row["verdict"] == "possible" else DIM
        name = wording.CAUSES.get(row["cause"], wording.spelled(row["cause"]))
        table.add_row(
            Text(wording.VERDICTS[row["verdict"]], style=style),
            Text(name, style=style),
            wording.share(row["share_of_gap"]),
            reason(row),
        )
    yield table
    if found.alert and found.alert["joint_share"] is not None:
        yield dim(f"Together they could account for {wording.share(found.alert['joint_share'])} of the gap.")


def reason(row: Row) -> str:
    """Why a cause has its verdict. Its meaning alone would say so of every flow, of one it was excluded for too."""
    if row["detail"]:
        return str(row["detail"])
    meaning = row["meaning"] or wording.spelled(row["cause"])
    unsaid = {"excluded": "Looked for and not found", "cannot_test": "Could not be looked for"}
    return f"{unsaid[row['verdict']]}: “{meaning}”" if row["verdict"] in unsaid else meaning


def _judged(found: Explanation) -> Iterator[RenderableType]:
    if found.alert is None:
        return
    for row in found.judgements:
        note = f" “{row['note']}”" if row["note"] else ""
        line = Text.assemble(f"{row['judged_at']:%Y-%m-%d}  {row['reviewer']}: ", (row["verdict"], STRONG), note)
        if not row["is_about_this"]:
            line.append(f"   about an earlier version, as of {row['alert_id'].rsplit(':', 1)[-1]}", style=DIM)
        yield line
    if not found.judgements:
        yield dim(
            f"Nobody has judged it yet: oretrace judge {found.alert['rank']}{wording.option(found.alert['list'])} "
            "--verdict ... --note ... --reviewer ..."
        )


def _origins(found: Explanation) -> Iterator[RenderableType]:
    for one in found.origins:
        yield Text.assemble(one.name, dim(f"   {_rows_named(one)}" if one.rows else ""))
        when = f"{one.retrieved:%Y-%m-%d}" if one.retrieved else wording.NOTHING
        facts = [("sha256", one.sha256), ("licence", one.licence or wording.NOTHING)]
        yield indented(pairs([*facts, ("citation", one.citation or wording.NOTHING), ("retrieved", when)]))
    if not found.origins:
        yield dim(f"The archive holds no bytes of source {found.flow['source']}.")


def _rows_named(one: Origin) -> str:
    first = ", ".join(f"{row:,}" for row in one.rows[:ROWS_NAMED])
    more = len(one.rows) - ROWS_NAMED
    return f"row{'s' if len(one.rows) > 1 else ''} {first}" + (f" and {more:,} more" if more > 0 else "")
