"""Which agent a stage of pipeline.yaml asks for."""

from encord_lambda.agents.agent import Agent
from encord_lambda.agents.classify import ClassifyAgent
from encord_lambda.agents.custom import CustomAgent
from encord_lambda.agents.describe import DescribeAgent
from encord_lambda.agents.prelabel import PrelabelAgent
from encord_lambda.agents.route import RouteAgent
from encord_lambda.config import Stage
from encord_lambda.config_classify import Classify, Describe
from encord_lambda.config_custom import Custom
from encord_lambda.config_prelabel import Prelabel
from encord_lambda.config_route import Route


def agent(stage: Stage) -> Agent:
    """The agent of the configured kind."""
    configured = stage.agent
    match configured:
        case Classify():
            return ClassifyAgent(configured)
        case Prelabel():
            return PrelabelAgent(configured, stage.stage)
        case Route():
            return RouteAgent(configured)
        case Describe():
            return DescribeAgent(configured)
        case Custom():
            return CustomAgent(configured)
