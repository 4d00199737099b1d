"""Findings -> the document: what stands where, in the chosen language. Nothing is computed here."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter

from breathsync import __version__
from breathsync.breath.rhythm_choice import choose
from breathsync.session.report import figures
from breathsync.session.report.document import (
    Block,
    Document,
    Figure,
    Heading,
    Quotes,
    Row,
    Table,
    Words,
)
from breathsync.session.report.findings import LEAST_STRETCH_S, Findings, Stretch, SwingFound
from breathsync.session.report.second_page import second_page
from breathsync.session.rhythm_words import answer_words
from breathsync.wording import clock_words, date_words, number, text, text_or_own, used

_MOST_WORDS = 12  # marks and notes on the first page


def document(found: Findings) -> Document:
    """The report: a page for the person, a page for practitioners and researchers."""
    title = text_or_own(found.story.practice) if found.story.practice else text("report.title")
    return Document(title, used(), (tuple(_first_page(found, title)), tuple(second_page(found))))


def _first_page(found: Findings, title: str) -> Iterator[Block]:
    yield Heading(title, 1)
    yield Words(_about(found), "lead")
    whole = figures.overview(found)
    if whole is None:
        yield Words(_why_nothing(found))
    else:
        yield whole
        if legend := _steps_by_number(found):
            yield Words(legend, "quiet")
    if (looked := figures.resonance(found)) is not None:
        yield from _side_by_side(looked, figures.spectra(found))
        choice = choose(found.derived.swing_by_pace, found.story.felt)
        yield Words(" ".join(answer_words(choice, found.derived.swing_by_pace)))
    else:
        yield from _side_by_side(figures.a_minute(found), figures.spectra(found))
    if found.stretches:
        yield Heading(text("report.measured"))
        yield _measured(found)
    elif whole is not None:
        yield Words(text("report.too_short", seconds=number(LEAST_STRETCH_S)))
    yield from _own_words(found)
    yield Words(text("report.limits"), "limits")
    yield Words(text("report.made_by", version=__version__), "quiet")


def _about(found: Findings) -> str:
    header = found.header
    parts = [_when(header.started_at), header.code_name or ""]
    parts.append(text("report.lasted", length=clock_words(found.story.length_s)))
    if header.simulated:
        parts.append(text("report.simulated"))
    if not found.story.ended:
        parts.append(text("report.cut_off"))
    return " · ".join(part for part in parts if part)


def _when(started_at: str | None) -> str:
    try:
        moment = datetime.fromisoformat(started_at or "")
    except ValueError:
        return ""
    return f"{date_words(date(moment.year, moment.month, moment.day))}, {moment:%H:%M}"


def _why_nothing(found: Findings) -> str:
    """A kind sentence for a recording in which there is next to nothing to draw."""
    if found.story.length_s < 1:
        return text("report.nothing_recorded")
    if not found.beats:
        return text("report.no_beats", length=clock_words(found.story.length_s))
    return text("report.few_beats", count=len(found.beats))


def _steps_by_number(found: Findings) -> str:
    """The names of narrow steps; those with the same name in a row stand together: `3-7 Trying a pace`."""
    runs = groupby(figures.only_numbered(found), key=itemgetter(1))
    placed = [(name, [place for place, _ in run]) for name, run in runs]
    return " · ".join(f"{_from_to(places)} {name}" for name, places in placed)


def _from_to(places: list[int]) -> str:
    return str(places[0]) if len(places) == 1 else f"{places[0]}-{places[-1]}"


def _side_by_side(left: Figure | None, right: Figure | None) -> Iterator[Block]:
    if left and right:
        yield Row(((left,), (right,)), (round(left.width), round(right.width)))
    elif left or right:
        alone = left or right
        assert alone is not None
        rest = round(figures.WIDTH - alone.width)
        yield Row(((alone,), (Words(text("report.no_spectrum"), "quiet"),)), (round(alone.width), rest))


# --- what was measured ---


def _measured(found: Findings) -> Table:
    stretches = found.stretches
    head = (
        text("report.measure"),
        *(_name(s) for s in stretches),
        text("report.window"),
        text("report.source"),
    )
    rows = [
        (text("report.heart_rate"), *map(_heart_rate, stretches), _windows(found), _source(found)),
        (text("report.swing"), *(_swing(s.swing) for s in stretches), _breaths(found), _source(found)),
        (text("report.pace"), *(_pace(s) for s in stretches), _windows(found), text("report.source_guide")),
    ]
    if not found.story.guided:
        del rows[1:3]
    usable = [_share(s.usable_share) for s in stretches]
    rows += _breath_row(found)
    rows.append((text("report.usable"), *usable, _windows(found), _source(found)))
    return Table(head, tuple(rows), tuple(range(1, 1 + len(stretches))))


def _breath_row(found: Findings) -> Iterator[tuple[str, ...]]:
    """Breath, where ECG or movement let it be measured."""
    told = [s.breath for s in found.stretches]
    known = [breath for breath in told if breath is not None]
    if known:
        paces = [
            text("report.per_min", value=number(b.breaths_per_min, 1)) if b else number(None) for b in told
        ]
        shares = " / ".join(number(100 * b.share) if b else number(None) for b in told)
        source = text(f"report.breath_from.{known[-1].source.replace('+', '_')}")
        yield text("report.breath"), *paces, text("report.breath_told", percent=shares), source


def _name(stretch: Stretch) -> str:
    return text(f"report.stretch_{stretch.name}")


def _heart_rate(stretch: Stretch) -> str:
    rate = stretch.analysis.heart_rate_bpm
    return text("report.bpm", value=number(rate)) if rate is not None else number(None)


def _swing(swing: SwingFound | None) -> str:
    if swing is None:
        return number(None)
    return text(
        "report.swing_value", value=number(swing.swing_bpm, 1), error=number(swing.standard_error_bpm, 1)
    )


def _pace(stretch: Stretch) -> str:
    if stretch.name != "rhythm":
        return text("report.natural")
    if stretch.guide is None:
        return number(None)
    return text("report.per_min", value=number(stretch.guide[0], 1))


def _share(share: float) -> str:
    return text("report.percent", value=number(100 * share))


def _windows(found: Findings) -> str:
    return " / ".join(clock_words(s.lasts_s) for s in found.stretches)


def _breaths(found: Findings) -> str:
    counts = [s.swing.breaths for s in found.stretches if s.swing]
    return text("report.breaths", count=counts[-1]) if counts else text("report.needs_six")


def _source(found: Findings) -> str:
    ecg = any(s.from_ecg > 0.5 for s in found.stretches)
    strap = ", ".join(dict.fromkeys(name for name, _ in found.straps if name)) or text(
        "report.strap_unknown"
    )
    return text("report.source_ecg" if ecg else "report.source_rr", strap=strap)


# --- own words ---


def _own_words(found: Findings) -> Iterator[Block]:
    words = _quotes(found)
    drawn = figures.circles(found.story.check_ins)
    if drawn is None and not words.rows:
        return
    yield Heading(text("report.own_words"))
    quotes: tuple[Block, ...] = (words,) if words.rows else ()
    if drawn is None:
        yield from quotes
    else:
        parts = [text("report.circles_caption"), _feelings(found)]
        side = (drawn, Words(" ".join(part for part in parts if part), "quiet"))
        yield Row((side, quotes), (round(drawn.width) + 20, round(figures.WIDTH - drawn.width) - 20))


def _quotes(found: Findings) -> Quotes:
    noted = figures.noted(found)
    rows = [
        (f"{place} · {clock_words(time)}", words or text("report.mark"))
        for place, (time, words) in enumerate(noted, 1)
    ]
    if len(rows) > _MOST_WORDS:
        rows = [
            *rows[: _MOST_WORDS - 1],
            ("", text("report.more_words", count=len(rows) - _MOST_WORDS + 1)),
        ]
    return Quotes(tuple(rows))


def _feelings(found: Findings) -> str:
    """Pleasure and arousal in words, before and after, where they were said."""
    said = {c.moment: c for c in found.story.check_ins}
    parts = []
    for name in ("pleasure", "arousal"):
        values = [getattr(said.get(moment), name, None) for moment in ("before", "after")]
        if any(value is not None for value in values):
            parts.append(f"{text(f'report.{name}')} " + " → ".join(number(v) for v in values))
    return " · ".join(parts)
