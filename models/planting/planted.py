"""Known schemes planted into real flows, so that detectors can be trained and judged where nobody knows the truth."""

from dataclasses import dataclass

import polars as pl

from graphs.tables import Flows
from models.planting.acts import ban_day, changes
from models.planting.bans import MARKET, events
from models.planting.book import books
from models.planting.casting import cast
from models.planting.habits import with_amounts
from models.planting.market import KEY, annual, has_past, heard, stages, with_past
from models.planting.offices import offices
from models.planting.rewrite import rewritten
from models.planting.rules import Rules


@dataclass(frozen=True)
class Planted:
    """Flows with schemes in them, and what nobody knows of real flows."""

    flows: pl.DataFrame
    """Table `flows`, sorted by flow_id. reconciled_* of declared flows are as they came: reconcile them anew."""
    truth: pl.DataFrame
    """One row for each flow with a trace: flow_id, scheme_id, kind, strength, role, hidden_usd, hidden_kg. Only flows
    that hold a declaration after planting stand here; what is hidden from both books cannot be found."""
    schemes: pl.DataFrame
    """scheme_id, kind, variant, strength, source, family, exporter, importer, commodity, first_year, last_year,
    ramp_years, of each scheme that left a trace; pair and code are those of its first flow."""
    events: pl.DataFrame
    """Table `events`: the bans that are evaded, and as many from which the trade is exempt."""


def plant(flows: pl.DataFrame, seed: int, rules: Rules | None = None) -> Planted:
    """Plant schemes into annual flows between countries (table `flows`, of any sources and families).

    The same flows, seed and rules give the same planting, in whatever order the rows come. Flows without a trace stay
    as they are; flows of a scheme that then hold no declaration are gone.
    """
    rules = rules or Rules()
    flows = Flows.cast(flows.select(Flows.column_names())).sort("flow_id")
    rows = with_past(annual(flows))
    grown = rows.filter(has_past(rules))
    onsets = stages(rows, rules)
    plan = cast(books(flows, rows, onsets, grown), seed, rules)
    desks = offices(rows)
    changed = changes(with_amounts(plan, rows, desks, *heard(flows)), rules)
    new = rewritten(changed, flows, desks)
    left = flows.join(changed.select(KEY), on=KEY, how="anti")
    truth, schemes = _truth(changed, new)
    days = changed.select("scheme_id", day=ban_day(rules)).unique()
    evaded = schemes.join(days, on="scheme_id")
    bans = events(evaded, onsets.join(changed, on=MARKET, how="anti"), flows, seed, rules)
    return Planted(pl.concat([left, new]).sort("flow_id"), truth, schemes, bans)


def _truth(changed: pl.DataFrame, new: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    traces = new.select(*KEY, "flow_id").join(changed, on=KEY, how="inner").sort("flow_id")
    truth = traces.select("flow_id", "scheme_id", "kind", "strength", "role", "hidden_usd", "hidden_kg")
    seen = changed.join(truth.select("scheme_id").unique(), on="scheme_id", how="semi")
    of_scheme = ["kind", "variant", "strength", "source", "family", "exporter", "importer", "commodity"]
    first = seen.sort("scheme_id", "leg", "place_in_scheme").group_by("scheme_id", maintain_order=True)
    schemes = first.agg(pl.col(*of_scheme, "first_year", "last_year", "ramp_years").first())
    return truth, schemes.sort("scheme_id")
