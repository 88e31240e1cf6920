"""docs/false-accusations.md from the registry: `python -m tests.cases.page` writes it, a test holds it to the cases.

How often flows of the world rise is counted in the world that the tests score.
"""

from collections import Counter

import polars as pl

from models.flows.ordinary import meaning
from pipelines.queries import AGNOSTIC
from tests.cases.registry import CASES, Case, Source, of
from tests.cases.worlds import scored
from tests.conftest import REPOSITORY

PAGE = REPOSITORY / "docs" / "false-accusations.md"
INTRODUCTION = """# False accusations: cases that must never become candidates

Trade can look implausible and have an ordinary reason. This page lists {number} such cases. Tests score each with the
whole product, on every list. They fail where a flow of a case rises above level 1 (*anomaly*), or where a case's
ordinary cause is not told; for worlds, see below. They run with `make test`; real cases are left out, with a reason,
where the real data are not at hand.

| source | cases | what that is |
|---|---:|---|
| real | {real} | declarations as published by UN Comtrade, or trade on record in BACI, which is reconciled |
| synthetic | {synthetic} | tables made up around published totals, where only the totals are known |
| ships | {ships} | calls of ships made up by hand, beside trade that both sides value alike |
| world | {world} | artefacts of the [training world](world.md), whose truth is known |

Most of these were found while the product was being built, so they say that known errors stay away, not that there are
no others. Of a world, flows that only an artefact touches may rise as seldom as chance lets flows rise that nothing
touches: at most {share:.0f} % of a kind's flows, or one, and {overall:.0f} % of all. In the small world that the tests
score, {benign[0]:,} of {benign[1]:,} such flows ({benign[2]:.1f} %) stand above level 1 on the agnostic list, against
{untouched[0]:,} of {untouched[1]:,} ({untouched[2]:.1f} %) that neither a scheme nor an artefact touches.

A *cannot test* is an answer too: no source can show the reason, the product says so, and the flow stays at level 1.
"""
TITLES: dict[Source, str] = {
    "real": "Real",
    "synthetic": "Synthetic",
    "ships": "Of ships",
    "world": "Of the training world",
}


def page() -> str:
    """The whole page."""
    from tests.cases.test_world import OVERALL, SHARE, above

    counts = Counter(case.source for case in CASES)
    agnostic = scored().seen.filter(pl.col("list") == AGNOSTIC)
    benign, untouched = (
        (above(rows).height, rows.height, 100 * above(rows).height / rows.height)
        for rows in (agnostic.filter("is_benign"), agnostic.filter(~pl.col("is_benign"), ~pl.col("is_scheme")))
    )
    head = INTRODUCTION.format(
        number=len(CASES), **counts, share=100 * SHARE, overall=100 * OVERALL, benign=benign, untouched=untouched
    )
    return "\n".join([head, *(_section(source) for source in TITLES), _causes()])


def _section(source: Source) -> str:
    rows = [_row(case) for case in of(source)]
    return "\n".join(
        [f"## {TITLES[source]}", "", "| case | why it looks implausible | what explains it | told as |",
         "|---|---|---|---|", *rows, ""]
    )  # fmt: skip


def _row(case: Case) -> str:
    verdict = "possible" if case.is_testable else "cannot test"
    causes = " or ".join(f"`{one}`" for one in case.causes)
    told = f"{causes}: {verdict}" if causes else "nothing is unmatched"
    return f"| {case.trade} | {case.looks} | {case.reason} | {told} |"


def _causes() -> str:
    named = sorted({cause for case in CASES for cause in case.causes})
    lines = [f"| `{cause}` | {meaning(cause)} |" for cause in named]
    return "\n".join(["## The causes named here", "", "| cause | meaning |", "|---|---|", *lines, ""])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
