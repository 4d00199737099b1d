"""Writes the table of `docs/straps.md` from the profiles: `uv run python docs/make_straps.py`."""

import sys
from pathlib import Path

from breathsync.devices.profiles import Profile, load_all

PAGE = Path(__file__).parent / "straps.md"
BEGIN, END = "<!-- made from devices/ -->\n", "<!-- end -->\n"


def table() -> str:
    """One row a strap, with its quirks below it."""
    rows = [
        "| strap | sends | read here | delay of RR | programs at once | source |",
        "|---|---|---|---|---|---|",
    ]
    return "\n".join([*rows, *map(_row, load_all())]) + "\n\n" + "\n".join(map(_quirks, load_all()))


def page(before: str) -> str:
    """The page with its table made anew."""
    head, _, rest = before.partition(BEGIN)
    return head + BEGIN + "\n" + table() + "\n" + END + rest.partition(END)[2]


def _row(strap: Profile) -> str:
    known = strap.rr_latency_s is not None
    delay = f"{strap.rr_latency_s:g} s ({strap.rr_latency_source})" if known else "not measured"
    links = "not known" if strap.links is None else str(strap.links)
    name = f"[{strap.name}](../devices/{strap.id}/README.md)"
    both = ", ".join(strap.streams), ", ".join(strap.read_here)
    return f"| {name} | {both[0]} | {both[1]} | {delay} | {links} | {strap.source} |"


def _quirks(strap: Profile) -> str:
    if not strap.quirks:
        return ""
    lines = [f"- {quirk.says} *({quirk.source})*" for quirk in strap.quirks]
    return "\n".join([f"**{strap.name}**", "", *lines, ""])


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")
