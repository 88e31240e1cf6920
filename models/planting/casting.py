"""Who does what, where and when: each scheme has its pairs to itself, so that none bends the flows of another."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from zlib import crc32

import numpy as np
import polars as pl

from models.planting.book import Book, Pair
from models.planting.rules import Rules

ROLES = {
    "under_invoicing": "false_value",
    "misclassification": "hidden",
    "smuggling": "hidden",
    "hub_laundering": "hidden",
    "phantom_export": "phantom",
    "round_tripping": "round_trip",
    "ban_evasion": "hidden",
}
"""What happens on the first flow of a scheme, in the words of the training world's truth."""
SECOND = {"misclassification": "false_code", "hub_laundering": "false_origin", "round_tripping": "round_trip"}
"""What happens on the flow where the goods come out."""
NOISE = ("z_force", "z_price", "z_value", "u_amount", "u_mirror", "u_step")
PLAN = {
    "scheme_id": pl.String,
    "kind": pl.String,
    "variant": pl.String,
    "strength": pl.Float64,
    "leg": pl.Int32,
    "place_in_scheme": pl.Int32,
    "role": pl.String,
    "is_declared": pl.Boolean,
    "source": pl.String,
    "family": pl.String,
    "exporter": pl.String,
    "importer": pl.String,
    "commodity": pl.String,
    "period": pl.Int32,
    "first_year": pl.Int32,
    "last_year": pl.Int32,
    "ramp_years": pl.Int32,
    "force": pl.Float64,
    "place": pl.Float64,
    **dict.fromkeys(NOISE, pl.Float64),
}
"""A row for each scheme, flow and year. `force`: strength x min(1, (years since onset + 1) / (ramp + 1)). `place`,
between 0 and 1: where the scheme lies in the range of its own number. NOISE: normal (z) and even (u) draws."""


@dataclass(frozen=True)
class Leg:
    """One pair of a scheme."""

    pair: Pair
    family: str
    order: int
    """0 where goods go in, 1 where they come out."""
    role: str


