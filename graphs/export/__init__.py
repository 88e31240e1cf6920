"""A graph, or a part of one, as files for other tools: GraphML, GEXF, FollowTheMoney, CSV, GeoJSON, GeoParquet.

```
export(part(graph, family="gold", years=(2022, 2022)), Path("gold.graphml"))
```

Beside every file lies `<file>.about.json`: sources, licences, citation, snapshot, what claim levels mean, caveats,
counts, and what the format could not hold. Files are written under a temporary name and renamed when all of them are
whole; whatever fails leaves what was there before, the file and the note beside it (`publish`). What is null in the
graph is absent in a file, never zero.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from graphs.errors import InputError
from graphs.export.about import about
from graphs.export.content import Content
from graphs.export.ftm import write_ftm
from graphs.export.geo import write_geojson, write_geoparquet
from graphs.export.networks import write_gexf, write_graphml
from graphs.export.parts import part
from graphs.export.publish import aside, publish
from graphs.export.sheets import unguarded, write_csv
from graphs.stores.base import Graph

__all__ = ["FORMATS", "Written", "export", "format_of", "part", "unguarded"]


@dataclass(frozen=True)
class Format:
    """A kind of file."""

    suffixes: tuple[str, ...]
    write: Callable[[Content, Path], None]
    is_folder: bool = False


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "graphml": Format((".graphml",), write_graphml),
        "gexf": Format((".gexf",), write_gexf),
        "ftm": Format((".ftm.json", ".ftm.jsonl", ".ftm"), write_ftm),
        "csv": Format((".csv", ""), write_csv, is_folder=True),
        "geojson": Format((".geojson",), write_geojson),
        "geoparquet": Format((".parquet", ".geoparquet"), write_geoparquet),
    }
)
"""By name; `csv` is a folder with nodes.csv and edges.csv."""


@dataclass(frozen=True)
class Written:
    """What an export left behind."""

    files: tuple[Path, ...]
    """The file or folder, then what is told about it."""
    nodes: int
    edges: int
    left_out: tuple[str, ...]
    """Sentences about what the format could not hold; empty where everything is there."""
    changed: tuple[str, ...]
    """Sentences about texts that had to be written otherwise."""


def format_of(target: Path) -> str:
    """Name of the format that a file's name asks for. Raises InputError for a name that asks for none."""
    for name, one in FORMATS.items():
        if any(target.name.lower().endswith(suffix) for suffix in one.suffixes if suffix):
            return name
    raise InputError(f"{target.name} names no known format: choose one of {', '.join(FORMATS)}")


def export(graph: Graph, target: Path, kind: str | None = None) -> Written:
    """Write a graph to `target` in a format (default: the one that its name asks for).

    Raises InputError for an unknown format or a target that cannot be replaced; then nothing was written.
    """
    name = kind or format_of(target)
    if name not in FORMATS:
        raise InputError(f"there is no format {name!r}: choose one of {', '.join(FORMATS)}")
    chosen = FORMATS[name]
    _check(target, chosen)
    content = Content.of(graph)
    beside = target.with_name(f"{target.name}.about.json")
    with aside(target) as folder:
        fresh = folder / target.name
        chosen.write(content, fresh)
        told = about(graph, content, target.name, name)
        note = folder / beside.name
        note.write_text(_json(told), encoding="utf-8")
        publish({note: beside, fresh: target})
    counts = told["written"]
    return Written((target, beside), counts["nodes"], counts["edges"], *_sentences(content))


def _sentences(content: Content) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(content.left_out), tuple(content.changed())


def _json(told: Mapping[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _check(target: Path, chosen: Format) -> None:
    if not target.parent.is_dir():
        raise InputError(f"there is no folder {target.parent}: make it, or name another place")
    if chosen.is_folder and target.is_dir():
        strangers = {one.name for one in target.iterdir()} - {"nodes.csv", "edges.csv"}
        if strangers:
            raise InputError(f"{target} holds other files, such as {min(strangers)}: name an empty or new folder")
    elif target.exists() and target.is_dir() is not chosen.is_folder:
        raise InputError(f"{target} is {'a folder' if target.is_dir() else 'a file'} already: name another place")
