"""Which agent the Label Editor calls."""

from encord_lambda.agents.agent import Agent
from encord_lambda.agents.attributes import AttributesAgent
from encord_lambda.agents.classify import ClassifyAgent
from encord_lambda.agents.custom import CustomAgent
from encord_lambda.agents.describe import DescribeAgent
from encord_lambda.agents.validate import ValidateAgent
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
            return DescribeAgent(configured)
        case EditorClassify():
            return ClassifyAgent(configured)
        case EditorAttributes():
            return AttributesAgent(configured)
        case EditorValidate():
            return ValidateAgent(configured)
        case EditorCustom():
            return CustomAgent(configured)
