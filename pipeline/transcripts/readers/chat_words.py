"""The codes that CHAT writes into what is said, taken out so that plain words are left."""

import re
from collections import Counter

UNHEARD = "[unintelligible]"

_TOKEN = re.compile(r"\[(?P<code>[^\[\]]{0,500})\]|[<>]|[^\s<>\[\]]+")
_EVENT = re.compile(r"\(\([^()]{0,200}\)\)")
_LINKER = re.compile(r'(?<!\S)\+(?:[<^,+≈≋]|"(?![./]))')
# A false start, [/-], is kept: what follows does not say it again.
_RETRACED = frozenset(("/", "//", "///", "/?"))
_PAUSE = re.compile(r"\((?:\.{1,3}|\d{1,3}(?::\d{0,2})?(?:\.\d{0,3})?)\)|#+[\d:_.]{0,8}")
_TERMINATOR = re.compile(r'\+[!?./"]{1,5}')
_TONE = re.compile(r"-[.,?!]")
_POINTS = ".,?!;…"
_OMITTED = re.compile(r"0(?![\d.,:]\d)[^\W\d]{0,40}")
_UNHEARD = re.compile(r"x{2,3}|y{2,3}")
_LENGTHENED = re.compile(r"(?<=[^\W\d_]):+")
_JOINED = re.compile(r"(?<=\w)[+_]+(?=\w)")
_BLANK_BEFORE_POINT = re.compile(r"(?<!\s)\s++(?=[.,?!;…]+(?:\s|$))")
_MARKS = str.maketrans(
    dict.fromkeys("()^ˈˌ≠↑↓⇗↗→↘⇘∞≡∙⌈⌉⌊⌋∆∇°▁▔☺♋⁇∬Ϋ∮↫⁎◉§⤇⤆❬❭", "") | {"‡": ",", "„": ","}
)


def take_out_codes(text: str, left_out: Counter[str]) -> str:
    """Give the plain words of what one speaker says, and count what is left out.

    Words that the speaker takes back or says again, as '<the hall> [//]', are left out.

    >>> take_out_codes("<the shop> [//] the (grand)mother &=laughs went+off +...", Counter())
    'the grandmother went off...'
    """
    groups: list[list[list[str]]] = [[]]
    bare, events = _EVENT.subn(" ", _LINKER.sub(" ", text))
    left_out["events"] += events
    for match in _TOKEN.finditer(bare):
        if match["code"] is not None:
            _apply(match["code"], groups[-1], left_out)
        elif match[0] == "<":
            groups.append([])
        elif match[0] == ">":
            _close(groups)
        else:
            groups[-1].append([_read_word(match[0], left_out)])
    while len(groups) > 1:
        _close(groups)
    words = " ".join(word for item in groups[0] for word in item if word)
    return _BLANK_BEFORE_POINT.sub("", words) if re.search(r"\w", words) else ""


def _apply(code: str, items: list[list[str]], left_out: Counter[str]) -> None:
    if code.strip() in _RETRACED and items:
        items.pop()
        left_out["retracings"] += 1
    else:
        left_out["codes"] += 1


def _close(groups: list[list[list[str]]]) -> None:
    if len(groups) > 1:
        inner = groups.pop()
        groups[-1].append([word for item in inner for word in item])


def _read_word(token: str, left_out: Counter[str]) -> str:
    if _PAUSE.fullmatch(token):
        left_out["pauses"] += 1
        return ""
    if _TERMINATOR.fullmatch(token):
        return _write_terminator(token)
    if token.startswith("&"):
        return _read_sound(token, left_out)
    if _TONE.fullmatch(token):
        return token[1:]
    body = token.rstrip(_POINTS)
    points = token[len(body) :]
    if _OMITTED.fullmatch(body):
        left_out["omitted words"] += 1
        return points.strip(",;")
    return f"{_write_word(body)}{points}"


def _write_terminator(token: str) -> str:
    if "?" in token:
        return "?"
    return "..." if token == "+..." else "–" if "/" in token and '"' not in token else "."


def _read_sound(token: str, left_out: Counter[str]) -> str:
    """Keep '&-um', which is a word; leave out laughs, '&+fr', and what somebody else puts in."""
    if token.startswith("&-"):
        body = token[2:].rstrip(_POINTS)
        return f"{_write_word(body)}{token[2 + len(body) :]}"
    if token.startswith(("&=", "&{", "&}")):
        left_out["events"] += 1
    elif token.startswith("&*"):
        left_out["interposed words"] += 1
    else:
        left_out["word fragments"] += 1
    return ""


def _write_word(body: str) -> str:
    """Take the marks within a word out: '(be)cause', 'no:', 'ice+cream', 'chien@s:fra'."""
    word = body.translate(_MARKS)
    if word[:1].isalnum():
        word = word.partition("@")[0]
    if _UNHEARD.fullmatch(word):
        return UNHEARD
    return _JOINED.sub(" ", _LENGTHENED.sub("", word))
