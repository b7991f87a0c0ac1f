"""`encord-lambda manifest check`: one line per fault with its place, the sum, and never a traceback."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from encord_lambda import cli
from encord_lambda.cli import bar, manifest_file

S3 = "https://lumen-media.s3.eu-central-1.amazonaws.com"
MIXED = f"""\
{{"videos": [{{"objectUrl": "{S3}/raw/a.mp4"}}],
 "images": [{{"objectUrl": "{S3}/raw/b.jpg", "title": "b"}}],
 "image_groups": [
   {{"title": "seq-1", "createVideo": true,  "objectUrl_0": "{S3}/s/1.jpg", "objectUrl_1": "{S3}/s/2.jpg"}},
   {{"title": "grp-1", "createVideo": false, "objectUrl_0": "{S3}/g/front.jpg", "objectUrl_1": "{S3}/g/rear.jpg"}}],
 "dicom_series": [{{"title": "ct-9", "objectUrl_0": "{S3}/ct9/1.dcm"}}],
 "skip_duplicate_urls": true, "upsert_metadata": false}}
"""
SUM = "1 video, 1 image, 1 image group, 1 image sequence, 1 DICOM series"
TWICE = f"""\
{{"image_groups": [{{"title": "a", "objectUrl_0": "{S3}/a.jpg"}}],
 "image_groups": [{{"title": "b", "objectUrl_0": "{S3}/b.jpg"}}]}}
