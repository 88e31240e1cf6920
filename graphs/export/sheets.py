"""CSV: a folder with nodes.csv and edges.csv, in UTF-8 with a byte order mark, as spreadsheets expect.

Kinds of nodes share columns where their properties share a name; a property that a kind does not have is empty, as is
one that is null, while an empty text is written as two quotation marks. A text that a spreadsheet would run as a
formula gets an apostrophe in front (see `unguarded`).
"""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from graphs.export.content import REPLACEMENT, UNPRINTABLE, Content, apart, node_id, title
from graphs.schema import key_of

RISKY = r"^(['\t]|[\s\p{Z}\p{Cf}]*[=+\-@\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}])"
"""Beginnings of what spreadsheets take for a formula: its sign, full-width ones too, also after white space or
characters without width, which some of them pass over; and the apostrophe itself."""


def write_csv(content: Content, folder: Path) -> None:
    """Both files into a new folder."""
    folder.mkdir()
    nodes = [_nodes(label, rows) for label, rows in content.nodes.items()]
    edges = [
        rows.select(
            pl.lit(edge.name).alias("type"),
            pl.format(f"{edge.start}:{{}}", "start").alias("start"),
            pl.format(f"{edge.end}:{{}}", "end").alias("end"),
            *[name for name in rows.columns if name not in ("start", "end")],
        ).rename(apart(edge.name, rows.columns))
        for edge, rows in content.edges.items()
    ]
    content.written["nodes"] += _write(content, nodes, ["id", "label", "kind"], folder / "nodes.csv")
    content.written["edges"] += _write(content, edges, ["type", "start", "end"], folder / "edges.csv")


def unguarded(text: str) -> str:
    """The text that an exported cell stands for: one leading apostrophe less."""
    return text.removeprefix("'")


def _nodes(label: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with `id`, `label` and `kind` in front (see `apart`)."""
    titles = [title(label, row) for row in rows.iter_rows(named=True)]
    front = pl.DataFrame(
        {
            "id": [node_id(label, key) for key in rows[key_of(label)]],
            "label": titles,
            "kind": [label] * rows.height,
        },
        schema={"id": pl.String, "label": pl.String, "kind": pl.String},
    )
    return pl.concat([front, rows.rename(apart(label, rows.columns))], how="horizontal")


def _write(content: Content, frames: Sequence[pl.DataFrame], first: Sequence[str], file: Path) -> int:
    empty = pl.DataFrame(schema=dict.fromkeys(first, pl.String))
    rows = pl.concat([empty, *frames], how="diagonal_relaxed")
    text = pl.col(pl.String)
    ends = rows.select(text.str.contains("\r", literal=True).sum()).sum_horizontal().sum()
    control = rows.select(text.str.count_matches(_pattern()).sum()).sum_horizontal().sum()
    if ends:
        content.changes["texts with carriage returns, written as line feeds"] += int(ends)
    if control:
        content.changes[f"control characters, written as {REPLACEMENT}"] += int(control)
    clean = text.str.replace_all("\r\n", "\n", literal=True).str.replace_all("\r", "\n", literal=True)
    rows = rows.with_columns(clean.str.replace_all(_pattern(), REPLACEMENT))
    risky = text.str.contains(RISKY)
    if many := rows.select(risky.sum()).sum_horizontal().sum():
        content.changes["texts that a spreadsheet would run, written with an apostrophe in front"] += int(many)
    rows = rows.with_columns(text.str.replace(RISKY, "'${1}"))
    rows.write_csv(file, include_bom=True, quote_style="necessary")
    return rows.height


def _pattern() -> str:
    """The forbidden characters as Polars writes them."""
    return UNPRINTABLE.pattern
