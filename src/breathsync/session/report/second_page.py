"""The second page, for practitioners and researchers: every measure, setting, version and marked beat."""

import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from breathsync import __version__
from breathsync.events import Beat, Flaw
from breathsync.heart.gate import GateSettings
from breathsync.session.recording import FORMAT
from breathsync.session.report.document import Block, Facts, Heading, Row, Table, Words
from breathsync.session.report.findings import Findings, StepFound, Stretch
from breathsync.session.report.neurokit import by_neurokit, installed
from breathsync.wording import clock_words, number, paces, text, text_or_own

_MOST_MARKED = 45
_MEASURES = (
    ("mean_nn_ms", "ms", 1), ("sdnn_ms", "ms", 1), ("rmssd_ms", "ms", 1), ("pnn50", "%", 1),
    ("lf_ms2", "ms²", 0), ("lf_peak_hz", "Hz", 3), ("hf_ms2", "ms²", 0), ("hf_peak_hz", "Hz", 3),
    ("sd1_ms", "ms", 1), ("sd2_ms", "ms", 1), ("dfa_alpha1", "", 2), ("sample_entropy", "", 2),
)  # fmt: skip
_KINDS = {"mean_nn_ms": "time", "lf_ms2": "frequency", "sd1_ms": "nonlinear"}


def second_page(found: Findings) -> Iterator[Block]:
    """Its blocks."""
    yield Heading(text("report.second_page"))
    if found.steps:
        yield _steps(found)
        yield Words(text("report.steps_caption"), "quiet")
    if found.stretches:
        yield Heading(text("report.variability"), 3)
        yield _variability(found.stretches)
        yield Words(text("report.variability_notes"), "quiet")
        for stretch in found.stretches:
            if stretch.withheld:
                reason = text(f"reason.{stretch.withheld}")
                yield Words(text("report.withheld", stretch=_name(stretch), reason=reason), "quiet")
    marked = tuple(_marked(found)) if found.beats else ()
    yield Row((marked, tuple(_settings(found))), (1, 1))


def _name(stretch: Stretch) -> str:
    return text(f"report.stretch_{stretch.name}")


def _steps(found: Findings) -> Table:
    head = tuple(
        text(f"report.{k}")
        for k in (
            "step",
            "from_to",
            "guide",
            "heart_rate",
            "swing_short",
            "breaths_n",
            "breath_short",
            "usable_short",
        )
    )
    return Table(head, tuple(_step(step) for step in found.steps), (1, 2, 3, 4, 5, 6, 7))


def _step(step: StepFound) -> tuple[str, ...]:
    span, swing = step.span, step.swing
    times = text("report.times", start=clock_words(span.start_s), end=clock_words(span.end_s))
    if span.unmeasured:
        return (text_or_own(span.title), times, "", "", text("report.unmeasured"), "", "", "")
    error = count = number(None)
    if swing is not None:
        error = f"{number(swing.swing_bpm, 1)} ± {number(swing.standard_error_bpm, 1)}"
        count = str(swing.breaths)
    usable = number(None) if step.usable_share is None else f"{number(100 * step.usable_share)} %"
    breath = number(step.breath.breaths_per_min if step.breath else None, 1)
    return (
        text_or_own(span.title),
        times,
        paces(step.guide),
        number(step.heart_rate_bpm, 1),
        error,
        count,
        breath,
        usable,
    )


# --- variability, by us and by neurokit2 ---


def _variability(stretches: tuple[Stretch, ...]) -> Table:
    theirs = [by_neurokit(s.beats) for s in stretches]
    head = [text("report.measure")]
    for stretch in stretches:
        name = text("report.stretch_lasts", name=_name(stretch), length=clock_words(stretch.lasts_s))
        head += [f"{name}: BreathSync", "neurokit2" if installed() else text("report.no_neurokit")]
    rows = []
    for measure, unit, digits in _MEASURES:
        name = text(f"report.hrv.{measure}") + (f" ({unit})" if unit else "")
        row = [name]
        for stretch, other in zip(stretches, theirs, strict=True):
            row += [number(_ours(stretch, measure), digits), number(other.get(measure), digits)]
        rows.append(tuple(row))
    return Table(tuple(head), tuple(rows), tuple(range(1, len(head))))


