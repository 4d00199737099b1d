"""The document as one HTML file: no script, no outside request, printable on A4 and Letter.

It is also well-formed XML, so that other tools can read it.
"""

from collections.abc import Iterable
from xml.sax.saxutils import escape

from breathsync.session.report import svg
from breathsync.session.report.document import (
    Block,
    Document,
    Facts,
    Figure,
    Heading,
    Quotes,
    Row,
    Table,
    Words,
)

_STYLE = f"""
@page {{ margin: 11mm 14mm; }}
* {{ box-sizing: border-box; }}
body {{ margin: 0; background: #F6F1E8; color: {svg.INK}; font: 9.5pt/1.38 {svg.FONT};
       font-variant-numeric: tabular-nums; }}
section {{ max-width: 210mm; margin: 8mm auto; padding: 13mm 14mm; background: #FFFFFF;
          border-radius: 3mm; }}
h1 {{ font-size: 20pt; font-weight: 600; margin: 0; letter-spacing: -0.01em; }}
h2 {{ font-size: 12.5pt; font-weight: 600; margin: 2.5mm 0 0.8mm; }}
h3 {{ font-size: 10.5pt; font-weight: 600; margin: 3.5mm 0 1mm; }}
p {{ margin: 1mm 0 2mm; }}
p.lead {{ color: {svg.QUIET}; margin: 0.5mm 0 3mm; }}
p.quiet {{ color: {svg.QUIET}; font-size: 8pt; line-height: 1.3; margin: 0.6mm 0 1.5mm; }}
p.limits {{ background: #F6F1E8; border-left: 1mm solid {svg.NOW}; padding: 2mm 4mm; margin: 3mm 0 1mm;
           font-size: 8.5pt; break-inside: avoid; }}
figure {{ margin: 0 0 2mm; break-inside: avoid; }}
figure svg {{ display: block; width: 100%; height: auto; }}
figcaption {{ color: {svg.QUIET}; font-size: 8pt; line-height: 1.3; }}
table {{ border-collapse: collapse; width: 100%; font-size: 8.5pt; break-inside: avoid; }}
th, td {{ text-align: left; vertical-align: top; padding: 0.5mm 2mm 0.5mm 0;
         border-bottom: 0.2mm solid {svg.LINES}; }}
th {{ color: {svg.QUIET}; font-weight: 500; font-size: 8pt; }}
td.number {{ white-space: nowrap; }}
th.number, td.number {{ text-align: right; padding: 0.5mm 0 0.5mm 3mm; }}
td.number + td:not(.number), th.number + th:not(.number) {{ padding-left: 5mm; }}
table.facts td + td {{ text-align: right; padding-right: 0; }}
blockquote {{ margin: 0 0 1.5mm; padding: 0; overflow-wrap: anywhere; }}
blockquote span {{ color: {svg.NOW}; font-size: 8.5pt; margin-right: 2mm; }}
div.row {{ display: flex; gap: 5mm; align-items: flex-start; }}
div.row > div {{ min-width: 0; }}
@media print {{
  body {{ background: none; }}
  section {{ max-width: none; margin: 0; padding: 0; border-radius: 0; }}
  section {{ zoom: 0.9; }}  /* what fits on A4 fits on Letter, too */
  figure svg {{ width: 90%; margin: 0 auto; }}
  section + section {{ break-before: page; }}
  p.limits {{ print-color-adjust: exact; -webkit-print-color-adjust: exact; }}
}}
@media screen and (max-width: 640px) {{ div.row {{ display: block; }} section {{ padding: 6mm; }} }}
"""


def html(document: Document) -> str:
    """The whole file."""
    pages = "".join(f"<section>{_blocks(page)}</section>\n" for page in document.pages)
    return (
        "<!DOCTYPE html>\n"
        f'<html lang="{document.language}">\n<head>\n'
        '<meta charset="utf-8"/>\n<meta name="viewport" content="width=device-width, initial-scale=1"/>\n'
        f"<title>{escape(document.title)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n{pages}</body>\n</html>\n"
    )


def _blocks(blocks: Iterable[Block]) -> str:
    return "\n".join(map(_block, blocks))


def _block(block: Block) -> str:
    match block:
        case Heading(words, level):
            return f"<h{level}>{escape(words)}</h{level}>"
        case Words(words, kind):
            return f'<p class="{kind}">{escape(words)}</p>'
        case Figure(drawing, caption=caption):
            below = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
            return f"<figure>{drawing}{below}</figure>"
        case Table():
            return _table(block)
        case Facts(rows):
            inside = "".join(f"<tr><td>{escape(n)}</td><td>{escape(v)}</td></tr>" for n, v in rows)
            return f'<table class="facts"><tbody>{inside}</tbody></table>'
        case Quotes(rows):
            return "".join(
                f"<blockquote><span>{escape(when)}</span>{escape(words)}</blockquote>"
                for when, words in rows
            )
        case Row(columns, shares):
            both = zip(columns, shares, strict=True)
            inside = "".join(
                f'<div style="flex: {share} 1 0">{_blocks(column)}</div>' for column, share in both
            )
            return f'<div class="row">{inside}</div>'


def _table(table: Table) -> str:
    def row(cells: Iterable[str], tag: str) -> str:
        inside = "".join(
            f"<{tag}{' class=' + chr(34) + 'number' + chr(34) if place in table.numbers else ''}>"
            f"{escape(words)}</{tag}>"
            for place, words in enumerate(cells)
        )
        return f"<tr>{inside}</tr>"

    body = "".join(row(cells, "td") for cells in table.rows)
    return f"<table><thead>{row(table.head, 'th')}</thead><tbody>{body}</tbody></table>"
