"""`encord-lambda manifest convert`: the same manifest in another form, or nothing at all."""

import json
from pathlib import Path

import pytest
from encord.orm.storage import DataUploadItems

from encord_lambda import cli
from encord_lambda.cli import manifest_convert

S3 = "https://lumen-media.s3.eu-central-1.amazonaws.com"
CSV = f"""\
ObjectURL,Image group title,Create video
{S3}/s/0.jpg,seq-1,true
{S3}/s/1.jpg,seq-1,true
{S3}/g/front.jpg,grp-1,false
{S3}/g/rear.jpg,grp-1,false
ObjectURL,Image title,Create video
{S3}/raw/b.jpg,"still b, ü",false
ObjectURL,Video title,Create video
{S3}/raw/a.mp4,clip a,false
"""
UPLOAD_FILE = {
    "videos": [{"objectUrl": f"{S3}/raw/a.mp4", "title": "clip a"}],
    "images": [{"objectUrl": f"{S3}/raw/b.jpg", "title": "still b, ü"}],
    "image_groups": [
        {"title": "seq-1", "createVideo": True, "objectUrl_0": f"{S3}/s/0.jpg", "objectUrl_1": f"{S3}/s/1.jpg"},
        {"title": "grp-1", "createVideo": False, "objectUrl_0": f"{S3}/g/front.jpg", "objectUrl_1": f"{S3}/g/rear.jpg"},
    ],
    "skip_duplicate_urls": True,
    "upsert_metadata": False,
}


@pytest.fixture
def source(tmp_path: Path) -> str:
    file = tmp_path / "mixed.csv"
    file.write_text(CSV)
    return str(file)


def convert(*words: str) -> int:
    return cli.main(["manifest", "convert", *words])


