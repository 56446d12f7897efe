"""Records of debates: Akoma Ntoso, and the speeches of public debates with their speakers."""

from collections import Counter
from pathlib import Path
from typing import Any

from pipeline.transcripts.readers import Script
from pipeline.transcripts.readers.segments import Segment, number_segments
from pipeline.transcripts.readers.speech import Speech, make_script
from pipeline.transcripts.readers.tei_text import read_said
from pipeline.transcripts.readers.xml_files import elements, outermost, text_of

_SPEECHES = ("speech", "question", "answer")
_BESIDE = ("narrative", "scene", "summary")


def read_akoma_ntoso(path: Path, root: Any) -> Script:
    """Read the speeches, questions and answers of a debate, whose persons are listed apart.

    A debate without any, as a report, is read by its paragraphs.
    """
    names = {
        each.get("eId") or each.get("id") or "": each.get("showAs", "")
        for each in elements(root, "TLCPerson")
    }
    left_out: Counter[str] = Counter()
    said = [
        Segment(_name_speaker(each, names), read_said(each, left_out), 0)
        for each in outermost(root, *_SPEECHES)
    ] or _read_paragraphs(root, left_out)
    left_out["passages of the record"] = sum(1 for _ in elements(root, *_BESIDE))
    speech = Speech(number_segments(said), "a debate in Akoma Ntoso", left_out, is_cut=False)
    return make_script(path, speech)


def read_public_whip(path: Path, root: Any) -> Script:
    """Read the speeches of a debate that name their speakers in an attribute."""
    left_out: Counter[str] = Counter()
    said = [
        Segment(each.get("speakername", ""), read_said(each, left_out), 0)
        for each in elements(root, "speech")
        if each.get("nospeech", "false") == "false"
    ]
    return make_script(path, Speech(number_segments(said), "speeches of a debate", left_out))


def _read_paragraphs(root: Any, left_out: Counter[str]) -> list[Segment]:
    return [
        Segment("", read_said(each, left_out), 0)
        for body in outermost(root, "debateBody", "body", "mainBody")
        for each in outermost(body, "p")
    ]


def _name_speaker(speech: Any, names: dict[str, str]) -> str:
    by = speech.get("by", "").removeprefix("#")
    written = next((text_of(each) for each in speech.iterchildren("{*}from")), "")
    return names.get(by) or written or by
