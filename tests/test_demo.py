"""The demo study from end to end: the tutorial is the test."""

import hashlib
import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from transcript_files import WRITERS

from pipeline.cli import main
from pipeline.stages import STAGES
from pipeline.study import Study
from pipeline.transcripts.readers import read_script

PROJECT = Path(__file__).parents[1]
PEOPLE = ["Threadgill", "Okolie", "Tugwell", "Rafiq", "Braithwaite", "Mulcahy", "Cathcart"]
PEOPLE += ["Tilsley", "Lowther", "Tarrant", "Sahota", "Hanscombe"]


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Analyse a copy of the demo study."""
    root = tmp_path_factory.mktemp("project")
    shutil.copytree(
        PROJECT / "corpora" / "demo",
        root / "corpora" / "demo",
        ignore=shutil.ignore_patterns(
            "*.parquet", "pseudonyms.*", "replacements.csv", "names-found.*", "*.sqlite*"
        ),
    )
    (root / "models").mkdir()
    (root / "models" / "default").symlink_to(PROJECT / "models" / "default")
    result = analyse(root)
    assert result.exit_code == 0, result.output
    return root


@pytest.fixture(scope="module")
def study(root):
    return Study.find(root, "demo")


@pytest.fixture(scope="module")
def counts(study):
    """Passages with a code in a stance: areas down, 'code stance' across."""
    shares = pd.read_parquet(study.outputs / "shares.parquet")
    label = shares["code"].astype(str) + " " + shares["stance"].astype(str)
    return shares.assign(label=label).pivot_table(index="area", columns="label", values="applied")


@pytest.fixture(scope="module")
def powers(study):
    """What is said of each power: areas and powers down."""
    return pd.read_parquet(study.outputs / "powers.parquet").set_index(["area", "power"])


def analyse(root, name="demo"):
    return CliRunner().invoke(main, ["--root", str(root), "analyse", name])


def hash_all(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_twelve_interviews_in_four_areas_and_four_formats(study):
    passages = pd.read_parquet(study.outputs / "passages.parquet")
    interviews = passages.drop_duplicates("transcript")
    assert interviews.groupby("area").size().to_dict() == {
        "Calderby": 3,
        "Harrowmere": 3,
        "Penholt": 3,
        "Thornsea": 3,
    }
    assert {path.suffix for path in study.transcripts.values()} == {".txt", ".docx", ".vtt", ".srt"}


def test_the_same_interviews_in_twelve_formats_give_the_same_findings(root, study):
    mixed = root / "corpora" / "mixed"
    (mixed / "transcripts").mkdir(parents=True)
    (mixed / "private").mkdir()
    shutil.copy(study.corpus / "private" / "names.csv", mixed / "private")
    rows = pd.read_csv(study.corpus / "interviews.csv")
    formats = list(WRITERS)[2:]
    for place, (name, suffix) in enumerate(zip(rows["transcript"], formats, strict=True)):
        script = read_script(study.transcripts[name])
        path = (mixed / "transcripts" / name).with_suffix(suffix)
        WRITERS[suffix](path, [(turn.speaker, turn.text) for turn in script.turns])
        rows.loc[place, "transcript"] = path.name
    rows.to_csv(mixed / "interviews.csv", index=False)
    result = analyse(root, "mixed")
    assert result.exit_code == 0, result.output
    outputs = Study.find(root, "mixed").outputs
    for table in ("passages", "shares", "powers"):
        ours, theirs = (pd.read_parquet(p / f"{table}.parquet") for p in (outputs, study.outputs))
        kept = [name for name in ours if name not in ("transcript", "passage", "start_seconds")]
        assert ours[kept].equals(theirs[kept]), table


def test_every_interview_is_read_whole(study):
    turns = pd.read_parquet(study.private / "turns.parquet")
    words = turns["raw_text"].str.count(r"\S+").groupby(turns["transcript"]).sum()
    assert words.between(1300, 2000).all(), words.to_dict()


def test_every_word_of_a_participant_is_in_a_passage(study):
    turns = pd.read_parquet(study.outputs / "safe_turns.parquet")
    spoken = turns[turns["is_participant"] & (turns["text"].str.count(r"\S+") >= 5)]
    passages = pd.read_parquet(study.outputs / "passages.parquet")
    assert " ".join(passages["text"]).split() == " ".join(spoken["text"]).split()


def test_no_name_that_was_found_is_outside_private(study):
    replacements = pd.read_parquet(study.private / "replacements.parquet")
    people = replacements[replacements["kind"].isin(["person", "participant"])]["found"]
    names = {word for name in people for word in name.split() if len(word) > 5}
    names |= set(PEOPLE)
    assert len(names) > 100
    plain = names - {"Harrowmere", "Calderby", "Thornsea", "Penholt"}
    for path in study.outputs.rglob("*"):
        if path.suffix in (".html", ".csv", ".json", ".parquet"):
            is_table = path.suffix == ".parquet"
            text = pd.read_parquet(path).to_csv() if is_table else path.read_text("utf-8")
            assert not plain & set(re.findall(r"[\w'’-]+", text)), path


def test_contact_details_are_outside_private_nowhere(study):
    turns = pd.read_parquet(study.outputs / "safe_turns.parquet")
    text = " ".join(turns["text"])
    assert "example.org" not in text
    assert "01632" not in text
    assert text.count("[phone number]") >= 3
    assert text.count("[email]") >= 2


def test_one_person_has_one_pseudonym_through_the_study(study):
    replacements = pd.read_parquet(study.private / "replacements.parquet")
    for name in ("Nasreen Haddow", "Howard Inskip", "Lorcan Breese", "Winnie Clough"):
        found = replacements[replacements["found"] == name]
        assert len(set(found["pseudonym"])) == 1, name
    inskip = replacements[replacements["found"].str.contains("Inskip")]
    assert inskip["transcript"].nunique() >= 2
    assert len(set(inskip["pseudonym"])) == 1


def test_areas_are_never_lost(study):
    passages = pd.read_parquet(study.outputs / "passages.parquet")
    assert passages["area"].ne("").all()
    assert passages["text"].str.contains("Harrowmere").any()


def short_of(powers):
    return {area: power for (area, power), row in powers.iterrows() if row["is_short"]}


def test_the_planted_shortages_are_found_and_no_others(powers):
    assert short_of(powers) == {
        "Calderby": "hierarchical",
        "Thornsea": "solidaristic",
        "Penholt": "individual",
    }


def test_only_in_penholt_does_a_power_crowd_out_the_others(powers):
    assert powers.index[powers["crowds_out"]].tolist() == [("Penholt", "hierarchical")]


def test_only_in_harrowmere_is_every_power_heard_to_work_more_than_to_fail(powers):
    fails = powers[["lacking", "excessive"]].max(axis=1) > powers["enabling"]
    assert not fails["Harrowmere"].any()
    for area in ("Calderby", "Penholt", "Thornsea"):
        assert fails[area].any()
    assert powers.loc["Harrowmere", "enabling"].min() >= 5


def test_where_the_powers_are_in_balance_something_new_comes_of_it(counts):
    assert counts["innovation present"].idxmax() == "Harrowmere"
    assert counts["permission present"].idxmax() == "Harrowmere"


def test_what_follows_from_a_shortage_is_heard_where_it_is_planted(counts):
    assert counts["disorder present"].idxmax() == "Calderby"
    assert counts["trust lacking"].idxmax() == "Thornsea"


def test_what_is_only_ranked_is_not_coded_and_every_other_figure_unverified(study):
    rows = json.loads(study.card.read_text("utf-8"))["labels"]
    ranked = {(row["code"], row["stance"]) for row in rows if row["mode"] == "ranked"}
    shares = pd.read_parquet(study.outputs / "shares.parquet")
    pairs = zip(shares["code"], shares["stance"], strict=True)
    is_ranked = pd.Series([pair in ranked for pair in pairs])
    assert shares["status"].eq("not coded").tolist() == is_ranked.tolist()
    assert shares["raw_share"].isna().tolist() == is_ranked.tolist()
    assert set(shares.loc[~is_ranked, "status"]) == {"unverified"}
    for table in ("powers", "balances"):
        assert set(pd.read_parquet(study.outputs / f"{table}.parquet")["status"]) == {"unverified"}
    report = (study.outputs / "report" / "report.html").read_text("utf-8")
    assert "Unverified." in report


def test_a_second_run_changes_nothing_and_says_so(root, study):
    before = hash_all(study.outputs)
    result = analyse(root)
    lines = result.output.splitlines()[1 : len(STAGES) + 1]
    assert all(line.endswith("(unchanged)") for line in lines), result.output
    assert hash_all(study.outputs) == before


def test_deleting_outputs_loses_nothing_and_gives_the_same_bytes_also_after_an_edit(root, study):
    path = study.transcripts["harrowmere-1.txt"]
    before = path.read_text("utf-8")
    path.write_text(before.replace("the Station", "the old Station"), "utf-8")
    try:
        assert analyse(root).exit_code == 0
        edited = hash_all(study.outputs)
        shutil.rmtree(study.outputs)
        assert analyse(root).exit_code == 0
        assert hash_all(study.outputs) == edited
    finally:
        path.write_text(before, "utf-8")
        analyse(root)


@pytest.mark.parametrize(("table", "kept"), [("passages", 0), ("codings", 99), ("shares", -1)])
def test_a_truncated_table_is_made_again(root, study, table, kept):
    path = study.outputs / f"{table}.parquet"
    whole = path.read_bytes()
    path.write_bytes(whole[:kept])
    assert analyse(root).exit_code == 0
    assert path.read_bytes() == whole


def test_run_json_names_versions_settings_and_hashes_but_no_file_of_the_study(study):
    run = study.run.to_dict()
    assert run["versions"].keys() >= {"three-powers", "python", "spacy", "bertopic", "numpy"}
    assert run["settings"]["segment"]["longest"] == 120
    assert [stage["stage"] for stage in run["stages"]] == [stage.name for stage in STAGES]
    assert all(len(h) == 64 for s in run["stages"] for h in s["made"].values())
    assert "harrowmere-1.txt" not in (study.outputs / "run.json").read_text("utf-8")


def test_the_codings_open_in_r_and_excel_as_they_are(study):
    wide = pd.read_csv(study.outputs / "exports" / "codings_wide.csv", encoding="utf-8-sig")
    long = pd.read_csv(study.outputs / "exports" / "codings_long.csv", encoding="utf-8-sig")
    assert len(long) == len(wide) * 48
    assert set(wide["hierarchical__lacking"]) <= {0, 1}
    assert wide["hierarchical__lacking"].sum() == (
        long.query("code == 'hierarchical' and stance == 'lacking'")["applied"].sum()
    )
