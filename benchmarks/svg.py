"""Line charts as SVG, without any library: a few lines, two axes, readable in light and dark."""

from __future__ import annotations

import math
from html import escape

from benchmarks.figures import Chart

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 70, 150, 40, 50
_FONT = 'font-family="sans-serif" font-size="12"'
COLOURS = ("#2563eb", "#d97706", "#059669", "#dc2626", "#7c3aed", "#64748b")


class _Axis:
    """Places values between two pixels."""

    def __init__(self, values: list[float], start: float, end: float, *, log: bool) -> None:
        self.log = log
        self.start, self.end = start, end
        positive = [value for value in values if value > 0] or [1.0]
        if log:
            self.low: float = math.floor(math.log10(min(positive)))
            self.high: float = max(math.ceil(math.log10(max(positive))), self.low + 1)
        else:
            self.low, self.high = 0.0, max(*values, 1e-9) * 1.05

    def at(self, value: float) -> float:
        place = math.log10(max(value, 10**self.low)) if self.log else value
        return self.start + (place - self.low) / (self.high - self.low) * (self.end - self.start)

    def ticks(self) -> list[float]:
        if self.log:
            return [10.0**power for power in range(int(self.low), int(self.high) + 1)]
        step = 10 ** math.floor(math.log10(self.high))
        step = next(part for part in (step / 5, step / 2, step, 2 * step) if self.high / part <= 6)
        return [step * count for count in range(int(self.high / step) + 1)]


def draw(chart: Chart) -> str:
    """The chart as an SVG document."""
    points = [point for line in chart.lines for point in line.points]
    across = _Axis([x for x, _ in points], LEFT, WIDTH - RIGHT, log=chart.log)
    up = _Axis([y for _, y in points], HEIGHT - BOTTOM, TOP, log=chart.log)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" {_FONT}>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        _text(LEFT, 22, chart.title, size=14),
        _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, chart.x, anchor="middle"),
        _text(LEFT, TOP - 6, chart.y),
    ]
    for value in across.ticks():
        parts.append(_grid(across.at(value), TOP, across.at(value), HEIGHT - BOTTOM))
        parts.append(_text(across.at(value), HEIGHT - BOTTOM + 16, _tick(value), anchor="middle"))
    for value in up.ticks():
        parts.append(_grid(LEFT, up.at(value), WIDTH - RIGHT, up.at(value)))
        parts.append(_text(LEFT - 6, up.at(value) + 4, _tick(value), anchor="end"))
    for place, line in enumerate(chart.lines):
        colour = COLOURS[place % len(COLOURS)]
        path = " ".join(f"{across.at(x):.1f},{up.at(y):.1f}" for x, y in line.points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [
            f'<circle cx="{across.at(x):.1f}" cy="{up.at(y):.1f}" r="3" fill="{colour}"/>' for x, y in line.points
        ]
        parts.append(_text(WIDTH - RIGHT + 10, TOP + 16 * place + 10, line.name, colour=colour))
    return "\n".join([*parts, "</svg>", ""])


def _grid(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#e2e8f0"/>'


def _text(x: float, y: float, text: str, *, anchor: str = "start", size: int = 12, colour: str = "#1e293b") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{colour}">{escape(text)}</text>'
    )


def _tick(value: float) -> str:
    return f"{value:,.0f}" if value >= 1 or value == 0 else f"{value:g}"
