"""Which agent the Label Editor calls. Somebody waits for the first call, so the others are not loaded for it."""

from encord_lambda.agents.agent import Agent
from encord_lambda.config_editor import (
    EditorAgent,
    EditorAttributes,
    EditorClassify,
    EditorCustom,
    EditorDescribe,
    EditorValidate,
)


def called(configured: EditorAgent) -> Agent:
    """The agent of the configured kind."""
    match configured:
        case EditorDescribe():
            from encord_lambda.agents.describe import DescribeAgent

            return DescribeAgent(configured)
        case EditorClassify():
            from encord_lambda.agents.classify import ClassifyAgent

            return ClassifyAgent(configured)
        case EditorAttributes():
            from encord_lambda.agents.attributes import AttributesAgent

            return AttributesAgent(configured)
        case EditorValidate():
            from encord_lambda.agents.validate import ValidateAgent

            return ValidateAgent(configured)
        case EditorCustom():
            from encord_lambda.agents.custom import CustomAgent

            return CustomAgent(configured)
