"""The command line: each command parses, calls one stage and says what it did."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pipeline.errors import UserError, did_you_mean

if TYPE_CHECKING:
    from pipeline.stages import Track
    from pipeline.study import Study

T = TypeVar("T")

PROJECT = Path(__file__).parents[1]
NUMBER = click.IntRange(min=1)


class Commands(click.Group):
    """Show problems a researcher can fix as text instead of tracebacks."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command, turning a UserError into Click's own error (exit code 1)."""
        try:
            return super().invoke(ctx)
        except UserError as error:
            raise click.ClickException(str(error)) from error
        except KeyboardInterrupt as error:
            raise click.ClickException(
                "Stopped. What was done is kept; run it again to go on."
            ) from error

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands in the order of work, not of the alphabet."""
        return list(self.commands)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Find a command, suggesting the nearest for an unknown one."""
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            hint = did_you_mean(args[0], self.commands)
            raise click.UsageError(
                f"There is no command '{args[0]}'.{hint} Choose from: {', '.join(self.commands)}."
            )
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--root", type=click.Path(path_type=Path), default=PROJECT, hidden=True)
@click.version_option(package_name="three-powers")
@click.pass_context
def main(ctx: click.Context, root: Path) -> None:
    """Turn interview transcripts into coded passages, findings per area and a report.

    STUDY is the name of a folder in corpora/ or the path of a study's folder; it is 'demo' if
    you leave it out. Nothing leaves this machine.

    \b
    Example:
        three-powers new harbour --from ~/transcripts
        three-powers analyse harbour
    """
    ctx.obj = root


@main.command()
@click.argument("study")
@click.option(
    "--from",
    "source",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of your transcripts; sub-folders are taken for areas.",
)
@click.pass_obj
def new(root: Path, study: str, source: Path) -> None:
    """Make a new study from a folder of transcripts.

    Copies the transcripts to corpora/STUDY/transcripts/ and writes interviews.csv (one row a
    transcript, the area from the sub-folder) and study.toml, for you to fill in.

    \b
    Example:
        three-powers new harbour --from ~/transcripts
    """
    from pipeline.scaffold import make_study

    click.echo(make_study(root, study, source))


