"""How much of a series is explained by a sinusoid of each candidate rate: the filter bank.

For every atom (a window with a taper, a trend of some order and possibly a steady change of rate)
and every candidate rate the series is fitted by least squares with trend + cosine + sine.  On an
even grid the fit is a fixed linear map, so the filters are computed once; per second remains one
matrix product per window.  The result is l = -ln(1 - explained share of the variance about the
trend): up to the number of samples, the log likelihood ratio of "trend + sinusoid" over "trend"
(generalised Lomb-Scargle: Zechmeister & Kuerster, A&A 496:577, 2009, with trend and taper).
Atoms with a slope are chirps: the rate changes by a fixed share per second (paced ramps).
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from breathsync.breath.beat_series import GRID_HZ, WINDOW

Array = NDArray[np.float32]

STEPS_PER_OCTAVE = 20
RATES = 3.0 * 2.0 ** (np.arange(76) / STEPS_PER_OCTAVE)  # candidate rates, 3.0-40.4 breaths/min
RAMP = 0.016  # 1/s: 6 -> 36 breaths/min within 112 s


@dataclass(frozen=True)
class Atom:
    """One kind of window.  The rate label holds `pivot_s` before the newest sample."""

    name: str
    window_s: int
    taper: str  # "sine": symmetric; "late": most weight on the newest samples
    order: int  # of the trend polynomial
    slope: float = 0.0  # d ln(rate) / dt, 1/s
    pivot_s: float = 0.0
    delay_s: int = 0  # the window ends that long before the newest sample

    @property
    def shape(self) -> tuple[int, str, int, int]:
        """Atoms of one shape share taper and trend."""
        return self.window_s, self.taper, self.order, self.delay_s


def _ramps(name: str, window_s: int, taper: str, order: int, pivot_s: float) -> tuple[Atom, ...]:
    up = Atom(name + "u", window_s, taper, order, RAMP, pivot_s)
    down = Atom(name + "d", window_s, taper, order, -RAMP, pivot_s)
    return up, down


RR_ATOMS: tuple[Atom, ...] = (
    Atom("n12", 12, "late", 1),
    Atom("n20", 20, "late", 1),
    *_ramps("n20", 20, "late", 1, 0.0),
    Atom("n32", 32, "late", 2),
    *_ramps("n32", 32, "late", 2, 0.0),
    *_ramps("n48", 48, "late", 2, 0.0),
    Atom("n64", 64, "sine", 2),
    Atom("s12", 12, "sine", 1, delay_s=4),
    Atom("s20", 20, "sine", 1),
    *_ramps("s20", 20, "sine", 1, 10.0),
    Atom("s32", 32, "sine", 2),
    *_ramps("s32", 32, "late", 2, 10.0),
    *_ramps("s48", 48, "late", 2, 10.0),
)
ECG_ATOMS: tuple[Atom, ...] = (
    Atom("n12", 12, "late", 1),
    Atom("n20", 20, "late", 1),
    *_ramps("n20", 20, "late", 1, 0.0),
    Atom("n32", 32, "late", 2),
    Atom("n64", 64, "sine", 2),
    Atom("s20", 20, "sine", 1),
    *_ramps("s20", 20, "sine", 1, 10.0),
    Atom("s32", 32, "sine", 2),
)


def taper_weights(count: int, kind: str) -> NDArray[np.float64]:
    """Weights (count,) with sum 1."""
    share = (np.arange(count) + 0.5) / count
    if kind == "sine":
        weight = np.sin(np.pi * share) ** 2
    else:
        weight = np.where(share < 0.6, np.sin(np.pi * share / 1.2) ** 2, 1.0)
        falling = 0.2 + 0.8 * np.sin(np.pi * (1.0 - share) / 0.24) ** 2
        weight = weight * np.where(share > 0.88, falling, 1.0)
    return np.asarray(weight / weight.sum())


def trend_basis(count: int, order: int, root: NDArray[np.float64]) -> NDArray[np.float64]:
    """Orthonormal polynomials (count, order + 1), weighted by root = sqrt(taper)."""
    u = np.linspace(-0.5, 0.5, count)
    basis, _ = np.linalg.qr(np.stack([u**k for k in range(order + 1)], 1) * root[:, None])
    return np.asarray(basis)


def sinusoids(
    phase: NDArray[np.float64], basis: NDArray[np.float64], root: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Orthonormal pair spanning cosine and sine of phase (count, rates), free of the trend."""
    cosine = np.cos(phase) * root[:, None]
    sine = np.sin(phase) * root[:, None]
    cosine -= basis @ (basis.T @ cosine)
    sine -= basis @ (basis.T @ sine)
    cosine /= np.linalg.norm(cosine, axis=0)
    sine -= cosine * (cosine * sine).sum(axis=0)
    sine /= np.linalg.norm(sine, axis=0)
    return cosine, sine


