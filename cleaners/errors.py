"""The one kind of error a user is meant to read."""

from __future__ import annotations


class MtcleanError(Exception):
    """Bad input or a bad setting, told in one line: place, what is wrong, what to do.

    ``place`` is a path, ``path:line``, ``path:line:column`` or the name of a setting; it may be
    empty. ``str()`` gives the whole line without the program's name. Line breaks in any part are
    folded to spaces so that the promise of one line always holds.
    """

    def __init__(self, place: str, what: str, todo: str = "") -> None:
        """Keep the three parts; ``todo`` is an imperative sentence without its full stop."""
        self.place, self.what, self.todo = place, what, todo
        message = f"{place}: {what}" if place else what
        super().__init__(" ".join((f"{message}; {todo}" if todo else message).split()))

    def __reduce__(self) -> tuple[type[MtcleanError], tuple[str, str, str]]:
        """Travel between processes with all three parts."""
        return type(self), (self.place, self.what, self.todo)
