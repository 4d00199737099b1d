"""What a strap says of itself: battery, make, where it is worn. Bytes to value; any bytes at all.

Source: Bluetooth SIG, Battery Service 1.0, Device Information Service 1.1, Heart Rate Service 1.0.
"""

BATTERY_LEVEL = "2a19"
BODY_LOCATION = "2a38"
INFORMATION = {"2a29": "manufacturer", "2a24": "model", "2a26": "firmware"}

_PLACES = ("other", "chest", "wrist", "finger", "hand", "ear", "foot")


def battery_percent(payload: bytes) -> int | None:
    """The battery level; `None` for anything that is no share of a hundred."""
    return payload[0] if len(payload) == 1 and payload[0] <= 100 else None


def body_location(payload: bytes) -> str | None:
    """Where the strap is worn; `None` for a place that the specification does not know."""
    return _PLACES[payload[0]] if len(payload) == 1 and payload[0] < len(_PLACES) else None


def words(payload: bytes) -> str | None:
    """A line of text; straps fill up with zeros and blanks."""
    return payload.decode("utf-8", errors="replace").strip("\0 \t\r\n") or None
