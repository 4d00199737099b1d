"""The figures of a report: the whole session, a minute of it, the rhythms in the heart rate, circles."""

from collections.abc import Callable, Sequence

import numpy as np

from breathsync.breath.rhythm_choice import choose
from breathsync.events import Beat, CheckedIn, PacerStep, RsaCycle
from breathsync.heart.hrv import FloatArray
from breathsync.session.report import curves, svg
from breathsync.session.report.document import Figure
from breathsync.session.report.findings import Findings, Stretch, told_breath
from breathsync.session.report.svg import Canvas, Scale
from breathsync.wording import clock_words, number, text, text_or_own

WIDTH = 720.0
_LEFT, _RIGHT = 34.0, 714.0
_MOST_POINTS = 2400
_SMOOTH_UP_TO = 300
_LEAST_DOTS = 20
_LEAST_REACH = 10.0  # beats/min that a curve may go beyond where nearly all of it is
_WAVE_LEAST_UNITS = 4.0  # a breath narrower than that is drawn as pace
_CIRCLES = ("threat", "drive", "soothing")

Place = Callable[[float], float]


def overview(found: Findings) -> Figure | None:
    """Steps and marks, heart rate, the guide's breath, and each guided breath's swing, over one time."""
    times, bpm = _shown_rates(found)
    if np.count_nonzero(~np.isnan(bpm)) < 2:
        return None
    story = found.story
    swings = found.derived.columns(RsaCycle)
    told = told_breath(found.derived)[0].size >= _LEAST_DOTS
    has_breath, has_swing = bool(story.guided) or told, bool(np.any(swings["clean"] > 0))
    height = 150.0 + 40.0 * has_breath + 64.0 * has_swing
    canvas = Canvas(WIDTH, height)
    x = Scale(0.0, max(1.0, story.length_s), _LEFT, _RIGHT)
    top, bottom = 42.0, 126.0
    _steps(canvas, found, x)
    _unmeasured(canvas, found, x, top, bottom)
    _rate_panel(canvas, times, bpm, x, (top, bottom), text("report.axis_heart"))
    _marks(canvas, found, x, bottom)
    if has_breath:
        _breath_panel(canvas, found, x, bottom + 12, bottom + 43)
        bottom += 40
    if has_swing:
        _swing_panel(canvas, found, x, bottom + 20, bottom + 64)
        bottom += 64
    _time_axis(canvas, x, bottom + 12)
    kind = "" if has_swing else "_heart"
    caption = text(f"report.overview_caption{kind}{'_breath' if told else ''}")
    return Figure(
        canvas.svg(text("report.overview_says")), WIDTH, height, text("report.overview_says"), caption
    )


def a_minute(found: Findings) -> Figure | None:
    """The last minute of the longest steady stretch: heart and guide, at the same moment of time."""
    stretch = found.rhythm or found.whole or found.before
    if stretch is None:
        return None
    end = stretch.end_s
    start = max(stretch.start_s, end - 60.0)
    times, bpm = curves.rates(found.derived.columns(Beat))
    near = (times >= start) & (times <= end)
    times, bpm = times[near], bpm[near]
    if times.size < 8:
        return None
    canvas = Canvas(430.0, 146.0)
    x = Scale(start, end, _LEFT, 424.0)
    top, bottom = 12.0, 122.0
    if stretch.name == "rhythm":
        grid, fullness = curves.guide_wave(found.derived, start, end, 0.1)
        y = Scale(0.0, 1.0, bottom, top + 8)
        _filled(canvas, grid, fullness, x, y, bottom)
    _rate_panel(canvas, times, bpm, x, (top, bottom), text("report.axis_heart"), width=2.0)
    _time_axis(canvas, x, bottom + 10)
    key = "minute_caption" if stretch.name == "rhythm" else "minute_caption_natural"
    says = text(f"report.{key}", start=clock_words(start), end=clock_words(end))
    return Figure(canvas.svg(says), canvas.width, canvas.height, says, says)


