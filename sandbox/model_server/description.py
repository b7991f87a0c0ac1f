"""Put a picture into words, from its pixels: the animals, their size and place, the colours, the light."""

from collections import Counter

from PIL import Image

from sandbox.model_server.animals import Box, Detection, Sight

CONFIDENT = 0.6
_COLOURS = {
    "black": (20, 20, 24),
    "white": (245, 245, 242),
    "grey": (140, 140, 140),
    "red": (205, 60, 55),
    "orange": (230, 145, 70),
    "yellow": (240, 220, 110),
    "green": (100, 165, 90),
    "teal": (70, 150, 150),
    "blue": (85, 120, 200),
    "purple": (125, 85, 165),
    "pink": (235, 150, 185),
    "brown": (125, 88, 60),
    "beige": (222, 200, 165),
}


def describe(image: Image.Image, sight: Sight, *, at_least: int = 0, at_most: int | None = None) -> str:
    """As many sentences as fit between the two lengths (in characters); facts come in order of weight."""
    facts = _facts(image, sight)
    text = facts[0]
    for fact in facts[1:]:
        if at_most is None or len(text) + 1 + len(fact) <= at_most:
            text = f"{text} {fact}"
    while len(text) < at_least:  # nothing is left to say, and yet the schema wants more
        text = f"{text} {facts[0]}"
    return text if at_most is None or len(text) <= at_most else _cut(text, at_least, at_most)


def _facts(image: Image.Image, sight: Sight) -> list[str]:
    certain = [found for found in sight.detections if found.score >= CONFIDENT]
    colours = _dominant(image)
    facts = [_subject(sight, certain)]
    facts += [f"It is {_size(found.box)} and sits {_place(found.box)}." for found in certain[:1]]
    facts += [f"Another is {_place(found.box)}: {_named(found)}." for found in certain[1:]]
    facts.append(f"The picture is mostly {' and '.join(colours)}.")
    facts.append(f"It is {_light(image)}, {image.width} by {image.height} pixels.")
    return facts


def _subject(sight: Sight, certain: list[Detection]) -> str:
    if certain:
        return f"A drawing of {_named(certain[0])}."
    if sight.probabilities[sight.kind] >= CONFIDENT:
        return f"Perhaps a drawing of {_words(sight.kind)}."
    return "No animal can be made out with confidence."


def _named(found: Detection) -> str:
    return _words(found.kind)


def _words(kind: str) -> str:
    return "an animal that is neither cat nor dog" if kind == "Other" else f"a {kind.lower()}"


def _size(box: Box) -> str:
    share = (box[2] - box[0]) * (box[3] - box[1])
    return "small" if share < 0.1 else "of middling size" if share < 0.35 else "large"


def _place(box: Box) -> str:
    across, down = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    column = "left" if across < 0.4 else "right" if across > 0.6 else ""
    row = "top" if down < 0.4 else "bottom" if down > 0.6 else ""
    return f"at the {row} {column}".replace("  ", " ").rstrip() if row or column else "in the middle"


def _dominant(image: Image.Image) -> list[str]:
    small = image.convert("RGB").resize((24, 24), Image.Resampling.BOX)
    raw = small.tobytes()
    seen = Counter(_nearest(raw[at], raw[at + 1], raw[at + 2]) for at in range(0, len(raw), 3))
    return [colour for colour, count in seen.most_common(2) if count >= 60] or [seen.most_common(1)[0][0]]


def _nearest(red: int, green: int, blue: int) -> str:
    def distance(name: str) -> int:
        r, g, b = _COLOURS[name]
        return (red - r) ** 2 + (green - g) ** 2 + (blue - b) ** 2

    return min(_COLOURS, key=distance)


def _light(image: Image.Image) -> str:
    mean = image.convert("L").resize((1, 1), Image.Resampling.BOX).tobytes()[0]
    return "dark" if mean < 85 else "bright" if mean > 170 else "evenly lit"


def _cut(text: str, at_least: int, at_most: int) -> str:
    """Cut at a word's end where the lower bound allows it."""
    short = text[:at_most].rsplit(" ", 1)[0].rstrip(" .,") + "."
    return short if at_least <= len(short) <= at_most else text[:at_most]
