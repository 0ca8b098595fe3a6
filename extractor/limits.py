"""Budgets: of what packed data unpacks to, and of computing time, which a busy machine does not use up.

`run_apart` works in a process of its own, which can be ended: for libraries that hostile input keeps busy without end or brings down.
The process is forked, so that it begins at once with all that is loaded; where a system cannot fork, the work is done here, without a
limit. `each_within` interrupts our own code, in the main thread.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, TypeVar

from extractor.errors import ExtractError, InputTooLarge, UnreadableInput

Result = TypeVar("Result")
Allow = Callable[[float, str], None]

FREE = 1 << 26  # bytes that any packed data may unpack to
RATIO = 300  # times its packed size that longer data may unpack to; WHO's padded XML reaches 60
POLL = 0.5  # seconds between two signs of life while work is waited for
PATIENCE = 20.0  # times its budget of computing that work may take by the clock, on a machine that has much to do
CHUNK = 1 << 20  # bytes read from a pipe at a time
FORKS = hasattr(os, "fork") and hasattr(signal, "setitimer")

_length = struct.Struct("<Q")
_heartbeats: list[Callable[[], None]] = []


class Bomb:
    """Keeps account of packed data: `packed` bytes that went in, and what came out.

    A bomb is told by its ratio: more than `free` bytes out at over `RATIO` times the bytes that went in.
    """

    def __init__(self, free: int = FREE) -> None:
        self.free = free
        self.packed = self.unpacked = 0

    def check(self, data: bytes) -> bytes:
        """The unpacked data, counted.

        Raises InputTooLarge for a bomb.
        """
        self.unpacked += len(data)
        if self.unpacked > self.free and self.unpacked > RATIO * self.packed:
            raise InputTooLarge(f"it unpacks to over {RATIO} times its size, as a bomb does: it is refused")
        return data


def tell_of_life(heartbeat: Callable[[], None]) -> None:
    """Has `heartbeat` called again and again while work is done elsewhere: whoever watches this process then leaves it alone."""
    _heartbeats.append(heartbeat)


def run_apart(work: Callable[[Allow], Result]) -> Result:
    """What `work` returns, from a process of its own.

    It is given a function that says how many seconds it may compute from then on, and the sentence for the case that it takes longer.
    Raises what the work raises: InputTooLarge with that sentence, UnreadableInput where the process breaks down.
    """
    if not FORKS:
        return work(_allow_all)
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        os.close(ours)
        _work(work, theirs)
    os.close(theirs)
    try:
        result: Result = _Parent(ours, child).result()
        return result
    finally:
        os.close(ours)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(child, 0)


def each_within(items: Iterator[Result], seconds: float, sentence: str) -> Iterator[Result]:
    """The items, each of which may take so many seconds of computing to come.

    Raises InputTooLarge with the sentence where one takes longer. Outside of the main thread nothing is limited.
    """
    if not FORKS or threading.current_thread() is not threading.main_thread():
        yield from items
        return

    def stop(_number: int, _frame: object) -> None:
        raise InputTooLarge(sentence)

    while True:
        before = signal.signal(signal.SIGPROF, stop)
        signal.setitimer(signal.ITIMER_PROF, seconds)
        try:
            item = next(items, None)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, before)
        if item is None:
            return
        yield item


def _allow_all(seconds: float, sentence: str) -> None:
    """Sets no limit."""


def _work(work: Callable[[Allow], Any], pipe: int) -> None:
    """The child's life: it ends here, whatever happens."""
    code = 1
    try:
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business

        def allow(seconds: float, sentence: str) -> None:
            _send(pipe, ("limit", seconds, sentence))
            signal.setitimer(signal.ITIMER_PROF, seconds)

        try:
            outcome: tuple[Any, ...] = ("done", work(allow))
        except MemoryError:
            outcome = ("failed", InputTooLarge("it needs more memory than there is: split it"))
        except Exception as error:  # noqa: BLE001 (it is raised again by the parent)
            outcome = ("failed", error)
        _send(pipe, outcome)
        code = 0
    finally:
        os._exit(code)


def _send(pipe: int, value: tuple[Any, ...]) -> None:
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    rest = memoryview(_length.pack(len(data)) + data)
    while rest:
        rest = rest[os.write(pipe, rest) :]


class _Parent:
    """Waits for the messages of a child; `sentence` says what it means when the child runs out of time."""

    def __init__(self, pipe: int, child: int) -> None:
        self._pipe, self._child = pipe, child
        self._waited = 0.0
        self._patience = PATIENCE
        self._sentence = ""

    def result(self) -> Any:
        """What the work came to."""
        while True:
            message = self._message()
            if message[0] == "done":
                return message[1]
            if message[0] == "failed":
                raise message[1]
            _, seconds, self._sentence = message
            self._patience = self._waited + PATIENCE * seconds

    def _message(self) -> tuple[Any, ...]:
        (length,) = _length.unpack(self._read(_length.size))
        message: tuple[Any, ...] = pickle.loads(self._read(length))  # noqa: S301 (made by our own child)
        return message

    def _read(self, size: int) -> bytes:
        parts: list[bytes] = []
        while size:
            data = os.read(self._pipe, min(size, CHUNK)) if self._is_ready() else b""
            if not data:
                raise self._end()
            parts.append(data)
            size -= len(data)
        return b"".join(parts)

    def _is_ready(self) -> bool:
        """Waits for the pipe; false where patience has run out."""
        while not select.select([self._pipe], [], [], POLL)[0]:
            self._waited += POLL
            for heartbeat in _heartbeats:
                heartbeat()
            if self._waited > self._patience:
                return False
        return True

    def _end(self) -> ExtractError:
        """Why the child has ended without a result, or is to be ended."""
        done, status = os.waitpid(self._child, os.WNOHANG if self._waited > self._patience else 0)
        ended_by = os.WTERMSIG(status) if done and os.WIFSIGNALED(status) else 0
        if not done or ended_by == signal.SIGPROF:
            return InputTooLarge(self._sentence or "reading it took too long")
        return UnreadableInput(
            f"reading it brings the reader down ({signal.Signals(ended_by).name if ended_by else 'exit'}): it is damaged, or made to do so"
        )
