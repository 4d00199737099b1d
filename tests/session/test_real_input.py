"""Real straps, as others recorded them: every beat arrives, once, and the extremes are survived."""

import csv

import pytest
from benchmarks.real_input import replayed

from breathsync.devices import profiles
from breathsync.devices.decoder import Decoder
from breathsync.events import Flaw
from breathsync.heart.beats import Beats
from breathsync.session.pipeline import Pipeline

H10 = {
    "pulse_2025-09-11_16-54-29": 1553,
    "pulse_2025-09-11_17-56-57": 558,
    "pulse_2025-09-11_20-10-38": 2166,
    "pulse_2025-09-11_22-25-47": 2071,
    "pulse_2025-09-11_22-50-43": 20465,
}
STRAP_RR = {
    "open/strap_rr/dhyb_h10_ibi": 620,
    "open/strap_rr/bartels_rest": 910,
    "open/strap_rr/bartels_noisy_polar_hrm": 3581,
    "open/strap_rr/bartels_exercise_polar_hrm": 4117,
    "local/strap_rr/hrvfilter_polar01": 685,
    "local/strap_rr/hrvfilter_polar02": 1459,
    "local/strap_rr/hrvfilter_elite01": 2085,
    "local/strap_rr/hrvfilter_elite02": 1479,
}


def to_beats():
    """As far as beats: what follows from them is asked elsewhere, and takes longer."""
    return Pipeline([Decoder(profiles.load_all()), Beats()])


@pytest.mark.parametrize(("name", "beats"), H10.items(), ids=H10)
def test_every_beat_of_a_real_h10_is_there_once(shared_data, name, beats):
    """Bursts, gaps of three seconds, RR up to 7.7 s after lost contact, notifications without RR."""
    file = shared_data / "local" / "h10_notifications" / f"{name}.csv"
    heard = replayed(file, "Polar H10", to_beats())
    assert len(heard.beats) == beats
    assert [b.time for b in heard.beats] == sorted(b.time for b in heard.beats)
    outside = [b for b in heard.beats if not 300 <= b.rr_ms <= 2200]
    assert all(b.flaw is not Flaw.NONE for b in outside)


@pytest.mark.parametrize(("name", "beats"), STRAP_RR.items(), ids=STRAP_RR)
def test_every_interval_of_a_strap_export_comes_through_exactly(shared_data, name, beats):
    file = shared_data / f"{name}.csv"
    heard = replayed(file, None, to_beats())
    with file.open() as rows:
        given = [float(row["rr_ms"]) for row in csv.DictReader(rows)]
    assert len(given) == beats
    assert [beat.rr_ms for beat in heard.beats] == given


def test_an_export_that_keeps_one_rr_a_second_is_told_from_a_whole_one(shared_data, tmp_path):
    """An H10 session, of each notification only the first interval: a fifth of the time is missing."""
    whole = shared_data / "local" / "h10_notifications" / "pulse_2025-09-11_20-10-38.csv"
    thin = tmp_path / "thin.csv"
    with whole.open() as rows, thin.open("w") as out:
        out.write("arrival_s,payload_hex\n")
        for row in csv.DictReader(rows):
            out.write(f"{row['arrival_s']},{row['payload_hex'][:8]}\n")
    heard = replayed(thin, "Polar H10")
    settled = [m for m in heard.metrics if m.window_s == 60 and 120 < m.time < 1500]
    withheld = sum(m.rmssd_ms is None for m in settled)
    assert withheld > 0.95 * len(settled)
    assert all(m.heart_rate_bpm for m in settled)