@main.command()
@click.argument(
    "files",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--json", "as_json", is_flag=True, help="For programs: a list of records.")
def preview(files: tuple[Path, ...], as_json: bool) -> None:
    """Show what the pipeline sees in a transcript.

    That is its format, the speakers with their turns and words, how it begins, what is left out
    and what cleaning takes away. Changes nothing; exit code 1 if a file cannot be read.

    \b
    Example:
        three-powers preview ~/transcripts/ada.docx
    """

    from pipeline.preview import lay_out
    from pipeline.preview import preview as look_at

    found = []
    for shown in look_at(files):
        found.append(shown)
        if not as_json:
            click.echo(lay_out(shown) + "\n", err=bool(shown.problem))
    if as_json:
        records = [shown.to_record() for shown in found]
        click.echo(json.dumps(records, ensure_ascii=False, indent=2))
    if any(shown.problem for shown in found):
        raise SystemExit(1)


@main.command()
@click.argument("study", default="demo")
@click.pass_obj
def analyse(root: Path, study: str) -> None:
    """Run every stage in order, leaving out those that would change nothing.

    Makes outputs/STUDY/report/report.html and the tables in outputs/STUDY/exports/.

    \b
    Example:
        three-powers analyse demo
    """
    from pipeline import running

    opened = _open(root, study)
    click.echo(f"{'study':<13} {opened.name}, in {_near(opened.corpus)}")
    running.analyse(opened, _say, _bar)
    for transcript, warning in opened.read_warnings():
        _say("look at", f"{transcript}: {warning}", False)
    click.echo(f"\nOpen {_near(opened.outputs / 'report' / 'report.html')} in your browser.")
    running.check_all_read(opened)


def _stage(name: str, title: str, makes: str) -> None:
    """Add the command of one stage."""

    @main.command(
        name=name, help=f"{title}\n\nMakes {makes}.\n\n\b\nExample:\n  three-powers {name} demo"
    )
    @click.argument("study", default="demo")
    @click.pass_obj
    def command(root: Path, study: str) -> None:
        from pipeline import running

        _say(name, running.run_stage(_open(root, study), name, _bar(name)), False)


_stage("read", "Read the transcripts: who says what, cleaned.", "the table of turns, in private/")
_stage(
    "pseudonymise",
    "Replace names and contact details by pseudonyms.",
    "the table of safe turns, and the log of replacements and the key in private/",
)
_stage("segment", "Split what participants said into passages.", "the table of passages")
_stage("embed", "Turn passages into vectors, keeping those known already.", "vectors.npz")
_stage("code", "Score every passage for every code and stance.", "the table of codings")
_stage("topics", "Look for topics outside the codebook.", "the tables of topics")
_stage("find", "Add up the codings for each area.", "the tables of shares, powers and balances")
_stage("report", "Write the report and the spreadsheets.", "report/report.html and exports/*.csv")


@main.command()
@click.argument("study", default="demo")
@click.pass_obj
def export(root: Path, study: str) -> None:
    """Write the tables for spreadsheets once more.

    Makes outputs/STUDY/exports/*.csv from what 'analyse' found, with a data dictionary.

    \b
    Example:
        three-powers export demo
    """
    from pipeline import running, stages

    opened = _open(root, study)
    with running.hold(opened):
        _say("export", stages.export(opened), False)


@main.command()
@click.argument("study")
@click.argument("passage")
@click.pass_obj
def quote(root: Path, study: str, passage: str) -> None:
    """Show a passage as it was said, with real names, and where in its transcript.

    PASSAGE is its id, as it stands beside a quote of the report. For the owner of the transcripts:
    what this prints is not for others.

    \b
    Example:
        three-powers quote harbour T01-7f1530d9
    """
    from pipeline.said_passages import find_said, lay_out

    click.echo(lay_out(find_said(_open(root, study), passage)))


@main.command()
@click.argument("study", default="demo")
@click.option("--size", type=NUMBER, default=60, show_default=True, help="Passages of each area.")
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help="Makes the sample repeatable; another one draws another sample.",
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write only this file: a name that ends in .csv or .xlsx.",
)
@click.option("--force", is_flag=True, help="Overwrite what is there, even if it was filled in.")
@click.pass_obj
def check_sample(
    root: Path, study: str, size: int, seed: int, output: Path | None, force: bool
) -> None:
    """Draw passages at random for people to check.

    Makes corpora/STUDY/check-sample.xlsx, and the same as check-sample.csv: passages of each area,
    without what the model says of them, and a column 'codes' to fill in. How they were drawn is
    kept in check-sample.json beside them. Figures are corrected by what people find, once
    'import-codes' has taken it back.

    \b
    Example:
        three-powers check-sample harbour --size 60
    """
    from pipeline import running
    from pipeline.check_sheets import write_check_sheets

    opened, sheets = _open(root, study), [output] if output else []
    with running.hold(opened):
        said = write_check_sheets(opened, sheets, size=size, seed=seed, may_overwrite=force)
    _say("check-sample", said, False)


@main.command()
@click.argument("study")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--coder", default="", help="Who typed the codes of rows without a coder.")
@click.option("--dry-run", is_flag=True, help="Only say what would be imported.")
@click.pass_obj
def import_codes(root: Path, study: str, file: Path, coder: str, dry_run: bool) -> None:
    """Take back the codes that people typed.

    FILE is a filled-in check sample, or any table with the columns passage, code and stance and, if
    it has them, applied (yes, no) and coder; CSV or XLSX. What people decided goes into
    corpora/STUDY/coding.sqlite, all of it or, if there is any mistake in FILE, nothing: every
    mistake is listed with its row. In a check sample, '-' means that no code applies, and an empty
    cell that nobody has checked the passage.

    \b
    Example:
        three-powers import-codes harbour check-sample.xlsx --coder Ada
    """
    from datetime import UTC, datetime

    from pipeline import imported_codes, running

    opened = _open(root, study)
    take = imported_codes.try_import if dry_run else imported_codes.import_codes
    with running.hold(opened):
        _say("import-codes", take(opened, file, coder=coder, now=datetime.now(UTC)), False)


@main.command()
@click.argument("study")
@click.argument("other", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--rename",
    type=(str, str),
    metavar="OLD NEW",
    multiple=True,
    help="Take coder OLD of OTHER for NEW: where two people used one name, or one wrote it twice.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be merged.")
@click.pass_obj
def merge_codes(
    root: Path, study: str, other: Path, rename: tuple[tuple[str, str], ...], dry_run: bool
) -> None:
    """Merge what somebody coded on another machine.

    OTHER is the file corpora/STUDY/coding.sqlite of that machine, under any name; it is only read.
    Its decisions and memos go into the study's own, each once, however often it is merged. Where
    the same coder decided in both, the later decision stands, as if all had been saved in one file.

    \b
    Example:
        three-powers merge-codes harbour from-bo.sqlite --dry-run
    """
    from pipeline import merged_codes, running

    opened = _open(root, study)
    merge = merged_codes.try_merge if dry_run else merged_codes.merge_codes
    with running.hold(opened):
        _say("merge-codes", merge(opened, other, names=dict(rename)), False)


