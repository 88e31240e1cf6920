"""Chains producer -> hub -> market: what of a producer's goods can have passed through areas that produce too little.

For a chain a -> b -> c with legs m_ab and m_bc, the producer's output o_a, and S_b, all that the hub had: what it took
in and mined, or what it sent out, whichever is more (a hub that sells more than it has on record had other goods too):

    possible = min(m_ab, m_bc)                              nothing more can have gone this way
    passable = min(m_ab, o_a) * m_bc / S_b                  as much as goes this way if b mixes all it has

and so on for another hub, with passable in place of m_ab. Passable amounts of one producer and hub add up to no more
than what came. With a lag the next leg is that of a later year. USD are treated alike. o_a counts where a price is
given, since else output may be stated in another measure than trade; so does the hub's own output in USD.

What it is not: evidence that the goods passed. Masses are gross (ore, alloy and metal of a family added up), output is
content or ore: by mass, a country that ships ore always seems to mine too little. For precious metals and others traded
as ore and metal alike, hand in a price (`price_of`) and rank by usd. An inflow of unknown mass makes S_b too small and
`passable_kg` too large (`hub_1_unweighed` counts them). Residual partners are nobody in particular: hand in edges
between countries.
"""

from dataclasses import dataclass

import polars as pl

from graphs.errors import InputError
from graphs.measures.network import of_market
from graphs.sums import total, whole

UNITS = {"kg": "mass_kg", "usd": "value_usd"}


@dataclass(frozen=True)
class Chain:
    """Which chains are looked for. Raises InputError."""

    legs: int = 2
    """2 for one hub, 3 for two."""
    lag: int = 0
    """Years between one leg and the next: 0 or 1."""
    enough: float = 0.5
    """An area is no hub if its output is at least this share of what is known of its exports, or is not known."""
    by: str = "kg"
    """Ranked by passable kg or usd."""
    price_usd: float | None = None
    """USD per kg of output. With it, output and exports are compared in USD, without it in kg."""
    at_least: float = 0.0
    """Chains that can pass less, in the unit of `by`, are left out; above 0 also those of unknown amount."""
    producer: str | None = None
    """Only chains that begin there."""
    market: str | None = None
    """Only chains that end there."""

    def __post_init__(self) -> None:
        if self.legs not in (2, 3) or self.lag not in (0, 1) or self.by not in UNITS:
            raise InputError(f"{self} cannot be looked for; name 2 or 3 legs, a lag of 0 or 1, and kg or usd.")
        if self.enough < 0 or self.at_least < 0 or (self.price_usd is not None and self.price_usd <= 0):
            raise InputError(f"{self} has a number below 0, or a price of 0; name shares, amounts and prices above.")

    @property
    def hubs(self) -> range:
        """Numbers of the hubs."""
        return range(1, self.legs)

    @property
    def areas(self) -> list[str]:
        """Columns of the areas in order."""
        return ["producer", *(f"hub_{at}" for at in self.hubs), "market"]


def chains(
    edges: pl.DataFrame, production: pl.DataFrame, family: str, year: int, source: str, chain: Chain | None = None
) -> pl.DataFrame:
    """Chains whose first leg was in `year`, best first; no area twice; every row holds the numbers it follows from.

    `edges` are EXPORTS_TO, `production` PRODUCES edges. Columns: rank, the areas, year, lag; output of the producer; kg
    and usd of each leg; inflow, outflow and output of each hub; possible and passable. Null where a mass or value is
    unknown; chains that cannot be ranked stand last, with rank null; what cannot carry anything is left out. A producer
    is an area listed with output above 0 or unknown. An area that the source of production does not list is taken to
    produce nothing. Raises InputError where it lists nobody at all for the family in a year that is needed.
    """
    chain = chain or Chain()
    first = _legs(edges, family, year, source)
    output = _output(production, family, year)
    makers = output.filter(pl.col("output_kg").is_null() | (pl.col("output_kg") > 0))
    makers = makers.rename({"area": "producer", "output_kg": "producer_output_kg"})
    rows = first.rename({"start": "producer", "end": "hub_1", "kg": "leg_1_kg", "usd": "leg_1_usd"})
    rows = rows.join(makers, on="producer")
    if chain.producer is not None:
        rows = rows.filter(pl.col("producer") == chain.producer)
    rows = _enough(rows.with_columns(_mined(unit, chain) for unit in UNITS), chain)
    for hub in chain.hubs:
        here = year + (hub - 1) * chain.lag
        entering = _legs(edges, family, here, source)
        leaving = _legs(edges, family, here + chain.lag, source)
        rows = _pass(rows, hub, _hubs(entering, leaving, _output(production, family, here), chain), leaving, chain)
    return _ranked(rows, year, chain)


