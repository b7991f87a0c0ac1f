"""`encord-lambda check`: is a pipeline.yaml good, and does Encord have what it names."""

import argparse
import sys
from pathlib import Path

from encord_lambda.agents import prompting
from encord_lambda.checking import pipeline
from encord_lambda.checking.survey import Named, Survey
from encord_lambda.cli import key
from encord_lambda.cli.files import content, text
from encord_lambda.cli.key import Key
from encord_lambda.cli.printing import counted
from encord_lambda.config import PipelineConfig
from encord_lambda.errors import Misconfigured
from encord_lambda.yaml_places import Document

ABOUT = """\
Read each FILE as a pipeline.yaml, offline. With --encord, also ask Encord whether it has what the file names: projects,
agent stages, pathways, classifications and their options, objects, datasets, folders and cloud integrations. Nothing is
changed there."""
STATUS = """\
Exit status: 0 if every file is good, 1 if one is not, 2 if that could not be found out. Faults go to standard error,
one a line: file, line, key and what is wrong."""


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command's options."""
    parser = commands.add_parser(
        "check", help="check pipeline.yaml: each fault with its line and key", description=ABOUT, epilog=STATUS
    )
    parser.add_argument("files", metavar="FILE", nargs="+", help="for example pipeline.yaml")
    parser.add_argument("--encord", action="store_true", help="ask Encord, too; this needs a key")
    key.add_options(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Check every file; one that is faulty does not keep the next from being checked.

    Raises:
        Trouble: Encord cannot be asked.
    """
    found = key.find(options) if options.encord else None
    return max([_check(file, found) for file in options.files])


def _check(file: str, found: Key | None) -> int:
    try:
        written = text(file)
        config = PipelineConfig.parse(file, written)
        _check_prompts(file, config)
    except Misconfigured as fault:
        sys.stderr.write(f"{fault.reason}\n")
        return 1
    if found is None:
        sys.stdout.write(f"{file}: ok — {_counts(config)}\n")
        return 0
    return _compare(config, Document.parse(file, written), _survey(config, found))


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

    with key.used(found):
        return wiring_desk.survey(Named.by(config), found)


def _compare(config: PipelineConfig, document: Document, survey: Survey) -> int:
    faults = 0
    for one in sorted(pipeline.findings(config, survey), key=lambda found: document.line(found.place)):
        faults += not one.is_remark
        (sys.stdout if one.is_remark else sys.stderr).write(f"{document.told(one.place, one.text)}\n")
    if not faults:
        sys.stdout.write(f"{document.name}: {_counts(config)}: all found in Encord\n")
    return 1 if faults else 0


def _counts(config: PipelineConfig) -> str:
    return ", ".join(
        counted(len(things), thing)
        for things, thing in (
            (config.registrations, "registration"),
            (config.stages, "stage"),
            (config.editor_agents, "editor agent"),
        )
    )
