"""Sounds the guide on this machine's loudspeaker, in step with the pacer; silent where there is none.

The device asks for the next samples in a thread of its own. They belong to the session time at which they
will be heard: that time follows the session's clock gently, so that it never stumbles.
"""

import ctypes
import threading
from collections import deque
from collections.abc import Callable, Generator
from contextlib import suppress
from typing import Any, Self

from breathsync.breath.pacer import Pacer
from breathsync.events import Event, GuideShown, PaceChanged, SessionEnded, SoundChanged, StepStarted
from breathsync.sound.voice import RATE_HZ, Voice
from breathsync.wording import text

_BUFFER_MS = 40
_APART_S = 0.08  # further apart, and the sound goes straight to where the guide is
_NEARER = 0.05  # of the distance, each time that samples are asked for


class Speaker:
    """A listener. The device opens with the first sound, and never if there is none.

    `missing` says why nothing can be heard here, if so.
    """

    def __init__(
        self, now: Callable[[], float], backends: list[Any] | None = None, voice: Voice | None = None
    ) -> None:
        self._now, self._backends = now, backends
        self._told: deque[Event] = deque()
        self._pacer, self._voice = Pacer(), voice or Voice()
        self._shown = False
        self._heard_s: float | None = None
        self._device: Any = None
        self._opening: threading.Thread | None = None
        self.missing: str | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def __call__(self, _at: float, event: Event) -> None:
        """Take what the guide does; opening the device is left to a thread, as it may take its time."""
        if not isinstance(event, PaceChanged | GuideShown | SoundChanged | StepStarted | SessionEnded):
            return
        self._told.append(event)
        if isinstance(event, SoundChanged) and event.sound != "off" and self._opening is None:
            self._opening = threading.Thread(target=self._open, name="sound", daemon=True)
            self._opening.start()

    def close(self) -> None:
        """Nothing is heard any more."""
        if self._opening is not None:
            self._opening.join(5.0)
        if self._device is not None:
            with suppress(Exception):  # it may be gone already: unplugged
                self._device[0].close()
            self._device = None

    def _open(self) -> None:
        try:
            import miniaudio

            quiet = _quiet_alsa()
            device = miniaudio.PlaybackDevice(
                output_format=miniaudio.SampleFormat.FLOAT32,
                nchannels=1,
                sample_rate=RATE_HZ,
                buffersize_msec=_BUFFER_MS,
                backends=self._backends,
                app_name="BreathSync",
            )
            samples = self._samples()
            next(samples)
            device.start(samples)
            self._device = device, quiet
            if self._backends is None and device.backend == "Null":
                self.missing = text("sound.no_card")
        except ImportError as problem:
            self.missing = str(problem)
        except Exception:  # whatever keeps the device from opening, the practice goes on
            self.missing = text("sound.no_card")

    def _samples(self) -> Generator[bytes, int, None]:
        """What the device is given: a piece for each number of samples that it asks for."""
        asked = yield b""
        while True:
            asked = yield self.next_piece(asked)

    def next_piece(self, samples: int) -> bytes:
        """The next samples as bytes, for the session time at which they will be heard."""
        while self._told:
            self._take(self._told.popleft())
        start = self._follow_clock()
        piece = self._voice.piece(self._pacer.at, start, samples, shown=self._shown)
        self._heard_s = start + samples / RATE_HZ
        return bytes(piece.astype("<f4").data)

    def _follow_clock(self) -> float:
        """Where the next samples begin: right after the last ones, or nearly, as clocks differ."""
        wanted = self._now() + _BUFFER_MS / 1000
        if self._heard_s is None or abs(wanted - self._heard_s) > _APART_S:
            return wanted
        return self._heard_s + _NEARER * (wanted - self._heard_s)

    def _take(self, event: Event) -> None:
        match event:
            case PaceChanged():
                self._pacer.change(event)
            case GuideShown(shown=shown):
                self._shown = shown
            case SoundChanged(sound=sound):
                self._voice.sound = sound
            case StepStarted(step=step) if step > 1 and self._voice.sound != "off":
                self._voice.strike()
            case SessionEnded():
                self._shown = False


def _quiet_alsa() -> object:
    """ALSA writes a page to the terminal where there is no card. What is returned is to be kept."""
    with suppress(OSError, AttributeError):  # not on Linux, or without ALSA
        alsa = ctypes.CDLL("libasound.so.2")
        takes = ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p
        quiet = ctypes.CFUNCTYPE(None, *takes)(lambda *_: None)
        alsa.snd_lib_error_set_handler(quiet)
        return quiet
    return None
