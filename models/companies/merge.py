"""Companies of all bills, and which of their names count as one company.

The rule merges a pair only where the risk is at most MERGE_RISK and nothing bars it, the least risk first. A person's
judgement beats it: "same" merges whatever the score, "different" keeps the two apart, whatever other pairs would join
them, and "undecided" leaves the rule out of it. Of several judgements of a pair the last counts. The rule never makes a
group of two countries or of two legal forms (a person may), since each link may be likely where the chain is not.

Nothing is stored but the answer: groups are made anew from bills and judgements each time, so that one judgement undoes
a merge. The smallest company_id stands for its group.
"""

from dataclasses import dataclass
from datetime import date

import polars as pl

from graphs.tables_companies import PARTIES, Companies, CompanyMatches
from models.companies.blocking import candidates
from models.companies.compare import Compared, Side, Weights, compare
from models.companies.groups import Groups, Judged, Pair, latest
from models.companies.names import NO_COUNTRY, named, read
from models.companies.risk import MERGE_RISK, STEPS, risk_of

Decision = tuple[bool, str, str]
"""Whether a pair is merged, who decided, and why."""


@dataclass(frozen=True)
class Named:
    """Companies (schema Companies) and pairs with like names (schema CompanyMatches)."""

    companies: pl.DataFrame
    matches: pl.DataFrame


def companies(manifests: pl.DataFrame, judgements: pl.DataFrame) -> Named:
    """Companies of bills that bear company ids (names.identified), merged as far as risk and people allow."""
    listed = _listed(manifests)
    told = listed.select("company_id", "name").iter_rows()
    sides = {one: Side(name, named(one)[0]) for one, text in told if (name := read(text))}
    judged = latest(judgements, sides)
    compared = _compared(sides, judged)
    groups = Groups(sides, [pair for pair, one in judged.items() if one.verdict == "different"])
    known = dict(listed.select("company_id", "known_from").iter_rows())
    matches = _matches(compared, judged, groups, known)
    standing = pl.DataFrame(
        list(groups.names().items()), schema={"company_id": pl.String, "group_id": pl.String}, orient="row"
    )
    grouped = listed.join(standing, on="company_id", how="left")
    return Named(Companies.cast(grouped).sort(Companies.primary_key()), matches)


def _listed(manifests: pl.DataFrame) -> pl.DataFrame:
    """One row per company_id: commonest spelling, all of them, roles, rows and days."""
    said = pl.concat(
        manifests.select(
            pl.col(f"{party}_id").alias("company_id"),
            pl.col(party).str.strip_chars().alias("spelling"),
            pl.lit(party).alias("role"),
            pl.struct("raw_sha256", "raw_row").alias("row"),
            "day",
            "known_from",
        )
        for party in PARTIES
    ).drop_nulls("company_id")
    counted = said.group_by("company_id", "spelling").agg(pl.col("row").n_unique())
    first = counted.sort("row", "spelling", descending=[True, False]).unique("company_id", keep="first")
    every = said.group_by("company_id").agg(
        pl.col("spelling").unique().sort().alias("spellings"),
        pl.col("role").unique().sort().alias("roles"),
        pl.col("row").n_unique().cast(pl.UInt32).alias("rows"),
        pl.col("day").min().alias("first_day"),
        pl.col("day").max().alias("last_day"),
        pl.col("known_from").min(),
    )
    country = pl.col("company_id").str.split(":").list.first()
    return (
        every.join(first.select("company_id", pl.col("spelling").alias("name")), on="company_id")
        .with_columns(pl.when(country != NO_COUNTRY).then(country).alias("country"))
        .sort("company_id")
    )


def _compared(sides: dict[str, Side], judged: dict[Pair, Judged]) -> dict[Pair, Compared]:
    """Pairs that blocking proposes and that are worth a look, and every pair that a person has judged."""
    ids = list(sides)
    weights = Weights(side.name for side in sides.values())
    near = {(ids[one], ids[other]) for one, other in candidates([side.name for side in sides.values()])}
    found = {pair: compare(sides[pair[0]], sides[pair[1]], weights) for pair in sorted(near | judged.keys())}
    return {pair: one for pair, one in found.items() if one.score >= STEPS[0] or pair in judged}


def _matches(
    compared: dict[Pair, Compared], judged: dict[Pair, Judged], groups: Groups, known: dict[str, date]
) -> pl.DataFrame:
    """Every pair with its decision: people's first, in the order of their judgements, then the rule's by risk."""
    risks = {pair: risk_of(one.score, is_barred=one.barred is not None) for pair, one in compared.items()}
    people = sorted(judged, key=lambda pair: (judged[pair], pair))
    rule = sorted(compared.keys() - judged.keys(), key=lambda pair: (risks[pair], pair))
    decided = {pair: _by_person(pair, judged[pair], groups) for pair in people}
    decided |= {pair: _by_rule(pair, compared[pair], risks[pair], groups) for pair in rule}
    rows = [
        {
            "one": pair[0],
            "other": pair[1],
            "score": compared[pair].score,
            "p_same": 1.0 - risks[pair],
            "risk": risks[pair],
            "parts": [{"name": name, "value": value} for name, value in compared[pair].parts],
            "is_merged": decided[pair][0],
            "decided_by": decided[pair][1],
            "why": decided[pair][2],
            "known_from": max(known[one] for one in pair),
        }
        for pair in sorted(compared)
    ]
    schema = CompanyMatches.create_empty().schema
    return CompanyMatches.cast(pl.DataFrame(rows, schema=schema, orient="row")).sort(CompanyMatches.primary_key())


def _by_person(pair: Pair, judged: Judged, groups: Groups) -> Decision:
    said = f"{judged.reviewer} judged them {judged.verdict} on {judged.judged_at:%Y-%m-%d}"
    if judged.verdict != "same":
        return False, "person", said
    if apart := groups.kept_apart(*pair):
        return False, "person", f"{said}, but {apart[0]} and {apart[1]}, which would join them, were judged different"
    groups.join(*pair)
    return True, "person", said


def _by_rule(pair: Pair, compared: Compared, risk: float, groups: Groups) -> Decision:
    if compared.barred:
        return False, "nobody", f"{compared.barred}; a person may judge it"
    if risk > MERGE_RISK:
        return False, "nobody", f"the risk {risk:.2%} is above {MERGE_RISK:.0%}; a person may judge it"
    if apart := groups.kept_apart(*pair):
        return False, "nobody", f"{apart[0]} and {apart[1]}, which would join them, were judged different"
    if both := groups.differ(*pair):
        return False, "nobody", f"their group would hold companies of {both}; a person may judge it"
    groups.join(*pair)
    return True, "rule", f"the risk {risk:.2%} is at most {MERGE_RISK:.0%}"
