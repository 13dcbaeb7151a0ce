"""Waiting in a real browser."""

from __future__ import annotations

import time
from typing import Any

DRAWN = "[...document.querySelectorAll('.plot')].every(p => p.dataset.drawn)"


def until(page: Any, holds: str, seconds: float = 30) -> None:
    """Wait until an expression holds.

    Playwright's own way evaluates text in the page, which the policy of our pages forbids.
    """
    end = time.monotonic() + seconds
    while not page.evaluate(holds):
        assert time.monotonic() < end, f"does not hold after {seconds} s: {holds}"
        page.wait_for_timeout(20)