def price_of(edges: pl.DataFrame, family: str, year: int, source: str) -> float | None:
    """USD per kg at which the middle dollar was traded: median of value / mass weighted by value; None without any.

    Near the price of the metal for precious metals, most of whose value is traded pure; for others a price of the mix.
    """
    rows = of_market(edges, family, year, source).filter(pl.col("value_usd") > 0, pl.col("mass_kg") > 0)
    priced = rows.select("value_usd", price=pl.col("value_usd") / pl.col("mass_kg")).sort("price", "value_usd")
    middle = priced.filter(pl.col("value_usd").cum_sum() >= pl.col("value_usd").sum() / 2)
    return None if middle.is_empty() else float(middle["price"][0])


def _legs(edges: pl.DataFrame, family: str, year: int, source: str) -> pl.DataFrame:
    """start, end, kg, usd of a year, parallel edges added up, null if any part is; no area trades with itself."""
    rows = of_market(edges, family, year, source).filter(pl.col("start") != pl.col("end"))
    sums = {unit: whole(pl.col(column).cast(pl.Float64)) for unit, column in UNITS.items()}
    return rows.group_by("start", "end").agg(**sums).sort("start", "end")


def _output(production: pl.DataFrame, family: str, year: int) -> pl.DataFrame:
    """area, output_kg of every area listed; null if any of its rows is. Raises InputError where nobody is listed."""
    rows = production.filter(pl.col("end") == family, pl.col("year") == year)
    if rows.is_empty():
        raise InputError(f"No output of {family} is known for {year}; choose a year that the production data cover.")
    mass = pl.col("mass_kg").cast(pl.Float64)
    return rows.group_by(area="start").agg(output_kg=whole(mass))


def _hubs(entering: pl.DataFrame, leaving: pl.DataFrame, output: pl.DataFrame, chain: Chain) -> pl.DataFrame:
    """Areas that take in and send out but produce too little, with supply and outflow."""
    taken = entering.group_by(area="end").agg(
        inflow_kg=_known("kg"), unweighed=pl.col("kg").null_count().cast(pl.Int64),
        inflow_usd=_known("usd"),
    )  # fmt: skip
    sent = leaving.group_by(area="start").agg(outflow_kg=_known("kg"), outflow_usd=_known("usd"))
    both = taken.join(sent, on="area").join(output.with_columns(is_listed=True), on="area", how="left")
    mined, sold = pl.col("output_kg"), pl.col("outflow_kg")
    if chain.price_usd is not None:
        mined, sold = mined * chain.price_usd, pl.col("outflow_usd")
    too_little = pl.col("is_listed").is_null() | (mined < chain.enough * sold)
    return both.filter(too_little.fill_null(False)).drop("is_listed")


def _known(unit: str) -> pl.Expr:
    """What is known of an area's trade; nothing, where nothing is."""
    return total(pl.col(unit)).fill_null(0.0)


def _mined(unit: str, chain: Chain) -> pl.Expr:
    """The first leg, no more than the producer's output where that is known and measured alike."""
    leg, output = pl.col(f"leg_1_{unit}"), pl.col("producer_output_kg")
    if chain.price_usd is not None:
        cap = output * (chain.price_usd if unit == "usd" else 1.0)
        leg = pl.when(leg.is_not_null()).then(pl.min_horizontal(leg, cap))
    return leg.alias(f"passable_{unit}")


