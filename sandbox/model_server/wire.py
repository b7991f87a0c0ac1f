"""What goes over the wire, typed: OpenAI's chat completions as far as we speak them, and the detectors'."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Wire(BaseModel):
    """Frozen; fields we do not know are passed over, as OpenAI's clients send many."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class ImageUrl(Wire):
    """Where a picture is: a data: URL, or an http URL of this machine."""

    url: str
    detail: str = "auto"


class File(Wire):
    """A document: a data: URL."""

    file_data: str
    filename: str | None = None


class Part(Wire):
    """One part of a message."""

    type: str
    text: str | None = None
    image_url: ImageUrl | None = None
    file: File | None = None


class Message(Wire):
    """One message of the conversation."""

    role: str
    content: str | list[Part] | None = None

    @property
    def parts(self) -> list[Part]:
        """The content as parts, whichever way it was sent."""
        if isinstance(self.content, str):
            return [Part(type="text", text=self.content)]
        return self.content or []


class NamedSchema(Wire):
    """The `json_schema` of a response format."""

    name: str
    body: dict[str, Any] = Field(alias="schema", default_factory=dict)
    strict: bool | None = None


class ResponseFormat(Wire):
    """How the answer shall look."""

    type: Literal["text", "json_object", "json_schema"]
    json_schema: NamedSchema | None = None


class ChatRequest(Wire):
    """The body of `POST /v1/chat/completions`."""

    model: str
    messages: list[Message] = Field(min_length=1)
    response_format: ResponseFormat | None = None
    max_tokens: int | None = Field(default=None, ge=1)
    max_completion_tokens: int | None = Field(default=None, ge=1)
    stream: bool | None = None
    logprobs: bool | None = None

    @property
    def text(self) -> str:
        """Everything said in words, in order."""
        return "\n".join(part.text for message in self.messages for part in message.parts if part.text)

    @property
    def image_urls(self) -> list[str]:
        """Every picture's URL, in order."""
        return [part.image_url.url for message in self.messages for part in message.parts if part.image_url]

    @property
    def files(self) -> list[str]:
        """Every document's data: URL, in order."""
        return [part.file.file_data for message in self.messages for part in message.parts if part.file]

    @property
    def read_aloud(self) -> str:
        """What the user says where a system prompt asks the question: a text that the question is about."""
        if not any(message.role in ("system", "developer") for message in self.messages):
            return ""
        said = [part.text for message in self.messages if message.role == "user" for part in message.parts if part.text]
        return "\n".join(said)


class AnswerMessage(Wire):
    """What the model says; either `content` or `refusal` is null."""

    role: Literal["assistant"] = "assistant"
    content: str | None
    refusal: str | None = None


class Token(Wire):
    """A piece of the answer and the logarithm of its probability."""

    token: str
    bytes: list[int]
    logprob: float
    top_logprobs: list["Token"] = []


class Tokens(Wire):
    """All pieces of the answer, in order."""

    content: list[Token]
    refusal: None = None


class AnswerChoice(Wire):
    """The one choice of an answer."""

    index: int = 0
    message: AnswerMessage
    finish_reason: Literal["stop", "length"]
    logprobs: Tokens | None = None


class Usage(Wire):
    """Estimated tokens."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class ChatReply(Wire):
    """The body of a chat completion."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: list[AnswerChoice]
    usage: Usage


class DetectRequest(Wire):
    """A request to `/detect`: the body is a picture's file."""

    mime_type: str
    content: bytes


class WireDetection(Wire):
    """One animal; `box` is [x, y, width, height] in 0..1 of the picture, from the upper left corner."""

    label: str
    confidence: float
    box: tuple[float, float, float, float]


class DetectReply(Wire):
    """What `/detect` answers."""

    detections: list[WireDetection]


class InputTensor(Wire):
    """One input tensor of the Open Inference Protocol."""

    name: str
    shape: list[int]
    datatype: str
    data: list[str]


class InferRequest(Wire):
    """The body of `POST /v2/models/{model}/infer`."""

    inputs: list[InputTensor] = Field(min_length=1, max_length=1)


class OutputTensor(Wire):
    """One output tensor; `data` is flat, in row-major order."""

    name: str
    shape: list[int]
    datatype: str
    data: list[float] | list[str]


class InferReply(Wire):
    """What an inference answers."""

    model_name: str
    outputs: list[OutputTensor]
