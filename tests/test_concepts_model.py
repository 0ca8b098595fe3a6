"""The English model of the concept layer: what it finds in fictional criteria, how it is stored, how it is trained."""

from __future__ import annotations

import doctest
import hashlib
import json
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from documents import ROOT, SHARED, needs_shared
from hypothesis import given
from hypothesis import strategies as st

import extractor
from extractor.concepts import add_concepts, find_concepts
from extractor.model import Criterion, Record, Text, schema

spacy = pytest.importorskip("spacy", reason="the concept layer's extra is not installed")
np = pytest.importorskip("numpy")

from extractor.concepts import english  # noqa: E402 (it needs spaCy)
from extractor.concepts.features import SPELLING_COLUMNS, TERM_COLUMNS, hide_words, token_columns  # noqa: E402
from extractor.concepts.labels import TRAINED_TAGS, USED_TAGS, best_tags, read_runs, tag_runs, used_scores  # noqa: E402
from extractor.concepts.tagger import build_network, pack_network, unpack_network  # noqa: E402
from extractor.concepts.training import train  # noqa: E402
from extractor.concepts.training.corpus import is_held_out, make_line, training_lines  # noqa: E402
from extractor.concepts.training.variants import other_names  # noqa: E402
from extractor.concepts.words import blank_pipeline  # noqa: E402

MODEL = ROOT / "extractor" / "concepts" / "model"
SMALL = """
[tagger]
outside_bias = 0.0
width = 16
spelling_width = 8
rows = [200, 50, 50, 50, 50, 50, 50, 50]
dropout = 0.1

[training]
epochs = 60
batch_words = 40
learn_rate = 0.02
warm_up_batches = 1
weight_decay = 0.0
replaced_share = 0.1
parts = 2

[members]

[members.0]
seed = 1
depth = 1
hidden_share = 0.0
"""
CASES: list[dict[str, Any]] = [
    {
        "id": f"NCT{number:08d}_exc",
        "text": f"History of {disease}.\nPrior {drug} therapy",
        "entities": [
            {"kind": "CONDITION", "start": 11, "end": 11 + len(disease)},
            {"kind": "MEDICATION", "start": 19 + len(disease), "end": 19 + len(disease) + len(drug)},
        ],
    }
    for number, (disease, drug) in enumerate(
        [("asthma", "metformin"), ("hepatitis", "aspirin"), ("cirrhosis", "ibuprofen"), ("gout", "insulin")], start=5
    )
]


