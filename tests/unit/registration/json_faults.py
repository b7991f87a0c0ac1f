"""One malformed manifest, or more, for each refusal of import-formats §9.1 that a single item or the file can earn."""

import json

from encord_lambda.registration.manifests.media_rules import DICOM_TAGS

URL = "https://media.s3.eu-west-1.amazonaws.com/a"
ONE = f'"objectUrl": "{URL}"'
ZERO = f'"objectUrl_0": "{URL}"'
GOOD = f'{{"title": "good", {ONE}}}'
VIDEO = '"fps": 25, "duration": 1.5, "width": 2, "height": 2, "file_size": 9, "mime_type": "video/mp4"'
SIZED = '"height": 2, "file_size": 9, "mime_type": "image/png"'
IMAGE = f'"width": 2, {SIZED}'
TYPED = f'{{{ONE}, "externalFileType": "VIDEO"}}'
UUID = '"0B7c2c1e-6a55-4c0e-9b53-8f0f3a1d2e44"'
ALL_TAGS = json.dumps(dict.fromkeys(DICOM_TAGS))
DEEP = f"videos[1].clientMetadata.a{'[0]' * 60}"
DICOM = "dicomSeries[0].dicomFiles[0].dicomMetadata"


def videos(item: str) -> str:
    return f'{{"videos": [\n{item},\n{GOOD}]}}'


def images(item: str) -> str:
    return f'{{"images": [\n{item},\n{GOOD}]}}'


def groups(item: str) -> str:
    return f'{{"image_groups": [\n{item},\n{{"title": "good", {ZERO}}}]}}'


def nested(item: str) -> str:
    return f'{{"imageGroups": [\n{item},\n{{"title": "good", "images": [{{"url": "{URL}"}}]}}]}}'


def member(more: str) -> str:
    return nested(f'{{"title": "a", "images": [{{"url": "{URL}", {more}}}]}}')


def scenes(item: str) -> str:
    return f'{{"scenes": [\n{item},\n{{"title": "good", "scene": {{"lidar": {{}}}}}}]}}'


def time_series(channel: str) -> str:
    return f'{{"timeSeries": [\n{{{ONE}, "settings": {{"channels": {{"a": {channel}}}}}}},\n{GOOD}]}}'


def series(tags: str) -> str:
    files = f'{{"url": "{URL}", "dicomMetadata": {{"tags": {tags}}}}}'
    return f'{{"dicomSeries": [\n{{"title": "s", "dicomFiles": [{files}]}},\n'\
        f'{{"title": "good", "dicomFiles": [{{"url": "{URL}"}}]}}]}}'  # fmt: skip


def metadata(text: str) -> str:
    return videos(f'{{{ONE}, "clientMetadata": {text}}}')


def items_group(uuids: str) -> str:
    good = '"0b7c2c1e-6a55-4c0e-9b53-8f0f3a1d2e44"'
    item = '{{"title": "good", "createVideo": false, "imageItems": [{}]}}'
    return f'{{"imageGroupsFromItems": [\n{item.format(uuids)},\n{item.format(good)}]}}'


HERE = "¶"
"""Stands in the texts below where the fault is, and is taken out of them."""

