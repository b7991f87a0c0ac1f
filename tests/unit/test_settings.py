"""What a function reads from its environment."""

import pytest

from encord_lambda import settings
from encord_lambda.errors import Misconfigured

MODELS = [
    settings.RegisterUploads,
    settings.TrackRegistrations,
    settings.TaskReady,
    settings.SweepStages,
    settings.RunTasks,
    settings.EditorAgent,
    settings.FinishCalls,
]


def fill(monkeypatch: pytest.MonkeyPatch, model: type[settings.Settings], *, missing: tuple[str, ...] = ()) -> None:
    for name in model.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        if name not in missing:
            monkeypatch.setenv(name.upper(), "true")


@pytest.mark.parametrize("model", MODELS)
def test_every_variable_is_read_under_its_name_in_capitals(
    monkeypatch: pytest.MonkeyPatch, model: type[settings.Settings]
) -> None:
    fill(monkeypatch, model)

    assert set(settings.read(model).model_dump().values()) == {"true"}


@pytest.mark.parametrize("model", MODELS)
def test_all_missing_variables_are_named_at_once(
    monkeypatch: pytest.MonkeyPatch, model: type[settings.Settings]
) -> None:
    fill(monkeypatch, model, missing=tuple(model.model_fields))

    with pytest.raises(Misconfigured) as trouble:
        settings.read(model)

    faults = ", ".join(f"{name.upper()}: Field required" for name in model.model_fields)
    assert trouble.value.reason == f"environment of {model.__name__}: {faults}"


def test_a_value_outside_its_choices_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    fill(monkeypatch, settings.RunTasks)
    monkeypatch.setenv("ALLOW_PRIVATE_MEDIA", "yes")

    with pytest.raises(Misconfigured, match="ALLOW_PRIVATE_MEDIA: Input should be 'true' or 'false'"):
        settings.read(settings.RunTasks)


def test_what_else_is_in_the_environment_is_nobodys_concern(monkeypatch: pytest.MonkeyPatch) -> None:
    fill(monkeypatch, settings.SweepStages)
    monkeypatch.setenv("AWS_REGION", "eu-west-1")

    assert "aws_region" not in settings.read(settings.SweepStages).model_dump()
