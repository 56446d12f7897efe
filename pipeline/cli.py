"""The command line: each command parses, calls one stage and says what it did."""

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
    click.echo(f"\nOpen {_near(opened.outputs / 'report' / 'report.html')} in your browser.")


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
@click.argument("study", default="demo")
@click.pass_obj
def retrain(root: Path, study: str) -> None:
    """Train the study's own model on what people decided.

    Makes models/STUDY/, which codes from the next 'analyse' on, unless it is worse than the
    shipped model. The one before is kept as models/STUDY-before/. What people decided stands in
    corpora/STUDY/coding.sqlite.

    \b
    Example:
        three-powers retrain harbour
    """
    from pipeline import retraining, running

    opened = _open(root, study)
    with running.hold(opened):
        _say("retrain", retraining.retrain(opened), False)


@main.command()
def settings() -> None:
    """List what study.toml may set, with the defaults.

    \b
    Example:
        three-powers settings
    """
    from pipeline.settings import describe_settings

    for name, default, description in describe_settings():
        shown = list(default) if isinstance(default, tuple) else default
        click.echo(f"{name} = {shown!r}\n    {description}")


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
