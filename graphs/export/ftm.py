"""FollowTheMoney entities, one JSON object a line, for Aleph, OpenAleph and yente; written without their library.

Country and Residual become Territory, a Flow an EconomicActivity, EXPORTS_TO an UnknownLink between two Territories,
Alert and Ban a Note about Territories, Vessel and Company what they are called there, and bills UnknownLinks between
them. No topic is ever set: a topic would accuse. Commodities and families have no schema of their own; they stand in
the goods of an activity. Places are left out.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from graphs.countries import alpha_2
from graphs.export.about import CAVEATS, LEVELS
from graphs.export.content import Content
from graphs.schema import EdgeType
from graphs.schema_places import PLACE_LABELS

Entity = dict[str, Any]
Row = Mapping[str, Any]
WITHOUT = ("Commodity", "Family", *PLACE_LABELS)
"""Kinds of nodes that FollowTheMoney has no schema for."""

LINKS = ("EXPORTS_TO", "SHIPPED_TO", "SHIPPED_ON")
"""Edges that are entities."""

SAID = (*LINKS, "EXPORTED_BY", "IMPORTED_BY", "OF", "DECLARED_BY", "ABOUT", "DECREED_BY")
"""Edges that are entities, or that properties of entities state."""

SHARED = (
    "Reports that no one ship could have sent came under this identity; jamming of receivers, a faulty transponder and "
    "a copied identity are ordinary reasons."
)
"""Note of a ship whose identity has several tracks."""


def write_ftm(content: Content, file: Path) -> None:
    """One entity a line: nodes in their order, then links."""
    with file.open("w", encoding="utf-8", newline="\n") as stream:
        for entity in _entities(content):
            stream.write(json.dumps(entity, ensure_ascii=False, allow_nan=False) + "\n")
    for label in WITHOUT:
        if many := content.nodes[label].height if label in content.nodes else 0:
            content.left_out.append(f"{many:,} {label} nodes: FollowTheMoney has no schema for them")
    for edge, rows in content.edges.items():
        if edge.name not in SAID and rows.height:
            content.left_out.append(f"{rows.height:,} {edge.table} edges: FollowTheMoney has no schema for them")


def entity_id(label: str, key: str) -> str:
    """Identifier of an entity: the same for the same node in every export."""
    return f"oretrace-{hashlib.sha256(f'{label}:{key}'.encode()).hexdigest()[:40]}"


def _entities(content: Content) -> Iterator[Entity]:
    makers: Mapping[str, Callable[[Content, Row], Entity]] = {
        "Country": _territory,
        "Residual": _territory,
        "Flow": _activity,
        "Alert": _alert,
        "Ban": _ban,
        "Vessel": _vessel,
        "Company": _company,
    }
    for label, rows in content.nodes.items():
        for row in rows.iter_rows(named=True) if label in makers else ():
            content.written["nodes"] += 1
            yield makers[label](content, content.known(row) | {"_label": label})
    for edge, rows in content.edges.items():
        for row in rows.iter_rows(named=True) if edge.name in LINKS else ():
            content.written["edges"] += 1
            link = _link if edge.name == "EXPORTS_TO" else _bills
            yield link(content.known(row), edge)


def _entity(label: str, key: str, schema: str, **properties: Any) -> Entity:
    """An entity; properties that hold nothing are absent."""
    told = {name: [one for one in _listed(value) if one] for name, value in properties.items()}
    return {
        "id": entity_id(label, key),
        "schema": schema,
        "properties": {name: one for name, one in told.items() if one},
    }


def _listed(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [str(one) for one in values if one is not None]


def _name(text: str) -> str:
    """A name on one line, as FollowTheMoney keeps it."""
    return " ".join(text.split())


def _territory(_: Content, row: Row) -> Entity:
    is_country = row["_label"] == "Country"
    note = None if is_country else "No country: a partner of trade statistics that declares nothing of its own."
    return _entity(
        row["_label"],
        row["code"],
        "Territory",
        name=_name(row["name"]),
        country=alpha_2().get(row["code"]) if is_country else None,
        level="country" if is_country else row["kind"],
        territoryCode=row["code"],
        notes=note,
    )


def _activity(content: Content, row: Row) -> Entity:
    goods = _titles(content).get(str(row["commodity"]), str(row["commodity"]))
    return _entity(
        "Flow",
        row["flow_id"],
        "EconomicActivity",
        departureCountry=alpha_2().get(row["exporter"]),
        destinationCountry=alpha_2().get(row["importer"]),
        goodsDescription=content.plain(goods),
        vedCode=row["commodity"],
        date=row["year"],
        recordId=row["flow_id"],
        publisher=row["source"],
        summary=f"{row['exporter']} to {row['importer']}, HS {row['commodity']}, {row['year']}",
        description=[_declared(row, "export"), _declared(row, "import"), _reconciled(row)],
    )


def _declared(row: Row, side: str) -> str:
    """What one side declares, or why there is nothing."""
    office = f"{side}er"
    value, mass, reported = (row.get(name) for name in (f"{side}_value_usd", f"{side}_mass_kg", f"{office}_reported"))
    if value is None and mass is None:
        reasons = {None: "no declarations in this source", True: "declares none", False: "did not report"}
        return f"{office.capitalize()} {row[office]}: {reasons[reported]}"
    return f"{office.capitalize()} {row[office]} declares {_amount(value, 'USD')}, {_amount(mass, 'kg')}"


def _reconciled(row: Row) -> str:
    return f"Reconciled: {_amount(row.get('value_usd'), 'USD')}, {_amount(row.get('mass_kg'), 'kg')}"


def _amount(value: float | None, unit: str) -> str:
    return f"{unit} not known" if value is None else f"{value:,.0f} {unit}"


def _titles(content: Content) -> dict[str, str]:
    rows = content.nodes.get("Commodity")
    return {} if rows is None else dict(rows.select("code", "title").iter_rows())


def _alert(content: Content, row: Row) -> Entity:
    level = LEVELS[str(row["claim_level"])]
    return _entity(
        "Alert",
        row["alert_id"],
        "Note",
        name=_name(row["sentence"]),
        description=[row["sentence"], f"Claim level {row['claim_level']}, {level}", CAVEATS[0]],
        keywords=[level.split(":")[0], row["channel"]],
        entity=_ends(content, row["flow_id"]),
        notes=f"{row['alert_id']}, as of {row['as_of']}",
    )


def _ends(content: Content, flow_id: str) -> list[str]:
    """Entities of the exporter and importer of a flow, as far as they are part of this export."""
    codes = flow_id.split(":")[1:3]
    return [
        entity_id(label, code)
        for code in dict.fromkeys(codes)
        for label in ("Country", "Residual")
        if code in _codes(content, label)
    ]


def _codes(content: Content, label: str) -> set[str]:
    rows = content.nodes.get(label)
    return set() if rows is None else set(rows["code"])


def _ban(_: Content, row: Row) -> Entity:
    until = f" to {row['end']}" if "end" in row else ""
    return _entity(
        "Ban",
        row["ban_id"],
        "Note",
        name=f"Export ban of {row['exporter']} on HS {row['codes']}, from {row['start']}{until}",
        description=row["citation"],
        country=alpha_2().get(row["exporter"]),
        entity=entity_id("Country", row["exporter"]),
    )


def _vessel(_: Content, row: Row) -> Entity:
    notes = SHARED if row["is_split"] else None
    return _entity(
        "Vessel",
        row["track_id"],
        "Vessel",
        name=_name(row.get("name") or row["track_id"]),
        flag=alpha_2().get(row.get("flag", "")),
        mmsi=row.get("mmsi"),
        imoNumber=row.get("imo"),
        type=row["kind"].replace("_", " "),
        notes=notes,
    )


def _company(_: Content, row: Row) -> Entity:
    return _entity(
        "Company",
        row["company_id"],
        "Company",
        name=_name(row["name"]) or row["company_id"],
        country=alpha_2().get(row.get("country", "")),
        notes=f"Named on {row['rows']:,} rows of bills of lading, by {row['names']:,} spellings of its name.",
    )


def _bills(row: Row, edge: EdgeType) -> Entity:
    role = "ships to" if edge.name == "SHIPPED_TO" else f"{row['role']} of goods on"
    mass = f", {_amount(row.get('mass_kg'), 'kg')}" if edge.name == "SHIPPED_TO" else ""
    return _entity(
        edge.name,
        row["edge_id"],
        "UnknownLink",
        subject=entity_id(edge.start, row["start"]),
        object=entity_id(edge.end, row["end"]),
        role=role,
        date=row.get("year"),
        startDate=row.get("first_bill"),
        endDate=row.get("last_bill"),
        recordId=row["edge_id"],
        description=f"{row['shipments']:,} bills{mass}",
    )


def _link(row: Row, edge: EdgeType) -> Entity:
    return _entity(
        "EXPORTS_TO",
        row["edge_id"],
        "UnknownLink",
        subject=entity_id(edge.start, row["start"]),
        object=entity_id(edge.end, row["end"]),
        role=f"exports {row['family']} to",
        date=row["year"],
        recordId=row["edge_id"],
        publisher=row["source"],
        description=_reconciled(row),
    )
