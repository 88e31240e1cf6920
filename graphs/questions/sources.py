"""Whose figures a question reads: `reconciled` and `declared` stand for the source of that kind that the graph holds.

`declared or reconciled` is the first of both that is there. Reconciled sources (BACI) hold one estimate for a flow;
declared ones (UN Comtrade) hold what each side said.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from graphs.errors import InputError
from graphs.questions.reading import Question
from graphs.questions.values import Value

if TYPE_CHECKING:
    from graphs.stores.base import View

KINDS = ("declared", "reconciled")
OR = " or "
HELD = """MATCH (f:Flow)
RETURN f.source AS source, count(f.exporter_reported) AS declared
ORDER BY source"""


def held(view: "View") -> dict[str, str]:
    """Kind of each source of the graph: declared where its flows say who reported, else reconciled."""
    rows = view.rows(HELD).iter_rows()
    return {source: "declared" if declared else "reconciled" for source, declared in rows}


def resolve(view: "View", question: Question, values: Mapping[str, Value]) -> dict[str, Value]:
    """The values with sources by name in place of kinds.

    Raises InputError where the graph holds no such source, several of a kind, or one of the wrong kind.
    """
    names = [one.name for one in question.parameters if one.kind == "source"]
    if not names:
        return dict(values)
    sources = held(view)
    return {**values, **{name: _named(str(values[name]), sources, question) for name in names}}


def _named(wanted: str, sources: Mapping[str, str], question: Question) -> str:
    listed = ", ".join(f"{name} ({kind})" for name, kind in sources.items()) or "no flows"
    for kind in wanted.split(OR) if wanted not in sources else ():
        found = [name for name, one in sources.items() if one == kind]
        if len(found) > 1:
            raise InputError(f"several sources are {kind}: name one as source; this graph holds {listed}")
        if found:
            wanted = found[0]
            break
    if wanted not in sources:
        raise InputError(f"{question.name} asks for the source {wanted!r}, but this graph holds {listed}")
    needed = [kind for kind in KINDS if kind in question.data]
    if needed and sources[wanted] not in needed:
        raise InputError(f"{question.name} needs {needed[0]} flows, and {wanted} is {sources[wanted]}")
    return wanted
