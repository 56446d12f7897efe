"""What stands in a transcript beside the talk: page furniture, headings, details at the top."""

import re
from collections import Counter
from collections.abc import Sequence

from pipeline.transcripts.readers.labels import could_speak, label_key
from pipeline.transcripts.readers.line_numbers import take_line_numbers
from pipeline.transcripts.readers.openings import read_opening
from pipeline.transcripts.readers.text_lines import Line

_FURNITURE = re.compile(
    r"\s*(?:page\s+\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?|[-–—]\s*\d{1,4}\s*[-–—]|[-*_=]{3,}"
    r"|transcribed by https?://\S{1,100}|\|?\s?:?-{3,}[\s:|-]{0,200})\s*$",
    re.IGNORECASE,
)
_HEADING = re.compile(r"\s*#{1,6}\s+(?P<words>.*)")
_UNDERLINE = re.compile(r"={3,}\s*$")
_DETAIL = re.compile(
    r"\W{0,4}(?:date|time|location|place|venue|duration|length|file|study|project|recorded"
    r"|transcribed by|transcriber|interview(?: number| no\.?)?|name|age|gender|occupation|role"
    r"|job title)\W{0,3}:",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.?!…][\"'”’)]?\s*$")
_MOST_DETAILS = 40
_MOST_DETAIL_WORDS = 8
_LONGEST_HEADING = 200
_FEWEST_TURNS = 3


def leave_out_furniture(lines: Sequence[Line], left_out: Counter[str]) -> list[Line]:
    """Take away page furniture, headings, and the details at the top, and count them.

    Headings with names that come again are kept as names: some write 'Dawn' as '## Dawn'.
    """
    start = _find_end_of_details(lines)
    left_out["heading lines"] += sum(not line.is_blank for line in lines[:start])
    numbered = take_line_numbers(lines[start:], left_out)
    speaking = _find_speaking_headings(numbered)
    kept = []
    for place, line in enumerate(numbered):
        heading = _HEADING.match(line.text) if "#" in line.text[:8] else None
        if _FURNITURE.match(line.text):
            left_out["page furniture lines"] += 1
        elif heading and _key(heading["words"]) in speaking:
            kept += [Line(line.number, ""), Line(line.number, heading["words"].strip("# "))]
        elif heading or _is_underlined(numbered, place):
            left_out["heading lines"] += 1
        else:
            kept.append(line)
    return kept


def _find_end_of_details(lines: Sequence[Line]) -> int:
    """Find where 'Date: ...' and the lines beside it end, so that they become no turns."""
    end, is_open = 0, False
    for place, line in enumerate(lines[:_MOST_DETAILS]):
        if len(line.text.split()) > _MOST_DETAIL_WORDS or _SENTENCE_END.search(line.text[-4:]):
            break
        is_open = bool(line.text.strip()) and (is_open or bool(_DETAIL.match(line.text)))
        end = place + 1 if is_open else end
    return end


def _find_speaking_headings(lines: Sequence[Line]) -> set[str]:
    """Find names among headings, if most headings are names that come again."""
    words = [match["words"] for line in lines if (match := _HEADING.match(line.text))]
    counts = Counter(filter(None, map(_key, words)))
    again = sum(count for count in counts.values() if count > 1)
    is_talk = sum(counts.values()) >= _FEWEST_TURNS and again * 2 > sum(counts.values())
    return set(counts) if is_talk else set()


def _key(heading: str) -> str:
    """Give the name that a heading may be, without the time beside it."""
    opening = read_opening(heading.strip("# ")) if len(heading) < _LONGEST_HEADING else None
    is_name = opening and not opening.words and could_speak(opening.label)
    return label_key(opening.label) if opening and is_name else ""


def _is_underlined(lines: Sequence[Line], place: int) -> bool:
    following = lines[place + 1].text if place + 1 < len(lines) else ""
    return bool(_UNDERLINE.match(following)) and len(lines[place].text) < _LONGEST_HEADING