def test_csv_becomes_an_upload_file(source: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert convert(source, "--to", "json") == 0

    output = capsys.readouterr()
    assert json.loads(output.out) == UPLOAD_FILE
    assert output.err == f"{source}: 1 video, 1 image, 1 image group, 1 image sequence converted to json\n"


def test_csv_becomes_what_the_sdk_takes(source: str, tmp_path: Path) -> None:
    out = tmp_path / "items.json"

    assert convert(source, "--to", "sdk", "--out", str(out)) == 0

    items = DataUploadItems.model_validate_json(out.read_text())
    assert [video.title for video in items.videos] == ["clip a"]
    assert [[image.url for image in group.images] for group in items.image_groups] == [
        [f"{S3}/s/0.jpg", f"{S3}/s/1.jpg"],
        [f"{S3}/g/front.jpg", f"{S3}/g/rear.jpg"],
    ]
    assert (items.skip_duplicate_urls, items.upsert_metadata) == (True, False)


def test_an_upload_file_becomes_csv_and_comes_back(source: str, tmp_path: Path) -> None:
    file, csv, again = tmp_path / "a.json", tmp_path / "a.csv", tmp_path / "b.json"
    file.write_text(json.dumps(UPLOAD_FILE))

    assert convert(str(file), "--to", "csv", "--out", str(csv)) == 0
    assert convert(str(csv), "--to", "json", "--out", str(again)) == 0

    assert csv.read_text() == Path(source).read_text()
    assert json.loads(again.read_text()) == UPLOAD_FILE


def test_all_batches_are_one_list(
    source: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(manifest_convert, "BATCH", 1)

    assert convert(source, "--to", "json") == 0

    assert json.loads(capsys.readouterr().out) == UPLOAD_FILE


def test_flags_of_json_are_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps({"images": UPLOAD_FILE["images"], "skip_duplicate_urls": True, "upsert_metadata": True}))

    assert convert(str(file), "--to", "sdk") == 0
    assert '"upsertMetadata": true' in capsys.readouterr().out

    file.write_text(json.dumps({"images": UPLOAD_FILE["images"]}))
    assert convert(str(file), "--to", "json") == 0
    assert '"skip_duplicate_urls": false' in capsys.readouterr().out


def test_a_file_that_is_there_is_replaced_as_a_whole(source: str, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    out.write_text("x" * 10_000)

    assert convert(source, "--to", "json", "--out", str(out)) == 0

    assert json.loads(out.read_text()) == UPLOAD_FILE
    assert sorted(file.name for file in tmp_path.iterdir()) == ["mixed.csv", "out.json"]


def test_a_file_may_take_its_own_place(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps(UPLOAD_FILE))

    assert convert(str(file), "--to", "json", "--out", str(file)) == 0

    assert json.loads(file.read_text()) == UPLOAD_FILE


def test_a_faulty_file_is_not_converted(source: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path(source).write_text(f"{CSV}http://b.s3.eu-west-1.amazonaws.com/x.mp4,x,false\n")
    out = tmp_path / "out.json"
    out.write_text("{}")

    assert convert(source, "--to", "json", "--out", str(out)) == 1

    output = capsys.readouterr()
    fault, verdict = output.err.splitlines()
    assert fault.startswith(f"{source}:10:")
    assert "U3" in fault
    assert verdict == f"{source}: not converted to json: it is faulty; nothing is written"
    assert output.out == ""
    assert out.read_text() == "{}"
    assert len(list(tmp_path.iterdir())) == 2


def test_what_was_repaired_is_converted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.json"
    file.write_text(f'{{"dicom_series": [{{"title": "ct", "objectUrl_0": "{S3}/ct/1.dcm",}}]}}')

    assert convert(str(file), "--to", "json") == 1
    assert "J4" in capsys.readouterr().err

    assert convert(str(file), "--to", "json", "--lenient") == 0
    output = capsys.readouterr()
    assert json.loads(output.out)["dicom_series"] == [{"title": "ct", "objectUrl_0": f"{S3}/ct/1.dcm"}]
    assert "warning J4" in output.err


def test_what_the_other_form_cannot_carry_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, out = tmp_path / "b.json", tmp_path / "a.json"
    image = {"url": f"{S3}/g/1.jpg", "title": "the left one"}
    file.write_text(json.dumps({"imageGroups": [{"title": "g", "images": [image], "createVideo": False}]}))

    assert convert(str(file), "--to", "json", "--out", str(out)) == 1

    *_, verdict = capsys.readouterr().err.splitlines()
    assert verdict.startswith(f"{file}: not converted to json: image_groups, g: an upload file cannot carry the title")
    assert not out.exists()


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        (
            {"videos": [{"objectUrl": f"{S3}/a.mp4", "title": "a", "clientMetadata": {"site": "north"}}]},
            "videos, a: CSV cannot carry client metadata",
        ),
        ({"audio": [{"objectUrl": f"{S3}/a.wav"}]}, "audio, without a title: CSV cannot carry such items"),
        ({**UPLOAD_FILE, "upsert_metadata": True}, "CSV cannot carry upsert_metadata"),
    ],
)
def test_what_csv_cannot_carry_is_named(
    manifest: dict[str, object], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "a.json", tmp_path / "a.csv"
    file.write_text(json.dumps(manifest))

    assert convert(str(file), "--to", "csv", "--out", str(out)) == 1

    assert capsys.readouterr().err == f"{file}: not converted to csv: {said}; nothing is written\n"
    assert [file.name for file in tmp_path.iterdir()] == ["a.json"]


@pytest.mark.parametrize(
    ("out", "said"),
    [
        ("no/such/folder.json", "cannot be written: No such file or directory"),
        (".", "cannot be written: it is there already, and is no file"),
        ("/dev/null", "cannot be written: it is there already, and is no file"),
        ("nul\0.json", "cannot be written: "),
        ("x" * 300, "cannot be written: "),
    ],
)
def test_where_nothing_can_be_written(
    out: str, said: str, source: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert convert(source, "--to", "json", "--out", str(tmp_path / out)) == 2

    [line] = capsys.readouterr().err.splitlines()
    assert said in line
    assert [file.name for file in tmp_path.iterdir()] == ["mixed.csv"]


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert convert(str(tmp_path / "none.csv"), "--to", "json") == 2

    assert "cannot be read: No such file or directory" in capsys.readouterr().err


@pytest.mark.parametrize("words", [[], ["a.csv"], ["a.csv", "--to", "xml"], ["--to", "json"]])
def test_wrong_usage(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        convert(*words)

    assert exit_.value.code == 2
    assert capsys.readouterr().err.startswith("usage: encord-lambda manifest convert")
