"""Reports that arrive again: told from all that came before in the same file, in bounded memory.

A report is the same where sender, time and position are. Each is remembered as a number of 64 bits in one table of
numbers; a file of 100 million reports has two different ones with one number with a probability of 0.03 %.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
FIRST_SLOTS, MOST_SLOTS = 1 << 18, 1 << 25
FULL = 0.5
"""A table beyond this share is made anew: doubled, or put aside for the next where it is as large as it may be."""
STEP = 1 << 20
EMPTY = np.uint64(0)


class Seen:
    """Reports of one file so far; at least the latest `most_slots` / 2 different ones are remembered."""

    def __init__(self, first_slots: int = FIRST_SLOTS, most_slots: int = MOST_SLOTS) -> None:
        self.most_slots = most_slots
        self.table: Keys = np.zeros(first_slots, np.uint64)
        self.before: Keys = np.zeros(1, np.uint64)
        self.held = 0

    def first(self, rows: pl.DataFrame) -> pl.Series:
        """True for each row whose sender, time and position did not come before, in these rows or in earlier ones."""
        keys = key(rows)
        distinct, at = np.unique(keys, return_index=True)
        is_known = _holds(self.table, distinct) | _holds(self.before, distinct)
        self._remember(distinct[~is_known])
        mask = np.zeros(len(keys), bool)
        mask[at[~is_known]] = True
        return pl.Series(mask)

    def _remember(self, keys: Keys) -> None:
        """Puts new keys in, in steps, so that the table never fills up."""
        for start in range(0, len(keys), max(1, len(self.table) // 4)):
            part = keys[start : start + max(1, len(self.table) // 4)]
            if self.held + len(part) > FULL * len(self.table):
                self._grow()
            _put(self.table, part)
            self.held += len(part)

    def _grow(self) -> None:
        if len(self.table) >= self.most_slots:
            self.before, self.table, self.held = self.table, np.zeros(self.most_slots, np.uint64), 0
            return
        larger = np.zeros(2 * len(self.table), np.uint64)
        for start in range(0, len(self.table), STEP):
            part = self.table[start : start + STEP]
            _put(larger, part[part != EMPTY])
        self.table = larger


def key(rows: pl.DataFrame) -> Keys:
    """One number for sender, time and position of each row; never zero."""
    nowhere = pl.lit(float("nan"))
    columns = rows.select(
        pl.col("sender"), pl.col("time").dt.epoch("us"), *(pl.col(one).fill_null(nowhere) for one in ("lon", "lat"))
    )
    mixed: Keys = np.zeros(rows.height, np.uint64)
    for column in columns:
        # Adding zero makes one of the two zeros.
        mixed = _mixed(mixed ^ (column.to_numpy() + 0).view(np.uint64))
    return np.where(mixed == EMPTY, np.uint64(1), mixed)


def _mixed(value: Keys) -> Keys:
    """Finish of the SplitMix64 generator: every bit of the value moves about half of all bits."""
    value = value + np.uint64(0x9E3779B97F4A7C15)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


def _slots(table: Keys, keys: Keys) -> NDArray[np.int64]:
    return (keys & np.uint64(len(table) - 1)).astype(np.int64)


def _holds(table: Keys, keys: Keys) -> NDArray[np.bool_]:
    found = np.zeros(len(keys), bool)
    at, open_ = _slots(table, keys), np.arange(len(keys))
    while len(open_):
        there = table[at[open_]]
        is_same = there == keys[open_]
        found[open_[is_same]] = True
        open_ = open_[~is_same & (there != EMPTY)]
        at[open_] = (at[open_] + 1) % len(table)
    return found


def _put(table: Keys, keys: Keys) -> None:
    """Distinct keys that the table does not hold yet; of several for one slot the last wins, the others go on."""
    at, open_ = _slots(table, keys), np.arange(len(keys))
    while len(open_):
        slots = at[open_]
        is_free = table[slots] == EMPTY
        table[slots[is_free]] = keys[open_[is_free]]
        open_ = open_[table[slots] != keys[open_]]
        at[open_] = (at[open_] + 1) % len(table)
