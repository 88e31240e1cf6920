"""Groups of companies that count as one, built pair by pair, and the pairs that people keep apart."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from models.companies.compare import Side

Pair = tuple[str, str]


@dataclass(frozen=True, order=True)
class Judged:
    """The judgement that counts for a pair, in the order in which they were made."""

    judged_at: datetime
    reviewer: str
    verdict: str


def latest(judgements: pl.DataFrame, known: Iterable[str]) -> dict[Pair, Judged]:
    """The last judgement of each pair of known companies, the smaller identifier first; at one time by reviewer."""
    listed, found = set(known), dict[Pair, Judged]()
    columns = judgements.select("one", "other", "judged_at", "reviewer", "verdict")
    for one, other, judged_at, reviewer, verdict in columns.iter_rows():
        if one != other and one in listed and other in listed:
            pair, told = (min(one, other), max(one, other)), Judged(judged_at, reviewer, verdict)
            found[pair] = max(found.get(pair, told), told)
    return found


class Groups:
    """Each company alone at first; `join` makes one group of two, unless a person keeps members of them apart."""

    def __init__(self, sides: Mapping[str, Side], apart: Iterable[Pair]) -> None:
        self._sides = sides
        self._members = {one: {one} for one in sides}
        self._apart: dict[str, set[str]] = {}
        for one, other in apart:
            self._apart.setdefault(one, set()).add(other)
            self._apart.setdefault(other, set()).add(one)

    def join(self, one: str, other: str) -> None:
        """Make one group of the two groups."""
        small, large = sorted((self._members[one], self._members[other]), key=len)
        if small is not large:
            large |= small
            self._members |= dict.fromkeys(small, large)

    def kept_apart(self, one: str, other: str) -> Pair | None:
        """First pair, by name, of a member of each group that people judged different; None where there is none."""
        left, right = self._members[one], self._members[other]
        pairs = [(a, b) for a in left if a in self._apart for b in self._apart[a] & right]
        return min((min(pair), max(pair)) for pair in pairs) if pairs else None

    def differ(self, one: str, other: str) -> str | None:
        """What the group of both would hold more of than either does now, countries or legal forms; None if neither."""
        left, right = ([self._sides[name] for name in self._members[at]] for at in (one, other))
        countries = [{side.country for side in group if side.country} for group in (left, right)]
        if len(set().union(*countries)) > max(1, *map(len, countries)):
            return "two countries"
        forms = [{side.name.form for side in group if side.name.form} for group in (left, right)]
        return "two legal forms" if len(set().union(*forms)) > max(1, *map(len, forms)) else None

    def names(self) -> dict[str, str]:
        """The company that stands for each: the smallest identifier of its group."""
        firsts = {id(members): min(members) for members in self._members.values()}
        return {one: firsts[id(members)] for one, members in self._members.items()}
