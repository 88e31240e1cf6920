"""Events of ships in words, for terminals and maps alike. None of them is a finding."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from models.shipping.sentences import REASONS
from pipelines.views.wording import VERDICTS, share, spelled

KINDS = {
    "gap": "silence", "encounter": "meeting at sea", "loitering": "slow time", "identity_collision": "shared identity",
    "impossible_position": "position set aside",
}  # fmt: skip
PLURALS = {
    "gap": "silences", "encounter": "meetings at sea", "loitering": "slow times",
    "identity_collision": "shared identities", "impossible_position": "positions set aside",
}  # fmt: skip
NO_FINDING = "A silence, a meeting or a wait is no finding: the ordinary reasons stand beside each."


def kind(name: str) -> str:
    """What happened, in words."""
    return KINDS.get(name, spelled(name))


def counted(counts: Mapping[str, int]) -> str:
    """2 silences, 1 meeting at sea."""
    return ", ".join(f"{many:,} {kind(one) if many == 1 else PLURALS.get(one, one)}" for one, many in counts.items())


def sentence(event: Mapping[str, Any], shown: str | None = None) -> str:
    """The event's own sentence, with names for the place and the other ship.

    The sentence is told from the side of `track_id`. `shown` is the track that a page is about: where it is the other
    of the two, a meeting is told from its side, and a silence after which it was heard says whose silence it was.
    """
    text, place_id, name = str(event["sentence"]), event.get("place_id"), event.get("place")
    text = text.replace(place_id, name) if place_id and name else text
    other = event.get("other_track")
    if other is None or event["kind"] not in ("encounter", "gap"):
        return text
    mine, others = ship(event["track_id"], event.get("ship")), ship(other, event.get("other_ship"))
    if shown != other:
        return text.replace(other, others)
    return text.replace(other, mine) if event["kind"] == "encounter" else f"{mine}: {text.replace(other, others)}"


def subject(event: Mapping[str, Any], shown: str | None = None) -> str:
    """The ship that the sentence is about."""
    if shown is not None and event["kind"] == "encounter" and shown == event.get("other_track"):
        return ship(shown, event.get("other_ship"))
    return ship(event["track_id"], event.get("ship"))


def ship(track_id: str, name: str | None) -> str:
    """A ship by its name, where one is known, and its track."""
    return f"{name} ({track_id})" if name else track_id


def reasons(causes: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Ordinary reasons that are possible or that nothing can test; those excluded are counted at the end."""
    excluded = 0
    for one in causes:
        word = REASONS.get(one["cause"], spelled(one["cause"]))
        if one["verdict"] == "excluded":
            excluded += 1
        else:
            of = "" if one["share"] is None else f", {share(one['share'])} of its time"
            yield f"{word}: {VERDICTS[one['verdict']]}{of}"
    if excluded:
        yield f"{excluded} excluded"
