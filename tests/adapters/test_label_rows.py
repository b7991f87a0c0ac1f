"""Label rows through true SDK objects, saved to the twin and read back from it."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest
from encord.objects import Classification, LabelRowV2, Option

from encord_lambda.agents.agent import Agent
from encord_lambda.agents.describe import DescribeAgent
from encord_lambda.config_classify import Describe
from encord_lambda.encord_platform.label_reading import answer_of
from encord_lambda.encord_platform.label_rows import Row
from encord_lambda.errors import Misconfigured, Reject
from encord_lambda.labels.ontology import Ontology
from encord_lambda.labels.proposals import Answer, Box, Owned, Placement, Proposal, Thing, Written
from sandbox.encord_twin import MemoryObjects, Twin, serve
from tests.adapters.offline_rows import Scribe
from tests.adapters.platform_world import (
    CLASSIFY,
    DESCRIBE,
    answers,
    first_stage,
    label_rows,
    opened,
    projects,
    served,
)
from tests.twin import conftest
from tests.twin.media_worlds import menagerie

OTHER = DescribeAgent(Describe(kind="describe", model="openai:m", classification="Animal"))
"""Another agent that answers the same question."""
DRAWS = Scribe(Owned(("Animal",), ("Thing",)))
CAT, DOG = (Answer("Animal", animal, 0.875) for animal in ("Cat", "Dog"))
SCENE = Answer("Scene", "A cat on a mat, äöü €", 1.0)


@pytest.fixture
def twin(monkeypatch: pytest.MonkeyPatch) -> Iterator[Twin]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with served(tasks=1) as twin:
        yield twin


def data(twin: Twin) -> UUID:
    [found] = label_rows(twin)
    return found


def a_row(twin: Twin) -> Row:
    """The one row, read afresh."""
    return opened(first_stage(twin), [data(twin)])[data(twin)]


def saved(twin: Twin, *proposals: Proposal, agent: Agent = CLASSIFY) -> Written:
    row = a_row(twin)
    written = row.write(proposals, agent)
    row.save()
    return written


def read(twin: Twin) -> LabelRowV2:
    [row] = label_rows(twin).values()
    return row


def answered_by_a_person(twin: Twin, animal: str) -> None:
    row = read(twin)
    question = row.ontology_structure.get_child_by_title("Animal", type_=Classification)
    instance = question.create_instance()
    instance.set_answer(question.get_child_by_title(animal, type_=Option))
    instance.set_for_frames(0, manual_annotation=True)
    row.add_classification_instance(instance)
    row.save()


def edited_by_a_person(twin: Twin, animal: str) -> None:
    """As the Label Editor does it: the label keeps its hash."""
    row = read(twin)
    [instance] = row.get_classification_instances()
    question = row.ontology_structure.get_child_by_title("Animal", type_=Classification)
    instance.set_answer(question.get_child_by_title(animal, type_=Option), overwrite=True)
    instance.set_for_frames(0, manual_annotation=True, overwrite=True)
    row.save()


def test_an_answer_is_written_saved_and_read_back(twin: Twin) -> None:
    assert saved(twin, CAT) == Written(added=1)

    [instance] = read(twin).get_classification_instances()
    annotation = instance.get_annotation(0)
    assert answers(read(twin)) == {"Animal": "Cat"}
    assert (annotation.confidence, annotation.manual_annotation) == (0.875, False)


def test_a_text_is_written_as_it_is(twin: Twin) -> None:
    assert saved(twin, SCENE, agent=DESCRIBE) == Written(added=1)

    assert answers(read(twin)) == {"Scene": "A cat on a mat, äöü €"}


def test_two_questions_are_answered_side_by_side(twin: Twin) -> None:
    row = a_row(twin)

    assert [row.write((CAT,), CLASSIFY), row.write((SCENE,), DESCRIBE)] == [Written(added=1)] * 2

    row.save()
    assert answers(read(twin)) == {"Animal": "Cat", "Scene": SCENE.answer}


def test_a_second_run_replaces_what_the_first_one_wrote(twin: Twin) -> None:
    saved(twin, CAT)
    [before] = read(twin).get_classification_instances()

    assert saved(twin, DOG) == Written(replaced=1)

    [after] = read(twin).get_classification_instances()
    assert answers(read(twin)) == {"Animal": "Dog"}
    assert after.classification_hash == before.classification_hash


def test_a_second_run_leaves_other_questions_alone(twin: Twin) -> None:
    saved(twin, CAT)
    saved(twin, SCENE, agent=DESCRIBE)

    assert saved(twin, DOG) == Written(replaced=1)

    assert answers(read(twin)) == {"Animal": "Dog", "Scene": SCENE.answer}


def test_a_second_run_without_an_answer_removes_what_the_first_one_wrote(twin: Twin) -> None:
    saved(twin, CAT)
    saved(twin, SCENE, agent=DESCRIBE)

    assert saved(twin) == Written(replaced=1)

    assert answers(read(twin)) == {"Scene": SCENE.answer}
    assert saved(twin) == Written()


PROPOSED = pytest.mark.parametrize("proposals", [(), (CAT,), (DOG,)], ids=["none", "cat", "dog"])
"""What an agent makes of a picture of which a person says it shows a dog."""


@PROPOSED
def test_a_persons_answer_stands(twin: Twin, proposals: tuple[Answer, ...]) -> None:
    answered_by_a_person(twin, "Dog")

    assert saved(twin, *proposals) == Written(standing="Dog", kept=len(proposals))
    assert saved(twin, SCENE, agent=DESCRIBE) == Written(added=1)

    assert answers(read(twin)) == {"Animal": "Dog", "Scene": SCENE.answer}


@PROPOSED
def test_an_agents_answer_that_a_person_edited_stands(twin: Twin, proposals: tuple[Answer, ...]) -> None:
    saved(twin, CAT)
    [before] = read(twin).get_classification_instances()
    edited_by_a_person(twin, "Dog")

    assert saved(twin, *proposals) == Written(standing="Dog", kept=len(proposals))

    [after] = read(twin).get_classification_instances()
    assert answers(read(twin)) == {"Animal": "Dog"}
    assert after.classification_hash == before.classification_hash


def test_another_agents_answer_stands(twin: Twin) -> None:
    saved(twin, CAT)

    assert saved(twin, DOG, agent=OTHER) == Written(standing="Cat", kept=1)
    assert saved(twin, agent=OTHER) == Written(standing="Cat")

    assert answers(read(twin)) == {"Animal": "Cat"}


def test_an_agent_that_decides_itself_is_told_of_no_answer_that_stands(twin: Twin) -> None:
    saved(twin, CAT)

    assert saved(twin, DOG, agent=Scribe(Owned(("Animal",), decisive=False))) == Written(kept=1)

    assert answers(read(twin)) == {"Animal": "Cat"}


def test_objects_and_answers_survive_the_platform(twin: Twin) -> None:
    box = Thing("Thing", (Placement(0, Box(0.125, 0.25, 0.5, 0.5), 0.75),), "0:0")
    assert saved(twin, box, CAT, agent=DRAWS) == Written(added=2)

    answer, thing = a_row(twin).labels()
    assert (answer.content, answer.author) == (CAT, "agent")
    assert (thing.content, thing.author) == (replace(box, key=thing.hash), "agent")
    assert saved(twin, agent=DRAWS) == Written(replaced=2)
    assert a_row(twin).labels() == ()


def test_an_answer_that_a_person_moved_to_another_frame_stands_on_the_platform_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serve(menagerie("video"), objects=MemoryObjects()) as twin:
        saved(twin, CAT)
        row = read(twin)
        [instance] = row.get_classification_instances()
        instance.set_for_frames(7)
        instance.remove_from_frames(0)
        row.save()

        assert saved(twin, DOG, replace(DOG, frame=3)) == Written(added=1, standing="Cat", kept=1)

        frames = {one.range_list[0].start: answer_of(one) for one in read(twin).get_classification_instances()}
        assert frames == {3: "Dog", 7: "Cat"}


def test_nothing_to_write_writes_nothing(twin: Twin) -> None:
    assert a_row(twin).write((), CLASSIFY) == Written()


def test_a_text_that_stands_is_told_as_it_is(twin: Twin) -> None:
    saved(twin, SCENE, agent=DESCRIBE)
    row = read(twin)
    [instance] = row.get_classification_instances()
    instance.set_for_frames(0, manual_annotation=True, overwrite=True)
    row.save()

    assert saved(twin, agent=DESCRIBE) == Written(standing="A cat on a mat, äöü €")


def test_what_the_sdk_refuses_is_rejected_by_the_title(twin: Twin) -> None:
    """A row whose labels were not opened cannot be written."""
    [closed] = conftest.connect(twin).get_project(twin.ids.projects["Pets"]).list_label_rows_v2()
    row = Row(closed, Ontology(()))

    with pytest.raises(Reject, match=r"^cannot write labels of '0000\.jpg': Encord says LabelRowError: "):
        row.write((CAT,), CLASSIFY)


def test_a_question_that_the_row_does_not_have_is_rejected(twin: Twin) -> None:
    agent = DescribeAgent(Describe(kind="describe", model="openai:m", classification="Beast"))

    with pytest.raises(Reject, match=r"^cannot write labels of '0000\.jpg': Encord says OntologyError: "):
        a_row(twin).write((), agent)


def test_a_row_that_is_not_open_shows_its_facts_and_no_picture(twin: Twin) -> None:
    row = first_stage(twin).rows([data(twin)], "main")[data(twin)]

    assert (row.unit().url, row.unit().title) == ("", "0000.jpg")
    assert row.unit().facts == a_row(twin).unit().facts
    assert row.unit().facts.dataset == twin.ids.datasets["pets"]
    assert row.unit().facts.data_type == "image"


def test_the_agent_is_shown_the_signed_picture_and_the_ontology(twin: Twin) -> None:
    unit = a_row(twin).unit()

    assert unit.url.startswith(f"{twin.url}/signed/")
    assert (unit.title, unit.frame) == ("0000.jpg", 0)
    assert unit.ontology.classification("Animal", "radio").titles == ("Cat", "Dog")
    assert unit.ontology.classification("Scene", "text").options == ()


def test_a_frame_beyond_the_end_is_rejected(twin: Twin) -> None:
    with pytest.raises(Reject, match=r"'0000\.jpg' has 1 frames; there is no frame 1"):
        a_row(twin).unit(frame=1)


def test_one_row_is_opened_by_its_data_unit(twin: Twin) -> None:
    project = twin.ids.projects["Pets"]
    row = projects(twin).row(project, data(twin))

    assert row is not None
    assert row.unit().title == "0000.jpg"


def test_an_unknown_data_unit_has_no_row(twin: Twin) -> None:
    assert projects(twin).row(twin.ids.projects["Pets"], UUID(int=7)) is None


def test_an_unknown_project_is_the_configurations_fault(twin: Twin) -> None:
    with pytest.raises(Misconfigured, match=f"cannot open project {UUID(int=7)}"):
        projects(twin).row(UUID(int=7), UUID(int=7))
