"""The story `make demo` tells, and the end-to-end test with it.

`world`, `agents` and `archive` say what Encord holds at the start, `uploads` and `library` what is dropped into the
bucket. `servers` starts and deploys everything, `playing` plays the story, `watching` looks on (through `encord` and
`receipts`), `editor` is the Label Editor. `report` is what came of it (`findings` of the archive, `catalogue` of the
library), `checks` what must hold; `progress` and `closing` tell the user.
"""
