"""Artefacts: which were wrongly raised, and whether the explanation named their true cause.

An artefact touches a flow without any scheme on it. It is wrongly raised where the flow stands above level 1. Its true
cause is among those that `TRUE_CAUSES` lists for its kind; a kind with none has no ordinary cause in the list.
"""

from collections.abc import Iterator, Mapping

import polars as pl

from models.grading.figures import ALL, Figure, share

PART, CAUSES_PART, HIGH_PART = "artefacts", "causes", "above level 1"
TRUE_CAUSES: Mapping[str, tuple[str, ...]] = {
    "strike": ("stocks",),
    "new_mine": (),
    "price_spike": ("price_move", "stocks"),
    "transit_misattribution": ("transit", "partner_rule"),
    "vault_move": ("stocks", "special_codes"),
    "toll_refining": ("stocks", "trade_system", "partner_rule"),
    "reporter_break": ("reporter_break", "habit"),
    "reporter_stops": ("missing_reporter", "reporter_break"),
    "confidentiality": ("confidentiality", "reporter_break"),
    "wet_dry_mass": ("wet_mass",),
    "estimated_mass": ("estimated_mass", "quantity_fault"),
    "fob_importer": ("fob_import", "cif_fob"),
    "neighbour_coding": ("coding", "parent_children"),
}
"""Ordinary causes (models.flows.ordinary) that are right for an artefact of a kind."""


def artefacts(seen: pl.DataFrame) -> Iterator[Figure]:
    """Figures of `models.grading.truth.seen_by`: by kind, how many scored flows became alerts, and rose too high."""
    for kind, rows in _by_kind(seen):
        for label, happened in (
            ("stood out", pl.col("claim_level") >= 1),
            ("among the alerts", pl.col("is_selected")),
            ("raised above level 1", pl.col("claim_level") >= 2),
        ):
            yield share((PART, kind, ALL, label), rows.select(hit=happened)["hit"], rows["exporter"])


def above_level_1(seen: pl.DataFrame) -> Iterator[Figure]:
    """Scored flows that rose above level 1: of those that only an artefact touches, of schemes, and of the others."""
    scheme, unseen, benign = (pl.col(one) for one in ("is_scheme", "is_unseen", "is_benign"))
    for name, belongs in (
        ("only an artefact", benign),
        ("a scheme", scheme),
        ("nothing known", ~scheme & ~unseen & ~benign),
    ):
        rows = seen.filter(belongs)
        yield share((HIGH_PART, name, ALL, "flows"), rows["claim_level"] >= 2, rows["exporter"])


def named_causes(seen: pl.DataFrame, causes: pl.DataFrame) -> Iterator[Figure]:
    """Of flows that stood out because of an artefact: how often its true cause came first, or was held possible."""
    listed = [(kind, cause) for kind, accepted in TRUE_CAUSES.items() for cause in accepted]
    true = pl.DataFrame(listed, schema={"artefact_kind": pl.String, "cause": pl.String}, orient="row")
    possible = causes.filter(pl.col("verdict").cast(pl.String) == "possible").select("flow_id", "cause")
    held = (
        possible.join(seen.select("flow_id", "artefact_kind"), on="flow_id")
        .join(true, on=["artefact_kind", "cause"], how="semi")
        .select("flow_id", is_held=pl.lit(True))
        .unique()
    )
    for kind, rows in _by_kind(seen.filter(pl.col("claim_level") >= 1)):
        accepted = TRUE_CAUSES.get(kind, ())
        if not accepted and kind != ALL:
            yield Figure(CAUSES_PART, kind, ALL, "no ordinary cause of the list fits", None, total=rows.height)
            continue
        mine = rows.join(held, on="flow_id", how="left", maintain_order="left")
        first = mine.join(
            true, left_on=["artefact_kind", "main_cause"], right_on=["artefact_kind", "cause"], how="semi"
        )
        hits = mine.select(
            "exporter",
            first=pl.col("flow_id").is_in(first["flow_id"].to_list()),
            held=pl.col("is_held").fill_null(False),
        )
        yield share((CAUSES_PART, kind, ALL, "true cause came first"), hits["first"], hits["exporter"])
        yield share((CAUSES_PART, kind, ALL, "true cause held possible"), hits["held"], hits["exporter"])


def _by_kind(seen: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    benign = seen.filter("is_benign")
    yield ALL, benign
    for (kind,), rows in benign.sort("artefact_kind", maintain_order=True).group_by(
        "artefact_kind", maintain_order=True
    ):
        yield str(kind), rows
