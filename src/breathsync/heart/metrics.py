"""The stage that publishes measures of heart-rate variability, each with the window that it needs."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from breathsync.events import Beat, Event, HrvMetrics, SessionEnded, Tick
from breathsync.heart import hrv
from breathsync.heart.due import Due
from breathsync.heart.gate import Gate
from breathsync.heart.window import BeatWindow, Usable

WINDOWS_S = (60, 300)
EVERY_S = 5
LEAST_FOR_HEART_RATE_S = 10  # Munoz et al. 2015 (PLoS One): 10 s agree with 5 min at rest


class Metrics:
    """Mean heart rate, RMSSD, SDNN and pNN50 over 60 and 300 s, for every fifth second."""

    hears = frozenset({Beat, Tick, SessionEnded})

    def __init__(self) -> None:
        self._window = BeatWindow(max(WINDOWS_S))
        self._gate = Gate()
        self._due = Due(EVERY_S)

    def push(self, event: Event) -> Iterable[Event]:
        """One `HrvMetrics` for each window and every moment whose beats are known, once there are any."""
        if isinstance(event, Beat):
            self._window.add(event)
            self._gate.hear(event)
        moments = self._due.after(event)
        return self._measure(moments) if moments else ()

    def _measure(self, moments: Sequence[float]) -> Iterator[Event]:
        for moment in moments:
            for length in WINDOWS_S:
                window = self._window.at(moment, length)
                if window is not None:
                    yield metrics_of(moment, length, window, self._gate.reason(window))


def metrics_of(moment: float, length_s: int, window: Usable, reason: str | None) -> HrvMetrics:
    """The measures of one window; `None` for what it cannot say, with the reason."""
    nn = window.nn_ms
    rate = hrv.mean_heart_rate(nn) if np.add.reduce(nn) >= 1000 * LEAST_FOR_HEART_RATE_S else None
    if reason is not None:
        return HrvMetrics(moment, length_s, nn.size, rate, None, None, None, reason)
    differences = window.differences_ms
    variability = hrv.rmssd(differences), hrv.sdnn(nn), hrv.pnn50(differences)
    return HrvMetrics(moment, length_s, nn.size, rate, *variability, withheld=None)
