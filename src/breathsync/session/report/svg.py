"""Drawing in SVG with attributes alone: the same in a browser, on paper, and in Qt's small SVG reader."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from xml.sax.saxutils import escape, quoteattr

FONT = "Inter, 'Segoe UI', 'Helvetica Neue', 'DejaVu Sans', sans-serif"
INK, QUIET, LINES = "#26323A", "#55636C", "#CFC6B6"
BREATH, HEART, NOW, MEASURED = "#2F7B6E", "#74509E", "#8A5A12", "#2B639C"
"""Told apart also by people who see few colours, and by shape or words besides."""

Places = Sequence[tuple[float, float]]
Attributes = dict[str, float | str]
_WIDTH_OF_A_LETTER = 0.56


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from `low` to `high` onto places from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Where a value lies."""
        return self.start + (self.end - self.start) * (value - self.low) / (self.high - self.low)


def steps(low: float, high: float, about: int) -> list[float]:
    """Round values between `low` and `high`, about so many."""
    raw = max((high - low) / max(1, about), 1e-9)
    power = 10.0 ** floor(log10(raw))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= raw * 0.999)
    return [round(k * step, 9) for k in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1)]


def letters_that_fit(width: float, size: float) -> int:
    """How many letters of a size fit into a width, about."""
    return int(width / (size * _WIDTH_OF_A_LETTER))


class Canvas:
    """Collects shapes; `svg` gives the element."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._shapes: list[str] = []

    def line(
        self, x1: float, y1: float, x2: float, y2: float, color: str, width: float = 1.0, dash: str = ""
    ) -> None:
        """A straight line."""
        self._add("line", _pen(color, width, dash), x1=x1, y1=y1, x2=x2, y2=y2)

    def curve(self, points: Places, color: str, width: float = 1.2, dash: str = "") -> None:
        """A line through points."""
        if len(points) > 1:
            self._add("polyline", _pen(color, width, dash), points=_points(points), fill="none")

    def bent(self, points: Places, color: str, width: float = 1.2) -> None:
        """A smooth curve (Catmull-Rom) through every point."""
        if len(points) < 2:
            return
        around = [points[0], *points, points[-1]]
        path = f"M{_points(points[:1])}"
        fours = zip(around, around[1:], around[2:], around[3:], strict=False)
        for (ax, ay), (bx, by), (cx, cy), (dx, dy) in fours:
            first, second = (
                (bx + (cx - ax) / 6, by + (cy - ay) / 6),
                (cx - (dx - bx) / 6, cy - (dy - by) / 6),
            )
            path += f"C{_points([first, second, (cx, cy)])}"
        self._add("path", _pen(color, width, ""), d=path, fill="none")

    def area(self, points: Places, color: str, opacity: float) -> None:
        """A filled shape."""
        if len(points) > 2:
            self._add("polygon", _ink(color, opacity), points=_points(points))

    def box(
        self,
        corner: tuple[float, float],
        size: tuple[float, float],
        color: str,
        opacity: float = 1.0,
        rounded: float = 0.0,
    ) -> None:
        """A rectangle from its upper left corner, its corners rounded."""
        (x, y), (width, height) = corner, size
        self._add("rect", _ink(color, opacity), x=x, y=y, width=width, height=height, rx=rounded)

    def ring(
        self, x: float, y: float, radius: float, color: str, width: float = 1.5, dash: str = ""
    ) -> None:
        """An empty circle."""
        self._add("circle", _pen(color, width, dash), cx=x, cy=y, r=radius, fill="none")

    def dot(self, x: float, y: float, radius: float, color: str) -> None:
        """A full circle."""
        self._add("circle", _ink(color, 1.0), cx=x, cy=y, r=radius)

    def diamond(self, x: float, y: float, radius: float, color: str) -> None:
        """A full diamond: somebody's own mark."""
        self.area([(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)], color, 1.0)

    def words(
        self, x: float, y: float, words: str, size: float = 10.5, color: str = QUIET, anchor: str = "start"
    ) -> None:
        """Words, their base line at `y`."""
        look: Attributes = {"font_family": FONT, "font_size": size, "fill": color, "text_anchor": anchor}
        self._add("text", look, escape(words), x=x, y=y)

    def svg(self, says: str) -> str:
        """The whole drawing; `says` describes it to those who cannot see it."""
        size = f'viewBox="0 0 {_number(self.width)} {_number(self.height)}"'
        return f'<svg {size} role="img" aria-label={quoteattr(says)}>{"".join(self._shapes)}</svg>'

    def _add(self, tag: str, look: Attributes, inside: str = "", **place: float | str) -> None:
        written = "".join(
            f" {name.replace('_', '-')}={quoteattr(value if isinstance(value, str) else _number(value))}"
            for name, value in (*place.items(), *look.items())
            if value != ""
        )
        self._shapes.append(f"<{tag}{written}>{inside}</{tag}>" if inside else f"<{tag}{written}/>")


def _ink(color: str, opacity: float) -> Attributes:
    return {"fill": color, "fill_opacity": opacity}


def _pen(color: str, width: float, dash: str) -> Attributes:
    return {
        "stroke": color, "stroke_width": width, "stroke_dasharray": dash,
        "stroke_linejoin": "round", "stroke_linecap": "round",
    }  # fmt: skip


def _points(points: Places) -> str:
    return " ".join(f"{_number(x)},{_number(y)}" for x, y in points)


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
