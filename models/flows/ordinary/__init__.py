"""The ordinary causes, one function each. The docstring is the sentence that users read.

A cause looks at the evidence beside each flow (models.flows.evidence) and answers with a `Finding`: how much of
the unmatched value and mass it could account for, whether it could be tested at all, and the numbers it compared.
What a cause accounts for is the smaller of its shares in value and in mass, since goods have both.
"""

from models.flows.ordinary.carriage import boxes, other_ways, unseen_ships
from models.flows.ordinary.elsewhere import (
    coding,
    confidentiality,
    parent_children,
    partner_rule,
    special_codes,
    time_lag,
    trade_system,
    transit,
)
from models.flows.ordinary.finding import Cause, Finding
from models.flows.ordinary.measures import (
    cif_fob,
    estimated_mass,
    fob_import,
    price_move,
    quantity_fault,
    value_fault,
    wet_mass,
)
from models.flows.ordinary.offices import fiscal_year, habit, late_data, missing_reporter, reporter_break
from models.flows.ordinary.records import output_record
from models.flows.ordinary.supply import scrap, stocks

__all__ = ["CAUSES", "Cause", "Finding", "meaning"]

CAUSES: dict[str, Cause] = {
    cause.__name__: cause
    for cause in (
        cif_fob,
        fob_import,
        time_lag,
        transit,
        partner_rule,
        trade_system,
        coding,
        special_codes,
        confidentiality,
        quantity_fault,
        value_fault,
        estimated_mass,
        wet_mass,
        late_data,
        parent_children,
        reporter_break,
        habit,
        fiscal_year,
        stocks,
        scrap,
        output_record,
        missing_reporter,
        price_move,
        unseen_ships,
        other_ways,
        boxes,
    )
}


def meaning(cause: str) -> str:
    """The sentence that users read."""
    return (CAUSES[cause].__doc__ or "").strip().splitlines()[0]
