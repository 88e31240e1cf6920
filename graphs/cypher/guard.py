"""Which statements of a user run: those that only read, with functions from a list.

The engines refuse writes on a read-only graph, but leave other doors open: Ladybug reads and writes files of this
machine (`LOAD FROM`, `COPY ... TO`, `EXPORT`), spoils its own files (`CHECKPOINT`), lifts its limits (`CALL timeout=0`)
and runs `a; b`; Neo4j fetches addresses (`LOAD CSV`) and shows its users, settings and other people's statements
(`SHOW`, `TERMINATE`, `CALL dbms...`). So a statement is read by a grammar that knows reading clauses alone, and what
runs is that reading, written out again without comments. What a time limit would not end is refused as well (`costs`).
"""

from graphs.cypher.costs import check
from graphs.cypher.grammar import Statement, parse
from graphs.errors import StatementRefused

_FUNCTIONS = """
    avg collect count max min percentilecont percentiledisc stdev stdevp sum
    abs acos asin atan atan2 ceil ceiling cos cot degrees e exp floor isnan ln log log10 log2 pi pow radians round sign
    sin sqrt tan
    char_length concat contains ends_with left lower ltrim regexp_extract regexp_matches regexp_replace replace reverse
    right rtrim split starts_with string_split substring tolower toupper trim upper
    array_length coalesce head keys last len list_contains list_distinct list_sort list_sum list_unique range size tail
    cast ifnull nullif string to_double to_int64 toboolean tobooleanornull tofloat tofloatornull tointeger
    tointegerornull tostring tostringornull typeof valuetype
    elementid end_node endnode id label labels length nodes properties relationships rels start_node startnode type
    date date_part date_trunc datepart datetime datetrunc duration interval localdatetime timestamp
    all any exists isempty none single
"""
FUNCTIONS = frozenset(_FUNCTIONS.split())
"""Functions of either engine that compute from their arguments alone; none has a point in its name."""


def guard(statement: str) -> Statement:
    """A statement that only reads; its `text` is what may run. Raises StatementRefused, saying what was found."""
    found = parse(statement)
    strange = sorted(found.functions - FUNCTIONS)
    if strange:
        raise StatementRefused(
            f"the function {strange[0]} is not among those that statements may call; docs/cypher.md lists them"
        )
    for function, arguments in found.calls:
        check(function, arguments)
    return found