def _pass(rows: pl.DataFrame, hub: int, hubs: pl.DataFrame, leaving: pl.DataFrame, chain: Chain) -> pl.DataFrame:
    """Chains made longer by the leg that leaves their last area, if that is a hub."""
    here, onward, leg = f"hub_{hub}", chain.areas[hub + 1], hub + 1
    named = hubs.rename({name: here if name == "area" else f"{here}_{name}" for name in hubs.columns})
    legs = leaving.rename({"start": here, "end": onward, "kg": f"leg_{leg}_kg", "usd": f"leg_{leg}_usd"})
    longer = rows.join(named, on=here).join(legs, on=here)
    before = [pl.col(name) for name in chain.areas[: hub + 1]]
    longer = longer.filter(pl.all_horizontal(pl.col(onward) != one for one in before))
    mined = pl.col(f"{here}_output_kg").fill_null(0.0)  # not listed: a hub of unknown output is no hub
    supply = {
        "kg": pl.col(f"{here}_inflow_kg") + mined,
        "usd": pl.col(f"{here}_inflow_usd") + mined * (chain.price_usd or 0.0),
    }
    had = {unit: pl.max_horizontal(one, f"{here}_outflow_{unit}") for unit, one in supply.items()}
    return _enough(longer.with_columns(_onward(unit, had[unit], leg) for unit in UNITS), chain)


def _onward(unit: str, had: pl.Expr, leg: int) -> pl.Expr:
    """leg * passable / all that the hub had; null where either is unknown."""
    share = (pl.col(f"leg_{leg}_{unit}") / had).clip(upper_bound=1.0)
    passable = pl.col(f"passable_{unit}")
    return pl.when(passable == 0).then(0.0).otherwise(passable * share).alias(f"passable_{unit}")


def _ranked(rows: pl.DataFrame, year: int, chain: Chain) -> pl.DataFrame:
    """Columns in order and rows by what can pass; nulls last."""
    legs = range(1, chain.legs + 1)
    if chain.market is not None:
        rows = rows.filter(pl.col("market") == chain.market)
    possible = [_least(unit, chain).alias(f"possible_{unit}") for unit in UNITS]
    best = pl.col(f"passable_{chain.by}")
    rows = rows.with_columns(possible)
    rows = rows.sort(best, *chain.areas, descending=[True] + [False] * len(chain.areas), nulls_last=True)
    facts = ("inflow_kg", "unweighed", "output_kg", "outflow_kg", "inflow_usd", "outflow_usd")
    return rows.select(
        pl.when(best.is_not_null()).then(pl.int_range(1, pl.len() + 1, dtype=pl.Int64)).alias("rank"),
        *chain.areas,
        pl.lit(year, pl.Int64).alias("year"),
        pl.lit(chain.lag, pl.Int64).alias("lag"),
        "producer_output_kg",
        *(f"leg_{leg}_{unit}" for leg in legs for unit in UNITS),
        *(f"hub_{hub}_{fact}" for hub in chain.hubs for fact in facts),
        *(f"{word}_{unit}" for unit in UNITS for word in ("possible", "passable")),
    )


def _enough(rows: pl.DataFrame, chain: Chain) -> pl.DataFrame:
    """Chains that can pass something, and as much as asked for; no further leg can add to it."""
    best = pl.col(f"passable_{chain.by}")
    return rows.filter(best >= chain.at_least if chain.at_least else best.is_null() | (best > 0))


def _least(unit: str, chain: Chain) -> pl.Expr:
    """Smallest leg; null if any is unknown."""
    legs = [pl.col(f"leg_{leg}_{unit}") for leg in range(1, chain.legs + 1)]
    return pl.when(pl.all_horizontal(one.is_not_null() for one in legs)).then(pl.min_horizontal(legs))