@main.command()
@click.argument("study")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write this file: a name that ends in .csv or .xlsx.",
)
@click.option("--coder", default="", help="Only what this person decided.")
@click.option("--force", is_flag=True, help="Overwrite the file if it is there already.")
@click.pass_obj
def export_codes(root: Path, study: str, output: Path | None, coder: str, force: bool) -> None:
    """Write what people decided as a table for a spreadsheet.

    Makes corpora/STUDY/codes.csv: one row for each passage, label and person, with yes or no in
    the column 'applied'. 'import-codes' takes it back, also after somebody changed a yes or a no:
    what you leave as it was stays as it was.

    \b
    Example:
        three-powers export-codes harbour --output codes.xlsx
    """
    from pipeline import exported_codes, running

    opened = _open(root, study)
    with running.hold(opened):
        said = exported_codes.export_codes(opened, output, coder=coder, may_overwrite=force)
    _say("export-codes", said, False)


@main.command()
@click.argument("study", default="demo")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write this file instead: a name that ends in .csv or .xlsx. It holds real names.",
)
@click.option(
    "--take",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Take the decisions in this file into private/names.csv.",
)
@click.option("--show-key", is_flag=True, help="Print which pseudonym stands for which name.")
@click.pass_obj
def names(root: Path, study: str, output: Path | None, take: Path | None, show_key: bool) -> None:
    """List the names that were found, for you to confirm, change or keep.

    Makes corpora/STUDY/private/names-found.csv: every name and contact detail that was replaced,
    what is doubtful first, with an example. Write 'keep' into the column 'decision' for what is to
    stay, 'replace' for what is right, or other words to stand there ('a neighbouring town'); save
    it, and give it back with --take. The next 'analyse' goes by it.

    \b
    Example:
        three-powers names harbour
        three-powers names harbour --take corpora/harbour/private/names-found.csv
    """
    from pipeline import found_names, running

    opened = _open(root, study)
    if show_key:
        click.echo(found_names.show_key(opened), nl=False)
        return
    with running.hold(opened):
        said = (
            found_names.take_found(opened, take)
            if take
            else found_names.write_found(opened, output)
        )
    _say("names", said, False)


@main.command()
@click.argument("study", default="demo")
@click.option("--show", is_flag=True, help="Show the names as well; they are real ones.")
@click.pass_context
def check_leaks(ctx: click.Context, study: str, show: bool) -> None:
    """Search all results for real names.

    Looks through outputs/STUDY/, models/STUDY/, coding.sqlite with its memos, and all else of the
    study but its transcripts, private/ and interviews.csv, for every name and contact detail that
    was replaced or that is on your lists. Prints the files with how often names stand in them, and
    ends with exit code 1 if there is any.

    \b
    Example:
        three-powers check-leaks harbour
    """
    from pipeline import leaks

    opened = _open(ctx.obj, study)
    found = leaks.find_leaks(opened)
    for line in leaks.tell_leaks(found, _near, shows=show):
        click.echo(line)
    searched = f"{len(leaks.find_files(opened)):,} files searched"
    _say("check-leaks", f"{searched}, names found in {len(found):,} of them", False)
    ctx.exit(1 if found else 0)


@main.command()
@click.argument("study", default="demo")
@click.option(
    "--port", type=click.IntRange(1024, 65535), help="Where to listen.  [default: 8421, or any]"
)
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@click.pass_obj
def review(root: Path, study: str, port: int | None, no_browser: bool) -> None:
    """Open the page on which people code, check, compare and retrain.

    Serves it to this machine alone until you press Ctrl-C, and prints its address. What people
    decide is saved in corpora/STUDY/coding.sqlite as they go.

    \b
    Example:
        three-powers review harbour
    """
    from pipeline.review.server import serve

    serve(_open(root, study), port=port, opens_browser=not no_browser, say=click.echo)


@main.command()
@click.argument("study", default="demo")
@click.pass_obj
def retrain(root: Path, study: str) -> None:
    """Train the study's own model on what people decided.

    Makes models/STUDY/, which codes from the next 'analyse' on, unless it is worse than the model
    in use: a table says so, code by code. The one before is kept ('three-powers models restore'
    brings it back). What people decided stands in corpora/STUDY/coding.sqlite.

    \b
    Example:
        three-powers retrain harbour
    """
    from datetime import date

    from pipeline import retraining, running
    from pipeline.coding.cards import tabulate_changes

    opened = _open(root, study)
    with running.hold(opened):
        done = retraining.retrain(opened, today=date.today(), track=_bar("retrain"))
    click.echo(tabulate_changes([change.to_row() for change in done.changes]))
    _say("retrain", done.sentence, False)


