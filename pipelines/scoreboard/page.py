"""docs/scoreboard.md, written from scoreboard.json alone."""

from collections.abc import Iterator, Mapping
from typing import Any

from models.scoreboard.names import ALL, AUTOENCODER, WORLDS
from pipelines import markdown
from pipelines.scoreboard import method, rungs, tables
from pipelines.scoreboard.results import Results
from pipelines.scoreboard.tables import Table
from pipelines.views.ladder import RUNGS

TITLES: Mapping[str, str] = {WORLDS: "Training worlds"}
"""Titles of parts; a cube's is made of its name."""
IMAGES: Mapping[str, str] = {
    "precision-recall": "Precision against recall on unseen training worlds: mean over worlds of the learned list, the "
    "agnostic list, edge trees and isolation forest",
    "calibration": "Left, realised against declared false-discovery proportion of the lists; right, observed share of "
    "flows with a trace against predicted chance, both on unseen training worlds",
    "detection-limit": "Share of flows found against what is hidden on them, in USD and in tonnes, with 90 % intervals",
    "agnostic": "Average precision of the agnostic list, of the best channel that may raise an alert and of a random "
    "order, on each kind of scheme",
    "ladder": "CRPS of every rung of the ladder over that of the last trade again, by code, on held-out years",
}
"""Plots beside the page, with what they show for those who cannot see them."""


def page(found: Results, images: frozenset[str]) -> str:
    """The whole page; plots that were not drawn are left out."""
    return "\n\n".join(_parts(found, images)) + "\n"


def _parts(found: Results, images: frozenset[str]) -> Iterator[str]:
    yield "# Scoreboard"
    yield (
        "Written by `oretrace scoreboard --measure`; `oretrace scoreboard` shows the same figures in the terminal. "
        "Worlds are invented, and so are the schemes that are planted in copies of real trade: no figure here says "
        "anything of a real country. Brackets are 90 % intervals over test cases unless said otherwise."
    )
    yield "\n".join(f"- {line}" for line in _facts(found))
    yield "## Words of this page"
    yield "\n".join(f"- {line}" for line in method.words())
    yield _section(tables.targets(found))
    yield from _images(images, "precision-recall", "calibration", "detection-limit", "agnostic")
    for part, told in tables.whole(found):
        yield f"## {title_of(part)}"
        yield _counts(found, part)
        for table in told:
            yield _section(table, "###")
    yield _section(rungs.ladder(found))
    yield from _images(images, "ladder")
    yield _section(rungs.others(found), "###")
    yield "## What the graph neural network adds"
    yield rungs.network(found)
    yield "## How it is measured"
    yield "\n".join(f"- {line}" for line in method.lines())


def title_of(part: str) -> str:
    """Title of a part."""
    return TITLES.get(part, f"Invented schemes in copies of real trade: {part}")


def _facts(found: Results) -> Iterator[str]:
    about: Mapping[str, Any] = found.about
    if not about.get("is_whole", True):
        yield "**A part of the frozen protocol only**: measured on fewer or smaller cases than it asks for."
    if about.get("seeds") != method.seeds():
        yield (
            "**Figures of an earlier protocol**: they were measured on other seeds and other flows than this page "
            "describes, and stand here until they are measured anew."
        )
    yield method.fresh()
    yield f"Model: {about['trained_on']}; made {about['made']}; sha256 `{about['sha256'][:16]}`."
    yield f"Measured {about['measured']} with oretrace {about['version']}, world version {about['world_version']}."
    if not about["has_gnn"]:
        yield f"The extra `gnn` was not installed: {AUTOENCODER} and the rung {RUNGS[rungs.GNN]} are left out."


def _counts(found: Results, part: str) -> str:
    names = ("flows", "flows with a trace of a scheme", "schemes")
    told = [f"{one.value:,.0f} {name}" for name in names if (one := found.of(part, ALL, name))]
    cases = found.of(part, ALL, "flows")
    kind = "worlds" if part == WORLDS else "plantings"
    return f"{cases.cases if cases else 0} test {kind}, each on average with {', '.join(told)}."


def _section(table: Table, level: str = "##") -> str:
    rows = markdown.table([one or " " for one in table.head], table.rows)
    if table.names_schemes:
        rows = f"<!-- names in the truth -->\n\n{rows}\n\n<!-- end of names in the truth -->"
    return f"{level} {table.title}\n\n{table.meaning}\n\n{rows}"


def _images(drawn: frozenset[str], *names: str) -> Iterator[str]:
    for name in names:
        if name in drawn:
            yield f"![{IMAGES[name]}](scoreboard/{name}.png)"
