"""argparse's own sentences about a slip at the command line, in the language of all others.

It speaks English alone: in English `[cli.slip]` has its words, by which a sentence is recognised.
"""

import re
from functools import cache

from breathsync.wording import ENGLISH, language, text

_FRAME, _SENTENCES = "cli.slip_of", "cli.slip."


def said(message: str) -> str:
    """What argparse says, in our words; a sentence that it had not yet stays as it is."""
    framed = _pattern(_FRAME).fullmatch(message)
    sentence = framed["said"] if framed else message
    for key in language(ENGLISH):
        found = _pattern(key).fullmatch(sentence) if key.startswith(_SENTENCES) else None
        if found:
            words = text(key, **found.groupdict())
            return text(_FRAME, argument=framed["argument"], said=words) if framed else words
    return message


@cache
def _pattern(key: str) -> re.Pattern[str]:
    """The English words of a key, with whatever stands at its `{names}`."""
    words = re.escape(language(ENGLISH)[key])
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", words), re.DOTALL)
