"""Grammar of a Cypher statement that only reads, by recursive descent: what is not in it does not pass.

```
statement  := query [';']
query      := single (UNION [ALL] single)*
single     := (MATCH | OPTIONAL MATCH | UNWIND | WITH)* RETURN
subquery   := (EXISTS | COUNT) '{' (query | (MATCH ...)+ | pattern [WHERE expression]) '}'
```

It knows the clauses above and no other: no CREATE, SET, CALL, LOAD, COPY and whatever engines may learn yet.
Precedence of operators does not matter here, so that an expression is operands with operators between them.
"""

from collections.abc import Callable
from dataclasses import dataclass

from graphs.cypher.cursor import RESERVED
from graphs.cypher.patterns import Patterns
from graphs.cypher.tokens import Token, tokens, written
from graphs.errors import StatementRefused

SUBQUERIES = ("EXISTS", "COUNT")
QUANTIFIERS = ("ALL", "ANY", "NONE", "SINGLE")
OPERATORS = ("=", "<>", "<", ">", "<=", ">=", "=~", "+", "-", "*", "/", "%", "^")


@dataclass(frozen=True)
class Statement:
    """A statement that follows the grammar, as an engine gets it, and what it is made of."""

    text: str
    clauses: tuple[str, ...]
    """Every clause in its order, those of subqueries too."""
    functions: frozenset[str]
    """In lower case."""
    parameters: frozenset[str]
    labels: frozenset[str]
    """Labels of nodes and types of edges."""
    properties: frozenset[str]
    features: frozenset[str]
    """variable length, list index, list comprehension, label predicate, pattern predicate, several labels, regex,
    cast, subquery, star, path: what engines treat differently or do not have."""
    matches: tuple[tuple[str | None, ...], ...]
    """Edges of each MATCH and each pattern in an expression, by variable; None for one that has none."""
    calls: tuple[tuple[str, tuple[tuple[Token, ...], ...]], ...]
    """Every function in lower case with what its arguments are made of; `=~` as well, whose second is the pattern."""


def parse(statement: str) -> Statement:
    """Read a statement. Raises StatementRefused in one sentence where it leaves the grammar."""
    found = list(tokens(statement))
    while found and found[-1].text == ";":
        found.pop()
    if any(one.text == ";" for one in found):
        raise StatementRefused("the text holds several statements: give one at a time")
    reader = _Reader(found)
    reader.query()
    reader.end()
    facts = reader.facts
    return Statement(
        written(found),
        tuple(facts.clauses),
        frozenset(facts.functions),
        frozenset(facts.parameters),
        frozenset(facts.labels),
        frozenset(facts.properties),
        frozenset(facts.features),
        tuple(map(tuple, facts.matches)),
        tuple(facts.calls),
    )