def spectra(found: Findings) -> Figure | None:
    """The rhythm of the heart rate before and with the guide, on one scale."""
    drawn = [(s, curves.rhythm_spectrum(s.beats)) for s in found.stretches]
    both = [(s, c) for s, c in drawn if c is not None]
    if not both:
        return None
    canvas = Canvas(280.0, 152.0)
    x, top, bottom = Scale(0.0, 24.0, 28.0, 270.0), 22.0, 122.0
    highest = max(float(swing[paces <= 24].max()) for _, (paces, swing) in both)
    y = Scale(0.0, max(4.0, 1.08 * highest), bottom, top)
    _levels(canvas, y, (28.0, 270.0))
    for place, (stretch, (paces, swing)) in enumerate(both):
        shown = paces <= 24
        color, dash = (svg.HEART, "") if stretch.name != "before" else (svg.MEASURED, "5 3")
        points = [(x(a), y(b)) for a, b in zip(paces[shown].tolist(), swing[shown].tolist(), strict=True)]
        if not dash:
            canvas.area([(points[0][0], bottom), *points, (points[-1][0], bottom)], color, 0.16)
        canvas.curve(points, color, 1.6, dash)
        left = 30.0 + 124.0 * place
        canvas.line(left, 9, left + 18, 9, color, 2.0, dash)
        canvas.words(left + 23, 12.5, text(f"report.spectrum_{stretch.name}"))
    _guide_pace(canvas, found.rhythm, x, top, bottom)
    for tick in (0, 6, 12, 18, 24):
        canvas.words(x(tick), bottom + 13, number(tick), anchor="middle")
    canvas.words(151.0, bottom + 25, text("report.axis_pace"), anchor="middle")
    says = text("report.spectrum_caption", seconds=number(curves.WINDOW_S))
    return Figure(canvas.svg(says), canvas.width, canvas.height, says, says)


def resonance(found: Findings) -> Figure | None:
    """Swing against pace with its uncertainty, where a session looked for a rhythm."""
    said = found.derived.swing_by_pace
    if said is None:
        return None
    choice = choose(said, found.story.felt)
    canvas = Canvas(430.0, 152.0)
    top, bottom = 14.0, 120.0
    rows = list(zip(said.paces, said.swings_bpm, said.errors_bpm, strict=True))
    highest = max(8.0, *said.seen_swings_bpm, *(swing + error for _, swing, error in rows))
    x, y = Scale(said.paces[0], said.paces[-1], _LEFT, 424.0), Scale(0.0, 1.08 * highest, bottom, top)
    if choice.low is not None and choice.high is not None:
        left, right = x(choice.low - 0.05), x(choice.high + 0.05)
        canvas.box((left, top), (right - left, bottom - top), svg.NOW, 0.16)
    _levels(canvas, y, (_LEFT, 424.0))
    upper = [(x(pace), y(swing + error)) for pace, swing, error in rows]
    lower = [(x(pace), y(max(0.0, swing - error))) for pace, swing, error in rows]
    canvas.area([*upper, *reversed(lower)], svg.HEART, 0.18)
    canvas.curve([(x(pace), y(swing)) for pace, swing, _ in rows], svg.HEART, 1.8)
    for pace, swing in zip(said.seen_paces, said.seen_swings_bpm, strict=True):
        canvas.dot(x(pace), y(swing), 2.6, svg.MEASURED)
    for tick in svg.steps(said.paces[0], said.paces[-1], 6):
        canvas.words(x(tick), bottom + 13, number(tick, 1), anchor="middle")
    canvas.words((_LEFT + 424.0) / 2, bottom + 26, text("rhythm.axis_pace"), anchor="middle")
    canvas.words(_LEFT, top - 3, text("rhythm.axis_swing"), 9.5)
    says = text("rhythm.picture_words")
    return Figure(canvas.svg(says), canvas.width, canvas.height, says, says)


def circles(check_ins: Sequence[CheckedIn]) -> Figure | None:
    """What the person said of the three systems, before and after: nothing but their own words."""
    said = {c.moment: c for c in check_ins}
    named = [n for n in _CIRCLES if any(getattr(c, n) is not None for c in said.values())]
    if not named:
        return None
    canvas = Canvas(90.0 * len(named), 88.0)
    for place, name in enumerate(named):
        middle = 45.0 + 90.0 * place
        canvas.ring(middle, 31.0, 30.0, svg.LINES, 1.0)
        for moment, color, dash in (("before", svg.QUIET, "3 3"), ("after", svg.NOW, "")):
            value = getattr(said.get(moment), name, None)
            if value is not None:
                canvas.ring(middle, 31.0, 3.0 * max(0.4, value), color, 1.2 if dash else 2.2, dash)
        canvas.words(middle, 74.0, text(f"report.{name}"), 10.5, svg.INK, "middle")
        canvas.words(middle, 86.0, _from_to(said, name), 10.0, svg.QUIET, "middle")
    says = text("report.circles_says")
    return Figure(canvas.svg(says), canvas.width, canvas.height, says)


def _from_to(said: dict[str, CheckedIn], name: str) -> str:
    return " → ".join(number(getattr(said.get(moment), name, None)) for moment in ("before", "after"))


# --- parts ---


def _shown_rates(found: Findings) -> tuple[FloatArray, FloatArray]:
    """The heart rate, broken where nothing is to be measured."""
    times, bpm = curves.rates(found.derived.columns(Beat))
    bpm = bpm.copy()
    for span in found.story.steps:
        if span.unmeasured:
            bpm[(times >= span.start_s) & (times < span.end_s)] = np.nan
    times, bpm = curves.thinned(times, bpm, _MOST_POINTS)
    return times, bpm


