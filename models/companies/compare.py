"""How alike two names of companies are: each comparison a function between 0 (unlike) and 1 (alike).

The score of a pair is made of two comparisons, less what the legal forms and an unknown country take away:

    score = 0.6 words + 0.4 letters
            - 0.15 [forms differ] - 0.05 [one form is missing] - 0.02 [both are]
            - 0.05 [one country is missing] - 0.02 [both are]

What is missing lessens the score even where it is missing on both sides: nothing then tells two companies of one name
apart.

Three signs say by themselves that a pair needs a person, however alike the letters are (`barred`): other numbers, other
countries, and letters that are not Latin. The score is no probability; models.companies.risk makes one of it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import fsum, log

from rapidfuzz.distance import OSA

from models.companies.names import Name

WORDS_WEIGHT, LETTERS_WEIGHT = 0.6, 0.4
FORM_DIFFERS, ONE_MISSING, BOTH_MISSING = 0.15, 0.05, 0.02
LIKE = 0.8
"""Two words are spellings of one where at least this share of their letters agrees."""
SHORTEST = 4
"""Letters of the shortest name that is compared: of shorter ones nearly every pair is alike."""
SHORT_WORD = 3
"""Words of so few letters are one word only if equal."""
BACKGROUND = 1000
"""Names that stand beside those of the files, so that a small file has rare and common words too."""
COMMON_NAMES = 50
"""Names of the background that hold a common word; each other word stands in one."""
_COMMON = """
and de del der des di do du et la le of the und y
africa african agency aluminium associates bauxite brothers cargo cement chemical chemicals china coal commercial
commodities company construction copper corporation development diamond diamonds east energy engineering enterprise
enterprises export exports express factory ferro first forest forwarding freight general global gold great group holding
holdings import imports india industrial industries industry international investment investments iron line lines
lithium logistics lumber machinery manganese manufacturing marine materials metal metals mine mineral minerals mines
mining national nickel north ocean oil ore pacific petroleum power precious process product products project projects
resource resources rock royal rutile sand services service shipping solutions south star steel stone supply systems tin
timber titanium trade trading transport united ventures west wood world zinc zircon
"""
COMMON = frozenset(_COMMON.split())
"""Words that name a business and not a company."""
SHORT_FOR: Mapping[str, str] = {
    "assoc": "associates", "bros": "brothers", "chem": "chemical", "comm": "commercial", "const": "construction",
    "dev": "development", "engg": "engineering", "eng": "engineering", "ent": "enterprises", "exp": "export",
    "fwd": "forwarding", "gen": "general", "grp": "group", "hldgs": "holdings", "imp": "import", "ind": "industries",
    "inds": "industries", "indus": "industries", "int": "international", "intl": "international",
    "inter": "international", "inv": "investments", "log": "logistics", "mat": "materials", "mfg": "manufacturing",
    "min": "mining", "mtl": "metal", "mtls": "metals", "natl": "national", "prod": "products", "res": "resources",
    "serv": "services", "svc": "services", "svcs": "services", "ship": "shipping", "shpg": "shipping",
    "trd": "trading", "trdg": "trading", "trans": "transport",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two companies of a pair."""

    name: Name
    country: str | None


@dataclass(frozen=True, slots=True)
class Compared:
    """A pair compared: its score, the comparisons behind it, and why the rule may not merge it, if so."""

    score: float
    parts: tuple[tuple[str, float | None], ...]
    barred: str | None


class Weights:
    """How much a word tells: log((B + n) / (b + n_word)), from the names of the files and a background of B = 1000."""

    def __init__(self, names: Iterable[Name]) -> None:
        told, self._names = Counter[str](), BACKGROUND
        for name in names:
            told.update(set(spelled_out(name)))
            self._names += 1
        self._holding = told

    def of(self, word: str) -> float:
        """Weight of a word: about 6 where it is rare, 3 and less where it is common. Larger tells more."""
        expected = COMMON_NAMES if word in COMMON else 1
        return log(self._names / (expected + self._holding[word]))


