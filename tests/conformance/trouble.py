"""Where trouble is ordered: parts of the twin's route names, and how often is often enough."""

PROJECT_READ = "GET /v2/public/projects/{project}"
TASKS = "/tasks"
ACTIONS = "/actions"
SAVE = "labelrow POST"
CREATE = "labelrow PUT"
ATTEMPTS = 4  # the SDK's default: a request, and three more
EVERY_ONE = 100  # more often than any flow here asks