def _ours(stretch: Stretch, measure: str) -> float | None:
    analysis = stretch.analysis
    if measure == "mean_nn_ms":
        return 60000 / analysis.heart_rate_bpm if analysis.heart_rate_bpm else None
    value: float | None = getattr(analysis, measure)
    return value


# --- marked beats ---


def _marked(found: Findings) -> Iterator[Block]:
    yield Heading(text("report.artefacts"), 3)
    marked = [beat for beat in found.beats if beat.flaw is not Flaw.NONE]
    if not marked:
        yield Words(text("report.none_marked_of", count=len(found.beats)), "quiet")
        return
    share = number(100 * len(marked) / len(found.beats), 1)
    yield Words(
        text("report.marked_of", marked=len(marked), count=len(found.beats), percent=share), "quiet"
    )
    counts = [(f.value, str(n)) for f, n in sorted(found.flaws.items()) if f is not Flaw.NONE]
    yield Facts(tuple((f"{flaw}: {text(f'report.flaw.{flaw.lower()}')}", n) for flaw, n in counts))
    listed = " · ".join(_said(beat) for beat in marked[:_MOST_MARKED])
    yield Words(listed, "quiet")
    if len(marked) > _MOST_MARKED:
        yield Words(text("report.more_marked", count=len(marked) - _MOST_MARKED), "quiet")
    if found.gaps:
        longest = max(found.gaps, key=lambda gap: gap[1] - gap[0])
        values = {"longest": number(longest[1] - longest[0], 1), "at": clock_words(longest[0])}
        yield Words(text("report.gaps", count=len(found.gaps), **values), "quiet")


def _said(beat: Beat) -> str:
    return f"{clock_words(beat.time)} {beat.flaw.value}"


# --- settings and versions ---


def _settings(found: Findings) -> Iterator[Block]:
    yield Heading(text("report.settings"), 3)
    yield Facts((*_strap_facts(found), *_setting_facts(), *_recording_facts(found), *_version_facts()))


def _strap_facts(found: Findings) -> Iterator[tuple[str, str]]:
    for name, latency in found.straps:
        delay = (
            text("report.delay", seconds=number(latency, 1))
            if latency is not None
            else text("report.delay_unknown")
        )
        yield text("report.strap"), f"{name or text('report.strap_unknown')}, {delay}"
    if lost := len(found.story.links_lost):
        yield text("report.links_lost"), str(lost)


def _setting_facts() -> Iterator[tuple[str, str]]:
    limits = GateSettings()
    yield text("report.set_coverage"), f"{number(100 * limits.least_coverage)} %"
    yield text("report.set_abnormal"), f"{number(100 * limits.most_abnormal, 1)} %"
    yield text("report.set_bend"), f"{number(100 * limits.most_bend)} %"


def _recording_facts(found: Findings) -> Iterator[tuple[str, str]]:
    if damaged := found.damage.lines:
        yield text("report.damaged"), str(damaged)
    yield (
        text("report.recording"),
        text("report.recording_format", number=FORMAT, made_by=_maker(found)),
    )


def _maker(found: Findings) -> str:
    made_by = found.header.maker
    return text(f"report.made.{made_by if made_by in ('import', 'simulator') else 'live'}")


def _version_facts() -> Iterator[tuple[str, str]]:
    yield "BreathSync", __version__
    yield "Python", platform.python_version()
    for package in ("numpy", "scipy", "neurokit2"):
        try:
            yield package, version(package)
        except PackageNotFoundError:
            yield package, text("report.not_installed")
