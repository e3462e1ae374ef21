"""The recipe of the encoder on a made-up article and a tiny network: everything runs, and learning learns."""

import json
import random
from pathlib import Path

import pytest

from searcher.extract.encoder.pieces import SPACE, Unigram

torch = pytest.importorskip("torch")

from training.encoder.articles import Article, article_of, read_articles, with_words  # noqa: E402
from training.encoder.augment import retyped  # noqa: E402
from training.encoder.base import UNKNOWN  # noqa: E402
from training.encoder.course import Course, quotations, run  # noqa: E402
from training.encoder.deepen import UpperCourse, deepen  # noqa: E402
from training.encoder.losses import deep_names_loss, names_loss, quotations_loss  # noqa: E402
from training.encoder.model import Network, Upper  # noqa: E402
from training.encoder.names import OtherNames, Source, drawn  # noqa: E402
from training.encoder.state import load  # noqa: E402
from training.encoder.windows import batch_of, windows_of  # noqa: E402

TEXT = "“The ferry sails on Monday,” said Nora Lindqvist of Vestport Ferries.\n\nThe harbour was quiet."


@pytest.fixture
def cutter() -> Unigram:
    letters = sorted({*TEXT, SPACE} - {" ", "\n"})
    pieces = ["<s>", "<pad>", "</s>", "<unk>", *letters, *(SPACE + letter for letter in letters)]
    return Unigram(pieces, [-3.0] * len(pieces), UNKNOWN)


@pytest.fixture
def article(tmp_path: Path) -> Article:
    start, name = TEXT.index("“"), TEXT.index("Nora")
    quote = {
        "start": start, "end": TEXT.index("”") + 1, "type": "direct", "resolved_by": "name",
        "speaker_start": name, "speaker_end": name + 14, "speaker_canonical": "Nora Lindqvist",
    }  # fmt: skip
    path = tmp_path / "quotes.jsonl"
    path.write_text(json.dumps({"id": "1", "text": TEXT, "quotes": [quote]}), encoding="utf-8")
    return read_articles(path)[0]


def network(cutter: Unigram) -> Network:
    torch.manual_seed(1)
    made = Network(200, layers=1)
    torch.nn.init.normal_(made.words.weight, std=0.1)
    return made


def test_a_labelled_quotation_becomes_a_question_with_its_answers(article: Article) -> None:
    (question,) = article.questions

    assert question.speech
    assert ("Nora Lindqvist",) == tuple(TEXT[a:b] for a, b in question.mention or ())
    assert ("Lindqvist",) == tuple(TEXT[a:b] for a, b in question.names or ())


@pytest.mark.parametrize("seed", range(12))
def test_other_typography_moves_every_place_along(article: Article, seed: int) -> None:
    made = retyped(article, random.Random(seed), strength=3.0)

    (question,) = made.questions
    assert "The ferry sails on Monday," == made.text[question.start : question.end]
    assert ("Nora Lindqvist",) == tuple(made.text[a:b] for a, b in question.mention or ())


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("Bill de Blasio left. De Blasio said.", "Bill de Blasio", ["Blasio", "Blasio"]),
        ("The Bank of Vestport rose; Vestport fell.", "Bank of Vestport", ["Bank of Vestport"]),
        ("The Dept. of\nPorts Inc. said so.", "Dept. of Ports Inc.", ["Dept. of\nPorts Inc."]),
    ],
)
def test_a_person_is_found_by_the_surname_and_a_body_by_its_whole_name(
    text: str, name: str, found: list[str]
) -> None:
    made = with_words({"id": "1", "publisher": "p", "text": text, "who": [[0, 3, [name]]]})

    assert [text[a:b] for a, b in made.questions[0].names or ()] == found


def test_words_that_are_no_name_are_asked_whom_they_mean() -> None:
    text = "Nora Lindqvist runs the port. “We sail,” the director said."
    start, mention = text.index("“"), text.index("the director")
    quote = {
        "start": start, "end": start + 10, "type": "direct", "resolved_by": "hand", "speaker_start": mention,
        "speaker_end": mention + 12, "speaker_canonical": "Nora Lindqvist",
    }  # fmt: skip
    made = article_of({"id": "1", "text": text, "quotes": [quote]})

    assert [(one.start, one.speech, one.names) for one in made.questions if one.words] == [
        (mention, None, ((5, 14),))
    ]


