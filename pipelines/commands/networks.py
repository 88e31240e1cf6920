"""What the graph's tables show of a market: who stands where, which ways goods could take, whose absence would hurt."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from graphs.countries import name_of
from pipelines import output, queries
from pipelines.home import Home
from pipelines.output import TableFormat
from pipelines.trade import SEED, Market
from pipelines.views import terminal
from pipelines.views.answer import answer, notes

ON_SCREEN = ("out_strength", "in_strength", "passed_usd", "betweenness")
"""Measures shown where the user names none; files hold all."""
INTERVAL = (
    "Interval: where 80 % of ranks fall if a tenth of the trade and one country in twenty go unseen at random. Trade "
    "that somebody hides is not missing at random."
)
NO_JUDGEMENT = "A place in a network is no judgement of whoever stands there."


@dataclass(frozen=True)
class Chosen:
    """The market that a command is about, as far as the user named it."""

    family: str
    year: int | None
    source: str | None

    def market(self, home: Home) -> Market:
        """The market itself."""
        return Market.of(home, self.family, self.year, self.source)


def measures(home: Home, chosen: Chosen, names: tuple[str, ...], top: int, how: TableFormat, out: Path | None) -> bool:
    """Node measures with their rank intervals, and figures of the whole network."""
    from graphs.measures.nodes import MEASURES

    output.check_target(how, out)
    market = chosen.market(home)
    wanted = names or (ON_SCREEN if how is TableFormat.TABLE else tuple(MEASURES))
    rows = market.measured(wanted)
    if how is not TableFormat.TABLE:
        return output.write(rows, how, out) > 0
    screen = terminal.screen()
    screen.print(terminal.heading(f"Trade in {market.family} {market.year}, {market.source}"))
    for name in wanted:
        one = MEASURES[name]
        screen.print(terminal.heading(f"\n{name.replace('_', ' ')}"))
        screen.print(one.meaning)
        best = rows.filter(pl.col("measure") == name).drop("measure").head(top)
        terminal.print_all(screen, answer(_ranked(best, name), screen.width))
    terminal.print_all(screen, notes([market.network.said, *_whole(market), INTERVAL, NO_JUDGEMENT]))
    return True


def chains(
    home: Home, chosen: Chosen, ends: tuple[str | None, str | None, str | None], top: int, how: TableFormat,
    out: Path | None,
) -> bool:  # fmt: skip
    """Chains producer to hub to market."""
    from graphs.chains import Chain, price_of
    from graphs.chains import chains as found_in
    from graphs.commodities import family_named

    output.check_target(how, out)
    market = chosen.market(home)
    producer, hub, buyer = (queries.country(one) if one else None for one in ends)
    edges, key = market.between_countries, (market.family, market.year, market.source)
    is_precious = family_named(market.family).weighed_by == "value"
    price = price_of(edges, *key) if is_precious else None
    chain = Chain(by="usd" if is_precious else "kg", price_usd=price, producer=producer, market=buyer)
    rows = found_in(edges, market.production, *key, chain)
    rows = rows.filter(pl.col("hub_1") == hub) if hub else rows
    if how is not TableFormat.TABLE:
        return output.write(rows, how, out) > 0
    if rows.is_empty():
        return output.say(f"no chain of {market.family} in {market.year} passes what was asked")
    unit = "usd" if is_precious else "kg"
    columns = ["rank", "producer", "hub_1", "market", f"leg_1_{unit}", f"leg_2_{unit}", f"passable_{unit}"]
    screen = terminal.screen()
    screen.print(terminal.heading(f"Producer, hub, market: {market.family} {market.year}, {market.source}"))
    shown = rows.select(columns).rename({"hub_1": "hub"}).head(top)
    terminal.print_all(screen, answer(shown, screen.width))
    terminal.print_all(screen, notes([
        "Passable: as much as goes this way if the hub mixes all that it takes in. That goods could pass does not show "
        "that they did.",
        f"{rows.height:,} chains in all." if rows.height > top else "These are all.",
    ]))  # fmt: skip
    return True


def paths(home: Home, chosen: Chosen, ends: tuple[str, str], count: int, how: TableFormat, out: Path | None) -> bool:
    """The strongest paths of trade between two areas."""
    from graphs.paths import by_value, routes

    output.check_target(how, out)
    market = chosen.market(home)
    origin, destination = (queries.country(one) for one in ends)
    edges = market.edges.filter(pl.col("year") == market.year, pl.col("start") != pl.col("end"))
    rows = routes(by_value(edges), origin, destination, count)
    if how is not TableFormat.TABLE:
        return output.write(rows, how, out) > 0
    if rows.is_empty():
        return output.say(f"no trade in {market.family} leads from {name_of(origin)} to {name_of(destination)}")
    screen = terminal.screen()
    screen.print(terminal.heading(f"Paths of trade: {market.family} {market.year}, {market.source}"))
    told = pl.DataFrame([_told(one) for _, one in rows.sort("route", "step").group_by("route", maintain_order=True)])
    terminal.print_all(screen, answer(told, screen.width))
    terminal.print_all(screen, notes(["Large flows are short ways. A path is a way that goods could take, no more."]))
    return True


def disruption(home: Home, chosen: Chosen, top: int, how: TableFormat, out: Path | None) -> bool:
    """Whose absence would cost most, each rank with its interval."""
    from graphs.disruption import single, with_intervals

    output.check_target(how, out)
    market = chosen.market(home)
    ranked = with_intervals(market.network, np.random.default_rng(SEED))
    rows = single(market.network, top=top).join(
        ranked.select("node", "rank_low", "rank_high"), on="node", how="left", maintain_order="left"
    )
    if how is not TableFormat.TABLE:
        return output.write(rows, how, out) > 0
    if rows.is_empty():
        return output.say(f"no absence would cost the trade in {market.family} anything")
    screen = terminal.screen()
    screen.print(terminal.heading(f"Lost supply if a country were absent: {market.family} {market.year}"))
    terminal.print_all(screen, answer(rows.with_columns(_interval()).drop("rank_low", "rank_high"), screen.width))
    terminal.print_all(screen, notes([
        "Loss: need that stays unmet after the others have grown by what they can; unrewired: if they could not.",
        "No forecast: prices, stocks and new partners are not in it. " + NO_JUDGEMENT,
        INTERVAL,
    ]))  # fmt: skip
    return True


def _ranked(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    """Rank with its interval as text, so that the three numbers are read together."""
    unit = f"{name}_usd" if name in ("out_strength", "in_strength") else name
    return rows.select("rank", "node", pl.col("value").alias(unit), _interval())


def _told(steps: pl.DataFrame) -> dict[str, object]:
    """One path in words, with its narrowest and widest step."""
    areas = [steps["start"][0], *steps["end"]]
    value = steps["value_usd"]
    ends = {"narrowest_usd": value.min(), "widest_usd": value.max()}
    return {"route": steps["route"][0], "path": " > ".join(map(name_of, areas)), **ends}


def _interval() -> pl.Expr:
    low, high = pl.col("rank_low").floor().cast(pl.Int64), pl.col("rank_high").ceil().cast(pl.Int64)
    return pl.format("{} to {}", low, high).alias("80 % interval of rank")


def _whole(market: Market) -> Sequence[str]:
    """Figures of the whole network and its communities, in sentences."""
    from graphs.measures.communities import communities
    from graphs.measures.whole import figures

    found = dict(figures(market.network).select("figure", "value").iter_rows())
    groups = communities(market.network, np.random.default_rng(SEED))
    said = [f"{name.replace('_', ' ')} {value:.2f}" for name, value in found.items()
            if value is not None and name in ("reciprocity", "assortativity", "concentration")]  # fmt: skip
    count = groups.members["community"].n_unique()
    return [
        "Whole network: " + ", ".join(said) + ".",
        f"{count} communities; two searches agree to {groups.agreement:.2f} (1: the same, 0: chance).",
    ]


def view(
    home: Home, subject: str, family: str | None, chosen: tuple[int | None, str | None, int], out: Path | None
) -> bool:
    """Draw a page and say where it lies."""
    from pipelines.pages import draw, focus_of

    year, source, most = chosen
    focus = focus_of(home, subject)
    goods = queries.family(family) if family else focus.family
    focus = replace(focus, family=goods, year=year or focus.year, source=source or focus.source)
    page = draw(home, focus, most)
    home.views_path.mkdir(parents=True, exist_ok=True)
    file = out or home.views_path / page.file
    page.write(file)
    print(f"{page.title}: {file}")
    return True


def export(home: Home, kind: str, chosen: Chosen, out: Path) -> bool:
    """Write a market for another program and say what was left out."""
    from graphs.export import export as write
    from graphs.export import part
    from pipelines.graph_store import drawn

    market = chosen.market(home)
    years = (market.year, market.year)
    found = part(drawn(home), family=market.family, years=years, source=market.source)
    written = write(found, out, kind)
    print(f"{written.nodes:,} nodes and {written.edges:,} edges: {written.files[0]}; about them: {written.files[1]}")
    for sentence in (*written.left_out, *written.changed):
        output.say(sentence)
    return True