"""


def written(folder: Path, name: str, content: str | bytes) -> str:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(file)


def check(*words: str) -> int:
    return cli.main(["manifest", "check", *words])


def test_a_good_json_is_one_line_with_what_is_in_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, "mixed.json", MIXED)

    assert check(file) == 0

    output = capsys.readouterr()
    assert output.out == f"{file}: ok — {SUM} in 4 upload jobs\n"
    assert output.err == ""


def test_a_good_csv_is_read_by_its_sections(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = f"ObjectURL,Image group title,Create video\n{S3}/0.jpg,s,true\n{S3}/1.jpg,s,\n\nObjectUrl,Video title,"
    file = written(tmp_path, "mixed.csv", f"{content}Create video\n{S3}/a.mp4,a,false\n")

    assert check(file) == 0

    assert capsys.readouterr().out == f"{file}: ok — 1 video, 1 image sequence in 2 upload jobs\n"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "a.json",
            '{"videos": [\n  {"objectUrl": "http://x.s3.eu-west-1.amazonaws.com/a.mp4"}]}',
            ":2:18: U3 videos[0].objectUrl: ",
        ),
        ("a.json", '{"videos": [\n  {"objecturl": "x"}]}', ":2:4: J11 videos[0].objecturl: "),
        ("a.json", f'{{"video": [{{"objectUrl": "{S3}/a.mp4"}}]}}', ":1:2: J7 video: "),
        ("a.json", "", ":1:1: J2"),
        ("a.json", "[]", ":1:1: J6"),
        ("a.json", '{"videos": [', ": J3"),
        ("a.json", TWICE, ":2:2: J5 image_groups: "),
        ("a.csv", f"ObjectURL,Video title\n{S3}/a b.mp4,a\n", ":2:"),
        ("a.csv", f"{S3}/a.mp4\n", ":1"),
        ("a.csv", "ObjectURL;Video title\n", ": C4"),
        ("a.csv", b"ObjectURL\n\xff\n", ": C18"),
        ("a.csv", MIXED, ": C23"),
        ("a.json", f"ObjectURL\n{S3}/a.mp4\n", ": C23"),
    ],
)
def test_a_fault_is_told_with_its_place_and_rule(
    name: str, content: str | bytes, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, name, content)

    assert check(file) == 1

    output = capsys.readouterr()
    first = output.err.splitlines()[0]
    assert first.startswith(f"{file}:")
    assert said in first
    faults = len(output.err.splitlines())
    assert output.out.startswith(f"{file}: {faults} fault{'s' if faults > 1 else ''} — ")


def test_of_many_faults_a_hundred_are_told_and_the_rest_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "".join(f"http://x.s3.eu-west-1.amazonaws.com/{number}.mp4\n" for number in range(250))
    file = written(tmp_path, "many.csv", f"ObjectURL\n{S3}/good.mp4\n{rows}")

    assert check(file) == 1

    output = capsys.readouterr()
    *told, more = output.err.splitlines()
    assert (len(told), more) == (100, f"{file}: and 150 more faults")
    assert output.out == f"{file}: 250 faults — 1 video in 1 upload job\n"


def test_warnings_leave_a_file_good(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, "plus.csv", f"ObjectURL\n{S3}/9+4.mp4\n")

    assert check(file) == 0

    output = capsys.readouterr()
    warning, verdict = output.out.splitlines()
    assert warning.startswith(f"{file}:2:")
    assert "warning" in warning
    assert verdict == f"{file}: ok, 1 warning — 1 video in 1 upload job"
    assert output.err == ""


def test_what_the_guide_gets_wrong_is_repaired_if_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, "twice.json", TWICE)

    assert check(file, "--lenient") == 0

    warning, verdict = capsys.readouterr().out.splitlines()
    assert "warning J5" in warning
    assert verdict == f"{file}: ok, 1 warning — 2 image groups in 1 upload job"


@pytest.mark.parametrize(("bucket", "status"), [("lumen-media", 0), ("elsewhere", 1)])
def test_only_some_buckets_may_be_named(
    bucket: str, status: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, "one.csv", f"ObjectURL\n{S3}/a.mp4\n")

    assert check(file, "--bucket", "another", "--bucket", bucket) == status

    assert ("U10" in capsys.readouterr().err) == bool(status)


def test_a_machine_is_told_in_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, "one.csv", f"ObjectURL\n{S3}/a.mp4\nhttp://b.s3.eu-west-1.amazonaws.com/b.mp4\n")

    assert check(file, "--json") == 1

    output = capsys.readouterr()
    told = json.loads(output.out)
    assert {key: told[key] for key in ("file", "ok", "items", "urls", "jobs", "more_faults", "warnings")} == {
        "file": file,
        "ok": False,
        "items": {"videos": 1},
        "urls": 1,
        "jobs": 1,
        "more_faults": 0,
        "warnings": [],
    }
    [fault] = told["faults"]
    assert (fault["code"], fault["line"]) == ("U3", 3)
    assert output.err == ""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("none.json", "cannot be read: No such file or directory"),
        (".json", "its name ends in neither .json nor .csv"),
        ("a.txt", "its name ends in neither .json nor .csv"),
        ("folder.json", "cannot be read: Is a directory"),
        ("nul\0.json", "cannot be read: "),
        ("s3://media/a.json", "copy it here first, with `aws s3 cp s3://media/a.json .`"),
    ],
)
def test_what_cannot_be_read_is_one_line(
    name: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "folder.json").mkdir()

    assert check(name if "://" in name else str(tmp_path / name)) == 2

    [line] = capsys.readouterr().err.splitlines()
    assert said in line


@pytest.mark.parametrize("words", [[], ["check"], ["check", "a.json", "--bucket"], ["mend", "a.json"]])
def test_wrong_usage(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        cli.main(["manifest", *words])

    assert exit_.value.code == 2
    assert capsys.readouterr().err.startswith("usage: encord-lambda manifest")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_a_line_says_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    monkeypatch.setattr(bar, "EVERY", 0.0)
    monkeypatch.setattr(manifest_file, "CHUNK", 100)
    file = written(tmp_path, "some.csv", "ObjectURL\n" + "".join(f"{S3}/{n}.mp4\n" for n in range(7)))

    assert check(file) == 0

    states = terminal.getvalue().split("\r\x1b[K")
    assert states[0] == states[-1] == "", "the line is empty in the end"
    assert states[-2].startswith("reading some.csv [########################] 100%")


@pytest.mark.parametrize("closed_by", [0, 1], ids=["check", "convert"])
def test_nobody_need_read_the_output_to_its_end(
    closed_by: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    file = written(tmp_path, "one.csv", f"ObjectURL\n{S3}/a.mp4\n")
    words = ["manifest", ("check", "convert")[closed_by], file, *["--to", "json"] * closed_by]

    with open(writer, "w", encoding="utf-8") as pipe:
        monkeypatch.setattr(sys, "stdout", pipe)
        assert cli.main(words) == 141

    assert "Traceback" not in capsys.readouterr().err


def test_a_file_is_read_as_it_comes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its first items are there before its last bytes are read."""
    rows = "".join(f"{S3}/{number}.mp4,{number}\n" for number in range(10_000))
    file = written(tmp_path, "long.csv", f"ObjectURL,Video title\n{rows}")
    monkeypatch.setattr(manifest_file, "CHUNK", 1000)
    read = 0

    class Counted(bar.Bar):
        def at(self, done: int, words: str) -> None:
            nonlocal read
            read = done
            super().at(done, words)

    monkeypatch.setattr(bar, "Bar", Counted)
    with manifest_file.opened(file, lenient=False, buckets=None) as reading:
        first: Iterator[object] = iter(reading)
        next(first)

    assert read < Path(file).stat().st_size / 5


def test_help_is_fast() -> None:
    """What is slow to import is imported only by the commands that need it."""
    slow = {"boto3", "encord", "pydicom", "av", "openai"}
    program = f"import sys, encord_lambda.cli; print({slow!r} & set(sys.modules))"

    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert printed.strip() == "set()"
