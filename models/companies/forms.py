"""Legal forms of companies: what they are written like, where they stand, and the one spelling kept of each.

A form says who is liable and under which law, so that "Ltd" and "LLC" are two companies, while "Limited" and "Ltd" are
two spellings. Some forms are also words (PT, CV, AS, SA, CO): they are read as forms at the ends of a name only, and
never if nothing else would be left of it.
"""

from collections.abc import Mapping
from types import MappingProxyType

# One form a line: the spelling kept, then others, separated by commas, in the plain form of models.companies.names.
_ENDS = """
ltd, limited, co ltd, coltd, company limited, company ltd, co limited
pvt ltd, private limited, pvt limited, private ltd, p ltd, co pvt ltd
pte ltd, pte limited, pte
pty ltd, proprietary limited, pty limited, pty
llc, limited liability company, limited liability co, co llc
llp, limited liability partnership
lp, limited partnership
inc, incorporated, co inc
corp, corporation
co, company, cie, compagnie
plc, public limited company
gmbh, gesellschaft mit beschrankter haftung, mbh
gmbh co kg, gmbh and co kg, gmbh and cokg
ag, aktiengesellschaft
kg, kommanditgesellschaft
ohg
ug
ev
sa, societe anonyme, sociedad anonima, sociedade anonima
sas, societe par actions simplifiee
sasu
sarl, societe a responsabilite limitee
sarlau, sarl au
eurl
snc
scs
gie
spa, societa per azioni
srl, societa a responsabilita limitata
scarl
sapa
bv, besloten vennootschap
nv, naamloze vennootschap
vof
bvba
ab, aktiebolag
as, aktieselskab, aksjeselskap
asa
aps
oy, osakeyhtio
oyj
sl, sociedad limitada
slu
sau
sac
saa
sa de cv, sociedad anonima de capital variable
srl de cv, s de rl de cv
sapi de cv
ltda, limitada
eireli
lda
fze
fzco
fzllc, fz llc
dmcc
wll
bsc
sdn bhd, sendirian berhad
bhd, berhad
tbk
jsc, joint stock company, joint stock co
ojsc, open joint stock company
cjsc, closed joint stock company
pjsc, public joint stock company
scc
kk, kabushiki kaisha
gk
sp zoo, sp z oo, spolka z oo, spzoo
doo
dd
ad
ood
eood
kft
zrt
nyrt
sro
uab
sia
ou
tic ltd sti, ltd sti, limited sirketi
anonim sirketi
psc
"""
_FRONTS = """
pt, perseroan terbatas
cv
ooo
oao
zao
pao
too
ao
uab
sia
cong ty tnhh
ets, etablissements
societe
"""


def _listed(table: str) -> Mapping[tuple[str, ...], str]:
    rows = [[one.strip() for one in line.split(",")] for line in table.strip().splitlines()]
    return MappingProxyType({tuple(spelling.split()): row[0] for row in rows for spelling in row})


ENDS: Mapping[tuple[str, ...], str] = _listed(_ENDS)
FRONT: Mapping[tuple[str, ...], str] = _listed(_FRONTS)
LONGEST = max(map(len, ENDS))


def strip_end(words: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Form at the end of a name and the words before it; of several forms in a row the last counts."""
    form = ""
    while found := _longest(words):
        form, words = form or ENDS[words[-found:]], words[:-found]
    # What stood before a form may be a part of it once the kept spelling follows: "P Co Ltd" is "P Ltd".
    joined = (*words, *form.split())
    found = _longest(joined)
    return (form, words) if joined[-found:] == tuple(form.split()) or not found else strip_end(joined)


def strip_front(words: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Form at the front of a name, as Indonesian and Russian ones stand, and the words after it."""
    for size in range(min(LONGEST, len(words) - 1), 0, -1):
        if words[:size] in FRONT:
            return FRONT[words[:size]], words[size:]
    return "", words


def _longest(words: tuple[str, ...]) -> int:
    """Words of the longest form that ends a name and leaves at least one word; 0 if there is none."""
    return next((size for size in range(min(LONGEST, len(words) - 1), 0, -1) if words[-size:] in ENDS), 0)