def _steps(canvas: Canvas, found: Findings, x: Place) -> None:
    """The steps as a band, named where the name fits, else numbered."""
    for place, span in enumerate(found.story.steps, start=1):
        start, end = x(span.start_s) + 1, x(span.end_s) - 1
        guided = any(a < span.end_s - 1 and b > span.start_s + 1 for a, b in found.story.guided)
        color, strength = (svg.BREATH, 0.22) if guided else (svg.LINES, 0.45)
        canvas.box((start, 2), (max(1.0, end - start), 20), color, strength, 4)
        name = text_or_own(span.title)
        fits = _fits(name, start, end)
        if fits or end - start > 12:
            words = name if fits else str(place)
            canvas.words((start + end) / 2, 16, words, 10.5, svg.INK, "middle")


def _fits(name: str, start: float, end: float) -> bool:
    return len(name) <= svg.letters_that_fit(end - start - 8, 10.5)


def only_numbered(found: Findings) -> list[tuple[int, str]]:
    """The steps whose names do not fit into their band."""
    x = Scale(0.0, max(1.0, found.story.length_s), _LEFT, _RIGHT)
    steps = enumerate(found.story.steps, start=1)
    named = [(place, text_or_own(span.title), span) for place, span in steps]
    return [(p, name) for p, name, s in named if not _fits(name, x(s.start_s) + 1, x(s.end_s) - 1)]


def _unmeasured(canvas: Canvas, found: Findings, x: Place, top: float, bottom: float) -> None:
    for span in found.story.steps:
        if span.unmeasured:
            middle = (x(span.start_s) + x(span.end_s)) / 2
            canvas.words(middle, (top + bottom) / 2, text("report.unmeasured"), 10, svg.QUIET, "middle")


def _rate_panel(
    canvas: Canvas, times: FloatArray, bpm: FloatArray, x: Place, y_span: tuple[float, float], title: str,
    width: float = 1.3,
) -> None:  # fmt: skip
    top, bottom = y_span
    low, high = _limits(bpm[~np.isnan(bpm)])
    bpm = np.clip(bpm, low, high)
    slack = max(4.0, 0.08 * (high - low))
    y = Scale(low - slack, high + slack, bottom, top)
    _levels(canvas, y, (_LEFT, canvas.width - 6))
    canvas.words(_LEFT, top - 3 if top > 20 else top - 2, title, 9.5)
    for piece_t, piece_v in curves.pieces(times, bpm):
        points = [(x(t), y(v)) for t, v in zip(piece_t.tolist(), piece_v.tolist(), strict=True)]
        if len(points) > _SMOOTH_UP_TO:
            canvas.curve(points, svg.HEART, width)
        else:
            canvas.bent(points, svg.HEART, width)


def _limits(values: FloatArray) -> tuple[float, float]:
    """Lowest and highest, but for a few far off: a beat that slipped through flattens no curve."""
    ordered = np.sort(values)
    few = 2 + values.size // 200
    if ordered.size < 4 * few:
        return float(ordered[0]), float(ordered[-1])
    low, high = float(ordered[few]), float(ordered[-1 - few])
    reach = max(_LEAST_REACH, (high - low) / 2)
    return max(float(ordered[0]), low - reach), min(float(ordered[-1]), high + reach)


def _levels(canvas: Canvas, y: Scale, span: tuple[float, float], about: int = 4) -> None:
    for level in svg.steps(y.low, y.high, about):
        canvas.line(span[0], y(level), span[1], y(level), svg.LINES, 0.5)
        canvas.words(span[0] - 5, y(level) + 3.5, number(level), 9.5, anchor="end")


def _marks(canvas: Canvas, found: Findings, x: Place, bottom: float) -> None:
    for place, (time, _) in enumerate(noted(found), start=1):
        canvas.line(x(time), 36, x(time), bottom, svg.NOW, 0.7, "2 3")
        canvas.diamond(x(time), 31, 4.5, svg.NOW)
        canvas.words(x(time) + 7, 34.5, str(place), 9.5, svg.NOW)


def noted(found: Findings) -> list[tuple[float, str]]:
    """Marks and notes in order of time, numbered in the figures; a mark may have no words."""
    story = found.story
    both = [(m.time, m.label) for m in story.marks] + [(n.time, n.words) for n in story.notes]
    sealed = [(s.time, text("report.sealed")) for s in story.sealed]
    return sorted(both + sealed, key=lambda pair: pair[0])