def test_of_an_article_with_words_alone_no_speech_is_learned(cutter: Unigram) -> None:
    who = [[TEXT.index("The"), TEXT.index("The") + 3, ["Nora Lindqvist"]]]
    made = with_words({"id": "1", "publisher": "p", "text": TEXT, "who": who})
    (one,) = windows_of(made, cutter, random.Random(1), 300)
    losses = quotations_loss(network(cutter).eval(), batch_of([one]))

    assert [0.0, 0.0, True] == [losses["speech"].item(), losses["tags"].item(), losses["name"].item() > 0]


def names() -> Source:
    spans = [
        [TEXT.index("Nora"), TEXT.index(" of"), "PER"],
        [TEXT.index("Vestport"), TEXT.index(".\n"), "ORG"],
    ]
    return Source("en", 1.0, [{"text": TEXT, "spans": spans}])


def test_exchanged_names_keep_their_labels() -> None:
    other = {"text": "Ines Araya left Norrhavn Bank.", "spans": [[0, 10, "PER"], [16, 29, "ORG"]]}
    sources = [Source("en", 1.0, [other]), names()]

    made = OtherNames(sources).swap(other, "en", random.Random(3))

    named = {made["text"][start:end] for start, end, _ in made["spans"]}
    assert named <= {"Ines Araya", "Nora Lindqvist", "Norrhavn Bank", "Vestport Ferries"}
    assert made["text"] == "{} left {}.".format(*(made["text"][a:b] for a, b, _ in made["spans"]))


def test_a_few_steps_of_the_upper_layers_bring_the_loss_of_names_down(
    cutter: Unigram, tmp_path: Path
) -> None:
    shared, upper = network(cutter), Upper(layers=1)
    batch = batch_of(next(drawn([names()], cutter, random.Random(1), 200)))
    first = deep_names_loss(shared, upper, batch).item()

    batches = drawn([names()], cutter, random.Random(1), 200)
    deepen(shared, upper, UpperCourse(24, 2e-3, 1.0), batches, tmp_path / "upper.pt")

    after = Upper(layers=1)
    load(after, tmp_path / "upper.pt")
    assert deep_names_loss(shared, after.eval(), batch).item() < first / 2


def test_names_are_learned_through_the_upper_layers_where_there_are_some(
    article: Article, cutter: Unigram, tmp_path: Path
) -> None:
    streams = {"names": drawn([names()], cutter, random.Random(1), 200)}
    shared = network(cutter)
    shared.upper = Upper(layers=1)
    batch = batch_of(next(drawn([names()], cutter, random.Random(1), 200)))
    first = names_loss(shared, batch)["names"].item()

    run(shared, Course(24, 2e-3, 1.0, 0, ("names",)), streams, tmp_path / "made.pt", 0, 1)

    after, upper = network(cutter), Upper(layers=1)
    load(after, tmp_path / "made.pt")
    load(upper, tmp_path / "made.pt")
    assert deep_names_loss(after.eval(), upper.eval(), batch).item() < first / 2


def test_a_few_steps_bring_the_loss_of_one_article_down(
    article: Article, cutter: Unigram, tmp_path: Path
) -> None:
    streams = {
        "names": drawn([names()], cutter, random.Random(1), 200),
        "quotations": quotations([article], cutter, random.Random(1), 1),
    }
    before = network(cutter)
    batch = batch_of(list(windows_of(article, cutter, random.Random(1), 300)))
    first = sum(loss.item() for loss in quotations_loss(before.eval(), batch).values())

    run(before, Course(16, 2e-3, 1.0, 0, ("names", "quotations")), streams, tmp_path / "made.pt", 0, 1)

    after = network(cutter)
    load(after, tmp_path / "made.pt")
    last = sum(loss.item() for loss in quotations_loss(after.eval(), batch).values())
    assert last < first / 2
