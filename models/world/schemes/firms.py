"""Names of invented companies. Syllables are chosen so that no known name comes out."""

import numpy as np

HEADS = ("Ozur", "Velq", "Thrax", "Iwek", "Quorv", "Yzem", "Druzh", "Pexo", "Uvax", "Knoth", "Zhelo", "Wurv")
MIDDLES = ("ami", "oxu", "ela", "irru", "anqo", "udzi", "opha", "eky")
ENDS = ("zar", "vunt", "qel", "drix", "moth", "shev", "lurn", "pax")
TRADES = ("Minerals", "Bullion", "Logistics", "Commodities", "Exports", "Trading")
FORMS = ("Ltd", "FZE", "SA", "GmbH", "LLC", "Sarl")


def firm(chance: np.random.Generator) -> str:
    """One name, such as "Quorvelazar Minerals FZE"."""
    head, middle, end, trade, form = (str(chance.choice(part)) for part in (HEADS, MIDDLES, ENDS, TRADES, FORMS))
    return f"{head}{middle}{end} {trade} {form}"


def firms(chance: np.random.Generator) -> str:
    """A seller and a buyer."""
    return f"{firm(chance)}; {firm(chance)}"
