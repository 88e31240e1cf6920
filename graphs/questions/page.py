"""The page of documentation about the questions, made from their headers."""

from collections.abc import Iterator, Mapping

from graphs.questions.reading import Column, Parameter, Question

INTRODUCTION = """# Questions to the graph

Each question is a file of one Cypher statement in `graphs/questions/`, answered alike by Ladybug and Neo4j. Ask one
with `oretrace ask NAME`, giving its parameters by name, for example
`oretrace ask hubs-without-production --commodity gold --year 2022`; `oretrace ask --list` names them all.

- A parameter without a default must be given. `any` stands for everything where it is the default.
- Countries are ISO alpha-3 codes or names (`IDN`, `Indonesia`). Materials are code families (`gold`, `nickel`); goods
  are materials or six-digit HS codes.
- Ports, straits and companies are given by name, by UN/LOCODE or by identifier; where several bear a name, the refusal
  names their identifiers.
- `source` is whose figures are read: `reconciled` (one estimate a flow, e.g. BACI), `declared` (what each side said,
  e.g. UN Comtrade), or a source by name.
- An empty cell is unknown, never zero. Sums of mass are empty if any part is unknown; sums of value add what is stated.
- Sums are rounded to thousandths of a dollar and grams, so that both engines order rows alike.
- A row is an observation about declarations and statistics. It shows no wrongdoing; the caveats name ordinary reasons.
"""
WORDS = {
    "declared": "both declarations of flows (UN Comtrade)",
    "reconciled": "reconciled flows (BACI)",
    "production": "production tables",
    "alerts": "scored flows",
    "any": "flows of any source",
    "places": "places and ways",
    "ships": "positions of ships",
    "companies": "bills of lading",
}


def page(questions: Mapping[str, Question]) -> str:
    """The whole page: what holds for every question, a table of them, one section each."""
    table = ["| question | what it shows |", "|---|---|"]
    table += [f"| [{one.name}](#{one.name}) | {one.title} |" for one in questions.values()]
    sections = [section(one) for one in questions.values()]
    return "\n".join([INTRODUCTION, *table, "", *sections])


def section(question: Question) -> str:
    """One question: meaning, parameters, columns, caveats."""
    needs = ", ".join(WORDS[data] for data in question.data)
    return "\n".join(
        [
            f"## {question.name}",
            "",
            f"**{question.title}.** {question.meaning} Needs {needs}.",
            "",
            *_parameters(question.parameters),
            *_columns(question.columns),
            *(f"- {caveat}" for caveat in question.caveats),
            "",
        ]
    )


def _parameters(parameters: tuple[Parameter, ...]) -> Iterator[str]:
    if parameters:
        yield "| parameter | kind | default | meaning |"
        yield "|---|---|---|---|"
        for one in parameters:
            yield f"| `{one.name}` | {one.kind.replace('_', ' ')} | {one.default or '*needed*'} | {one.meaning} |"
        yield ""


def _columns(columns: tuple[Column, ...]) -> Iterator[str]:
    yield "| column | kind | meaning |"
    yield "|---|---|---|"
    for one in columns:
        yield f"| `{one.name}` | {one.kind}{' or empty' if one.is_nullable else ''} | {one.meaning} |"
    yield ""
