"""Agents as raters: each stage's labels are judged by what it was asked for, and nobody misses what nobody asked."""

from uuid import UUID

from encord_lambda.benchmark import agent_stages
from encord_lambda.benchmark.agent_stages import AgentStages
from encord_lambda.benchmark.reviewed import KeptSubmission, ReviewedUnit
from encord_lambda.benchmark.submissions import Rater
from encord_lambda.config import Stage
from encord_lambda.labels.proposals import Label, Proposal
from encord_lambda.shadow import ShadowDecision
from tests.benchmark.drawn import FAR, SQUARE, thing
from tests.benchmark.labelled import ANN, answer, labels
from tests.benchmark.test_judged_stages import BOX, CAT, OTHER, PROJECT, decision, stage, unit

DRAW, ASK, TRY = stage("Draw", "prelabel"), stage("Ask", "classify"), stage("Try", "classify", shadow=True)
TRUE_CAT, TRUE_BOX = answer("Cat"), thing(SQUARE, key="a")

type Sides = tuple[list[Proposal], list[Proposal]]


def scored(stages: list[Stage], of: ReviewedUnit, *decided: ShadowDecision) -> dict[str, Sides]:
    """What each model gave, and what was true of that."""
    found = AgentStages(stages, PROJECT).submissions(of, decided)
    assert len({one.rater for one in found}) == len(found)
    return {one.rater.name: (_told(one.given), _told(one.truth)) for one in found if one.rater.kind == "model"}


def _told(found: tuple[Label, ...]) -> list[Proposal]:
    return [one.content for one in found]


def by_agents(*given: Proposal) -> ReviewedUnit:
    """The same data unit, where these stand that are somebody's whom no stage knows."""
    of = unit()
    nobodys = KeptSubmission.of(Rater("agents", "model"), labels(given))
    return of.model_copy(update={"submissions": (*of.submissions, nobodys)})


def test_each_live_stage_is_a_rater_that_is_asked_only_for_what_it_labels() -> None:
    found = scored([DRAW, ASK], by_agents(CAT, BOX))
    assert found == {"Draw": ([BOX], [TRUE_BOX]), "Ask": ([CAT], [TRUE_CAT])}


def test_annotators_stay_as_they_are() -> None:
    [person] = [one for one in AgentStages([ASK], PROJECT).submissions(by_agents(CAT), ()) if one.rater == ANN]
    assert (_told(person.given), _told(person.truth)) == ([answer("Dog")], [TRUE_CAT, TRUE_BOX])


def test_labels_of_no_stage_are_one_rater_that_is_asked_for_the_rest() -> None:
    assert scored([ASK], by_agents(CAT, BOX)) == {"Ask": ([CAT], [TRUE_CAT]), "agents": ([BOX], [TRUE_BOX])}
    assert scored([], by_agents(CAT, BOX)) == {"agents": ([CAT, BOX], [TRUE_CAT, TRUE_BOX])}


def test_what_two_live_stages_write_is_of_neither() -> None:
    again = stage("Ask again", "classify")
    assert scored([ASK, again], by_agents(CAT)) == {"agents": ([CAT], [TRUE_CAT])}
    assert scored([ASK, again, DRAW], by_agents(CAT, BOX)) == {
        "agents": ([CAT], [TRUE_CAT]),
        "Draw": ([BOX], [TRUE_BOX]),
    }


def test_beside_what_two_live_stages_write_somebody_unknown_is_asked_for_all_the_rest() -> None:
    everything = ([CAT, BOX], [TRUE_CAT, TRUE_BOX])
    assert scored([ASK, stage("Ask again", "classify")], by_agents(CAT, BOX)) == {"agents": everything}


def test_a_stage_that_has_another_title_now_or_went_into_the_shadow_is_noted_where_its_misses_are_lost() -> None:
    worked = unit().model_copy(update={"worked": ("Ask", "Draw", "Try")})
    noted = list(AgentStages([DRAW, TRY], PROJECT).remarks(worked))
    assert [(one.what, one.rater, one.data) for one in noted] == [
        (agent_stages.NOT_LIVE, title, worked.data) for title in ("Ask", "Try")
    ]


def test_a_stage_that_has_the_name_of_nobody_goes_before_it() -> None:
    assert scored([stage("agents", "classify")], by_agents(CAT, BOX)) == {"agents": ([CAT], [TRUE_CAT])}


