"""What a report consists of, whoever sets it: pages of headings, words, figures and tables."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 (once), 2 or 3."""

    words: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph. `kind` is `body`, `quiet` (small), `lead` (below the title) or `limits` (set apart)."""

    words: str
    kind: str = "body"


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing: `svg` is a whole element of `width` x `height` units, `says` it in words."""

    svg: str
    width: float
    height: float
    says: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of words. The first column is on the left; those named in `numbers` stand on the right."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...] = ()
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and what stands beside them."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Quotes:
    """Somebody's own words, each with when it was."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """Columns beside each other; `shares` say how wide."""

    columns: tuple[tuple["Block", ...], ...]
    shares: tuple[int, ...]


Block = Heading | Words | Figure | Table | Facts | Quotes | Row


@dataclass(frozen=True, slots=True)
class Document:
    """Pages, each begun on a sheet of its own."""

    title: str
    language: str
    pages: tuple[tuple[Block, ...], ...]
