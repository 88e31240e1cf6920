"""Commands that read what a run left, and the one that records a judgement. Each returns whether it found anything."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import polars as pl

from graphs.countries import name_of
from pipelines import ledger, output, queries
from pipelines.home import Home
from pipelines.output import TableFormat, TextFormat
from pipelines.queries import ALERT_COLUMNS, Wanted
from pipelines.views import terminal

ON_SCREEN = 20
"""Alerts shown on screen unless --top says otherwise."""


def alerts(home: Home, wanted: Wanted, top: int | None, how: TableFormat, out: Path | None) -> bool:
    """List alerts."""
    output.check_target(how, out)
    rows = queries.alerts(home, wanted)
    if how is not TableFormat.TABLE:
        chosen = rows.select(ALERT_COLUMNS)
        return output.write(chosen.head(top) if top else chosen, how, out) > 0 or _nothing(wanted)
    from pipelines.views.alert_list import Shown, alert_list

    shown = rows.head(top or ON_SCREEN).collect()
    if shown.is_empty():
        return _nothing(wanted)
    counted = Shown(
        matching=rows.select(pl.len()).collect().item(),
        scored=_scored(home, wanted.list_name),
        as_of=_day(shown["as_of"].max()),
        list_name=wanted.list_name,
        why_no_rate=_only_reason(shown),
        bound=_bound(shown, wanted),
        everything=wanted.everything,
    )
    screen = terminal.screen()
    verdicts = _verdicts(ledger.read(home))
    terminal.print_all(screen, alert_list(shown.to_dicts(), counted, verdicts, screen.width))
    return True


def explain(home: Home, name: str, list_name: str, how: TextFormat) -> bool:
    """Explain one flow."""
    from pipelines.explanation import explain as gather

    found = gather(home, name, list_name)
    if found is None:
        return output.say(f"no scored flow is named {name!r}: `oretrace alerts` lists them")
    if how is TextFormat.JSON:
        output.write_json(found.to_json())
        return True
    from pipelines.views.explained import explained

    terminal.print_all(terminal.screen(), explained(found))
    return True


def flows(home: Home, exporter: str, importer: str, commodity: str, how: TableFormat, out: Path | None) -> bool:
    """Show a pair's flows by year."""
    output.check_target(how, out)
    found = queries.flows_between(home, exporter, importer, commodity)
    if found.is_empty():
        return output.say(f"no flow of {commodity} from {name_of(exporter)} to {name_of(importer)} is known")
    if how is not TableFormat.TABLE:
        return output.write(found, how, out) > 0
    from pipelines.views.flow_table import flow_table

    screen = terminal.screen()
    terminal.print_all(screen, flow_table(found.to_dicts(), screen.width))
    return True


def sources(home: Home, how: TextFormat) -> bool:
    """Show what the home holds."""
    from pipelines.overview import overview
    from pipelines.views.holdings import holdings

    found = overview(home)
    if how is TextFormat.JSON:
        output.write_json(found.to_json())
    else:
        terminal.print_all(terminal.screen(), holdings(found))
    return bool(found.holdings)


def judge(home: Home, name: str, verdict: str, reviewer: str, note: str | None, list_name: str) -> bool:
    """Record a judgement."""
    alert = queries.find_alert(home, name, list_name)
    if alert is None:
        return output.say(f"no scored flow is named {name!r}: `oretrace alerts` lists them")
    ledger.append(home, alert["alert_id"], reviewer=reviewer, verdict=verdict, note=note)
    before, now = alert["claim_level"], queries.find_alert(home, alert["alert_id"])
    from pipelines.views.wording import LEVELS, goods, month, place

    flow = f"{place(alert['exporter'])} to {place(alert['importer'])}, {goods(alert['commodity'])}"
    terminal.screen().print(f"{flow}, {month(alert['period'])}: {verdict}, by {reviewer.strip()}.")
    if now and now["claim_level"] != before:
        terminal.screen().print(f"Its level is now {now['claim_level']}, {LEVELS[now['claim_level']]}.")
    return True


def changes(home: Home, how: TableFormat, out: Path | None) -> bool:
    """Show what the last run changed."""
    from pipelines import changes as comparing
    from pipelines.views.change_list import change_list

    output.check_target(how, out)
    found = comparing.between_runs(home)
    if found is None:
        return output.say("there is only one run so far, so nothing can have changed")
    if how is not TableFormat.TABLE:
        return output.write(found, how, out) > 0
    terminal.print_all(terminal.screen(), change_list(found, *comparing.written(home)))
    return True


def history(home: Home, name: str, list_name: str, how: TableFormat, out: Path | None) -> bool:
    """Show how a flow stood in every kept version of the alerts."""
    from pipelines import history as kept
    from pipelines.views.flow_history import flow_history

    output.check_target(how, out)
    flow_id = kept.flow_id_of(home, name, list_name)
    found = None if flow_id is None else kept.of_flow(home, flow_id)
    if found is None or found.is_empty():
        return output.say(f"no flow named {name!r} was scored in any kept version: `oretrace alerts` lists the alerts")
    if how is not TableFormat.TABLE:
        return output.write(found, how, out) > 0
    terminal.print_all(terminal.screen(), flow_history(found.to_dicts()))
    return True


def _verdicts(judgements: pl.DataFrame) -> Mapping[str, str]:
    """What people decided about each alert, in words: "implausible", "implausible 2, explained 1"."""
    counts = (
        ledger.current(judgements)
        .group_by("alert_id", "verdict", maintain_order=True)
        .agg(people=pl.col("reviewer").n_unique())
        .with_columns(pl.col("verdict").cast(pl.String))
    )
    words: dict[str, list[str]] = {}
    for alert_id, verdict, people in counts.iter_rows():
        words.setdefault(alert_id, []).append(verdict if people == 1 else f"{verdict} {people}")
    return {alert_id: ", ".join(parts) for alert_id, parts in words.items()}


def _scored(home: Home, list_name: str | None) -> int:
    """Length of a list."""
    rows = queries.alerts(home, Wanted(everything=True, list_name=list_name))
    return int(rows.select(pl.len()).collect().item())


def _only_reason(shown: pl.DataFrame) -> str | None:
    """Why no error rate is claimed for some of these alerts: the reason, if it is one for all of them."""
    reasons = shown.filter(pl.col("q_value").is_null())["why_no_rate"].drop_nulls().unique()
    if reasons.len() == 1:
        return str(reasons[0])
    return "nulls are too small" if shown["q_value"].null_count() else None


def _bound(shown: pl.DataFrame, wanted: Wanted) -> int | None:
    """How many of the alerts shown may be ordinary; None unless they are the first of their list."""
    is_start = shown["rank"].to_list() == list(range(1, shown.height + 1)) and wanted.list_name is not None
    last = shown["ordinary_bound"][-1] if is_start else None
    return None if last is None else int(last)


def _nothing(wanted: Wanted) -> bool:
    hint = "" if wanted.everything else "; --all looks among all scored flows"
    return output.say(f"no alert matches{hint}")


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None
