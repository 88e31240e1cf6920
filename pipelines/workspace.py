"""What every asset needs beside its input tables: the home, its memo and its archive, opened when first asked for.

Definitions are built long before anybody runs them; making or opening a folder must wait until then.
"""

from functools import cached_property
from pathlib import Path

from graphs.stores.base import Store
from pipelines.archive import Archive
from pipelines.graph_store import open_store
from pipelines.home import Home
from pipelines.inventory import Inventory
from pipelines.memo import Memo
from pipelines.sources import geopolrisk


class Workspace:
    """One home at work."""

    def __init__(self, home: Home | str | Path | None = None, store: Store | None = None) -> None:
        self._home = home
        self._store = store

    @cached_property
    def home(self) -> Home:
        """The home; made if it is missing."""
        return self._home if isinstance(self._home, Home) else Home.open(self._home, create=True)

    @cached_property
    def memo(self) -> Memo:
        """What was written, and what from."""
        return Memo(self.home, lambda: self.store)

    @cached_property
    def store(self) -> Store:
        """Where the graph is loaded: the store it was given, else the one that the settings name."""
        return self._store or open_store(self.home)

    @property
    def archive(self) -> Archive:
        """The raw bytes."""
        return Archive(self.home.archive_path)

    @property
    def inventory(self) -> Inventory:
        """What there is to read; the default data are fetched first where they belong to the analysis."""
        if not self.home.analysis.only_data and not self.memo.inventory.of("geopolrisk"):
            geopolrisk.fetch(self.archive)
            self.memo.look_again()
        return self.memo.inventory