IN_AN_ITEM = [
    ("J4", "videos[0]", videos(f"{{{ONE}¶,}}")),
    ("J5", "videos[0].title", videos(f'{{{ONE}, "title": "a", ¶"title": "b"}}')),
    ("J8", "image_groups[0].images", groups('{"title": "a", ¶"images": []}')),
    ("J8", "image_groups[0].externalFileType", groups(f'{{"title": "a", {ZERO}, ¶"externalFileType": "IMG_GROUP"}}')),
    ("J8", "imageGroups[0].objectUrl_0", nested(f'{{"title": "a", ¶{ZERO}}}')),
    ("J10", "videos[0]", videos("¶3")),
    ("J10", "imageGroups[0].images[0]", nested('{"title": "a", "images": [¶1]}')),
    ("J11", "videos[0].objecturl", videos(f'{{¶"objecturl": "{URL}"}}')),
    ("J11", "videos[0].videometadata", videos(f'{{{ONE}, ¶"videometadata": {{}}}}')),
    ("J11", 'videos[0].videoMetadata["a b"]', videos(f'{{{ONE}, "videoMetadata": {{{VIDEO}, ¶"a b": 1}}}}')),
    ("J11", "imageGroups[0].images[0].x", member('¶"x": 1')),
    ("J12", "videos[0]", videos("¶{}")),
    *(
        ("J12", "videos[0].objectUrl", videos(f'{{"objectUrl": ¶{value}}}'))
        for value in ('""', "null", "7", '["https://a"]', "{}")
    ),
    ("J12", "image_groups[0].objectUrl_0", groups('{"title": "a", "objectUrl_0": ¶1}')),
    ("J12", "imageGroups[0].images[0]", nested('{"title": "a", "images": [¶{}]}')),
    ("J12", "scenes[0].scene", scenes('{"title": "a", "scene": ¶[]}')),
    ("J13", "videos[0].objectUrl_0", videos(f"{{¶{ZERO}}}")),
    ("J13", "image_groups[0].objectUrl", groups(f'{{"title": "a", ¶{ONE}}}')),
    ("J13", "imageGroups[0].objectUrl", nested(f'{{"title": "a", ¶{ONE}}}')),
    ("J14", "image_groups[0]", groups('¶{"title": "a"}')),
    ("J14", "imageGroups[0].images", nested('{"title": "a", "images": ¶[]}')),
    ("J15", "image_groups[0].objectUrl_2", groups(f'{{"title": "a", {ZERO}, ¶"objectUrl_2": "{URL}"}}')),
    ("J15", "image_groups[0].objectUrl_1", groups(f'{{"title": "a", ¶"objectUrl_1": "{URL}"}}')),
    *(
        ("J16", f"image_groups[0].{key}", groups(f'{{"title": "a", {ZERO}, ¶"{key}": "{URL}"}}'))
        for key in ("objectUrl_01", "objectUrl_-1", "objectUrl_x", "objectUrl0", "objectUrl_12345678")
    ),
    ("J17", "image_groups[0]", groups(f"¶{{{ZERO}}}")),
    ("J17", "scenes[0]", scenes('¶{"scene": {}}')),
    *(
        ("J17", "image_groups[0].title", groups(f'{{{ZERO}, "title": ¶{title}}}'))
        for title in ("null", '""', '" "')
    ),
    *(
        ("J18", "videos[0].title", videos(f'{{{ONE}, "title": ¶{title}}}'))
        for title in ("3", '""', f'"{"x" * 301}"', '"a\\tb"', '"\\u0085"')
    ),
    ("J18", "imageGroups[0].images[0].title", member('"title": ¶"\\n"')),
    *(
        ("J21", "image_groups[0].createVideo", groups(f'{{"title": "a", {ZERO}, "createVideo": ¶{value}}}'))
        for value in ('"true"', "1")
    ),
    ("J21", "images[0].createVideo", images(f'{{"createVideo": ¶true, {ONE}}}')),
    ("J21", "images[0].createVideo", images(f'{{"createVideo": ¶0, {ONE}}}')),
    ("J21", "videos[0].createVideo", videos(f'{{"createVideo": ¶false, {ONE}}}')),
    *(("J24", "videos[0].clientMetadata", metadata(f"¶{value}")) for value in ("[]", '"a"', "0")),
    *(
        ("J25", "videos[0].clientMetadata.a", metadata(f'{{"a": ¶{number}}}'))
        for number in ("NaN", "Infinity", "-Infinity", "1e999", "9" * 400, "-" + "9" * 5000)
    ),
    ("J25", "images[0].imageMetadata.width", images(f'{{{ONE}, "imageMetadata": {{"width": ¶NaN, {SIZED}}}}}')),
    ("J26", "videos[0].clientMetadata.$x", metadata('{¶"$x": 1}')),
    ("J26", "videos[0].clientMetadata.Token", metadata('{¶"Token": 1}')),
    ("J26", "videos[0].clientMetadata.$encord.config.rate", metadata('{"$encord": {"config": {¶"rate": 1}}}')),
    ("J26", "images[0].clientMetadata.$encord", images(f'{{{ONE}, "clientMetadata": {{¶"$encord": {{}}}}}}')),
    ("J27", "videos[0].clientMetadata.e", metadata('{¶"e": []}')),
    ("J27", "videos[0].clientMetadata.e[1]", metadata('{"e": [1, ¶"x"]}')),
    ("J27", "videos[0].clientMetadata.e", metadata(f'{{¶"e": [{"1, " * 4096}1]}}')),
    ("J28", "videos[0].videoMetadata", videos(f'{{{ONE}, "videoMetadata": ¶{{"fps": 1}}}}')),
    ("J29", "videos[0].imageMetadata", videos(f'{{{ONE}, ¶"imageMetadata": {{{IMAGE}}}}}')),
    ("J29", "image_groups[0].imageMetadata", groups(f'{{"title": "a", {ZERO}, ¶"imageMetadata": {{{IMAGE}}}}}')),
    *(
        ("J30", "images[0].imageMetadata.width", images(f'{{{ONE}, "imageMetadata": {{"width": ¶{number}, {SIZED}}}}}'))
        for number in ('"2"', "0", "-1", "2.5", "true", "null")
    ),
    ("J30", "images[0].imageMetadata.mimeType", images(f'{{{ONE}, "imageMetadata": {{{IMAGE}, ¶"mimeType": "a"}}}}')),
    ("J30", "images[0].imageMetadata", images(f'{{{ONE}, "imageMetadata": ¶3}}')),
    ("J30", "timeSeries[0].settings.channels.a.style", time_series('{"style": ¶"bars"}')),
    *(
        ("J31", f"{name}s[0].{name}Metadata.mime_type", item(f'{{{ONE}, "{name}Metadata": {{{given}}}}}'))
        for item, name, given in (
            (images, "image", IMAGE.replace('"image/png"', '¶"video/png"')),
            (videos, "video", VIDEO.replace('"video/mp4"', '¶"Image/PNG"')),
        )
    ),
    ("J32", f"{DICOM}.tags", series('¶{"00080018": null}')),
    ("J32", f"{DICOM}.tags.00080018", series(ALL_TAGS.replace('"00080018": ', '"00080018": ¶3, "x": '))),
    ("J33", "videos[0].placeholderItemUuid", videos(f'{{{ONE}, ¶"placeholderItemUuid": {UUID}}}')),
    ("J33", "imageGroups[0].images[0].placeholderItemUuid", member(f'¶"placeholderItemUuid": {UUID}')),
    ("J33", "videos[0].externalFileType", videos(f'{{{ONE}, "externalFileType": ¶"IMAGE"}}')),
    ("J34", "imageGroupsFromItems[0].imageItems[0]", items_group('¶"7"')),
    ("J34", "imageGroupsFromItems[0].imageItems[1]", items_group(f"{UUID}, ¶{UUID.lower()}")),
    ("J34", "imageGroupsFromItems[0].imageItems[1]", items_group(f"{UUID}, ¶{UUID.replace('-', '')}")),
    ("J36", "videos[0].title", videos(f'{{"title": ¶"\\ud800", {ONE}}}')),
    ("J36", "videos[0].clientMetadata.a[0]", metadata('{"a": [¶"\\u0000"]}')),
    ("U1", "videos[0].objectUrl", videos(f'{{"objectUrl": "{URL}¶ b"}}')),
    ("U2", "videos[0].objectUrl", videos('{"objectUrl": "¶a/b.mp4"}')),
    ("U4", "videos[0].objectUrl", videos(f'{{"objectUrl": "{URL}¶?X-Amz-Signature=hush"}}')),
    ("U11", "videos[0].objectUrl", videos(f'{{"objectUrl": "{URL.ljust(16_384, "a")}¶a"}}')),
    ("U7", "imageGroups[0].images[0].url", nested(f'{{"title": "a", "images": [{{"url": "{URL}¶/"}}]}}')),
    ("U7", "videos[0].objectUrl", videos(f'{{"objectUrl": ¶"{URL}\\u002f"}}')),
]  # fmt: skip
IN_THE_FILE = [
    ("J3", "", '{"videos": [\n{"objectUrl"¶'),
    ("J3", "", f'{{"videos": [{GOOD}\n¶'),
    ("J3", "", f'{{"videos": [{GOOD}]\n ¶"a": 1}}'),
    ("J3", "", f'{{"videos": [{GOOD}]}}\n¶{{}}'),
    ("J3", "videos[1].title", f'{{"videos": [{GOOD},\n{{"title": ¶x}}]}}'),
    ("J3", "", f'{{"videos": [{GOOD},\n{{¶title: 1}}]}}'),
    ("J3", "videos[1].title", f'{{"videos": [{GOOD},\n{{"title": "a¶\nb"}}]}}'),
    ("J3", "videos[1].title", f'{{"videos": [{GOOD},\n{{"title": "¶\\x"}}]}}'),
    ("J3", "", f'{{"videos": [{GOOD}] \n¶['),
    ("J3", "", '{"videos" ¶[]}'),
    ("J3", "", "¶<html>"),
    ("J2", "", "¶"),
    ("J2", "", "¶ \n\t"),
    ("J6", "", "¶[3]"),
    ("J6", "", " ¶3"),
    ("J36", DEEP, f'{{"videos": [{GOOD},\n{{"clientMetadata": {{"a": {"[" * 60}¶[[]]{"]" * 60}}}}}]}}'),
    ("C23", "", "¶ObjectURL,Video title\n"),
    ("C23", "", '¶"Video title","ObjectURL"\r\n'),
]  # fmt: skip
BESIDE_ITEMS = [
    ("J4", "videos", f'{{"videos": [{GOOD}\n¶,]}}'),
    ("J4", "", f'{{"videos": [{GOOD}]\n¶, }}'),
    ("J5", "videos", f'{{"videos": [{GOOD}],\n¶"videos": [{GOOD}, 1]}}'),
    ("J5", "skip_duplicate_urls", f'{{"skip_duplicate_urls": true, ¶"skip_duplicate_urls": true, "videos": [{GOOD}]}}'),
    ("J7", "video", f'{{¶"video": [{GOOD}, 1], "videos": [{GOOD}]}}'),
    ("J7", "text_files", f'{{¶"text_files": {{"a": [1]}}, "videos": [{GOOD}]}}'),
    ("J7", "pdf", f'{{"pdfs": [{GOOD}],\n¶"pdf": [{GOOD}]}}'),
    ("J7", '["a\\nb"]', f'{{"videos": [{GOOD}], ¶"a\\nb": 1}}'),
    ("J8", "imageGroups", f'{{"pdfs": [{GOOD}],\n¶"imageGroups": []}}'),
    ("J8", "dicom_series", f'{{"skipDuplicateUrls": true, "videos": [{GOOD}],\n¶"dicom_series": []}}'),
    ("J8", "image_groups", f'{{"videos": [{TYPED}],\n¶"image_groups": []}}'),
    ("J10", "images", f'{{"images": ¶{{}}, "videos": [{GOOD}]}}'),
    ("J22", "skip_duplicate_urls", f'{{"videos": [{GOOD}], "skip_duplicate_urls": ¶"true"}}'),
    ("J22", "upsertMetadata", f'{{"videos": [{GOOD}], "upsertMetadata": ¶0}}'),
    ("J23", "upsert_metadata", f'{{"videos": [{GOOD}], ¶"upsert_metadata": true}}'),
]  # fmt: skip
UNDECODABLE = [
    ("\ufeff{}".encode("utf-16-le"), 1, 1, "byte 0"),
    (b'{"videos": [\n\xff', 2, 1, "byte 13"),
    (f'{{"videos": [{GOOD}]}}\n'.encode() + b"\xc3", 2, 1, f"byte {len(GOOD) + 15}"),
]
