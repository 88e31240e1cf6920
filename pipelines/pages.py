"""Network pages of a home: what is drawn, from which tables, under which name the file stands."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl
from upath import UPath

from graphs.commodities import family_of
from graphs.ego import MOST_NODES, Ego, Focus, ego
from graphs.errors import InputError
from graphs.families import FAMILIES
from pipelines import queries
from pipelines.graph_store import NODES, SHOWN, about, drawn
from pipelines.home import Home, write_atomically
from pipelines.trade import holdings
from pipelines.views.network import page

SHORTEST_CODE = 4
"""Digits from which a number is an HS code; a shorter one is the rank of an alert."""
LONGEST_SLUG = 60
FIRST_ALERTS = 10
"""Alerts that get a page of their own in every run."""


@dataclass(frozen=True)
class Page:
    """One file that opens without a network."""

    file: str
    title: str
    text: str

    @property
    def sha256(self) -> str:
        """Hash of its bytes."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def write(self, path: Path) -> None:
        """Write it whole or not at all."""
        write_atomically(UPath(path), self.text.encode())


def focus_of(home: Home, subject: str) -> Focus:
    """What a user means: an alert (#3 of the agnostic list, a flow_id, an alert_id), an HS code, a family or a country.

    Raises UnknownCode or InputError where it is none of them.
    """
    text = subject.strip()
    is_rank = text.lstrip("#").isdecimal() and (text.startswith("#") or len(text) < SHORTEST_CODE)
    if ":" in text or is_rank:
        found = queries.find_alert(home, text)
        if found is None:
            raise InputError(f"no scored flow is named {subject!r}: `oretrace alerts` lists them")
        return _of_alert(found)
    if text.isdecimal():
        return Focus(commodity=text)
    if text.lower() in {*FAMILIES, *home.partitions("flows")}:
        return Focus(family=text.lower())
    return Focus(area=queries.country(text))


def draw(home: Home, focus: Focus, most: int = MOST_NODES, told: Mapping[str, str] | None = None) -> Page:
    """The page around a focus; it opens at the last whole year, unless the focus names one.

    `told` is `told_of(home)`, for whoever draws several pages.
    """
    focus = replace(focus, year=focus.year or _last_year(home, focus))
    tables = {label: home.scan(NODES, [label]) for label in home.partitions(NODES)}
    both = queries.alerts(home, queries.Wanted(everything=True, list_name=None))
    known = both.filter((pl.col("list").cast(pl.String) == queries.AGNOSTIC) | pl.col("is_selected"))
    reviewed = known.select("alert_id", "flow_id", "claim_level")
    found = ego(tables, focus, levels=reviewed, most=most)
    return Page(_file(found, most), found.title, page(found, told_of(home) if told is None else told))


def told_of(home: Home) -> Mapping[str, str]:
    """What every page says of the whole graph, and which graph that is."""
    graph = drawn(home)
    return {**graph.about, **about(home, SHOWN), "snapshot": graph.snapshot}


def gallery(home: Home) -> Iterator[Page]:
    """Pages that every run writes: one per family that has an alert, one for each of the first alerts."""
    selected = queries.alerts(home, queries.Wanted()).filter("is_selected").collect()
    focuses = [Focus(family=family) for family in selected["family"].unique(maintain_order=True)]
    focuses += [_of_alert(alert) for alert in selected.head(FIRST_ALERTS).to_dicts()]
    told = told_of(home) if focuses else None
    for focus in focuses:
        yield draw(home, focus, told=told)


def _of_alert(found: dict[str, Any]) -> Focus:
    is_node = found["claim_level"] > 0 and (found["list"] == queries.AGNOSTIC or found["is_selected"])
    focus = Focus(flow_id=found["flow_id"], year=found["period"])
    return replace(focus, alert_id=found["alert_id"], flow_id=None) if is_node else focus


def _last_year(home: Home, focus: Focus) -> int | None:
    family = family_of(focus.commodity) if focus.commodity else focus.family
    held = holdings(home, family if family in home.partitions("flows") else None)
    if focus.source:
        held = held.filter(pl.col("source") == focus.source)
    return held["last"][0] if held.height else None


def _file(found: Ego, most: int) -> str:
    """A name that can be read and that no other network has: title, year, and a hash of all that was chosen."""
    plain = unicodedata.normalize("NFKD", found.title).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:LONGEST_SLUG] or "network"
    chosen = hashlib.sha256(repr((found.focus, most)).encode()).hexdigest()[:8]
    return "-".join([slug, *([str(found.focus.year)] if found.focus.year else []), chosen]) + ".html"


def publish(home: Home, pages: Iterator[Page]) -> pl.DataFrame:
    """Write the pages of a run and take away those of the run before. Table `views`."""
    folder = home.gallery_path
    folder.mkdir(parents=True, exist_ok=True)
    rows = {}
    for one in pages:
        one.write(folder / one.file)
        rows[one.file] = (one.file, one.title, len(one.text.encode()), one.sha256)
    before: list[str] = home.scan("views").collect()["file"].to_list() if home.has("views") else []
    for gone in set(before) - set(rows):
        (folder / gone).unlink(missing_ok=True)
    schema = {"file": pl.String, "title": pl.String, "size_bytes": pl.Int64, "sha256": pl.String}
    return pl.DataFrame(list(rows.values()), schema=schema, orient="row")
