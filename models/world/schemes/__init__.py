"""The kinds of schemes, in the order in which they choose their stages: the most particular first.

Each kind is a function of its cast and the market; its docstring says what the actors do. None knows a detector.
"""

from models.world.schemes.bans import ban_evasion, ban_stages
from models.world.schemes.casting import Kind
from models.world.schemes.circular import phantom_export, round_tripping
from models.world.schemes.invoices import coded_stages, misclassification, under_invoicing
from models.world.schemes.stages import pair_stages
from models.world.schemes.timed import price_timed, timed_stages
from models.world.schemes.zones import (
    hub_laundering,
    hub_stages,
    permit_laundering,
    permit_stages,
    smuggling,
    smuggling_stages,
)

__all__ = ["KINDS"]

KINDS: tuple[Kind, ...] = (
    Kind("ban_evasion", ("silent", "neighbour", "code"), ban_stages, ban_evasion),
    Kind("hub_laundering", ("unseen", "third"), hub_stages, hub_laundering),
    Kind("permit_laundering", ("papers",), permit_stages, permit_laundering),
    Kind("smuggling", ("silent",), smuggling_stages, smuggling),
    Kind("price_timed", ("silent", "low", "late"), timed_stages, price_timed),
    Kind("under_invoicing", ("value", "weight"), pair_stages, under_invoicing),
    Kind("misclassification", ("exporter", "importer"), coded_stages, misclassification),
    Kind("phantom_export", ("export",), pair_stages, phantom_export),
    Kind("round_tripping", ("cycle",), pair_stages, round_tripping),
)
