"""One study: where its files are, how it is analysed, and what is known of it so far."""

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pipeline.codebook import Codebook, read_codebook
from pipeline.codebook_versions import read_versions
from pipeline.coding.card import read_card
from pipeline.coding.shelf import SHIPPED, name_models
from pipeline.decisions import read_decisions
from pipeline.errors import UnknownChoiceError, UserError
from pipeline.files import write_whole
from pipeline.listed_names import read_names
from pipeline.pseudonym_key import read_key, write_key
from pipeline.runs import Run, read_run
from pipeline.settings import Settings, read_settings
from pipeline.spreadsheets import read_sheet
from pipeline.store import Store
from pipeline.tables import Decisions
from pipeline.transcripts.interviews import Interview, read_interviews
from pipeline.transcripts.people import Key, Listed

IGNORED = ("~$", ".", "Thumbs.db", "desktop.ini")  # how the names of no transcripts start
CODEBOOKS = ("codebook.yaml", "codebook.csv")
ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Study:
    """The folders of one study: ``corpus`` is the researcher's, ``outputs`` ours.

    ``root`` is the project's folder, with corpora/, models/ and outputs/.
    """

    root: Path
    name: str
    corpus: Path

    @classmethod
    def find(cls, root: Path, given: str) -> "Study":
        """Open a study by its name in corpora/ or by the path of its folder.

        Raises UnknownChoiceError that lists the studies, UserError for a path that is no study.
        """
        name = given.strip().rstrip("/\\")
        if name and Path(name).name == name and (root / "corpora" / name).is_dir():
            return cls(root, name, root / "corpora" / name)
        folder = Path(name).expanduser().resolve()
        if name and any((folder / part).exists() for part in ("interviews.csv", "transcripts")):
            return cls(root, folder.name, folder)
        if Path(name).name != name or name == "..":
            raise UserError(
                f"There is no study in {given}. A study's folder has transcripts/ and "
                "interviews.csv in it; 'three-powers new STUDY --from FOLDER' makes one."
            )
        known = (path.name for path in (root / "corpora").glob("*/"))
        raise UnknownChoiceError("study", name, known)

    @property
    def outputs(self) -> Path:
        """What stages make. Deleting it loses nothing that a run cannot make again."""
        return self.root / "outputs" / self.name

    @property
    def private(self) -> Path:
        """Everything that holds real names. It stays with the study and is never served."""
        return self.corpus / "private"

    @property
    def tables(self) -> Store:
        """The tables made so far."""
        return Store(self.outputs, self.private)

    @cached_property
    def settings(self) -> Settings:
        """The choices in the study's study.toml."""
        return read_settings(self.corpus / "study.toml")

    @property
    def title(self) -> str:
        """What the report is headed."""
        return self.settings.report.title or title_from(self.name)

    @cached_property
    def codebook(self) -> Codebook:
        """The study's own codebook, else the one that ships with the package.

        Raises UserError if there are two, or one in a format that is not read.
        """
        files = sorted(path for path in self.corpus.glob("*") if path.stem.lower() == "codebook")
        found = [path for path in files if path.name in CODEBOOKS]
        if len(found) > 1:
            raise UserError(f"{found[0]} and {found[1]}: a study has one codebook. Delete one.")
        if files and not found:
            raise UserError(f"{files[0]} is not read. Save it as {' or '.join(CODEBOOKS)}.")
        return read_codebook(found[0] if found else "shipped")

    @cached_property
    def interviews(self) -> list[Interview]:
        """The rows of interviews.csv, held against the transcripts that are there."""
        return read_interviews(self.corpus / "interviews.csv", sorted(self.transcripts))

    @property
    def interview_order(self) -> list[str]:
        """The ids of transcripts as they were interviewed: by date, if all have one (2026-11-23),
        else as interviews.csv lists them.
        """
        rows = self.interviews
        if all(ISO_DATE.fullmatch(row.date) for row in rows):
            rows = sorted(rows, key=lambda row: row.date)
        key = self.read_key()
        names = (key.get(("transcript", row.transcript)) for row in rows)
        return [name for name in dict.fromkeys(names) if name]  # without those set aside

    @cached_property
    def transcripts(self) -> dict[str, Path]:
        """The files in transcripts/ by their path in it."""
        return find_transcripts(self.corpus / "transcripts")

    @property
    def decisions(self) -> Decisions:
        """What people decided last."""
        return read_decisions(self.corpus / "coding.sqlite")

    @property
    def model(self) -> Path:
        """The model that codes: study.toml's, else the study's own if there is one, else ours."""
        known = name_models(self.root / "models")
        name = self.settings.code.model or (self.name if self.name in known else SHIPPED)
        if name not in known:
            raise UnknownChoiceError("model", name, known)
        return self.root / "models" / name

    @property
    def shipped_model(self) -> Path:
        """The model that ships, whose encoder all others share."""
        return self.root / "models" / SHIPPED

    def find_codebook_of(self, model: Path) -> Codebook | None:
        """Give the codebook that a model is for: the study's, or a known earlier version of it.

        None if it is another one; the wording of a codebook with the study's version is not looked
        at here.
        """
        its, ours = read_card(model)["codebook"], self.codebook
        if ours.name_and_version == f"{its['name']} {its['version']}":
            return ours
        known = [read_codebook("shipped"), *read_versions(self.corpus).values()]
        same = (one for one in known if one.fingerprint == its["fingerprint"])
        return next((one for one in same if one.name == ours.name), None)

    @property
    def has_no_model(self) -> bool:
        """Whether nothing has been trained on the study's codebook, so passages are only ranked."""
        return self.model == self.shipped_model and self.find_codebook_of(self.model) is None

    @property
    def card(self) -> Path:
        """The card of the model that coded."""
        return self.outputs / "model_card.json"

    @property
    def vectors(self) -> Path:
        """Where the vectors of the study's passages are kept."""
        return self.outputs / "vectors.npz"

    @property
    def entities(self) -> Path:
        """Where it is kept what spaCy found in the study's turns, by hashes of their words."""
        return self.private / "entities.npz"

    @property
    def names(self) -> Path:
        """The researcher's own list of names; the columns are name, kind and pseudonym."""
        return self.private / "names.csv"

    @property
    def set_aside(self) -> Path:
        """The transcripts that were not read in the last run; the columns are transcript, why."""
        return self.private / "set-aside.csv"

    @property
    def warnings(self) -> Path:
        """What to look at in which transcript; the columns are transcript, warning."""
        return self.private / "warnings.csv"

    @property
    def key(self) -> Path:
        """Which pseudonym stands for which name: sealed, see pseudonym_key.py."""
        return self.private / "pseudonyms.key"

    @property
    def run(self) -> Run:
        """What the last run took and made."""
        return read_run(self.outputs / "run.json")

    def read_set_aside(self) -> dict[str, str]:
        """Read which transcripts were not read in the last run, and why not."""
        if not self.set_aside.exists():
            return {}
        rows = (row.cells for row in read_sheet(self.set_aside).rows)
        return {row["transcript"]: row["why"] for row in rows}

    def write_set_aside(self, refused: Mapping[str, str]) -> None:
        """Keep which transcripts were not read, for the owner's eyes only."""
        self._write_rows(self.set_aside, ("transcript", "why"), refused.items())

    def read_warnings(self) -> list[tuple[str, str]]:
        """Read what to look at in which transcript, as the last run found."""
        if not self.warnings.exists():
            return []
        rows = (row.cells for row in read_sheet(self.warnings).rows)
        return [(row["transcript"], row["warning"]) for row in rows]

    def write_warnings(self, warnings: Iterable[tuple[str, str]]) -> None:
        """Keep what to look at, for the owner's eyes only."""
        self._write_rows(self.warnings, ("transcript", "warning"), warnings)

    def read_names(self) -> list[Listed]:
        """Read the researcher's own list of names. Raises NeedsAttentionError for its mistakes."""
        return read_names(self.names) if self.names.exists() else []

    def read_key(self) -> Key:
        """Read which pseudonyms were given in earlier runs."""
        return read_key(self.key, self.root)

    def write_key(self, key: Key) -> None:
        """Keep the pseudonyms for later runs, sealed."""
        write_key(self.key, self.root, key)

    def _write_rows(
        self, path: Path, columns: Sequence[str], rows: Iterable[Iterable[str]]
    ) -> None:
        def write(part: Path) -> None:
            with part.open("w", encoding="utf-8", newline="") as file:
                part.chmod(0o600)
                writer = csv.writer(file)
                writer.writerow(columns)
                writer.writerows(rows)

        write_whole(path, write)


def find_transcripts(folder: Path) -> dict[str, Path]:
    """Give the files below a folder by their path in it, without hidden and system files."""
    found = {path.relative_to(folder): path for path in sorted(folder.rglob("*"))}
    return {
        unicodedata.normalize("NFC", name.as_posix()): path
        for name, path in found.items()
        if path.is_file() and not any(part.startswith(IGNORED) for part in name.parts)
    }


def title_from(name: str) -> str:
    """Make a title of a study's name.

    >>> title_from("harbour_2025")
    'Harbour 2025'
    """
    return name.replace("_", " ").replace("-", " ").capitalize()
