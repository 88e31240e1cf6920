"""Grammar of patterns: nodes and the edges between them."""

from abc import ABC, abstractmethod

from graphs.cypher.cursor import Cursor


class Patterns(Cursor, ABC):
    """One method for each rule."""

    @abstractmethod
    def expression(self) -> None:
        """A value, as maps of properties hold them."""

    def pattern(self) -> None:
        """Paths with commas between them; their edges belong to one MATCH."""
        self.facts.matches.append([])
        self.listed(self.path)

    def path(self) -> None:
        """`p = (a)-[r]->(b)`."""
        if self.peek(1).text == "=":
            self.facts.features.add("path")
            self.name()
            self.expect("=")
        self.node()
        while self.sign() in ("-", "<"):
            self.edge()
            self.node()

    def node(self) -> None:
        """`(a:Country {code: $code})`."""
        self.expect("(")
        if not self.has(":") and not self.has("{") and not self.has(")"):
            self.name()
        if self.has(":"):
            self.label_list()
        self.properties()
        self.expect(")")

    def label_list(self) -> None:
        """`:Country`, `:Country|Residual`."""
        self.expect(":")
        self.facts.labels.add(self.any_name())
        while self.has("|") or self.has(":"):
            self.facts.features.add("alternative labels" if self.has("|") else "several labels")
            self.skip("|")
            self.skip(":")
            self.facts.labels.add(self.any_name())

    def edge(self) -> None:
        """`-[r:OF]->`, `<-[]-`, `--`."""
        self.skip("<")
        self.expect("-")
        variable = None
        if self.skip("["):
            variable = None if self.sign() in (":", "*", "{", "]") else self.name()
            if self.has(":"):
                self.label_list()
            if self.skip("*"):
                self.length()
            self.properties()
            self.expect("]")
        self.facts.matches[-1].append(variable)
        self.expect("-")
        self.skip(">")

    def length(self) -> None:
        """`*`, `*2`, `*1..3`, `* SHORTEST 1..3`."""
        self.facts.features.add("variable length")
        self.skip("ALL")
        if self.peek().word in ("SHORTEST", "TRAIL", "ACYCLIC"):
            self.take()
        self.whole()
        if self.skip(".."):
            self.whole()

    def whole(self) -> None:
        """A number, if one comes."""
        if self.peek().kind == "number":
            self.take()

    def properties(self) -> None:
        """`{code: 'ARE'}`, if it comes."""
        if self.has("{"):
            self.map()

    def map(self) -> None:
        """`{key: expression}`."""
        self.expect("{")
        if not self.has("}"):
            self.listed(self.pair)
        self.expect("}")

    def pair(self) -> None:
        """`key: expression`."""
        self.facts.properties.add(self.any_name())
        self.expect(":")
        self.expression()
