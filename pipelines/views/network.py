"""A network as one page: opens in any browser with the network cut, and asks no server for anything.

pyvis makes nodes, edges and options; its own page would load files from elsewhere and trust what it is told, so the
page is this package's template. vis-network comes from the pyvis package and stands in the page itself; `offline` says
how nothing in it can run that is not the page's own.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import polars as pl

from graphs.ego import MORE, Ego
from graphs.sums import total
from pipelines.views import network_words as words
from pipelines.views.network_layout import NARROW, WIDE, layout
from pipelines.views.offline import embedded, part, policy, template
from pipelines.views.wording import LEVELS

ALL = "all"
"""Key of all years together."""
LEVEL_COLOURS: Mapping[int | None, str] = {
    None: "#9aa1a9",
    0: "#3b7fb6",
    1: "#e69f00",
    2: "#d1495b",
    3: "#6a1b6e",
    4: "#43104f",
    5: "#1b0722",
}
"""Of links, by claim level; told apart by people with any kind of colour vision, and by dashes and labels too."""
SOLID = ("country", "more")
"""Kinds of nodes that are not hatched: everything else is an area that statistics name in place of a country."""
KIND_COLOURS = {"centre": "#12263a", "country": "#5b8fa8", "residual": "#b08968", "more": "#6b7280"}
SCRIPT = "lib/vis-9.1.2/vis-network.min.js"


def page(found: Ego, about: Mapping[str, str]) -> str:
    """The page of a network. `about` is told at its foot as it stands: sources, licences, citation, as_of, snapshot."""
    parts = {name: part(f"network.{name}") for name in ("css", "js")}
    library = _vis_network()
    text: str = template("network.html.j2").render(
        title=found.title,
        caveat=words.caveat(found.nodes["id"]),
        library=library,
        css=parts["css"],
        js=parts["js"],
        policy=policy([library, parts["js"]], [parts["css"]]),
        data=embedded(data(found)),
        about=dict(about),
        notes=_notes(found),
        levels=_legend(found),
        kinds=_kinds(found),
        folded=[(one["name"], one["code"], words.amount(one["value_usd"])) for one in found.folded.to_dicts()],
        alerts=_headline(found),
        years=found.years,
    )
    return text


def data(found: Ego) -> dict[str, Any]:
    """Everything that the page draws: nodes, edges and options as pyvis states them, and words for every year."""
    from pyvis.network import Network  # here: half a second that only views need

    drawing = Network(directed=True)
    _add_nodes(drawing, found)
    _add_edges(drawing, found)
    drawing.set_options(json.dumps(OPTIONS))
    nodes, edges, *_, options = drawing.get_network_data()
    return {
        "nodes": nodes,
        "edges": edges,
        "options": json.loads(options),
        "years": found.years,
        "open": ALL if found.focus.year is None else str(found.focus.year),
        "centre": list(found.centre),
        "focus": ">".join(found.centre) if len(found.centre) > 1 else None,
        "colours": {"level": {str(key): one for key, one in LEVEL_COLOURS.items()}, "kind": KIND_COLOURS},
        "levels": list(LEVELS),
        "alerts": {one["alert_id"]: words.alert(one) for one in found.alerts.to_dicts()},
        "undrawn": _undrawn(found),
    }


OPTIONS: Mapping[str, Any] = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "nodes": {"shape": "custom"},
    "edges": {
        "arrows": {"to": {"enabled": True, "scaleFactor": 0.5}},
        "smooth": {"enabled": True, "type": "curvedCW", "roundness": 0.12},
        "selectionWidth": 2,
        "hoverWidth": 1,
    },
    "interaction": {"hover": True, "multiselect": False, "navigationButtons": False, "zoomSpeed": 0.6},
}
"""Positions are fixed beforehand: nothing moves until a reader moves it."""


def _add_nodes(drawing: Any, found: Ego) -> None:
    wide, narrow = layout(found, WIDE), layout(found, NARROW)
    when = _by_key(found.activity, ["id"])
    for node in found.nodes.to_dicts():
        name, kind = node["id"], "centre" if node["is_centre"] else node["kind"]
        told = {
            _year(row): {
                "out": row["out_value_usd"],
                "in": row["in_value_usd"],
                "areas": row["areas"],
                "lines": words.node_lines(found, node["name"], node["kind"], row),
            }
            for row in when.get((name,), [])
        }
        spot, small = wide[name], narrow[name]
        drawing.add_node(
            name, label=node["name"] or name, shape="custom", color=KIND_COLOURS.get(kind, KIND_COLOURS["residual"]),
            kind=kind, is_hatched=node["kind"] not in SOLID, x=round(spot.x, 1), y=round(spot.y, 1), side=spot.side,
            narrow=[round(small.x, 1), round(small.y, 1), small.side], when=told,
        )  # fmt: skip


def _add_edges(drawing: Any, found: Ego) -> None:
    kinds = dict(found.nodes.select("id", "kind").iter_rows())
    about = _by_key(found.alerts, ["start", "end"])
    drawn = found.links.filter("is_drawn")
    for (start, end), rows in _by_key(drawn, ["start", "end"]).items():
        alerts = about.get((start, end), [])
        told = {_year(row): _link(found, row, kinds, alerts) for row in rows}
        tie = bool(found.centre) and not {start, end} & set(found.centre)
        drawing.add_edge(start, end, id=f"{start}>{end}", tie=tie, when=told)


def _link(found: Ego, row: Mapping[str, Any], kinds: Mapping[str, str], alerts: list[dict[str, Any]]) -> dict[str, Any]:
    mine = [one["alert_id"] for one in alerts if row["year"] is None or one["year"] == row["year"]]
    return {
        "value": row["value_usd"],
        "level": row["level"],
        "said": words.level(row, has_levels=found.has_levels),
        "amount": words.amount(row["value_usd"]),
        "mass": words.weight(row["mass_kg"]),
        "flows": row["flows"],
        "export": words.declared(row, "export", kinds[row["start"]]),
        "import": words.declared(row, "import", kinds[row["end"]]),
        "alerts": mine,
    }


def _by_key(rows: pl.DataFrame, key: list[str]) -> dict[tuple[Any, ...], list[dict[str, Any]]]:
    """Rows by key, in their order."""
    out: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in rows.to_dicts():
        out.setdefault(tuple(row[name] for name in key), []).append(row)
    return out


def _year(row: Mapping[str, Any]) -> str:
    return ALL if row["year"] is None else str(row["year"])


def _undrawn(found: Ego) -> dict[str, str]:
    """Per year, the sentence about links that are not drawn."""
    hidden = found.links.filter(~pl.col("is_drawn"))
    counted = hidden.group_by("year").agg(links=pl.len(), value=total(pl.col("value_usd")))
    return {_year(row): words.not_drawn(row["links"], row["value"]) for row in counted.sort("year").to_dicts()}


def _notes(found: Ego) -> list[str]:
    """How to read the picture, and what of the data it does not show."""
    if len(found.centre) == 1:
        notes = ["Left: mostly sells to the centre. Right: mostly buys from it. Largest on top."]
    elif found.centre:
        notes = ["Each partner stands beside the one of the two that it trades more with."]
    else:
        notes = ["From left to right: from those who only sell to those who only buy; hubs in the middle."]
    notes.append(f"Source: {found.focus.source}.")
    if found.other_sources:
        notes.append(f"The same trade is also in {', '.join(found.other_sources)}, which is not added to it.")
    return notes


def _legend(found: Ego) -> list[tuple[str, str, str]]:
    """Name, colour and dashes of every claim level that is drawn."""
    present = set(found.links.filter("is_drawn")["level"].unique())
    first = (words.NOT_JUDGED if found.has_levels else words.NO_ALERT, LEVEL_COLOURS[None], "")
    shown = [(LEVELS[one], str(LEVEL_COLOURS[one]), "9 5" if one == 1 else "") for one in range(6) if one in present]
    return [first, *shown] if None in present else shown


def _kinds(found: Ego) -> list[tuple[str, str]]:
    """Kind of mark and its meaning, for kinds that are drawn."""
    present = set(found.nodes.filter(~pl.col("is_centre"))["kind"])
    marks = [("centre", "in the centre")] if found.centre else []
    marks += [("country", words.KINDS["country"])] if "country" in present else []
    others = sorted(present - {"country", "more"})
    marks += [("residual", words.KINDS[one]) for one in others]
    return marks + ([("more", words.KINDS["more"])] if MORE in found.nodes["id"].to_list() else [])


def _headline(found: Ego) -> list[tuple[int, str]]:
    """Claim level and words of the alert that the page is about; for a flow, of every alert about it."""
    if found.focus.alert_id is None and found.focus.flow_id is None:
        return []
    mine = pl.col("alert_id") == found.focus.alert_id if found.focus.alert_id else pl.lit(False)
    mine = mine | (pl.col("flow_id") == found.focus.flow_id if not found.focus.alert_id else pl.lit(False))
    return [(one["claim_level"], words.alert(one)) for one in found.alerts.filter(mine).to_dicts()]


@cache
def _vis_network() -> str:
    """The library as it stands in the pyvis package, without the name of a map for debuggers.

    Addresses that it only mentions, in messages and credits, lose their scheme: no address is left outside comments
    but the name of the SVG namespace."""
    text = (files("pyvis") / "templates" / SCRIPT).read_text(encoding="utf-8").replace("\r\n", "\n")
    return text[: text.rindex("//# sourceMappingURL")].replace("https://github.com", "github.com")
