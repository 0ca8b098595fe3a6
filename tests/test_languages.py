"""Language maps: open to every language, plain where a record is Chinese and English."""

from __future__ import annotations

import pickle
from typing import Any

import jsonschema
import msgspec
import pytest

from extractor.languages import text_of, to_model, words_of
from extractor.model import Text, Trial, schema

TREE: dict[str, Any] = {
    "titles": {"public": {"en": "Plums", "is": "Plómur", "pt-BR": "Ameixas"}, "acronym": {"en": "PLUM"}},
    "keywords": [{"de": "Pflaume"}, {"en": "plum"}],
    "sponsors": [{"role": "LEAD", "class": {"code": "OTHER", "text": {"fr": "Commercial"}}}],
    "eligibility": {
        "inclusion": [
            {
                "id": "I1",
                "role": "CRITERION",
                "text": {"el": "Ηλικία"},
                "children": [{"id": "I1.1", "role": "CRITERION", "text": {"zh": "年龄", "el": "Ηλικία"}}],
            }
        ]
    },
}


def test_a_tree_in_many_languages_comes_back_as_it_was() -> None:
    trial = to_model(TREE, Trial)
    assert msgspec.json.decode(msgspec.json.encode(trial)) == TREE
    assert trial.titles
    assert trial.titles.public
    assert trial.titles.public.en == "Plums"
    assert words_of(trial.titles.public) == {"en": "Plums", "is": "Plómur", "pt-BR": "Ameixas"}
    assert pickle.loads(pickle.dumps(trial)) == trial  # noqa: S301 (our own)


def test_the_schema_takes_every_language_and_nothing_else() -> None:
    check = jsonschema.Draft202012Validator(schema(Trial))
    assert check.is_valid(TREE)
    assert not check.is_valid({"titles": {"public": {"english": "Plums"}}})
    assert not check.is_valid({"titles": {"public": {"de": 1}}})


@pytest.mark.parametrize(
    "tree",
    [
        {"titles": {"public": {"english": "Plums"}}},
        {"titles": {"public": {"de": 1}}},
        {"titles": {"publik": {"de": "Pflaumen"}}},
        {"links": [{"url": {"de": "x"}}]},
        {"keywords": {"de": "Pflaume"}},
    ],
    ids=str,
)
def test_what_is_no_language_map_is_refused(tree: Any) -> None:
    with pytest.raises(msgspec.ValidationError):
        to_model(tree, Trial)


def test_chinese_and_english_alone_make_a_plain_text() -> None:
    assert type(text_of({"zh": "年龄", "en": "Age"})) is Text
    assert type(to_model({"keywords": [{"zh": "李子"}]}, Trial).keywords[0]) is Text  # type: ignore[index]


def test_a_key_that_is_no_language_is_an_error_of_ours() -> None:
    with pytest.raises(ValueError, match="no key of a language"):
        text_of({"english": "Age"})
