"""Write down what CloudFormation would make of the SAM template, for cfn-lint to look at.

    .venv-sam/bin/python toolchain/transform.py template.yaml out.json

cfn-lint judges SAM resources by their schema and no longer transforms them, so a wrong reference in a
function's event or layers, or a queue too short-lived for its function, shows up only after it.
"""

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")  # the translator asks boto3 for one

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse


class NoManagedPolicies:
    """Stands in for the loader that would ask IAM; our template names no policy of AWS's by its name."""

    def load(self):
        """Know none."""
        return {}


def transformed(template):
    """The CloudFormation template behind a SAM template; local paths give way to S3 addresses."""
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        for key in ("CodeUri", "ContentUri"):
            if isinstance(properties.get(key), str):
                properties[key] = "s3://placeholder-bucket/key.zip"
    return transform(template, {}, NoManagedPolicies())


if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:])
    target.write_text(json.dumps(transformed(yaml_parse(source.read_text())), indent=1))
