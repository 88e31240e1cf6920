"""Views of the graphs in `worlds`, on every engine."""

from collections.abc import Iterator

import pytest

from graphs.stores.base import Graph, View, load
from graphs.stores.ladybug import LadybugStore
from tests.graphs.questions import worlds


@pytest.fixture(scope="session")
def small() -> Graph:
    return worlds.small()


@pytest.fixture(scope="session")
def embedded(small, tmp_path_factory) -> Iterator[View]:
    """The small graph in the embedded engine."""
    store = LadybugStore(tmp_path_factory.mktemp("small"))
    load(store, small)
    with store.view() as view:
        yield view
