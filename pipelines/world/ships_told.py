"""What a grading says of ships, in plain words."""

from collections.abc import Iterator

from rich.text import Text

from models.grading.ship_capacity import CAPACITY, CARRIED, USED
from models.grading.ships import CALLS, IDENTITIES, MEETINGS, NO_REASON, PART, SILENCES
from pipelines.views.grades import fine
from pipelines.world.told import Told, counted, of, sentence, verb

TITLE = "What the ships show"
OFF = "switched_off"
"""True cause of a silence of which no ordinary reason is true."""


def ships(told: Told) -> Iterator[Text]:
    """Sentences on calls, silences, meetings, identities and masses; none where no positions were read."""
    if told.grades.figures.filter(part=PART).is_empty():
        return
    yield Text("The analysis tells from positions where ships called, fell silent and met. Beside the truth:")
    for kind in (CALLS, SILENCES, MEETINGS):
        right, found = (told.figure(PART, kind, one) for one in ("precision", "recall"))
        yield Text(f"- {sentence(kind)}: {of(right)} that are told are true, and {of(found)} true ones are told.")
    yield _identities(told)
    off = told.figure(PART, SILENCES, f"said {NO_REASON}", OFF)
    if off["total"]:
        named = off["total"] - off["hits"]
        yield Text(
            f"Of {counted(off['total'], 'silence')} of ships that switched off, {named:,} "
            f"{verb(named, 'is', 'are')} given an ordinary reason: who wants to be silent is so where others are too. "
            "A silence alone says little."
        )
    carried = told.figure(PART, CAPACITY, CARRIED)
    if carried["total"]:
        yield Text(
            f"In {of(carried)} pairs of countries and months no more goods sailed than the upper end of what the ships "
            "that were seen could have carried. "
            f"{_used(told)}"
        )


def _used(told: Told) -> str:
    """How wide the bound is."""
    used = told.figure(PART, CAPACITY, USED)["value"]
    return (
        f"Half of them sailed less than {fine(used)} of it, since all ships of a country stand against one partner: "
        "the upper end is seldom near."
    )


def _identities(told: Told) -> Text:
    found, false = (told.figure(PART, IDENTITIES, one) for one in ("recall", "false silences"))
    silences = f"; {false['hits']:,} of {counted(false['total'], 'silence')} told there did not happen"
    return Text(
        f"- {sentence(IDENTITIES)}: {of(found)} identities under which two ships sent were noticed"
        f"{silences if false['total'] else ''}."
    )
