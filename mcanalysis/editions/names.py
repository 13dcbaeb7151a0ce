"""Names in two editions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcanalysis.names import Called
from mcanalysis.wording import lower_first

if TYPE_CHECKING:
    from mcanalysis.editions.record import Changes


class NamesOfBoth:
    """Names in two editions: that of the new one, or of the old one where it alone has the row."""

    def __init__(self, changes: Changes) -> None:
        self._sides = (changes.new.names, changes.old.names)

    def _of(self, kind: str, key: str) -> Called:
        for names in self._sides:
            try:
                found = getattr(names, kind)(key)
            except KeyError:
                continue
            return found if isinstance(found, Called) else Called(found)
        return Called(key)

    def system(self, key: str) -> Called:
        """Name of a system for lists."""
        return self._of("system", key)

    def in_sentence(self, key: str) -> Called:
        """Name of a system with its article."""
        return self._of("in_sentence", key)

    def dimension(self, key: str) -> Called:
        """Name of a dimension."""
        return self._of("dimension", key)

    def stakeholder(self, key: str) -> str:
        """Name of a stakeholder group inside a sentence."""
        return lower_first(self._of("stakeholder", key))
