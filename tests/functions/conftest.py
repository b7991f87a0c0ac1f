"""Handlers read these when they are imported, as they would in Lambda."""

import os

os.environ["POWERTOOLS_SERVICE_NAME"] = "tests"
os.environ["POWERTOOLS_METRICS_NAMESPACE"] = "Tests"