class _Reader(Patterns):
    """One method for each rule."""

    def expression(self) -> None:
        """Operands and operators."""
        self.deeper()
        self.operand()
        while self.operator():
            self.operand()
        self.depth -= 1

    def operator(self) -> bool:
        """Pass over an operator between two operands, if one comes."""
        if self.sign() in OPERATORS:
            if self.take().text == "=~":
                self.regex()
            return True
        self.repeated(("IS", "NOT", "NULL"), ("IS", "NULL"))
        if self.sign() in OPERATORS:
            return self.operator()
        pairs = (("AND",), ("OR",), ("XOR",), ("IN",), ("CONTAINS",), ("STARTS", "WITH"), ("ENDS", "WITH"))
        return any(self.skip(*one) for one in pairs)

    def regex(self) -> None:
        """Note the pattern that comes next, with a sign after it that makes it part of something longer."""
        self.facts.features.add("regex")
        is_longer = self.sign(1) in (*OPERATORS, ".", "[", ":")
        self.facts.calls.append(("=~", ((), (self.peek(), self.peek(1)) if is_longer else (self.peek(),))))

    def operand(self) -> None:
        """A value with its signs before and its properties after."""
        self.repeated(("NOT",), ("-",), ("+",))
        self.atom()
        while self.sign() in (".", "[", ":"):
            self.suffix()

    def suffix(self) -> None:
        """`.property`, `[index]`, `[from..to]`, `:Label`."""
        if self.skip("."):
            self.facts.properties.add(self.any_name())
            if self.has("("):
                raise StatementRefused(f"line {self.peek().line}: functions with a point in their name are refused")
        elif self.skip("["):
            self.facts.features.add("list index")
            self.bounds()
            self.expect("]")
        else:
            self.facts.features.add("label predicate")
            self.label_list()

    def bounds(self) -> None:
        """An index, or a range open at either end."""
        if not self.has(".."):
            self.expression()
        if self.skip("..") and not self.has("]"):
            self.expression()

    def atom(self) -> None:
        """One value."""
        one = self.peek()
        if one.kind in ("text", "number") or one.word in ("NULL", "TRUE", "FALSE"):
            self.take()
        elif one.kind == "parameter":
            self.facts.parameters.add(self.take().text[1:])
        elif self.has("["):
            self.list()
        elif self.has("{"):
            self.map()
        elif self.has("("):
            self.brackets()
        elif self.has("CASE"):
            self.case()
        else:
            self.named()

    def named(self) -> None:
        """A variable, a function or a subquery."""
        one = self.peek().word
        if one in SUBQUERIES and self.sign(1) == "{":
            self.subquery()
        elif self.sign(1) == "(" and (one == "EXISTS" or one not in RESERVED):
            self.function()
        else:
            self.name()

    def function(self) -> None:
        """`f(x, y)`, `count(*)`, `count(DISTINCT x)`, `any(x IN xs WHERE ...)`, `cast(x AS STRING)`."""
        quantified = self.peek().word in QUANTIFIERS
        name = self.take().name.lower()
        arguments: list[tuple[Token, ...]] = []
        self.expect("(")
        if quantified:
            self.filter()
        elif not self.skip("*") and not self.has(")"):
            self.skip("DISTINCT")
            arguments = self.listed(self.argument)
        self.expect(")")
        self.facts.functions.add(name)
        self.facts.calls.append((name, tuple(arguments)))

    def argument(self) -> None:
        """An expression, or one with the type that it becomes."""
        self.expression()
        if self.skip("AS"):
            self.facts.features.add("cast")
            self.name()

    def filter(self) -> None:
        """`x IN xs WHERE condition`."""
        self.name()
        self.expect("IN")
        self.expression()
        if self.skip("WHERE"):
            self.each()

    def each(self) -> None:
        """What is worked out for every item of a list: no list is gone through there, which no time limit would end."""
        if self.is_looping:
            raise StatementRefused(
                f"line {self.peek().line}: a list is gone through for every item of another: UNWIND one of them"
            )
        self.is_looping = True
        try:
            self.expression()
        finally:
            self.is_looping = False

    def list(self) -> None:
        """`[1, 2]`, `[x IN xs WHERE condition | expression]`."""
        self.expect("[")
        if self.peek(1).word == "IN" and self.peek().kind in ("word", "quoted"):
            self.facts.features.add("list comprehension")
            self.filter()
            if self.skip("|"):
                self.each()
        elif not self.has("]"):
            self.listed(self.expression)
        self.expect("]")

    def brackets(self) -> None:
        """`(expression)`, or a pattern used as a condition."""
        if self.attempt(self.condition):
            return
        self.expect("(")
        self.expression()
        self.expect(")")

    def condition(self) -> None:
        """`(a)-[:OF]->(b)` as a condition: at least one edge."""
        self.facts.matches.append([])
        self.path()
        if not self.facts.matches[-1]:
            raise StatementRefused("no edge")
        self.facts.features.add("pattern predicate")

    def attempt(self, read: Callable[[], object]) -> bool:
        """Read one thing if it stands here, else stay where we are."""
        at, depth, matches = self.at, self.depth, len(self.facts.matches)
        if at in self.failed:  # tried once: without this the time doubles with every bracket
            return False
        try:
            read()
        except StatementRefused:
            self.failed.add(at)
            self.at, self.depth = at, depth
            del self.facts.matches[matches:]
            return False
        return True

    def case(self) -> None:
        """`CASE [x] WHEN a THEN b ELSE c END`."""
        self.expect("CASE")
        if not self.has("WHEN"):
            self.expression()
        self.when()
        while self.has("WHEN"):
            self.when()
        if self.skip("ELSE"):
            self.expression()
        self.expect("END")

    def when(self) -> None:
        """`WHEN a THEN b`."""
        self.expect("WHEN")
        self.expression()
        self.expect("THEN")
        self.expression()

    def query(self) -> None:
        """Single queries with UNION between them."""
        self.single()
        while self.skip("UNION"):
            self.facts.clauses.append("UNION")
            self.skip("ALL")
            self.single()

    def single(self) -> None:
        """Clauses that end with RETURN."""
        while not self.has("RETURN"):
            self.clause()
        self.expect("RETURN")
        self.projection("RETURN")

    def clause(self) -> None:
        """A clause before RETURN."""
        if self.has("MATCH") or self.has("OPTIONAL", "MATCH"):
            self.match()
        elif self.skip("UNWIND"):
            self.facts.clauses.append("UNWIND")
            self.expression()
            self.expect("AS")
            self.name()
        elif self.skip("WITH"):
            self.projection("WITH")
            self.where()
        else:
            self.fail("MATCH, OPTIONAL MATCH, UNWIND, WITH or RETURN")

    def match(self) -> None:
        """`MATCH pattern WHERE condition`."""
        self.facts.clauses.append("OPTIONAL MATCH" if self.skip("OPTIONAL") else "MATCH")
        self.expect("MATCH")
        self.pattern()
        self.where()

    def where(self) -> None:
        """`WHERE condition`, if it comes."""
        if self.skip("WHERE"):
            self.facts.clauses.append("WHERE")
            self.expression()

    def projection(self, clause: str) -> None:
        """What WITH and RETURN hand on, in which order and how much of it."""
        self.facts.clauses.append(clause)
        self.skip("DISTINCT")
        if self.skip("*"):
            self.facts.features.add("star")
            if self.skip(","):
                self.listed(self.item)
        else:
            self.listed(self.item)
        if self.skip("ORDER", "BY"):
            self.facts.clauses.append("ORDER BY")
            self.listed(self.order)
        for one in ("SKIP", "LIMIT"):
            if self.skip(one):
                self.facts.clauses.append(one)
                self.expression()

    def item(self) -> None:
        """`expression AS name`."""
        self.expression()
        if self.skip("AS"):
            self.name()

    def order(self) -> None:
        """`expression DESC`."""
        self.expression()
        if self.peek().word in ("ASC", "ASCENDING", "DESC", "DESCENDING"):
            self.take()

    def subquery(self) -> None:
        """`EXISTS { MATCH (a)-->(b) WHERE ... }`, `COUNT { ... }`."""
        self.deeper()
        self.facts.features.add("subquery")
        self.take()
        self.expect("{")
        if self.has("("):
            self.pattern()
            self.where()
        else:
            self.inner()
        self.expect("}")
        self.depth -= 1

    def inner(self) -> None:
        """A query whose RETURN may be left out."""
        while not self.has("RETURN") and not self.has("}"):
            self.clause()
        if self.has("RETURN"):
            self.query()
