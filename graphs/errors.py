"""Every error a user can meet, in one tree.

OretraceError
├── InputError              what was handed in cannot be used
│   ├── UnknownCode         a country, commodity, flow or currency code nobody listed
│   ├── UnknownUnit         a unit without a conversion
│   ├── LayoutError         a file whose columns or format are not recognised
│   └── DamagedFile         a file that is missing, empty, cut short or not what its name says
├── SchemaError             a table that breaks its own description; nothing was written
├── FetchError              a source that did not answer as agreed
│   └── QuotaExhausted      the source's allowance for this period is spent
├── HomeError               an analysis folder that cannot be read by this version
└── StoreError              a graph store that cannot be read or written
    ├── StatementRefused    a statement that would do more than read, or reach beyond the graph
    └── LimitExceeded       a statement past its limit of time, memory or rows

A message is one sentence: what was found, where, and what to do about it.
"""


class OretraceError(Exception):
    """Root of all errors that `oretrace` raises on purpose."""


class InputError(OretraceError):
    """What was handed in cannot be used."""


class UnknownCode(InputError):
    """A code that no list knows."""


class UnknownUnit(InputError):
    """A unit that has no conversion."""


class LayoutError(InputError):
    """A file whose columns or format are not recognised."""


class DamagedFile(InputError):
    """A file that is missing, empty, cut short or not what its name says."""


class SchemaError(OretraceError):
    """A table that breaks its own description; nothing was written."""


class FetchError(OretraceError):
    """A source that did not answer as agreed."""


class QuotaExhausted(FetchError):
    """The source's allowance for this period is spent."""


class HomeError(OretraceError):
    """An analysis folder that cannot be read by this version."""


class StoreError(OretraceError):
    """A graph store that cannot be read or written."""


class StatementRefused(StoreError):
    """A statement that would do more than read, or reach beyond the graph."""


class LimitExceeded(StoreError):
    """A statement past its limit of time, memory or rows."""
