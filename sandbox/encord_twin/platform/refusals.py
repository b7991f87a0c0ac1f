"""Why the twin says no, with the answer of each protocol: an HTTP status (v2) and a code (legacy).

```
Refused
├── Invalid          400  INVALID_ARGUMENTS_ERROR    malformed, stale or contradictory request
│   ├── Corrupted    400  CORRUPTED_LABEL_ERROR      labels on a data unit the row does not have
│   ├── Unanswered   400  ANSWER_DICTIONARY_ERROR    an object without its entry in `object_answers`
│   ├── OutOfRange   400  DETECTION_RANGE_INVALID_ERROR  a label on frames the data does not have
│   ├── Featureless  400  FEATURE_DOES_NOT_EXIST_ERROR   a label the ontology does not know
│   └── TooMany      400  MULTI_LABEL_LIMIT_ERROR    more label rows than one request may carry
├── Unauthenticated  401  AUTHENTICATION_ERROR       bad, missing or expired signature
│   └── UnknownKey   401  SSH_KEY_NOT_FOUND_ERROR    nobody registered this public key
├── Forbidden        403  AUTHORISATION_ERROR        unknown or foreign project or dataset
├── Missing          404  RESOURCE_NOT_FOUND_ERROR   no such thing
├── Unimplemented    404  METHOD_NOT_ALLOWED_ERROR   the platform may know this call, the twin does not
├── Exists           409  RESOURCE_EXISTS_ERROR      made before
└── TooLarge         413  (none: real HTTP 413)      more bytes than one request may have
```
"""


class Refused(Exception):  # noqa: N818 - an answer to the client, not a fault of ours
    """A request that changed nothing; `str()` of it is the message for the client."""

    status = 400
    code = "UNKNOWN_ERROR"

    @property
    def payload(self) -> object:
        """What the legacy envelope carries beside the code."""
        return str(self)


class Invalid(Refused):
    """The request is malformed or contradicts the present state."""

    code = "INVALID_ARGUMENTS_ERROR"


class Corrupted(Invalid):
    """Labels sit on a data unit the row does not have."""

    code = "CORRUPTED_LABEL_ERROR"


class Unanswered(Invalid):
    """An object has no entry in the answer dictionary."""

    code = "ANSWER_DICTIONARY_ERROR"


class Featureless(Invalid):
    """A label uses a feature the project's ontology does not have."""

    code = "FEATURE_DOES_NOT_EXIST_ERROR"


class OutOfRange(Invalid):
    """A label names frames the data does not have."""

    code = "DETECTION_RANGE_INVALID_ERROR"


class TooMany(Invalid):
    """More label rows than one request may carry."""

    code = "MULTI_LABEL_LIMIT_ERROR"

    def __init__(self, limit: int) -> None:
        super().__init__(f"at most {limit} label rows per request")
        self.limit = limit

    @property
    def payload(self) -> object:
        """The SDK reads the limit from here to word its error."""
        return {"maximum_labels_allowed": self.limit}


class Unauthenticated(Refused):
    """The signature is missing, wrong or too old."""

    status = 401
    code = "AUTHENTICATION_ERROR"


class UnknownKey(Unauthenticated):
    """The signature may be right, but nobody registered this key."""

    code = "SSH_KEY_NOT_FOUND_ERROR"


class Forbidden(Refused):
    """The project or dataset does not exist for this user."""

    status = 403
    code = "AUTHORISATION_ERROR"


class Missing(Refused):
    """There is no such thing."""

    status = 404
    code = "RESOURCE_NOT_FOUND_ERROR"


class Unimplemented(Refused):
    """The twin does not know this call; the request log marks it."""

    status = 404
    code = "METHOD_NOT_ALLOWED_ERROR"


class Exists(Refused):
    """It was made before, and this call only makes new ones."""

    status = 409
    code = "RESOURCE_EXISTS_ERROR"


class TooLarge(Refused):
    """The request has more bytes than the platform takes; both protocols say so as HTTP 413."""

    status = 413

    def __init__(self, limit: int) -> None:
        super().__init__(f"the request is larger than the limit of {limit / 1e6:g} MB ({limit} bytes)")