@dataclass
class _Deck:
    """Pairs of one book in the order in which they are offered to each kind and variant."""

    book: Book
    chance: np.random.Generator
    offers: dict[tuple[str, str], Iterator[Pair]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for key, pairs in sorted(self.book.onsets.items()):
            names = list(pairs)
            self.offers[key] = iter([names[place] for place in self.chance.permutation(len(names))])


def cast(books: Sequence[Book], seed: int, rules: Rules) -> pl.DataFrame:
    """All schemes (PLAN), until enough flows carry a trace: the kind with the fewest flows comes next, the most
    particular first; its strengths and variants take turns. A kind that finds no more stage is left out."""
    taken: set[tuple[str, str, str, str]] = set()
    rows: list[tuple[object, ...]] = []
    for book in books:
        name = f"{book.source}:{book.family}:{book.is_declared}"
        chance = np.random.default_rng([seed, crc32(name.encode())])
        rows += _cast_one(_Deck(book, chance), taken, rules)
    return pl.DataFrame(rows, schema=PLAN, orient="row")


def _cast_one(deck: _Deck, taken: set[tuple[str, str, str, str]], rules: Rules) -> list[tuple[object, ...]]:
    book, chance = deck.book, deck.chance
    variants = rules.variants if book.is_declared else rules.supply_variants
    wanted = rules.share * sum(len(years) for years in book.years.values())
    turns = {kind: int(chance.integers(len(rules.strengths))) for kind in variants}
    planned = dict.fromkeys(variants, 0)
    rows: list[tuple[object, ...]] = []
    while planned and sum(planned.values()) < wanted:
        kind = min(planned, key=lambda one: planned[one])
        strength = rules.strengths[turns[kind] % len(rules.strengths)]
        variant = variants[kind][turns[kind] % len(variants[kind])]
        turns[kind] += 1
        found = _stage(deck, kind, variant, taken, rules)
        if found:
            legs, onset = found
            taken |= {_lock(book.source, leg) for leg in legs}
            scheme_id = f"plant:{book.source}:{book.family}:{kind}:{turns[kind]}"
            new = _years(scheme_id, kind, variant, strength, legs, onset, deck, rules)
            planned[kind] += _there(book, new)
            rows += new
        else:
            wanted -= planned.pop(kind)
    return rows


def _lock(source: str, leg: Leg) -> tuple[str, str, str, str]:
    one, two = sorted(leg.pair[:2])
    return source, leg.family, one, two


def _stage(
    deck: _Deck, kind: str, variant: str, taken: set[tuple[str, str, str, str]], rules: Rules
) -> tuple[list[Leg], int] | None:
    """The next pair of the deck whose legs are all free, and a year of onset."""
    book = deck.book
    for pair in deck.offers.get((kind, variant), iter(())):
        onsets = book.onsets[kind, variant][pair]
        onset = int(deck.chance.choice(onsets))
        legs = _legs(deck, kind, variant, pair, onset, rules)
        if legs and not any(_lock(book.source, leg) in taken for leg in legs):
            return legs, onset
    return None


def _legs(deck: _Deck, kind: str, variant: str, pair: Pair, onset: int, rules: Rules) -> list[Leg]:
    """Pairs of a scheme that begins here; none where a part of it is missing."""
    book, (exporter, importer, commodity) = deck.book, pair
    first = Leg(pair, book.family, 0, ROLES[kind])
    if variant == "supply" and kind == "hub_laundering":
        return [Leg(pair, book.family, 0, SECOND[kind])]
    if kind == "misclassification":
        codes = _codes(book, pair, variant)
        if not codes:
            return []
        other, family = codes[int(deck.chance.integers(len(codes)))]
        return [first, Leg((exporter, importer, other), family, 1, SECOND[kind])]
    if kind == "round_tripping":
        # Carousels turn where trade goes both ways; new trade against all custom would give itself away.
        if not any(year < onset for year in book.years.get((importer, exporter, commodity), ())):
            return []
        return [first, Leg((importer, exporter, commodity), book.family, 1, SECOND[kind])]
    if kind == "hub_laundering":
        markets = _markets(book, pair, onset, rules)
        if not markets:
            return []
        market = markets[int(deck.chance.integers(len(markets)))]
        return [first, Leg((importer, market, commodity), book.family, 1, SECOND[kind])]
    if kind == "ban_evasion":
        return [Leg(one, book.family, 0, ROLES[kind]) for one in _banned(book, pair, onset, rules)]
    if kind == "smuggling" and not book.is_declared:
        same = [one for one in book.onsets[kind, variant] if (one[0], one[2]) == (exporter, commodity) and one != pair]
        others = [one for one in same if onset in book.onsets[kind, variant][one]]
        more = min(int(deck.chance.integers(rules.destinations)), len(others))
        chosen = deck.chance.permutation(len(others))[:more]
        return [first, *(Leg(others[int(one)], book.family, 0, ROLES[kind]) for one in chosen)]
    return [first]


def _codes(book: Book, pair: Pair, variant: str) -> list[tuple[str, str]]:
    """Codes for goods under a false one: those that this office's traders know already, else any near one."""
    office = pair[0] if variant == "exporter" else pair[1]
    near = list(book.near[pair[2]])
    known = [one for one in near if one[0] in book.used.get((variant, office), frozenset())]
    return known or near


def _markets(book: Book, pair: Pair, onset: int, rules: Rules) -> list[str]:
    """Customers of the hub with a past, whose trade is of the size of what comes in, sorted."""
    producer, hub, commodity = pair
    low, high = (bound * book.usual_usd[pair] for bound in rules.hub_size)
    found = []
    for market in book.customers.get((hub, commodity), ()):
        leg = (hub, market, commodity)
        lives = (leg, onset) in book.past and onset + 1 in book.years[leg]
        if market != producer and lives and low <= book.usual_usd[leg] <= high:
            found.append(market)
    return found


def _banned(book: Book, pair: Pair, onset: int, rules: Rules) -> list[Pair]:
    """All pairs of the exporter and commodity that trade under the ban; none where they are too many, or where a part
    goes to areas not specified, of which nobody could say that it was exported against the ban."""
    exporter, _, commodity = pair
    spell = range(onset, onset + rules.lasting_years[1])
    if not book.unspecified.get((exporter, commodity), frozenset()).isdisjoint(spell):
        return []
    partners = [(exporter, one, commodity) for one in book.customers[exporter, commodity]]
    alive = [one for one in partners if not book.years[one].isdisjoint(spell)]
    return [] if len(alive) > rules.ban_partners else alive


def _years(
    scheme_id: str, kind: str, variant: str, strength: float, legs: list[Leg], onset: int, deck: _Deck, rules: Rules
) -> list[tuple[object, ...]]:
    """Rows of PLAN."""
    book, chance = deck.book, deck.chance
    lasting = int(chance.integers(rules.lasting_years[0], rules.lasting_years[1] + 1))
    last = min(onset + lasting - 1, book.last_year)
    ramp = 0 if kind == "ban_evasion" else int(chance.integers(rules.ramp_years[0], rules.ramp_years[1] + 1))
    ramp = min(ramp, last - onset)
    place = float(chance.random())
    rows: list[tuple[object, ...]] = []
    for number, leg in enumerate(legs):
        for year in range(onset, last + 1):
            force = strength * min(1.0, (year - onset + 1) / (ramp + 1))
            noise = (*chance.standard_normal(3).tolist(), *chance.random(3).tolist())
            rows.append(
                (scheme_id, kind, variant, strength, leg.order, number, leg.role, book.is_declared, book.source,
                 leg.family, *leg.pair, year, onset, last, ramp, force, place, *noise)
            )  # fmt: skip
    return rows


def _there(book: Book, rows: Iterable[tuple[object, ...]]) -> int:
    """Rows of PLAN in whose place there is a flow."""
    at = [list(PLAN).index(name) for name in ("exporter", "importer", "commodity", "period")]
    return sum(book.holds(*(row[place] for place in at)) for row in rows)
