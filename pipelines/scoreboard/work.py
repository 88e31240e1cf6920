"""Jobs in two processes, with a bar. What a job makes it keeps on disk itself, so that a killed run loses little."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, TypeVar

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from pipelines.views import terminal

PROCESSES = 2
THREADS = {"POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""Each process keeps to one core; a process of its own reads them as it starts."""
J = TypeVar("J")
R = TypeVar("R")


def in_parallel(
    title: str,
    function: Callable[[J], R],
    jobs: Sequence[J],
    begin: tuple[Callable[..., None], tuple[Any, ...]] | None,
    processes: int = PROCESSES,
) -> Iterator[R]:
    """Results as they come, in no order. `begin`: what each process does first, with its arguments.

    One process is this one.
    """
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=terminal.screen(to_stderr=True)) as bar:
        task = bar.add_task(title, total=len(jobs))
        results = _here(function, jobs, begin) if processes == 1 else _apart(function, jobs, begin, processes)
        for done in results:
            yield done
            bar.advance(task)


def _here(function: Callable[[J], R], jobs: Sequence[J], begin: Any) -> Iterator[R]:
    if begin and jobs:
        begin[0](*begin[1])
    yield from map(function, jobs)


def _apart(function: Callable[[J], R], jobs: Sequence[J], begin: Any, processes: int) -> Iterator[R]:
    if not jobs:
        return
    starting = {"initializer": begin[0], "initargs": begin[1]} if begin else {}
    with surroundings(THREADS), ProcessPoolExecutor(processes, get_context("spawn"), **starting) as pool:
        waiting = [pool.submit(function, job) for job in jobs]
        try:
            for done in as_completed(waiting):
                yield done.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


@contextmanager
def surroundings(variables: Mapping[str, str]) -> Iterator[None]:
    """Environment variables for processes that start inside the context."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
