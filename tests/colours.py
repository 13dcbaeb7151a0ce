"""How colours are measured: contrast, greyscale, colour blindness, difference to the eye."""

from __future__ import annotations

import re

Colour = tuple[float, float, float]
"""Red, green and blue in [0, 1], as the screen is told."""


def rgb(colour: str) -> Colour:
    """Read `#rrggbb` or `rgb(r, g, b)`."""
    if colour.startswith("#"):
        parts = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    else:
        parts = [int(c) for c in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (c / 255 for c in parts)
    return red, green, blue


def _linear(colour: Colour) -> Colour:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
    return red, green, blue


def _screen(colour: Colour) -> Colour:
    held = (min(1.0, max(0.0, c)) for c in colour)
    red, green, blue = (
        12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055 for c in held
    )
    return red, green, blue


def luminance(colour: str | Colour) -> float:
    """Relative luminance, W3C (2023), *WCAG 2.2*, "relative luminance"."""
    red, green, blue = _linear(rgb(colour) if isinstance(colour, str) else colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str | Colour, other: str | Colour) -> float:
    """Contrast ratio, W3C (2023), *WCAG 2.2*, "contrast ratio"."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def grey(colour: str) -> Colour:
    """What a printer without colours makes of a colour."""
    return _screen((luminance(colour),) * 3)


# Machado, Oliveira and Fernandes (2009), "A Physiologically-based Model for Simulation of Color
# Vision Deficiency", IEEE TVCG 15(6), doi:10.1109/TVCG.2009.113, severity 1.0, on linear RGB.
BLINDNESS = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def seen_with(kind: str, colour: str) -> Colour:
    """What somebody with a colour vision deficiency sees of a colour."""
    linear = _linear(rgb(colour))
    red, green, blue = (
        sum(m * c for m, c in zip(row, linear, strict=True)) for row in BLINDNESS[kind]
    )
    return _screen((red, green, blue))


def difference(one: str | Colour, other: str | Colour) -> float:
    """How different two colours look: Euclidean distance in CIELAB (CIE 1976, D65)."""
    return sum((a - b) ** 2 for a, b in zip(_lab(one), _lab(other), strict=True)) ** 0.5


def _lab(colour: str | Colour) -> tuple[float, float, float]:
    red, green, blue = _linear(rgb(colour) if isinstance(colour, str) else colour)
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883
    fx, fy, fz = (
        v ** (1 / 3) if v > (6 / 29) ** 3 else v / (3 * (6 / 29) ** 2) + 4 / 29 for v in (x, y, z)
    )
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)