def test_where_nothing_of_a_stage_stands_nothing_is_known_of_it() -> None:
    assert scored([DRAW, ASK], by_agents(CAT)) == {"Ask": ([CAT], [TRUE_CAT])}
    assert scored([DRAW, ASK], unit()) == {}


def test_a_live_stage_that_was_done_with_the_task_missed_what_it_did_not_label() -> None:
    worked = by_agents(CAT).model_copy(update={"worked": ("Draw", "Try")})
    assert scored([DRAW, ASK, TRY], worked) == {"Draw": ([], [TRUE_BOX]), "Ask": ([CAT], [TRUE_CAT])}


def test_an_agent_that_gave_way_to_people_missed_nothing() -> None:
    given_way = unit().model_copy(update={"worked": ("Ask",), "by_people": ("Animal",)})
    assert scored([ASK], given_way) == {"Ask": ([], [])}
    assert scored([DRAW], unit().model_copy(update={"worked": ("Draw",), "by_people": ("Cat",)})) == {}


def test_what_people_changed_beside_an_agents_own_labels_counts() -> None:
    corrected = by_agents(BOX).model_copy(update={"by_people": ("Cat",)})
    assert scored([DRAW], corrected) == {"Draw": ([BOX], [TRUE_BOX])}


def test_a_stage_in_the_shadow_is_a_rater_by_its_last_decision() -> None:
    dog = answer("Dog", confidence=0.6)
    found = scored([ASK, TRY], by_agents(CAT), decision("Try", dog, OTHER, hours=1), decision("Try", CAT))
    assert found == {"Ask": ([CAT], [TRUE_CAT]), "Try": ([dog], [TRUE_CAT])}


def test_a_stage_in_the_shadow_missed_what_it_decided_not_to_label() -> None:
    assert scored([TRY], unit(), decision("Try")) == {"Try": ([], [TRUE_CAT])}
    assert scored([TRY], unit(), decision("Try", rejected=True), decision("Elsewhere")) == {}


def test_what_a_live_stage_did_goes_before_what_it_decided_in_the_shadow() -> None:
    before = decision("Ask", answer("Dog"))
    assert scored([ASK], unit(), before) == {"Ask": ([answer("Dog")], [TRUE_CAT])}
    assert scored([ASK], by_agents(CAT), before) == {"Ask": ([CAT], [TRUE_CAT])}
    assert scored([ASK], unit().model_copy(update={"worked": ("Ask",)}), before) == {"Ask": ([], [TRUE_CAT])}


def test_agents_of_all_kinds_are_raters_but_those_that_label_nothing() -> None:
    described, told = answer("A cat.", "Caption"), stage("Tell", "describe")
    custom = Stage.model_validate(
        told.model_dump() | {"stage": "Own", "agent": {"kind": "custom", "run": "own", "objects": ["Dog"]}}
    )
    gate = custom.model_copy(update={"stage": "Gate", "agent": custom.agent.model_copy(update={"objects": []})})
    far = thing(FAR, "Dog", key="d")
    found = scored([told, custom, gate], by_agents(described, far))
    assert found == {"Tell": ([described], []), "Own": ([far], [])}
    assert [one.title for one in AgentStages([told, custom, gate], PROJECT)] == ["Tell", "Own"]


def test_stages_of_other_projects_are_no_raters() -> None:
    elsewhere = stage("Ask", "classify", project=UUID(int=1))
    assert scored([elsewhere], by_agents(CAT)) == {"agents": ([CAT], [TRUE_CAT, TRUE_BOX])}


def test_what_scores_depend_on_changes_with_titles_shadows_and_labels_but_not_with_limits() -> None:
    def basis(*stages: Stage) -> str:
        return AgentStages(stages, PROJECT).basis

    unsure = ASK.model_copy(update={"agent": ASK.agent.model_copy(update={"unsure_below": 0.5})})
    others = [
        (),
        (TRY,),
        (stage("Other", "classify"),),
        (stage("Ask", "describe"),),
        (stage("Ask", "classify", shadow=True),),
        (ASK, stage("Again", "classify")),
        (stage("Ask", "describe"), stage("Again", "describe")),  # what they share is all that differs
    ]
    assert basis(unsure) == basis(ASK)
    assert len({basis(ASK), *(basis(*one) for one in others)}) == 1 + len(others)


def test_a_re_read_data_unit_keeps_what_was_known_of_agents() -> None:
    earlier = unit().model_copy(update={"worked": ("Draw", "Ask")})
    again = unit().model_copy(update={"worked": ("Ask", "Tell")})
    assert again.with_earlier(earlier).worked == ("Ask", "Tell", "Draw")
