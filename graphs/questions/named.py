"""Nodes that a parameter names: a port by its name, UN/LOCODE or place_id becomes its place_id, and so on.

Only one node may bear the name. Capitals do not count, and neither do accents or blanks at the ends.
"""

import unicodedata
from collections.abc import Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING

from graphs.errors import InputError
from graphs.questions.reading import NAMED, Question
from graphs.questions.values import Value
from graphs.stores.base import Limits

if TYPE_CHECKING:
    from graphs.stores.base import View

LISTED: Mapping[str, str] = {
    "port": """MATCH (p:Port)
RETURN p.place_id AS id, p.name AS name, p.locode AS code, p.country AS country ORDER BY id""",
    "strait": """MATCH (p:Place) WHERE p.kind = "strait"
RETURN p.place_id AS id, p.name AS name, p.locode AS code, p.country AS country ORDER BY id""",
    "company": """MATCH (c:Company)
RETURN c.company_id AS id, c.name AS name, c.country AS code, c.country AS country ORDER BY id""",
}
"""Every node of a kind, with what it may be called; nothing is called by its country alone (see CODED)."""
CODED = ("port",)
"""Kinds that have a code of their own."""
EVERYTHING = Limits(rows=5_000_000)
MOST = 8
"""Candidates that a refusal names."""
Node = tuple[str, str | None, str | None, str | None]
"""Identifier, name, code, country."""


def identify(view: "View", question: Question, values: Mapping[str, Value]) -> dict[str, Value]:
    """The values with identifiers in place of names. Raises InputError for a name that nobody or several bear."""
    found = dict(values)
    for one in question.parameters:
        if one.kind in NAMED and values[one.name] != "":
            nodes: list[Node] = list(view.rows(LISTED[one.kind], limits=EVERYTHING).iter_rows())
            found[one.name] = _identifier(one.name, one.kind, str(values[one.name]), nodes)
    return found


def _identifier(name: str, kind: str, text: str, nodes: list[Node]) -> str:
    if any(node[0] == text for node in nodes):
        return text
    plain = _plain(text)
    meant = [one for one in nodes if plain in (_plain(one[1]), _plain(one[2]) if kind in CODED else None)]
    if len(meant) == 1:
        return meant[0][0]
    if meant:
        listed = ", ".join(_told(one) for one in meant[:MOST])
        raise InputError(f"{name}: {len(meant)} nodes are called {text!r}: name one by its identifier: {listed}")
    near_names = get_close_matches(plain, sorted({_plain(one[1]) for one in nodes}), n=3, cutoff=0.6)
    near = [one for called in near_names for one in nodes if _plain(one[1]) == called][:MOST]
    hint = f"; the nearest: {', '.join(_told(one) for one in near)}" if near else ""
    raise InputError(f"{name}: this graph holds no {kind} {text!r}{hint}")


def _told(node: Node) -> str:
    identifier, name, _, country = node
    return f"{identifier} ({' '.join(str(name).split())}{f', {country}' if country else ''})"


def _plain(text: str | None) -> str:
    """Small letters without accents."""
    apart = unicodedata.normalize("NFKD", text or "")
    return "".join(one for one in apart if not unicodedata.combining(one)).casefold().strip()
