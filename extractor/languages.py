"""Language maps in any language: `Text` has the fields zh and en, other languages (BCP 47 keys) live in kinds of it made on demand.

A record in Chinese and English pays nothing for the others: its texts are plain `Text`s, and `to_model` converts in one go.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, TypeVar, cast, get_args

import msgspec
from msgspec import UNSET, UnsetType

from extractor.model import LANGUAGE, Model, Text
from extractor.patterns import lazy_pattern

UNDETERMINED = "und"  # BCP 47: a language that is not known
READ = ("zh", "en")  # languages whose criteria and values are read; the first of them that is present leads

T = TypeVar("T", bound=Model)
_language = lazy_pattern(LANGUAGE)


def clean_language(words: str) -> str:
    """The key of a language (BCP 47) that a document states; "und" for words that are no key, "" for none.

    >>> clean_language(" de "), clean_language("German, formal"), clean_language("")
    ('de', 'und', '')
    """
    key = words.strip()
    return key if not key or _language.fullmatch(key) else UNDETERMINED


def text_of(words: Mapping[str, str]) -> Text:
    """The language map of some words by language, those that are read first.

    >>> text_of({"de": "Alter über 18", "en": "Age over 18"})
    Text(en='Age over 18', de='Alter über 18')
    >>> type(text_of({"en": "Age over 18"})) is Text
    True
    """
    try:
        return Text(**words)
    except TypeError:
        others = tuple(language for language in words if language not in READ)
        return _kind_with(others)(**{_attribute(language): text for language, text in words.items()})


def words_of(text: Text) -> dict[str, str]:
    """The words of a language map by language.

    >>> words_of(text_of({"pt-BR": "Idade", "zh": "年龄"}))
    {'zh': '年龄', 'pt-BR': 'Idade'}
    """
    pairs = zip(text.__struct_encode_fields__, msgspec.structs.astuple(text), strict=True)
    return {language: words for language, words in pairs if words is not UNSET}


def to_model(tree: Any, kind: type[T]) -> T:
    """A plain tree as a declared type, language maps in any language included.

    Raises msgspec.ValidationError where the tree does not have the shape of the type.
    """
    try:
        return msgspec.convert(tree, kind)
    except msgspec.ValidationError:
        taken: list[tuple[list[str | int], Mapping[str, str]]] = []
        bare = _without_others(tree, kind, taken)
        model = msgspec.convert(bare, kind)
    for path, words in taken:
        _set(model, path, text_of(words))
    return model


def _attribute(language: str) -> str:
    return language.replace("-", "_")


@cache
def _kind_with(others: tuple[str, ...]) -> type[Text]:
    """The kind of `Text` that has these further languages."""
    wrong = next((language for language in others if not _language.fullmatch(language)), "")
    if wrong:
        raise ValueError(f"{wrong!r} is no key of a language")
    fields = [(_attribute(language), str | UnsetType, UNSET) for language in others]
    names = {_attribute(language): language for language in others}
    options: dict[str, Any] = {"frozen": True, "kw_only": True, "forbid_unknown_fields": True, "omit_defaults": True, "rename": names}
    made: Any = msgspec.defstruct("Text", fields, bases=(Text,), namespace={"__reduce__": _reduce}, **options)
    return cast("type[Text]", made)


def _reduce(text: Text) -> tuple[Any, ...]:
    """How a map in other languages is pickled: by its words, since its kind has no name of its own."""
    return text_of, (words_of(text),)


@cache
def _parts(kind: type[Model]) -> dict[str, type[Model]]:
    """Encoded name → declared type, for the fields that hold declared types, alone or in a list."""
    found: dict[str, type[Model]] = {}
    for field in msgspec.structs.fields(kind):
        held = next(_declared(field.type), None)
        if held is not None:
            found[field.encode_name] = held
    return found


def _declared(kind: Any) -> Iterator[type[Model]]:
    if isinstance(kind, type) and issubclass(kind, Model):
        yield kind
    for part in get_args(kind):  # a declared type nests two or three levels
        yield from _declared(part)


def _without_others(tree: Any, kind: type[Model], taken: list[tuple[list[str | int], Mapping[str, str]]]) -> Any:
    """A copy of a tree whose language maps keep what `Text` declares; those that have more are noted with their paths."""
    root: list[Any] = [None]
    pending: list[tuple[Any, int | str, Any, type[Model], list[str | int]]] = [(root, 0, tree, kind, [])]
    while pending:
        owner, place, value, held, path = pending.pop()
        if isinstance(value, list):
            items = owner[place] = list(value)
            pending += [(items, at, item, held, [*path, at]) for at, item in enumerate(value)]
        elif held is Text and isinstance(value, dict):
            owner[place] = {language: words for language, words in value.items() if not _is_other(language, words)}
            if owner[place] != value:
                taken.append((path, value))
        elif isinstance(value, dict):
            node = owner[place] = dict(value)
            parts = _parts(held)
            pending += [(node, name, item, parts[name], [*path, name]) for name, item in value.items() if name in parts]
    return root[0] if root[0] is not None else tree


def _is_other(language: str, words: Any) -> bool:
    return language not in READ and isinstance(words, str) and _language.fullmatch(language) is not None


def _set(model: Any, path: list[str | int], text: Text) -> None:
    """Puts a language map at its place, in models that are frozen for everybody else."""
    for step in path[:-1]:
        model = model[step] if isinstance(step, int) else getattr(model, _field(model, step))
    last = path[-1]
    if isinstance(last, int):
        model[last] = text
    else:
        msgspec.structs.force_setattr(model, _field(model, last), text)


def _field(model: Model, name: str) -> str:
    """The attribute of an encoded name: "class" is `class_`."""
    return model.__struct_fields__[model.__struct_encode_fields__.index(name)]
