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


def sentence(event: Mapping[str, Any]) -> str:
    """The event's own sentence, with the name of the place for its place_id."""
    text, place_id, name = str(event["sentence"]), event.get("place_id"), event.get("place")
    return text.replace(place_id, name) if place_id and name else text


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
