"""Documents at the chat endpoint: pages are looked at, words are searched for the animals' names."""

import base64
import io
from typing import Any

import openai
import pypdf
import pytest
from openai import OpenAI

from sandbox.artwork import papers
from tests.model_server.conversation import answer, closed

ANIMAL = {"anyOf": [{"type": "string", "enum": ["Cat", "Dog"]}, {"type": "null"}]}
SCHEMA = closed(answer=ANIMAL, confidence={"type": "number"})


def ask(client: OpenAI, *parts: Any, prompt: str = "Which animal is this about?") -> Any:
    completion = client.chat.completions.create(
        model="sandbox-vision",
        messages=[{"role": "system", "content": prompt}, {"role": "user", "content": list(parts)}],
        response_format={"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": SCHEMA}},
    )
    return answer(completion)


def pdf(content: bytes) -> dict[str, Any]:
    data = f"data:application/pdf;base64,{base64.b64encode(content).decode()}"
    return {"type": "file", "file": {"filename": "a.pdf", "file_data": data}}


def words(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


@pytest.mark.parametrize("kind", ["Cat", "Dog"])
def test_the_drawings_on_a_pdfs_pages_are_looked_at(client: OpenAI, kind: str) -> None:
    found = ask(client, pdf(papers.document([kind, kind], 9_300_000)))

    assert found["answer"] == kind
    assert found["confidence"] > 0.5


@pytest.mark.parametrize(("kind", "said"), [("cat", "Cat"), ("DOGS", "Dog"), ("fish", None), ("caterpillar", None)])
def test_a_text_is_about_the_animal_it_names(client: OpenAI, kind: str, said: str | None) -> None:
    assert ask(client, words(f"Minka is a {kind}. What a {kind}!"))["answer"] == said


def test_the_more_often_it_is_named_the_surer(client: OpenAI) -> None:
    once, often = (ask(client, words("a dog. " * count))["confidence"] for count in (1, 4))

    assert (once, often) == (0.5, 0.75)


def test_what_the_question_says_is_not_the_text(client: OpenAI) -> None:
    assert ask(client, words("Rufus is a dog."), prompt="Cat, cat, cat or dog?")["answer"] == "Dog"


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"no pdf", papers.document(["Cat"], 1)[:200]])
def test_a_pdf_that_cannot_be_read_is_refused(client: OpenAI, content: bytes) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        ask(client, pdf(content))

    assert caught.value.code == "invalid_file"


def test_a_pdf_with_nothing_on_it_is_refused(client: OpenAI) -> None:
    writer, buffer = pypdf.PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.write(buffer)

    with pytest.raises(openai.BadRequestError) as caught:
        ask(client, pdf(buffer.getvalue()))
    assert caught.value.code == "missing_image"
