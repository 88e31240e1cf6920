"""Schemes and artefacts in words, for readers. The truth may say what was done: here it is known."""

from collections.abc import Mapping

SCHEME_WORDS: Mapping[str, str] = {
    "under_invoicing": "exports declared far below their value",
    "misclassification": "goods declared under another code",
    "smuggling": "goods that leave without any export declaration",
    "hub_laundering": "goods of hidden origin passed off as a hub's own",
    "phantom_export": "exports declared that never moved",
    "round_tripping": "the same goods sent round and round at rising prices",
    "ban_evasion": "exports in spite of a ban",
    "price_timed": "goods hidden when the price is high",
    "permit_laundering": "output of unpermitted sites sold under a mine's permit",
}
"""What a scheme does."""
ARTEFACT_WORDS: Mapping[str, str] = {
    "strike": "a strike",
    "new_mine": "a new mine",
    "price_spike": "a jump of the world price",
    "transit_misattribution": "transit taken for destination",
    "vault_move": "metal moved between vaults",
    "toll_refining": "refining for somebody else's account",
    "reporter_break": "an office that changed its ways",
    "reporter_stops": "an office that stopped reporting",
    "confidentiality": "a partner kept confidential",
    "wet_dry_mass": "ore weighed wet on one side and dry on the other",
    "estimated_mass": "masses that the office made from values",
    "fob_importer": "an importer that values without freight",
    "neighbour_coding": "two offices that code the same goods differently",
}
"""What an artefact is."""