def _breath_panel(canvas: Canvas, found: Findings, x: Scale, top: float, bottom: float) -> None:
    """The guide's wave; where breath was measured, its pace as dots beside the guide's as a line."""
    times, paces, _ = told_breath(found.derived)
    for span in found.story.steps:
        if span.unmeasured:
            shown = (times < span.start_s) | (times >= span.end_s)
            times, paces = times[shown], paces[shown]
    if times.size < _LEAST_DOTS:
        _guide_panel(canvas, found, x, top, bottom)
        return
    title = "report.axis_breath" if found.story.guided else "report.axis_breath_alone"
    canvas.words(_LEFT, top + 3, text(title), 9.5)
    steps = found.derived.columns(PacerStep)
    both = np.concatenate([paces, steps["breaths_per_min"]])
    y = Scale(float(both.min()) - 1.0, float(both.max()) + 1.0, bottom, top + 6)
    _levels(canvas, y, (_LEFT, _RIGHT), 2)
    every = max(1, times.size // 400)
    for time, pace in zip(times[::every].tolist(), paces[::every].tolist(), strict=True):
        canvas.dot(x(time), y(pace), 1.3, svg.MEASURED)
    for start, end in found.story.guided:
        inside = (steps["time"] >= start - 0.5) & (steps["time"] < end)
        places = zip(steps["time"][inside].tolist(), steps["breaths_per_min"][inside].tolist(), strict=True)
        canvas.curve([(x(time), y(pace)) for time, pace in places], svg.BREATH, 1.6)


def _guide_panel(canvas: Canvas, found: Findings, x: Scale, top: float, bottom: float) -> None:
    canvas.words(_LEFT, top + 4, text("report.axis_guide"), 9.5)
    y = Scale(0.0, 1.0, bottom, top + 9)
    slowest = max((60 / p.period_s for p in found.story.paces), default=6.0)
    units_a_breath = (x.end - x.start) / (x.high - x.low) * 60 / slowest
    for start, end in found.story.guided:
        if units_a_breath < _WAVE_LEAST_UNITS:
            size = max(0.5, x(end) - x(start)), bottom - top - 9
            canvas.box((x(start), top + 9), size, svg.BREATH, 0.3)
            continue
        grid, fullness = curves.guide_wave(found.derived, start, end, max(0.2, (end - start) / 4000))
        _filled(canvas, grid, fullness, x, y, bottom)


def _filled(
    canvas: Canvas, grid: FloatArray, fullness: FloatArray, x: Place, y: Place, floor: float
) -> None:
    known = ~np.isnan(fullness)
    points = [(x(t), y(v)) for t, v in zip(grid[known].tolist(), fullness[known].tolist(), strict=True)]
    if len(points) > 1:
        canvas.area([(points[0][0], floor), *points, (points[-1][0], floor)], svg.BREATH, 0.26)
        canvas.curve(points, svg.BREATH, 0.7)


def _swing_panel(canvas: Canvas, found: Findings, x: Place, top: float, bottom: float) -> None:
    table = found.derived.columns(RsaCycle)
    clean = (table["clean"] > 0) & ~np.isnan(table["swing_bpm"])
    times, swings = table["time"][clean], table["swing_bpm"][clean]
    y = Scale(0.0, max(10.0, 1.1 * float(swings.max())), bottom, top)
    canvas.words(_LEFT, top - 4, text("report.axis_swing"), 9.5)
    _levels(canvas, y, (_LEFT, _RIGHT), 2)
    width = min(6.0, 0.6 * (_RIGHT - _LEFT) / max(40, times.size))
    for time, swing in zip(times.tolist(), swings.tolist(), strict=True):
        corner, size = (x(time) - width, y(swing)), (width, bottom - y(swing))
        canvas.box(corner, size, svg.BREATH, 0.75, min(2.0, width / 2))
    for time in table["time"][~clean].tolist():
        canvas.ring(x(time) - width / 2, bottom - 3, 1.6, svg.QUIET, 0.7)


def _guide_pace(canvas: Canvas, rhythm: Stretch | None, x: Place, top: float, bottom: float) -> None:
    if rhythm is not None and rhythm.guide is not None:
        pace = sum(rhythm.guide) / 2
        canvas.line(x(pace), top, x(pace), bottom, svg.BREATH, 1.0, "2 3")
        canvas.words(x(pace) + 4, top + 9, text("report.guide"), 9.5, svg.BREATH)


def _time_axis(canvas: Canvas, x: Scale, y: float) -> None:
    steps = (5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 86400)
    about = (x.end - x.start) / 70
    step = next((s for s in steps if (x.high - x.low) / s <= about), steps[-1])
    tick = -(-x.low // step) * step
    while tick <= x.high:
        canvas.line(x(tick), y - 8, x(tick), y - 4, svg.QUIET, 0.7)
        anchor = "end" if x(tick) > x.end - 14 else "start" if x(tick) < x.start + 14 else "middle"
        canvas.words(x(tick), y + 5, clock_words(tick), 9.5, anchor=anchor)
        tick += step