def spelled_out(name: Name) -> tuple[str, ...]:
    """Words of a name with the usual abbreviations written out."""
    return tuple(SHORT_FOR.get(word, word) for word in name.words)


def words(one: Name, other: Name, weights: Weights) -> float:
    """Share of what the words of both names tell that both tell, whatever their order.

    Sum over paired words of their mean weight times their likeness, over half the weight of all words. Each word is
    paired once, the likest pairs first; likeness is that of `letters`, 0 below LIKE.
    """
    left, right = spelled_out(one), spelled_out(other)
    whole = fsum(weights.of(word) for word in (*left, *right)) / 2
    pairs = sorted(
        (-likeness, min(word, against), max(word, against), at, to)
        for at, word in enumerate(left)
        for to, against in enumerate(right)
        if (likeness := word_likeness(word, against))
    )
    agreed, taken, given = 0.0, set[int](), set[int]()
    for likeness, first, second, at, to in pairs:
        if at not in taken and to not in given:
            taken.add(at)
            given.add(to)
            agreed -= likeness * (weights.of(first) + weights.of(second)) / 2
    return min(1.0, agreed / whole)


def word_likeness(one: str, other: str) -> float:
    """1 for equal words, the share of letters that agree where it is at least LIKE, else 0."""
    if one == other:
        return 1.0
    if min(len(one), len(other)) <= SHORT_WORD:
        return 0.0
    return float(OSA.normalized_similarity(one, other, score_cutoff=LIKE))


def letters(one: Name, other: Name) -> float:
    """Share of letters that agree: 1 - edits / longer, an edit being a letter changed, added, lost or swapped.

    Blanks do not count; of the order as written and that of the alphabet the likelier is taken.
    """
    left, right = spelled_out(one), spelled_out(other)
    asis = OSA.normalized_similarity("".join(left), "".join(right))
    ordered = OSA.normalized_similarity("".join(sorted(left)), "".join(sorted(right)))
    return float(max(asis, ordered))


def form(one: Name, other: Name) -> float | None:
    """1 where both have the same legal form, 0 where they differ, null where at least one has none."""
    return float(one.form == other.form) if one.form and other.form else None


def numbers(one: Name, other: Name) -> float:
    """1 where both names hold the same numbers, else 0: Mine 2 is not Mine 3, nor is it Mine."""
    return float(one.numbers == other.numbers)


def country(one: Side, other: Side) -> float | None:
    """1 for the same country, 0 for two, null where at least one is not known."""
    return None if one.country is None or other.country is None else float(one.country == other.country)


def compare(one: Side, other: Side, weights: Weights) -> Compared:
    """All comparisons of a pair, its score between 0 and 1, and what bars the rule from merging it."""
    by_words, by_letters = words(one.name, other.name, weights), letters(one.name, other.name)
    by_form, by_number = form(one.name, other.name), numbers(one.name, other.name)
    by_country = country(one, other)
    lost = _missing(one.name.form, other.name.form) + _missing(one.country, other.country)
    lost += FORM_DIFFERS * (by_form == 0)
    score = WORDS_WEIGHT * by_words + LETTERS_WEIGHT * by_letters - lost
    parts = (
        ("words", by_words),
        ("letters", by_letters),
        ("form", by_form),
        ("numbers", by_number),
        ("country", by_country),
    )
    return Compared(round(min(1.0, max(0.0, score)), 6), parts, _barred(one.name, other.name, by_number, by_country))


def _missing(one: str | None, other: str | None) -> float:
    return (0.0, ONE_MISSING, BOTH_MISSING)[(not one) + (not other)]


def _barred(one: Name, other: Name, by_number: float, by_country: float | None) -> str | None:
    if by_number == 0:
        return "the names hold different numbers"
    if by_country == 0:
        return "the companies have addresses in two countries"
    if one.is_mixed or other.is_mixed:
        return "a word mixes letters of several scripts, which may only look alike"
    if not (one.is_latin and other.is_latin):
        return "a name is not in Latin letters, and its transliteration says less than the name"
    return None
