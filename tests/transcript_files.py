"""Write talk as programs and people save it, one format a suffix."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape

Talk = list[tuple[str, str]]  # who speaks, and what is said


def write_text(path: Path, talk: Talk) -> None:
    """Write 'Name: words'."""
    path.write_text("\n\n".join(f"{who}: {said}" for who, said in talk), "utf-8")


def write_captions(path: Path, talk: Talk) -> None:
    """Write captions of ten words, with a name at the start of each turn."""
    mark = "." if path.suffix == ".vtt" else ","
    cues, second = ["WEBVTT", ""] if path.suffix == ".vtt" else [], 0
    for who, said in talk:
        words = said.split()
        for start in range(0, len(words), 10):
            second += 3
            clock = [f"{t // 3600:02}:{t // 60 % 60:02}:{t % 60:02}" for t in (second, second + 3)]
            name = f"{who}: " if not start else ""
            cues += [str(second), f"{clock[0]}{mark}000 --> {clock[1]}{mark}000"]
            cues += [name + " ".join(words[start : start + 10]), ""]
    path.write_text("\n".join(cues), "utf-8")


def write_json(path: Path, talk: Talk) -> None:
    """Write segments as WhisperX does."""
    segments = [
        {"start": 20.0 * number, "end": 20.0 * number + 19, "speaker": who, "text": said}
        for number, (who, said) in enumerate(talk)
    ]
    path.write_text(json.dumps({"segments": segments}), "utf-8")


def write_table(path: Path, talk: Talk) -> None:
    """Write a row a turn."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("speaker", "text"), *talk])


def write_workbook(path: Path, talk: Talk) -> None:
    """Write a row a turn."""
    from openpyxl import Workbook

    book = Workbook()
    for row in [("speaker", "text"), *talk]:
        book.worksheets[0].append(row)
    book.save(path)


def write_word(path: Path, talk: Talk) -> None:
    """Write a paragraph a turn."""
    from docx import Document

    document = Document()
    for who, said in talk:
        document.add_paragraph(f"{who}: {said}")
    document.save(str(path))


def write_open_document(path: Path, talk: Talk) -> None:
    """Write a paragraph a turn."""
    from hostile_documents import odt_xml, zipped

    xml = odt_xml(f"{escape(who)}: {escape(said)}" for who, said in talk)
    kind = "application/vnd.oasis.opendocument.text"
    path.write_bytes(zipped({"mimetype": kind, "content.xml": xml}))


def write_rich_text(path: Path, talk: Talk) -> None:
    """Write a paragraph a turn, letters beyond ASCII as numbers."""
    body = "".join(rf"\pard\b {who}:\b0  {said}\par" + "\n" for who, said in talk)
    signs = (sign if sign.isascii() else rf"\u{ord(sign)}?" for sign in body)
    path.write_text(r"{\rtf1\ansi\uc1 " + "".join(signs) + "}", "ascii")


def write_page(path: Path, talk: Talk) -> None:
    """Write a paragraph a turn."""
    body = "".join(f"<p><b>{who}:</b> {escape(said)}</p>\n" for who, said in talk)
    path.write_text(f'<html><head><meta charset="utf-8"></head><body>{body}</body></html>', "utf-8")


def write_elan(path: Path, talk: Talk) -> None:
    """Write a tier a speaker, as ELAN does."""
    slots = "".join(
        f'<TIME_SLOT TIME_SLOT_ID="t{n}" TIME_VALUE="{n * 1000}"/>' for n in range(len(talk) + 1)
    )
    path.write_text(
        '<ANNOTATION_DOCUMENT AUTHOR="" DATE="2025-01-01T00:00:00Z" FORMAT="3.0" VERSION="3.0">'
        f'<HEADER MEDIA_FILE="" TIME_UNITS="milliseconds"/><TIME_ORDER>{slots}</TIME_ORDER>'
        + "".join(
            f'<TIER LINGUISTIC_TYPE_REF="talk" TIER_ID="{who}" PARTICIPANT="{who}">'
            + "".join(
                f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a{n}" TIME_SLOT_REF1="t{n}" '
                f'TIME_SLOT_REF2="t{n + 1}"><ANNOTATION_VALUE>{escape(said)}</ANNOTATION_VALUE>'
                "</ALIGNABLE_ANNOTATION></ANNOTATION>"
                for n, said in turns
            )
            + "</TIER>"
            for who, turns in _by_speaker(talk)
        )
        + '<LINGUISTIC_TYPE LINGUISTIC_TYPE_ID="talk" TIME_ALIGNABLE="true"/>'
        "</ANNOTATION_DOCUMENT>",
        "utf-8",
    )


def write_praat(path: Path, talk: Talk) -> None:
    """Write a tier of intervals a speaker, as Praat does."""
    tiers = list(_by_speaker(talk))
    lines = ['File type = "ooTextFile"', 'Object class = "TextGrid"', "", "xmin = 0"]
    lines += [f"xmax = {len(talk)}", "tiers? <exists>", f"size = {len(tiers)}", "item []:"]
    for number, (who, turns) in enumerate(tiers, start=1):
        said_at = dict(turns)
        lines += [f"item [{number}]:", 'class = "IntervalTier"', f'name = "{who}"', "xmin = 0"]
        lines += [f"xmax = {len(talk)}", f"intervals: size = {len(talk)}"]
        for place in range(len(talk)):
            said = said_at.get(place, "").replace('"', '""')
            lines += [f"intervals [{place + 1}]:", f"xmin = {place}", f"xmax = {place + 1}"]
            lines += [f'text = "{said}"']
    path.write_text("\n".join(lines), "utf-8")


def write_tei(path: Path, talk: Talk) -> None:
    """Write an utterance a turn."""
    names = {who: f"p{number}" for number, (who, _) in enumerate(_by_speaker(talk))}
    people = "".join(
        f'<person xml:id="{key}"><persName>{who}</persName></person>' for who, key in names.items()
    )
    body = "".join(f'<u who="#{names[who]}">{escape(said)}</u>' for who, said in talk)
    path.write_text(
        '<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><profileDesc><particDesc><listPerson>'
        f"{people}</listPerson></particDesc></profileDesc></teiHeader><text><body>{body}</body>"
        "</text></TEI>",
        "utf-8",
    )


def _by_speaker(talk: Talk) -> Iterator[tuple[str, Iterable[tuple[int, str]]]]:
    """Give each speaker's turns with their places among all."""
    for speaker in dict.fromkeys(who for who, _ in talk):
        yield speaker, [(n, said) for n, (who, said) in enumerate(talk) if who == speaker]


WRITERS: dict[str, Callable[[Path, Talk], None]] = {
    ".txt": write_text,
    ".md": write_text,
    ".vtt": write_captions,
    ".srt": write_captions,
    ".json": write_json,
    ".csv": write_table,
    ".html": write_page,
    ".tei": write_tei,
    ".eaf": write_elan,
    ".textgrid": write_praat,
    ".rtf": write_rich_text,
    ".docx": write_word,
    ".odt": write_open_document,
    ".xlsx": write_workbook,
}
