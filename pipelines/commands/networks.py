"""What the graph's tables show of a market: who stands where, which ways goods could take, whose absence would hurt."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from graphs.countries import name_of
from graphs.errors import InputError
from pipelines import output, queries
from pipelines.home import Home
from pipelines.output import TableFormat
from pipelines.trade import SEED, Market
from pipelines.views import terminal, wording
from pipelines.views.answer import answer, notes

ON_SCREEN = ("out_strength", "in_strength", "passed_usd", "betweenness")
"""Measures shown where the user names none; files hold all."""
INTERVAL = (
    "Interval: where 80 % of ranks fall if a tenth of the trade and one country in twenty go unseen at random. Trade "
    "that somebody hides is not missing at random."
)
FIRST, ON_PAGE = 10, 30
"""Rows shown on screen of a list, and of a whole structure."""
PATHS_BY = {
    "value": "Large flows are short: the length of a step is the largest flow of the network over this one.",
    "distance": "Length: great circle between capitals, since how goods really move is not known here.",
    "risk": "Risk of a step: how unstable its destination is (World Bank; 0 is most stable, 1 least); of a path: that "
    "any of its steps goes wrong, taken as independent. Countries without a figure are left out.",
}
STRUCTURE = {
    "figures": "Each figure says what it is.",
    "communities": "Found by Leiden over 20 seeds; stays: how often, on average, the others are found with a member.",
    "backbone": "Edges that carry more of an area's trade than chance would give them (disparity filter).",
    "triads": "The 16 patterns of three countries, by their usual names (Holland and Leinhardt).",
}
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


@dataclass(frozen=True)
class Ways:
    """Which chains are looked for, areas as the user named them."""

    producer: str | None
    hub: str | None
    market: str | None
    hubs: int
    lag: int


def measures(
    home: Home, chosen: Chosen, names: tuple[str, ...], top: int | None, how: TableFormat, out: Path | None
) -> bool:
    """Node measures with their rank intervals, and figures of the whole network."""
    from graphs.measures.nodes import MEASURES

    output.check_target(how, out)
    market = chosen.market(home)
    wanted = names or (ON_SCREEN if how is TableFormat.TABLE else tuple(MEASURES))
    rows = market.measured(wanted)
    if how is not TableFormat.TABLE:
        first = pl.int_range(pl.len()).over("measure") < (top or rows.height)
        return output.write(rows.filter(first), how, out) > 0
    screen = terminal.screen()
    screen.print(terminal.heading(f"Trade in {market.family} {market.year}, {market.source}"))
    for name in wanted:
        one = MEASURES[name]
        screen.print(terminal.heading(f"\n{name.replace('_', ' ')}"))
        screen.print(one.meaning)
        mine = rows.filter(pl.col("measure") == name).drop("measure")
        terminal.print_all(screen, answer(_ranked(mine.head(top or FIRST), name), screen.width))
        if unknown := mine["rank"].null_count():
            screen.print(terminal.dim(f"{unknown} of {mine.height} countries cannot be ranked: part of it is unknown"))
    terminal.print_all(screen, notes([market.network.said, *_beside(market), *_whole(market), INTERVAL, NO_JUDGEMENT]))
    return True


def chains(home: Home, chosen: Chosen, ways: Ways, top: int | None, how: TableFormat, out: Path | None) -> bool:
    """Chains producer to hub to market."""
    from graphs.chains import Chain, price_of
    from graphs.chains import chains as found_in
    from graphs.commodities import family_named

    output.check_target(how, out)
    market = chosen.market(home)
    producer, hub, buyer = (queries.country(one) if one else None for one in (ways.producer, ways.hub, ways.market))
    edges, key = market.between_countries, (market.family, market.year, market.source)
    is_precious = family_named(market.family).weighed_by == "value"
    price = price_of(edges, *key) if is_precious else None
    unit = "usd" if is_precious else "kg"
    chain = Chain(legs=ways.hubs + 1, lag=ways.lag, by=unit, price_usd=price, producer=producer, market=buyer)
    rows = found_in(edges, market.production, *key, chain)
    middle = [f"hub_{at}" for at in chain.hubs]
    rows = rows.filter(pl.any_horizontal(pl.col(name) == hub for name in middle)) if hub else rows
    if how is not TableFormat.TABLE:
        return output.write(rows.head(top) if top else rows, how, out) > 0
    if rows.is_empty():
        return output.say(f"no chain of {market.family} in {market.year} passes what was asked")
    legs = [f"leg_{at}_{unit}" for at in range(1, chain.legs + 1)]
    columns = ["rank", "producer", *middle, "market", f"passable_{unit}", *legs, "producer_output_kg"]
    screen = terminal.screen()
    screen.print(terminal.heading(f"Producer, hub, market: {market.family} {market.year}, {market.source}"))
    terminal.print_all(screen, answer(rows.select(columns).head(top or FIRST), screen.width))
    capped = f"Output counts at {price:,.0f} USD/kg, the price of the middle dollar traded. " if price else ""
    terminal.print_all(screen, notes([
        f"Passable: as much as goes this way if the hub mixes all that it had. {capped}That goods could pass does not "
        "show that they did.",
        f"{rows.height:,} chains in all.",
    ]))  # fmt: skip
    return True


def paths(
    home: Home, chosen: Chosen, ends: tuple[str, str], by: str, top: int | None, how: TableFormat, out: Path | None
) -> bool:
    """Ways of trade between two areas."""
    from graphs.paths import by_cost, by_risk, by_value, routes

    output.check_target(how, out)
    market = chosen.market(home)
    origin, destination = (queries.country(one) for one in ends)
    if origin == destination:
        raise InputError(f"a path leads from one country to another, and {name_of(origin)} was named twice")
    measured = {
        "value": lambda: by_value(market.this_year),
        "distance": lambda: by_cost(market.with_distance, "distance_km"),
        "risk": lambda: by_risk(market.with_risk, "risk"),
    }
    rows = routes(measured[by](), origin, destination, top or 5)
    if how is not TableFormat.TABLE:
        return output.write(rows, how, out) > 0
    if rows.is_empty():
        return output.say(f"no trade in {market.family} leads from {name_of(origin)} to {name_of(destination)}")
    screen = terminal.screen()
    screen.print(terminal.heading(f"Paths of trade: {market.family} {market.year}, {market.source}, by {by}"))
    told = pl.DataFrame(
        [_told(one, by) for _, one in rows.sort("route", "step").group_by("route", maintain_order=True)]
    )
    terminal.print_all(screen, answer(told, screen.width))
    terminal.print_all(screen, notes([PATHS_BY[by], "A path is a way that goods could take, no more."]))
    return True


def structure(home: Home, chosen: Chosen, part: str, top: int | None, how: TableFormat, out: Path | None) -> bool:
    """Figures, communities, backbone or triads of a whole network."""
    from graphs.measures.backbone import backbone
    from graphs.measures.communities import communities
    from graphs.measures.whole import figures, triads

    output.check_target(how, out)
    market = chosen.market(home)
    made = {
        "figures": lambda: figures(market.network),
        "communities": lambda: communities(market.network, np.random.default_rng(SEED)).members,
        "backbone": lambda: backbone(market.network),
        "triads": lambda: triads(market.network),
    }
    rows = made[part]()
    if how is not TableFormat.TABLE:
        return output.write(rows.head(top) if top else rows, how, out) > 0
    screen = terminal.screen()
    screen.print(terminal.heading(f"{part.capitalize()}: {market.family} {market.year}, {market.source}"))
    shown = rows if part != "communities" else _grouped(rows)
    terminal.print_all(screen, answer(shown.head(top or ON_PAGE), screen.width))
    terminal.print_all(screen, notes([STRUCTURE[part], market.network.said, NO_JUDGEMENT]))
    return True


def disruption(home: Home, chosen: Chosen, top: int | None, how: TableFormat, out: Path | None) -> bool:
    """Whose absence would cost most, each rank with its interval."""
    from graphs.disruption import single, with_intervals

    output.check_target(how, out)
    market = chosen.market(home)
    ranked = with_intervals(market.network, np.random.default_rng(SEED))
    rows = single(market.network, top=top or FIRST).join(
        ranked.select("node", "rank_low", "rank_high"), on="node", how="left", maintain_order="left"
    )
    if how is not TableFormat.TABLE:
        return output.write(rows, how, out) > 0
    if rows.is_empty():
        return output.say(f"no absence would cost the trade in {market.family} anything")
    screen = terminal.screen()
    screen.print(
        terminal.heading(f"Lost supply if a country were absent: {market.family} {market.year}, {market.source}")
    )
    terminal.print_all(screen, answer(rows.with_columns(_interval()).drop("rank_low", "rank_high"), screen.width))
    terminal.print_all(screen, notes([
        "Loss: need that stays unmet after the others have grown by what they can; unrewired: if they could not.",
        "Share: of all that importers need.",
        "No forecast: prices, stocks and new partners are not in it. " + NO_JUDGEMENT,
        INTERVAL,
    ]))  # fmt: skip
    return True


def _ranked(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    """Rank with its interval as text, so that the three numbers are read together."""
    unit = name + {"strength": "_usd", "mass": "_kg"}.get(name.split("_")[-1], "")
    return rows.select("rank", "node", pl.col("value").alias(unit), _interval())


def _told(steps: pl.DataFrame, by: str) -> dict[str, object]:
    """One path in words, with what it is judged by and its narrowest step."""
    areas = [steps["start"][0], *steps["end"]]
    judged: dict[str, object] = {}
    if by == "distance":
        judged = {"distance_km_in_all": steps["distance_km"].sum()}
    elif by == "risk":
        judged = {"risk_share": 1 - (1 - steps["risk"]).product()}
    named = {"route": steps["route"][0], "path": " > ".join(map(name_of, areas))}
    return {**named, **judged, "narrowest_usd": steps["value_usd"].min()}


def _grouped(members: pl.DataFrame) -> pl.DataFrame:
    """One row per community: its members, those first that are most often found with it."""
    name = pl.col("node").map_elements(name_of, pl.String)
    rows = members.sort("community", "stays", descending=[False, True], nulls_last=True)
    return rows.group_by("community", maintain_order=True).agg(
        pl.col("size").first(), name.str.join(", ").alias("members"), pl.col("stays").mean().alias("stays_share")
    )


def _beside(market: Market) -> list[str]:
    """What measures leave out beside the network: trade with areas that are no country."""
    all_of_it, between = (pl.col("value_usd").sum(),) * 2
    whole = market.this_year.select(all_of_it).item() - market.countries_this_year.select(between).item()
    return [f"Trade with areas that are no country is left out: {wording.usd(whole)}."] if whole > 0 else []


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

    if out is not None and not out.parent.is_dir():
        raise InputError(f"{out} cannot be written, because there is no folder {out.parent}: make it first")
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
    scope = {"family": market.family, "year": str(market.year), "source": market.source}
    written = write(replace(found, about={**found.about, **scope}), out, kind)
    print(f"{written.nodes:,} nodes and {written.edges:,} edges: {written.files[0]}; about them: {written.files[1]}")
    if written.left_out or written.changed:
        print(f"What the format could not hold, in {len(written.left_out) + len(written.changed)} notes, stands there.")
    return True
