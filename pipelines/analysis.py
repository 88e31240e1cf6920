"""What one home analyses: which data, up to which day. Kept as `analysis.json` so that every later run agrees."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any

from graphs.errors import HomeError


@dataclass(frozen=True)
class ComtradeChoice:
    """What to ask the UN Comtrade API for; nothing is asked without a subscription key and years."""

    commodities: tuple[str, ...] = ()
    reporters: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    frequency: str = "A"

    @property
    def is_empty(self) -> bool:
        """True if there is nothing to ask."""
        return not (self.commodities and self.years)


@dataclass(frozen=True)
class Analysis:
    """The user's choice. `data` are absolute paths; `as_of` None means the latest day known in the data."""

    data: tuple[str, ...] = ()
    only_data: bool = False
    as_of: date | None = None
    comtrade: ComtradeChoice = field(default_factory=ComtradeChoice)
    watch: tuple[str, ...] = ()
    """Folders whose files are taken as they come, absolute."""

    def to_json(self) -> dict[str, Any]:
        """Plain values for `analysis.json`. Holds no secret: keys come from the environment alone."""
        return {**asdict(self), "as_of": self.as_of.isoformat() if self.as_of else None}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> "Analysis":
        """Read back what `to_json` wrote. Raises HomeError on anything else."""
        unknown = set(found) - {one.name for one in fields(cls)}
        if unknown:
            raise HomeError(f"analysis.json has an unknown entry {sorted(unknown)[0]!r}: remove it")
        try:
            comtrade: dict[str, Any] = {
                k: tuple(v) if isinstance(v, list) else v for k, v in found.get("comtrade", {}).items()
            }
            as_of = found.get("as_of")
            return cls(
                data=tuple(found.get("data", ())),
                only_data=bool(found.get("only_data", False)),
                as_of=date.fromisoformat(as_of) if as_of else None,
                comtrade=ComtradeChoice(**comtrade),
                watch=tuple(found.get("watch", ())),
            )
        except (TypeError, ValueError, AttributeError) as error:
            raise HomeError(f"analysis.json cannot be read ({error}): correct or remove it") from error