@main.group(cls=Commands, invoke_without_command=True)
@click.pass_context
def models(ctx: click.Context) -> None:
    """List the models, show what one is worth, or put an earlier one in use again.

    A study's own model is models/STUDY/, made by 'retrain', which keeps those before it.

    \b
    Example:
        three-powers models
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_models)


@models.command(name="list")
@click.pass_obj
def list_models(root: Path) -> None:
    """List every model, in use and earlier.

    Each has its codebook, its macro-F1 and what it was trained on; a damaged one is named so.

    \b
    Example:
        three-powers models list
    """
    from pipeline.coding.cards import describe_models

    click.echo(describe_models(root / "models"))


@models.command()
@click.argument("name")
@click.option("--number", type=NUMBER, help="The earlier model of this number; else that in use.")
@click.pass_obj
def show(root: Path, name: str, number: int | None) -> None:
    """Show what a model is worth, label by label.

    This is its card: where it comes from, figures, cut-offs, bias, and what changed last.

    \b
    Example:
        three-powers models show default
        three-powers models show harbour --number 2
    """
    from pipeline.coding.cards import describe_model
    from pipeline.coding.shelf import find_model

    click.echo(describe_model(find_model(root / "models", name, number or 0)))


@models.command()
@click.argument("name")
@click.option("--number", type=NUMBER, help="The earlier model of this number; else the newest.")
@click.pass_obj
def restore(root: Path, name: str, number: int | None) -> None:
    """Put an earlier model in use again; the present one is kept.

    \b
    Example:
        three-powers models restore harbour
        three-powers models restore harbour --number 2
    """
    from pipeline.coding.cards import tell_restored
    from pipeline.coding.shelf import restore as put_back

    click.echo(tell_restored(put_back(root / "models", name, number or 0)))


@main.command()
@click.argument(
    "table", metavar="TABLE", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the codings go: a name that ends in .csv.",
)
@click.option("--text", default="text", show_default=True, help="The column of texts.")
@click.option("--id", "ids", default="", help="The column of ids.  [default: id, else row numbers]")
@click.option("--model", default="default", show_default=True, help="A folder in models/.")
@click.option("--force", is_flag=True, help="Overwrite the output if it is there already.")
@click.pass_obj
def code_table(
    root: Path, table: Path, output: Path, text: str, ids: str, model: str, force: bool
) -> None:
    """Code any table of texts, such as open answers of a survey.

    TABLE is a CSV file, or an XLSX file, whose first sheet is read. Makes a CSV file with one row
    for each text, code and stance: its score, what the model decides (yes for sure, ask a person,
    no) and whether the code applies. The columns interview, area and context go into it where
    TABLE has them. Names are not replaced. Texts of more than 120 words are read in parts.

    \b
    Example:
        three-powers code-table answers.xlsx --text "What helped?" --output codings.csv
    """
    from pipeline import code_tables
    from pipeline.text_tables import TextTable

    def say(sentence: str) -> None:
        _say("code-table", sentence, False)

    texts, bar = TextTable(table, text, ids), _bar("code-table")
    coder = code_tables.load_coder(root / "models", model)
    say(code_tables.code_table(texts, output, coder, say, bar, may_overwrite=force))


@main.command()
def settings() -> None:
    """List what study.toml may set, with the defaults.

    \b
    Example:
        three-powers settings
    """
    from pipeline.settings import describe_settings

    for name, default, description in describe_settings():
        click.echo(f"{name} = {json.dumps(default)}\n    {description}")


def _open(root: Path, name: str) -> "Study":
    from pipeline.study import Study

    return Study.find(root, name)


def _say(stage: str, sentence: str, is_unchanged: bool) -> None:
    mark = " (unchanged)" if is_unchanged else ""
    click.echo(f"{stage:<13} {sentence}{mark}")


def _bar(stage: str) -> "Track":
    """Draw a progress bar on a terminal, and nothing elsewhere."""

    def track(steps: Iterable[T], count: int) -> Iterator[T]:
        from tqdm import tqdm

        return iter(tqdm(steps, desc=f"{stage:<13}", total=count, leave=False, disable=None))

    return track


def _near(path: Path) -> Path:
    """Show a path from where the researcher stands, if it lies below."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
