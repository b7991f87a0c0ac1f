"""Annotation automation for Encord on AWS: uploads become items, tasks become labels, labels take a pathway.

The rooms follow the data. `registration` decides what an uploaded object is and how Encord shall import it;
`dispatch` decides which waiting tasks are queued; `agents` and `labels` decide what a task's labels and its
pathway are; `execution` runs one batch of tasks; `config`, `errors` and `outcomes` are what they all speak.
Those are pure: they import each other, pydantic, PyYAML and the standard library, and never touch the network,
the environment or the clock. The edge rooms do: `encord_platform` (the SDK), `aws` (boto3), `models` (language
models), `media` (downloads and decoding), `editor_api` (HTTP), `observability`, `settings`, and `wiring`, which
alone chooses who works with whom; at the desk, for the `encord-lambda` command, `wiring_desk` does.
"""