def found(text: str) -> list[str]:
    return [f"{mention.kind} {mention.text}" for mention in find_concepts(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("History of hepatitis B", ["CONDITION hepatitis B"]),
        ("Current use of metformin or insulin", ["MEDICATION metformin", "MEDICATION insulin"]),
        ("Prior use of orvotuzumab or lisdexanib", ["MEDICATION orvotuzumab", "MEDICATION lisdexanib"]),
        ("Known hypersensitivity to ibuprofen", ["CONDITION hypersensitivity", "MEDICATION ibuprofen"]),
        ("Previous kidney transplantation", ["PROCEDURE kidney transplantation"]),
        ("Willing and able to give written informed consent", []),
        ("Age 18 to 75 years", []),
    ],
)
def test_english_mentions_of_fictional_criteria(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_english_mentions_carry_polarity_and_window() -> None:
    text = "No history of diabetes mellitus\n\nAny cancer other than cervical carcinoma\nChemotherapy within 4 weeks before enrolment"
    mentions = {mention.text: mention for mention in find_concepts(text)}
    assert mentions["diabetes mellitus"].negated
    assert not mentions["cancer"].negated
    assert mentions["cervical carcinoma"].exception
    assert (mentions["Chemotherapy"].window.value, mentions["Chemotherapy"].window.unit) == (4, "WEEK")
    assert all(text[mention.start : mention.end] == name for name, mention in mentions.items())


@given(st.text(max_size=120))
def test_any_text_gives_mentions_inside_it(text: str) -> None:
    mentions = find_concepts(text)
    assert all(text[mention.start : mention.end] == mention.text != "" for mention in mentions)
    assert [mention.start for mention in mentions] == sorted(mention.start for mention in mentions)


def test_lone_surrogates_do_no_harm() -> None:
    assert [mention.start for mention in find_concepts("\ud800 history of asthma")] == [13]


def test_mentions_are_json_without_what_is_false() -> None:
    first = json.loads(extractor.to_json(find_concepts("History of asthma")))[0]
    assert first == {"kind": "CONDITION", "start": 11, "end": 17, "text": "asthma"}


def test_criteria_keep_their_trees_and_gain_constraints() -> None:
    child = Criterion(id="E1.1", text=Text(en="asthma", zh="哮喘"), role="CRITERION")
    parent = Criterion(id="E1", text=Text(en="No history of:"), role="CRITERION", combine="ANY", children=[child])
    [tree] = add_concepts([parent])
    assert msgspec.structs.replace(tree, children=[child]) == parent
    grown = tree.children[0]
    assert [(each.kind, msgspec.to_builtins(each.quote)) for each in grown.constraints] == [
        ("CONDITION", {"zh": "哮喘"}),
        ("CONDITION", {"en": "asthma"}),
    ]
    assert msgspec.structs.replace(grown, constraints=child.constraints) == child


def test_a_carve_out_in_a_record_is_no_denial() -> None:
    [grown] = add_concepts([Criterion(id="E1", text=Text(en="Any cancer other than cervical carcinoma"), role="CRITERION")])
    assert [(each.variable.text, each.negated, each.exception) for each in grown.constraints] == [
        ("cancer", False, False),
        ("cervical carcinoma", False, True),
    ]


def test_mentions_of_a_criterion_take_the_windows_it_has_already() -> None:
    tree = extractor.parse_criteria("Exclusion Criteria:\n* Chemotherapy within 4 weeks before enrolment\n* Asthma").exclusion
    chemotherapy, asthma = add_concepts(tree)
    assert [(each.kind, each.window.value) for each in chemotherapy.constraints] == [("WINDOW", 4), ("PROCEDURE", 4)]
    assert [(each.kind, each.window) for each in asthma.constraints] == [("CONDITION", msgspec.UNSET)]


def test_criteria_without_mentions_stay_as_they_are() -> None:
    plain = Criterion(id="I1", text=Text(en="Age 18 to 75 years"), role="CRITERION")
    assert add_concepts([plain]) == [plain]
    assert add_concepts([]) == []


def test_the_model_is_small_and_says_what_it_learned_from() -> None:
    size = sum(path.stat().st_size for path in (ROOT / "extractor" / "concepts").rglob("*") if path.is_file() and path.suffix != ".pyc")
    assert size <= 12_000_000
    meta = json.loads((MODEL / "meta.json").read_text("utf-8"))
    assert meta["data"]["name"] == "Chia"
    assert meta["data"]["license"] == "CC BY 4.0"
    assert meta["pipeline"] == ["ner"]


@needs_shared
def test_the_model_learned_from_the_data_it_names() -> None:
    data = SHARED / "gold" / "chia.jsonl"
    assert json.loads((MODEL / "meta.json").read_text("utf-8"))["data"]["sha256"] == hashlib.sha256(data.read_bytes()).hexdigest()


def test_the_model_is_built_from_the_settings_of_the_package() -> None:
    settings = train.read_settings((ROOT / "extractor" / "concepts" / "training" / "config.cfg").read_text("utf-8"))
    shipped = spacy.util.load_config(MODEL / "config.cfg")["components"]["ner"]
    assert shipped["members"] == settings.networks
    assert shipped["outside_bias"] == settings.tagger["outside_bias"]


def test_the_example_of_the_card_runs() -> None:
    done = doctest.testfile(str(ROOT / "docs" / "concepts.md"), module_relative=False)
    assert (done.failed, done.attempted > 0) == (0, True)


def test_the_model_is_loaded_once() -> None:
    assert english.shipped_pipeline() is english.shipped_pipeline()


def test_training_learns_and_repeats_itself(tmp_path: Path) -> None:
    settings = train.read_settings(SMALL)
    data = []
    for name in ("one", "two"):
        nlp = train.new_pipeline(settings)
        train.train_pipeline(nlp, CASES, settings)
        nlp.to_disk(tmp_path / name, exclude=["tokenizer", "vocab"])
        data.append((tmp_path / name / "ner" / "network-0.bin").read_bytes())
    assert data[0] == data[1]
    regions = english.find_regions([case["text"] for case in CASES], nlp)
    expected = [[(each["start"], each["end"], each["kind"]) for each in case["entities"]] for case in CASES]
    assert [[tuple(region) for region in of_case] for of_case in regions] == expected


def test_training_by_command_measures_on_held_out_trials(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold, config = tmp_path / "gold.jsonl", tmp_path / "small.cfg"
    gold.write_text("".join(f"{json.dumps(case)}\n" for case in CASES), encoding="utf-8")
    config.write_text(SMALL, encoding="utf-8")
    part = next(part for part in (0, 1) if is_held_out(CASES[0], part, 2))
    train.main([str(gold), "--config", str(config), "--held-out", str(part), "--output", str(tmp_path / "model")])
    printed = capsys.readouterr().out.splitlines()
    assert [row.split()[0] for row in printed] == ["CONDITION", "MEDICATION", "PROCEDURE", "all"]
    assert json.loads((tmp_path / "model" / "meta.json").read_text("utf-8"))["data"]["held_out"] == part


def test_training_on_nothing_says_so() -> None:
    settings = train.read_settings(SMALL)
    with pytest.raises(ValueError, match="no annotated line"):
        train.train_pipeline(train.new_pipeline(settings), [], settings)


def test_both_texts_of_a_trial_are_held_out_together() -> None:
    trials = [f"NCT{number:08d}" for number in range(200)]
    parts = {trial: [part for part in range(5) if is_held_out({"id": f"{trial}_inc"}, part, 5)] for trial in trials}
    assert all(len(held) == 1 and is_held_out({"id": f"{trial}_exc"}, held[0], 5) for trial, held in parts.items())
    assert len({held[0] for held in parts.values()}) == 5


def test_networks_survive_packing() -> None:
    settings = train.read_settings(SMALL).networks[0]
    one, two = build_network(settings), build_network(settings)
    unpack_network(two, pack_network(one))
    columns = [token_columns(["history", "of", "asthma"])]
    assert np.allclose(one.predict(columns)[0], two.predict(columns)[0], atol=0.01)


def test_training_lines_drop_what_overlaps() -> None:
    case = {
        "id": "NCT1_exc",
        "text": "allergy to nickel",
        "entities": [{"kind": "CONDITION", "start": 0, "end": 17}, {"kind": "MEDICATION", "start": 11, "end": 17}],
    }
    [line] = training_lines(blank_pipeline(), [case])
    assert read_runs([TRAINED_TAGS[tag] for tag in line.tags]) == [(0, 3, "CONDITION")]


@given(st.lists(st.sampled_from([*"CMP", ""]), max_size=12))
def test_tags_name_the_runs_they_were_made_of(kinds: list[str]) -> None:
    names = {"C": "CONDITION", "M": "MEDICATION", "P": "PROCEDURE"}
    runs = [(at * 2, at * 2 + 2, names[kind]) for at, kind in enumerate(kinds) if kind]
    assert read_runs([TRAINED_TAGS[tag] for tag in tag_runs(len(kinds) * 2, runs)]) == runs


@given(st.integers(1, 12), st.integers(0, 2**32 - 1))
def test_the_best_tags_are_legal(length: int, seed: int) -> None:
    chances = np.random.RandomState(seed).dirichlet(np.ones(len(TRAINED_TAGS)), size=length).astype("f")
    tags = best_tags(used_scores(chances))
    assert len(tags) == length
    assert [TRAINED_TAGS.index(tag) for tag in tags] == tag_runs(length, read_runs(tags))
    assert set(tags) <= set(USED_TAGS)


def test_variants_speak_of_other_names_and_keep_the_rest() -> None:
    line = make_line("Known asthma treated with metformin".split(), [(1, 2, "CONDITION"), (4, 5, "MEDICATION")])
    variants = [other_names(line, np.random.RandomState(seed)) for seed in range(20)]
    assert any(variant.words[1] != "asthma" for variant in variants)
    for variant in variants:
        (start, end, kind), (second, last, other) = variant.runs
        assert (kind, other) == ("CONDITION", "MEDICATION")
        assert [*variant.words[:start], *variant.words[end:second], *variant.words[last:]] == ["Known", "treated", "with"]
        assert len(variant.tags) == len(variant.words) == len(variant.columns)


def test_hidden_words_keep_their_place_in_the_term_lists() -> None:
    columns = token_columns(["Asthma", "and", "metformin"])
    hidden = hide_words(columns, 1.0, np.random.RandomState(0))
    assert columns.shape == (3, SPELLING_COLUMNS + TERM_COLUMNS)
    assert (hidden[:, SPELLING_COLUMNS:] == columns[:, SPELLING_COLUMNS:]).all()
    assert (hidden[:, 0] == hidden[0, 0]).all()
    assert (hide_words(columns, 0.0, np.random.RandomState(0)) == columns).all()


@needs_shared
def test_corpus_pages_gain_mentions_that_stand_in_their_criteria() -> None:
    validator = jsonschema.Draft202012Validator(schema(Record))
    pages = sorted(path for path in (SHARED / "corpus").glob("pages/*.txt")) + sorted((SHARED / "corpus" / "chictr").glob("*.html"))
    options = extractor.Options(concepts=True)
    mentions = 0
    for page in pages:
        for record in extractor.extract(page.read_bytes(), page.name, options):
            plain = json.loads(extractor.to_json(record))
            validator.validate(plain)
            mentions += sum(_checked_mentions(each) for each in _criteria(plain))
    assert mentions > 50


def _criteria(plain: dict[str, Any]) -> list[dict[str, Any]]:
    eligibility = plain.get("trial", {}).get("eligibility", {})
    waiting = [*eligibility.get("inclusion", []), *eligibility.get("exclusion", [])]
    for each in waiting:
        waiting.extend(each.get("children", []))
    return waiting


def _checked_mentions(criterion: dict[str, Any]) -> int:
    mentions = [
        each for each in criterion.get("constraints", []) if each["kind"] in ("CONDITION", "MEDICATION", "PROCEDURE") and "low" not in each
    ]
    for each in mentions:
        assert all(words in criterion["text"][language] for language, words in each["quote"].items())
    return len(mentions)
