"""One line of the table: what was measured, how far it came, and what it has to reach."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A figure with its bar; `met` is `None` for what is only reported."""

    what: str
    figure: str
    bar: str = ""
    met: bool | None = None


def at_least(what: str, value: float, bar: float, unit: str = "") -> Row:
    """More is better."""
    return Row(
        what,
        f"{value:,.3g}{unit}" if value < 100 else f"{value:,.0f}{unit}",
        f">= {bar:,g}{unit}",
        value >= bar,
    )


def at_most(what: str, value: float, bar: float, unit: str = "") -> Row:
    """Less is better."""
    return Row(what, f"{value:,.3g}{unit}", f"<= {bar:,g}{unit}", value <= bar)


def percentile(values: list[float], share: float) -> float:
    """The value that `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
