"""The stage that publishes measures of heart-rate variability, each with the window that it needs."""

from collections.abc import Iterable, Iterator

import numpy as np

from breathsync.events import Beat, Event, HrvMetrics, Tick
from breathsync.heart import hrv
from breathsync.heart.quality import reason_to_withhold
from breathsync.heart.window import BeatWindow, Usable

WINDOWS_S = (60, 300)
EVERY_S = 5
LEAST_FOR_HEART_RATE_S = 10  # Munoz et al. 2015 (PLoS One): 10 s agree with 5 min at rest


class Metrics:
    """Mean heart rate, RMSSD, SDNN and pNN50 over 60 and 300 s, every five seconds."""

    def __init__(self) -> None:
        self._window = BeatWindow(max(WINDOWS_S))
        self._begun = False

    def push(self, event: Event) -> Iterable[Event]:
        """One `HrvMetrics` for each window at every fifth second, once there are beats."""
        if isinstance(event, Beat):
            self._window.add(event)
            self._begun = True
        elif isinstance(event, Tick) and self._begun and event.time % EVERY_S == 0:
            return self._measure(event.time)
        return ()

    def _measure(self, now: float) -> Iterator[Event]:
        for length in WINDOWS_S:
            window = self._window.at(now, length)
            yield metrics_of(now, length, window)


def metrics_of(now: float, length_s: int, window: Usable | None) -> HrvMetrics:
    """The measures of one window; `None` for what it cannot say, with the reason."""
    reason = reason_to_withhold(window)
    nn = window.nn_ms if window else np.empty(0)
    rate = hrv.mean_heart_rate(nn) if nn.sum() >= 1000 * LEAST_FOR_HEART_RATE_S else None
    if window is None or reason is not None:
        return HrvMetrics(now, length_s, nn.size, rate, None, None, None, reason)
    differences = window.differences_ms
    variability = hrv.rmssd(differences), hrv.sdnn(nn), hrv.pnn50(differences)
    return HrvMetrics(now, length_s, nn.size, rate, *variability, withheld=None)
