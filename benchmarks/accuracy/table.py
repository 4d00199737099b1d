"""One line per measure: what was reached, the baselines, floor and aim."""

from dataclasses import dataclass, field


@dataclass
class Row:
    measure: str
    ours: float
    floor: float
    aim: float
    more_is_better: bool = False
    unit: str = ""
    baselines: dict[str, float] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        sign = 1.0 if self.more_is_better else -1.0
        value = abs(self.ours) if self.unit == "bias %" else self.ours
        if sign * value >= sign * self.aim:
            return "aim"
        return "floor" if sign * value >= sign * self.floor else "BELOW"

    def line(self) -> str:
        others = ", ".join(f"{name} {value:.4g}" for name, value in self.baselines.items())
        return (
            f"{self.measure:<58} {self.ours:>9.4g} {self.unit:<7} {self.floor:>7.4g} "
            f"{self.aim:>7.4g} {self.verdict:<6} {others}"
        )


HEADER = f"{'measure':<58} {'ours':>9} {'':<7} {'floor':>7} {'aim':>7} {'':<6} baselines"


@dataclass
class Report:
    rows: list[Row] = field(default_factory=list)
    details: list[str] = field(default_factory=list)

    def __add__(self, other: "Report") -> "Report":
        return Report(self.rows + other.rows, self.details + other.details)

    def text(self) -> str:
        lines = [HEADER, "-" * len(HEADER), *(row.line() for row in self.rows), ""]
        return "\n".join(lines + self.details)
