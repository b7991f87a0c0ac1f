"""The most tokens that a question can take: what has to be set aside before it is asked.

Pictures are counted as OpenAI's guide "Images and vision" (section "Calculating costs") has it: shrunk into a square of
2,048 pixels, then until the shorter side has 768, and covered with tiles of 512. The dearest model of its table,
gpt-4o-mini, counts 2,833 tokens and 5,667 for each tile. Models that count patches of 32 pixels stay below that, even
with the highest factor, 2.46, and without the limit of 1,536 patches that the guide gives.
"""

import json
import math
from typing import Final

from encord_lambda.agents.agent import Document, Picture, Question

_PICTURE, _TILE = 2833, 5667
_SQUARE, _SHORTER, _TILE_SIDE = 2048, 768, 512
_PAGE: Final = 50_000
"""A page of a PDF is shown as a picture and as its text: more than the largest picture, and a page of small print."""
_FRAMING: Final = 100
"""What chat models add around messages, generously."""


def input_tokens(question: Question) -> int:
    """The most tokens that a question can have. No text has more of them than bytes."""
    text = len(question.prompt.encode()) + len(json.dumps(dict(question.schema)))
    pictures = sum(map(picture_tokens, question.pictures))
    return _FRAMING + text + pictures + sum(map(_document_tokens, question.documents))


def picture_tokens(picture: Picture) -> int:
    """The most tokens that any of OpenAI's models counts for a picture."""
    sides = picture.width, picture.height
    scale = min(1.0, _SQUARE / max(sides), _SHORTER / min(sides))
    # The rounding of a side may leave it a pixel longer.
    across, down = (math.ceil((math.ceil(side * scale)) / _TILE_SIDE) for side in sides)
    return _PICTURE + _TILE * across * down


def _document_tokens(document: Document) -> int:
    return max(document.pages, 1) * _PAGE if document.mime_type == "application/pdf" else len(document.content)
