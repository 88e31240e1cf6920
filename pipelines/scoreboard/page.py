"""docs/scoreboard.md, written from scoreboard.json alone."""

from collections.abc import Iterator, Mapping
from typing import Any

from models.scoreboard import protocol
from models.scoreboard.names import ALL, AUTOENCODER, WORLDS
from pipelines import markdown
from pipelines.scoreboard import tables
from pipelines.scoreboard.results import Results
from pipelines.scoreboard.tables import Table

GNN = "gnn"
TITLES: Mapping[str, str] = {WORLDS: "Training worlds"}
"""Titles of parts; a cube's is made of its name."""
IMAGES: Mapping[str, str] = {
    "precision-recall": "Precision against recall on unseen training worlds: mean over worlds of the learned list, the "
    "agnostic list, edge trees and isolation forest",
    "calibration": "Left, realised against declared false-discovery proportion; right, observed share of schemes "
    "against predicted chance, both on unseen training worlds",
    "detection-limit": "Share of flows found against what is hidden on them, in USD and in tonnes, with 90 % intervals",
    "agnostic": "Average precision of the agnostic list and of the best single channel on each kind of scheme",
    "ladder": "CRPS of every rung of the ladder over that of persistence, by code, on held-out years of real trade",
}
"""Plots beside the page, with what they show for those who cannot see them."""


def page(found: Results, images: frozenset[str]) -> str:
    """The whole page; plots that were not drawn are left out."""
    return "\n\n".join(_parts(found, images)) + "\n"


def _parts(found: Results, images: frozenset[str]) -> Iterator[str]:
    yield "# Scoreboard"
    yield (
        "Written by `oretrace scoreboard --measure`; `oretrace scoreboard` shows the same figures in the terminal. "
        "Worlds are invented, and what is planted in real trade is invented too: no figure here says anything of a "
        "real country. Brackets are 90 % intervals over test cases unless said otherwise."
    )
    yield "\n".join(f"- {line}" for line in _facts(found))
    yield _section(tables.targets(found))
    yield from _images(images, "precision-recall", "calibration", "detection-limit", "agnostic")
    for part, told in tables.whole(found):
        yield f"## {title_of(part)}"
        yield _counts(found, part)
        for table in told:
            yield _section(table, "###")
    yield _section(tables.ladder(found))
    yield from _images(images, "ladder")
    yield "## What the graph neural network adds"
    yield gnn(found)
    yield "## How it is measured"
    yield _method()


def title_of(part: str) -> str:
    """Title of a part."""
    return TITLES.get(part, f"Schemes planted in real trade: {part}")


def _facts(found: Results) -> Iterator[str]:
    about: Mapping[str, Any] = found.about
    if not about.get("is_whole", True):
        yield "**A part of the frozen protocol only**: measured on fewer cases than it asks for."
    yield f"Model: {about['trained_on']}; made {about['made']}; sha256 `{about['sha256'][:16]}`."
    yield f"Measured {about['measured']} with oretrace {about['version']}, world version {about['world_version']}."
    if not about["has_gnn"]:
        yield f"The extra `gnn` was not installed: {AUTOENCODER} and the rung `{GNN}` are left out."


def _counts(found: Results, part: str) -> str:
    names = ("flows", "flows with a trace of a scheme", "schemes")
    told = [f"{one.value:,.0f} {name}" for name in names if (one := found.of(part, ALL, name))]
    cases = found.of(part, ALL, "flows")
    kind = "worlds" if part == WORLDS else "plantings"
    return f"{cases.cases if cases else 0} test {kind}, each on average with {', '.join(told)}."


def gnn(found: Results) -> str:
    """What the graph neural network's rung adds over the best rung below it, from the figures alone."""
    gains, missing = [], set()
    for commodities in found.ladder.values():
        for code, models in commodities.items():
            one = models.get(GNN, {}).get("crps", {})
            if "gain_low" in one:
                gains.append((code, one))
            elif one:
                missing.add(str(one.get("missing", "it could not be compared")))
    if not gains:
        why = f" ({'; '.join(sorted(missing))})" if missing else ""
        return f"Nothing can be said here: the rung was not compared{why}."
    better = [code for code, one in gains if one["gain_low"] > 0]
    worse = [code for code, one in gains if one["gain_high"] < 0]
    used = [code for code, one in gains if one.get("is_used")]
    undecided = len(gains) - len(better) - len(worse)
    share = sorted(one["gain"] / (one["value"] + one["gain"]) for _, one in gains)
    middle = share[len(share) // 2]
    return (
        f"On {len(gains)} codes it was compared with the best rung below it by CRPS on held-out years. It is better "
        f"beyond doubt on {_listed(better)}, worse beyond doubt on {_listed(worse)}, and on the other {undecided} the "
        f"interval holds zero. The middle change of CRPS is {-100 * middle:+.1f} %. It is switched on for "
        f"{_listed(used)} and stays off elsewhere, where a simpler rung forecasts as well."
    )


def _listed(codes: list[str]) -> str:
    return f"{len(codes)} ({', '.join(codes)})" if codes else "none"


def _section(table: Table, level: str = "##") -> str:
    rows = markdown.table([one or " " for one in table.head], table.rows)
    if table.names_schemes:
        rows = f"<!-- names in the truth -->\n\n{rows}\n\n<!-- end of names in the truth -->"
    return f"{level} {table.title}\n\n{table.meaning}\n\n{rows}"


def _images(drawn: frozenset[str], *names: str) -> Iterator[str]:
    for name in names:
        if name in drawn:
            yield f"![{IMAGES[name]}](scoreboard/{name}.png)"


def _method() -> str:
    worlds = (protocol.TRAINING_WORLDS, protocol.CALIBRATION_WORLDS, protocol.TEST_WORLDS)
    seeds = [f"{one.start} to {one.stop - 1}" for one in worlds]
    plants = [f"{one.start} to {one.stop - 1}" for one in (protocol.TRAINING_PLANTINGS, protocol.TEST_PLANTINGS)]
    lines = (
        f"Worlds of seeds {seeds[0]} teach, {seeds[1]} calibrate, {seeds[2]} test; each is read from the files of its "
        "own offices by the usual sources.",
        f"In real trade, plantings of seeds {plants[0]} teach and {plants[1]} test. Exporters are dealt into "
        f"{protocol.FOLDS} folds: models judge each fold after learning from two others and being calibrated on two "
        "more. The shipped model learns from the plants of one rotation's teaching folds only, and is measured on "
        "worlds alone.",
        "False is every selected flow without a planted trace. In real trade some of these may be truly odd, which "
        "makes the realised rate there an upper bound.",
        "p-values are conformal against flows without a trace that no model was taught on; q-values are "
        "Benjamini-Hochberg over the whole list of a world, and inside each fold of real trade. "
        "Where the null is too small nothing is claimed.",
        "The agnostic list stands in the order of the product: claim level, ordinary share, p, unmatched amount.",
        "Isolation forest, edge trees and the autoencoder are taught or grown on the same cases as the learned list.",
    )
    return "\n".join(f"- {line}" for line in lines)
