"""A small study whose tables are made by hand, and the page that reviews it."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from report_studies import Said, make_results

from pipeline import stages
from pipeline.check_samples import RECORD, draw_check_sample, write_check_sample
from pipeline.coding.settling import settle
from pipeline.exports import Results
from pipeline.exports.html_report import render_report
from pipeline.review.app import make_app
from pipeline.review.desk import Desk
from pipeline.study import Study
from pipeline.tables import CODINGS, PASSAGES, SAFE_TURNS

PROJECT = Path(__file__).parents[1]
PORT, TOKEN = 8421, "a-token"
HOME = f"http://127.0.0.1:{PORT}"
OURS = {"Origin": HOME, "Sec-Fetch-Site": "same-origin"}


def make_reviewed_study(
    root: Path,
    *,
    name="small",
    texts=None,
    area="North",
    coder_of="model m",
    speaker="P",
    context="How is it here?",
    change=lambda study: None,
):
    """Make a study of passages: texts by transcript; without any, 4 transcripts of 6 passages.

    ``change`` may write files of the study before its tables are made.
    """
    texts = texts or {
        f"T{number}": [f"Passage {place} of talk {number}." for place in range(6)]
        for number in range(4)
    }
    corpus = root / "corpora" / name
    corpus.mkdir(parents=True)
    change(Study(root, name, corpus))
    study = Study(root, name, corpus)
    turns, passages = [], []
    for transcript, said in texts.items():
        common = {"transcript": transcript, "participant": f"P-{transcript}", "area": area}
        for turn, text in enumerate(said, start=1):
            common |= {"role": "warden", "turn": turn, "text": text}
            turns.append(
                common
                | {"speaker": speaker, "is_participant": True, "start_seconds": float("nan")}
                | {"first_line": turn, "last_line": turn}
            )
            passages.append(
                common
                | {"passage": f"{transcript}-{turn:02d}", "start": 0, "end": len(text)}
                | {"words": 4, "context": context}
            )
    study.tables.write(SAFE_TURNS, SAFE_TURNS.build(turns))
    study.tables.write(PASSAGES, PASSAGES.build(passages))
    study.tables.write(CODINGS, CODINGS.build(_code(study, passages, coder_of)))
    return study


def _code(study, passages, coder):
    for number, row in enumerate(passages):
        for place, label in enumerate(study.codebook.labels):
            score = ((number * 7 + place * 3) % 10) / 10
            decision = "ask" if score >= 0.8 else "no"
            yield {
                "passage": row["passage"],
                "code": label.code,
                "stance": label.stance,
                "coder": coder,
                "score": score,
                "applied": score >= 0.8,
                "decision": decision,
            }


def draw_sample(study, size=4):
    sample = draw_check_sample(study.tables.read(PASSAGES), study.codebook, size=size, seed=1)
    write_check_sample(study.corpus / RECORD, sample)
    return sample


def bring_model(study):
    """Give a study the model that ships, and vectors of its passages: then Ask me can suggest."""
    (study.root / "models").symlink_to(PROJECT / "models")
    stages.embed(study)


def write_report(study, **run):
    """Write the study's report, with its passages and codings, and other figures made up."""
    passages, codings = study.tables.read(PASSAGES), study.tables.read(CODINGS)
    people = passages[["area", "participant"]].itertuples(index=False, name=None)
    made = make_results(*(Said(*one) for one in people), codebook=study.codebook, run=run)
    said = {"passages": passages, "codings": codings, "settled": settle(codings)}
    path = study.outputs / "report" / "report.html"
    path.parent.mkdir()
    path.write_text(render_report(Results(**vars(made) | said)), "utf-8")


def read_rows(study):
    """Read all rows of the decisions as they stand in the file, the earliest first."""
    with closing(sqlite3.connect(study.corpus / "coding.sqlite")) as database:
        database.row_factory = sqlite3.Row
        rows = database.execute("SELECT * FROM decisions ORDER BY number")
        return [dict(row) for row in rows]


def open_page(study, *, coder="Ada"):
    """Open the page as a browser does that has the token; give a client that keeps cookies."""
    client = make_app(Desk(study), token=TOKEN, port=PORT).test_client()
    client.get(f"/?token={TOKEN}", base_url=HOME)
    if coder:
        client.post("/coder", base_url=HOME, headers=OURS, data={"coder": coder})
    return client


def get(client, path, **more):
    return client.get(path, base_url=HOME, **more)


def post(client, path, **more):
    """Send what a page sends; a save says which version of the codebook the page has."""
    if path.endswith("/save"):
        version = get(client, "/check/codebook").json["version"]
        more["json"] = {"version": version} | more["json"]
    return client.post(path, base_url=HOME, headers=OURS, **more)


def words_of(answer):
    """Give the words of a page, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).split())
