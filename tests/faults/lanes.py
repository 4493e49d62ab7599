"""Runs side by side: each waits more than it works, so a few of them share a machine."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from queue import SimpleQueue
from typing import Self, TypeVar

from tests.faults.ground import Ground
from tests.faults.nursery import Nursery

T = TypeVar("T")


class Lanes:
    """A thread for each folder, with a ground of its own; the kernel ties the servers there to the thread."""

    def __init__(self, folders: Sequence[Path], nursery: Nursery) -> None:
        self._folders: SimpleQueue[Path] = SimpleQueue()
        for folder in folders:
            self._folders.put(folder)
        self._nursery = nursery
        self._own = threading.local()
        self._stack = ExitStack()
        self._threads = ThreadPoolExecutor(len(folders), initializer=self._settle)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """What runs comes to its end."""
        self._threads.shutdown(cancel_futures=True)
        self._stack.close()

    def start(self, run: Callable[[Ground], T]) -> "Future[T]":
        """As soon as there is a lane for it."""
        return self._threads.submit(lambda: run(self._own.ground))

    def _settle(self) -> None:
        self._own.ground = self._stack.enter_context(Ground(self._folders.get(), self._nursery))
