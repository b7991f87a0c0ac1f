"""`encord-lambda check`: is a pipeline.yaml good, and does Encord have what it names."""

import argparse
import json
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path

from encord_lambda.agents import prompting
from encord_lambda.checking import pipeline
from encord_lambda.checking.survey import Named, Survey
from encord_lambda.cli import key
from encord_lambda.cli.bar import bar
from encord_lambda.cli.files import content, text
from encord_lambda.cli.key import Key
from encord_lambda.cli.printing import counted
from encord_lambda.config import PipelineConfig
from encord_lambda.errors import Misconfigured
from encord_lambda.yaml_places import Document

ABOUT = """\
Read each FILE as a pipeline.yaml, offline. With --encord, also ask Encord whether it has what the file names: projects,
agent stages, pathways, classifications and their options, objects, datasets, folders and cloud integrations; and
whether benchmarks' projects fit each other. Nothing is changed there."""
STATUS = """\
Exit status: 0 if every file is good, 1 if one is not or cannot be read, 2 if Encord could not be asked. Faults go to
standard error, one a line: file, line, key and what is wrong; with --json all goes to standard output."""


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command's options."""
    parser = commands.add_parser(
        "check", help="check pipeline.yaml: each fault with its line and key", description=ABOUT, epilog=STATUS
    )
    parser.add_argument("files", metavar="FILE", nargs="+", help="for example pipeline.yaml")
    parser.add_argument("--encord", action="store_true", help="ask Encord, too; this needs a key")
    parser.add_argument("--json", action="store_true", help="JSON for machines instead of lines")
    key.add_options(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Check every file; one that is faulty does not keep the next from being checked.

    Raises:
        Trouble: Encord cannot be asked.
    """
    found = key.find(options) if options.encord else None
    every = []
    for file in options.files:
        every.append(checked := _check(file, found))
        if not options.json:
            _tell(checked)
    if options.json:
        sys.stdout.write(f"{json.dumps([asdict(one) | {'ok': one.ok} for one in every], indent=2)}\n")
    return max(0 if one.ok else 1 for one in every)


@dataclass(frozen=True, slots=True)
class Checked:
    """What is to be said of a file."""

    file: str
    faults: list[str]
    remarks: list[str] = field(default_factory=list)
    counts: str = ""
    """How much is in it."""
    compared: bool = False
    """Whether Encord was asked, too."""

    @property
    def ok(self) -> bool:
        """Whether it is good."""
        return not self.faults


def _tell(checked: Checked) -> None:
    sys.stdout.write("".join(f"{remark}\n" for remark in checked.remarks))
    sys.stderr.write("".join(f"{fault}\n" for fault in checked.faults))
    if checked.ok:
        told = f"{checked.counts}: all found in Encord" if checked.compared else f"ok — {checked.counts}"
        sys.stdout.write(f"{checked.file}: {told}\n")


def _check(file: str, found: Key | None) -> Checked:
    try:
        written = text(file)
        config = PipelineConfig.parse(file, written)
        _check_prompts(file, config)
    except Misconfigured as fault:
        return Checked(file, fault.reason.splitlines())
    if found is None:
        return Checked(file, [], counts=_counts(config))
    return _compared(config, Document.parse(file, written), _survey(config, found))


def _check_prompts(file: str, config: PipelineConfig) -> None:
    """Read the prompts that lie beside a pipeline.yaml as they will lie beside it in S3."""
    faults = []
    for name, kind in sorted(config.prompts):
        beside = str(Path(file).parent / name)
        try:
            prompting.checked(beside, kind, content(beside))
        except Misconfigured as fault:
            faults.append(fault.reason)
    if faults:
        raise Misconfigured("\n".join(faults))


def _survey(config: PipelineConfig, found: Key) -> Survey:
    from encord_lambda import wiring_desk  # takes a second to import, which an offline check does without

    named = Named.by(config)
    with key.used(found), bar("asking Encord") as shown:
        shown.at(0, f"about {counted(len(named.projects), 'project')}")
        return wiring_desk.survey(named, found)


def _compared(config: PipelineConfig, document: Document, survey: Survey) -> Checked:
    found = sorted(pipeline.findings(config, survey), key=lambda one: document.line(one.place))
    faults, remarks = (
        [document.told(one.place, one.text) for one in found if one.is_remark is remark] for remark in (False, True)
    )
    return Checked(document.name, faults, remarks, _counts(config), compared=True)


def _counts(config: PipelineConfig) -> str:
    counts = [
        counted(len(config.registrations), "registration"),
        counted(len(config.stages), "stage"),
        counted(len(config.editor_agents), "editor agent"),
    ]
    if config.benchmarks:
        counts.append(counted(len(config.benchmarks), "benchmark"))
    return ", ".join(counts)
