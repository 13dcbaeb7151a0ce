from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser

import pytest


class Read(HTMLParser):
    """What a browser reads: tags with attributes, and text with the tag before it."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self._open = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open = tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self._open, data))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Attributes of every such tag."""
        return [attrs for name, attrs in self.tags if name == tag]

    @property
    def text(self) -> str:
        """All text but that of styles and scripts."""
        return "".join(said for tag, said in self.texts if tag not in ("style", "script"))

    @property
    def ids(self) -> list[str]:
        """Every id, as often as it is given."""
        return [str(attrs["id"]) for _, attrs in self.tags if "id" in attrs]


@pytest.fixture(scope="session")
def read() -> Callable[[str], Read]:
    return Read
