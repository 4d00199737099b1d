"""What stands in the way where a practice file is not TOML at all, said for somebody who edits texts."""

import re
import tomllib
from dataclasses import dataclass, field

from breathsync.practice.practice_lines import _without_words

_AT = re.compile(r"at line (\d+)")
_CURLY = "“”„‟«»‘’‚"  # noqa: RUF001 - what word processors make of plain quotes


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a line of a file; its words are `practice_problems.<code>` of the wording."""

    line: int
    code: str
    values: dict[str, object] = field(default_factory=dict)


def syntax_problem(text: str, error: tomllib.TOMLDecodeError) -> Problem:
    """The first line that cannot be read, and why, as far as that can be told."""
    lines = text.splitlines()
    found = _AT.search(str(error))
    number = min(int(found[1]), max(1, len(lines))) if found else max(1, len(lines))
    if "overwrite" in str(error) or "twice" in str(error).lower():
        return _doubled(lines, number)
    for at in (number, *range(number - 1, max(0, number - 4), -1)):  # it may have begun above
        code = _code(lines[at - 1] if lines else "")
        if code is not None:
            return Problem(at, code, {"text": lines[at - 1].strip()})
    if found is None or "array" in str(error) or "Unclosed" in str(error):
        return _bracket(lines, number)
    return Problem(number, "not_readable", {"text": lines[number - 1].strip() if lines else ""})


def _code(line: str) -> str | None:
    bare, _ = _without_words(line, "")
    value = bare.partition("=")[2].strip()
    if any(sign in bare for sign in _CURLY):
        return "curly_quotes"
    if _quote_is_open(line):
        return "quote_open"
    if re.fullmatch(r"\d+,\d+", value):
        return "decimal_comma"
    if re.match(r"\s*[A-Za-z_]+\s*(:|$)", bare) or re.match(r"\s*[A-Za-z_]+\s+[^=\s]", bare):
        return "no_equals"
    if re.match(r"[^\W\d]", value) and not re.match(r"(true|false|inf|nan)\b", value):
        return "true_or_false" if value.lower() in ("true", "false", "yes", "no") else "no_quotes"
    if not value and line.partition("=")[1] and not line.partition("=")[2].strip():
        return "no_value"
    if re.search(r"\}\s*\{", bare) or re.match(r"\s*\{[^}]*\}\s*$", bare):
        return "no_comma"
    return None


def _quote_is_open(line: str) -> bool:
    code = line.partition("#")[0] if line.count('"') % 2 else line
    return code.count('"') % 2 == 1 and '"""' not in line


def _bracket(lines: list[str], number: int) -> Problem:
    """A list that is never closed: the last line that opens one."""
    open_at, depth = number, 0
    for at, line in enumerate(lines, 1):
        bare, _ = _without_words(line, "")
        if depth == 0 and "=" in bare and "[" in bare:
            open_at = at
        depth = 0 if re.match(r"\s*\[\[", bare) else max(0, depth + bare.count("[") - bare.count("]"))
        if re.match(r"\s*\[\[", bare) and open_at < at and _never_closed(lines[open_at - 1 : at - 1]):
            break
    return Problem(open_at, "bracket_open", {"text": lines[open_at - 1].strip() if lines else ""})


def _never_closed(lines: list[str]) -> bool:
    bare = "".join(_without_words(line, "")[0] for line in lines)
    return bare.count("[") > bare.count("]")


def _doubled(lines: list[str], number: int) -> Problem:
    name = lines[number - 1].partition("=")[0].strip() if lines else ""
    return Problem(number, "twice", {"field": name.strip("[] ")})