class _Shape:
    """All atoms with one window, taper and trend: one matrix."""

    def __init__(self, atoms: list[Atom]) -> None:
        first = atoms[0]
        count = first.window_s * GRID_HZ
        self.stop = WINDOW - first.delay_s * GRID_HZ
        self.start = self.stop - count
        weight = taper_weights(count, first.taper)
        root = np.sqrt(weight)
        basis = trend_basis(count, first.order, root)
        before = (np.arange(count) - (count - 1)) / GRID_HZ - first.delay_s
        columns = []
        for atom in atoms:
            lag = before + atom.pivot_s
            turns = np.expm1(atom.slope * lag) / atom.slope if atom.slope else lag
            phase = 2.0 * np.pi * np.outer(turns, RATES / 60.0)
            columns.append(sinusoids(phase, basis, root))
        self.atoms = atoms
        # cosine and sine of each rate stand side by side, so that their powers are added by one sum
        pairs = np.stack([np.stack(pair, 2) for pair in columns], 1).reshape(count, -1)
        self.filters = np.ascontiguousarray(pairs.T * root, np.float32)
        self.trend = np.zeros((basis.shape[1], WINDOW), np.float32)
        self.trend[:, self.start : self.stop] = basis.T * root
        self.weight = np.zeros(WINDOW, np.float32)
        self.weight[self.start : self.stop] = weight


@cache
def _shapes(atoms: tuple[Atom, ...]) -> list[_Shape]:
    """Filters are the same for everybody, and take some milliseconds to make."""
    groups: dict[tuple[int, str, int, int], list[Atom]] = {}
    for atom in atoms:
        groups.setdefault(atom.shape, []).append(atom)
    return [_Shape(group) for group in groups.values()]


class FilterBank:
    """Maps a window of samples to l for every atom and rate, and the spread in each shape."""

    def __init__(self, atoms: tuple[Atom, ...], noise_floor: float) -> None:
        self._shapes = _shapes(atoms)
        self._floor = noise_floor**2
        self.names = [atom.name for shape in self._shapes for atom in shape.atoms]
        self.shape_of = {a.name: i for i, s in enumerate(self._shapes) for a in s.atoms}
        self._weights = np.stack([shape.weight for shape in self._shapes])
        self._trends = np.concatenate([shape.trend for shape in self._shapes])
        numbers = np.arange(len(self._shapes))
        trend_owner = np.repeat(numbers, [len(shape.trend) for shape in self._shapes])
        self._trend_of = (trend_owner == numbers[:, None]).astype(np.float32)
        self._owner = np.repeat(numbers, [len(shape.atoms) for shape in self._shapes])
        ends = np.cumsum([len(shape.filters) for shape in self._shapes]).tolist()
        self._size = ends[-1]
        self._parts = [
            (shape, slice(end - len(shape.filters), end))
            for shape, end in zip(self._shapes, ends, strict=True)
        ]
        self._fit = np.empty(self._size, np.float32)  # of one channel, used again every second
        self._products = [
            (shape.filters, slice(shape.start, shape.stop), self._fit[part]) for shape, part in self._parts
        ]

    def explained(self, window: Array) -> tuple[Array, Array]:
        """Window (WINDOW,) -> l (atoms, rates) and variance about the trend (shapes,)."""
        fit = self._fit
        for filters, inside, out in self._products:
            np.dot(filters, window[inside], out=out)
        np.multiply(fit, fit, out=fit)
        variance = self._variance(window)
        rest = (fit[::2] + fit[1::2]).reshape(-1, RATES.size)
        rest *= (-1.0 / variance).take(self._owner)[:, None]
        return _log_likelihood(rest), variance

    def _variance(self, windows: Array) -> Array:
        """Windows (WINDOW, ...) -> variance about the trend (shapes, ...)."""
        trend = self._trends @ windows
        trend *= trend
        variance: Array = self._weights @ (windows * windows)
        variance -= self._trend_of @ trend
        np.maximum(variance, 0.0, out=variance)
        variance += self._floor
        return variance

    def explained_channels(self, windows: Array) -> tuple[Array, Array]:
        """Windows (WINDOW, channels) -> mean and maximum over channels of l (atoms, rates)."""
        channels = windows.shape[1]
        fit = np.empty((self._size, channels), np.float32)
        for shape, part in self._parts:
            np.matmul(shape.filters, windows[shape.start : shape.stop], out=fit[part])
        fit *= fit
        variance = self._variance(windows)
        rest = np.ascontiguousarray((fit[::2] + fit[1::2]).T).reshape(channels, -1, RATES.size)
        rest *= (-1.0 / variance).T.take(self._owner, axis=1)[:, :, None]
        likely = _log_likelihood(rest)
        mean = np.add.reduce(likely, axis=0)
        mean *= 1.0 / channels
        return mean, np.maximum.reduce(likely, axis=0)


def _log_likelihood(negative_share: Array) -> Array:
    """-ln(1 - share), in place, from -share."""
    negative_share += 1.0
    np.maximum(negative_share, 1e-4, out=negative_share)
    np.log(negative_share, out=negative_share)
    return np.negative(negative_share, out=negative_share)
