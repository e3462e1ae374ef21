"""Who is found to speak."""

from __future__ import annotations

import pytest

from searcher.article import Mention


def test_the_name_before_the_verb_speaks(find):
    found = find("The council met on Monday.\n\n“The bridge will stay closed,” Ann Roe said.")

    assert [("Ann Roe", "The bridge will stay closed,")] == found.said


def test_a_last_name_stands_for_the_full_name(find):
    found = find("Ann Roe runs the harbour.\n\n“We are ready for the storm,” said Roe.")

    assert ["Ann Roe"] == [quote.speaker for quote in found.quoted]


def test_a_pronoun_stands_for_the_person_of_its_gender(find):
    found = find("Mary Doe met Robert Poe at the town hall.\n\n“I was not told about the plan,” she said.")

    assert [("Mary Doe", "she")] == [
        (q.speaker, found.body[q.speaker_start : q.speaker_end]) for q in found.quoted
    ]


def test_an_unnamed_speaker_keeps_the_words_used(find):
    found = find("The ward was full.\n\n“We had no beds left,” a nurse said.")

    assert [("a nurse", "unnamed")] == [(q.speaker, q.speaker_kind) for q in found.quoted]


def test_the_place_of_a_speaker_ends_before_the_s_of_the_genitive(find):
    found = find("Ann Roe’s answer was clear: “The bridge will stay closed until the winter is over.”")

    assert ["Ann Roe"] == [found.body[q.speaker_start : q.speaker_end] for q in found.quoted]


def test_a_mention_gives_its_consolidated_name(find):
    body = "“We grew by a tenth,” said Quillby."
    start = body.index("Quillby")
    found = find(body, (Mention("Quillby Systems", "organisation", start, start + 7),))

    assert [("Quillby Systems", "organisation")] == [(q.speaker, q.speaker_kind) for q in found.quoted]


def test_a_split_quotation_is_one_utterance(find):
    found = find("“The road is open,” Ann Roe said. “The tunnel is not open yet.”")

    assert [0, 0] == [quote.utterance for quote in found.quoted]
    assert ["Ann Roe", "Ann Roe"] == [quote.speaker for quote in found.quoted]


def test_a_country_is_no_person_of_that_first_name(find):
    found = find(
        "Foreign Minister Israel Katz spoke.\n\nIsrael said the case was “patently one-sided and unfair”."
    )

    assert "Israel Katz" not in [quote.speaker for quote in found.quoted]


def test_a_quotation_over_paragraphs_is_one_utterance(find):
    found = find(
        "“The road is open,” Ann Roe said. “But we ask for patience.\n\n“The tunnel is not open yet.”"
    )

    assert [0, 0, 0] == [quote.utterance for quote in found.quoted]


def test_quotations_of_two_paragraphs_are_two_utterances_where_the_first_is_closed(find):
    found = find("“The road is open,” Ann Roe said.\n\n“The tunnel is not open yet,” Ann Roe said.")

    assert [0, 1] == [quote.utterance for quote in found.quoted]


def test_a_transcript_names_its_speakers(find):
    found = find(
        "Host Linda Poe spoke with Robert Doe on Sunday.\n\nPOE: Why did you close the port?\n\n"
        "DOE: The storm left us no choice."
    )

    assert [
        ("Linda Poe", "Why did you close the port?"),
        ("Robert Doe", "The storm left us no choice."),
    ] == found.said


def test_a_title_is_not_speech(find):
    found = find("Ann Roe wrote the novel “Winter Harbour” in 1999, and it sold well in five countries.")

    assert [] == found.said


def test_letters_to_a_columnist_are_no_transcript(find):
    found = find("DEAR POLLY: My cat sings at night.\n\nDEAR SLEEPLESS: Sing back.\n\nDEAR POLLY: It worked.")

    assert [] == found.said


def test_a_signature_belongs_to_the_quotation_before_it(find):
    found = find("“The plan is unfair to us.” — Mary Doe\n\n“The plan will work for all.” — Robert Poe")

    assert ["Mary Doe", "Robert Poe"] == [quote.speaker for quote in found.quoted]


def test_a_shared_surname_means_the_subject_of_just_now(find):
    body = (
        "Robert Roe and his daughter Jane Roe run the mill.\n\n"
        "Jane Roe joined the board in May.\n\n“We will not sell,” Roe said."
    )
    mentions = tuple(
        Mention(name, "person", start, start + len(written))
        for written, name, start in (
            ("Robert Roe", "Robert Roe", body.index("Robert Roe")),
            ("Jane Roe", "Jane Roe", body.index("Jane Roe")),
            ("Jane Roe", "Jane Roe", body.rindex("Jane Roe")),
            ("Roe", "Robert Roe", body.rindex("Roe")),
        )
    )

    assert ["Jane Roe"] == [quote.speaker for quote in find(body, mentions).quoted]


def test_reported_speech_is_marked_as_indirect(find):
    found = find("Ann Roe said that the harbour would close for three weeks in winter.")

    assert [("indirect", "Ann Roe")] == [(quote.kind, quote.speaker) for quote in found.all]


def test_who_works_for_a_body_is_not_the_body(find):
    body = "“It will settle,” a dealer at Quillby Ltd said.\n\n“It will not,” said one broker at Quillby."
    places = [(body.index("Quillby"), "Quillby Ltd"), (body.rindex("Quillby"), "Quillby")]
    mentions = tuple(Mention("Quillby Ltd", "organisation", at, at + len(w)) for at, w in places)

    assert [("a dealer", "unnamed"), ("one broker", "unnamed")] == [
        (q.speaker, q.speaker_kind) for q in find(body, mentions).quoted
    ]


def test_one_of_many_is_nobody_named(find):
    found = find(
        "Robert Poe said the closure was wise.\n\nOther brokers agreed. “It gives us time,” said one."
    )

    assert [("one", "It gives us time,")] == found.said


def test_the_paper_that_reports_it_did_not_say_it(find):
    found = find(
        "Ann Roe spoke on Monday. “The bridge is closed,” she said, according to the Port Aurel Herald."
    )

    assert ["Ann Roe"] == [quote.speaker for quote in found.quoted]


def test_headings_in_capitals_are_no_transcript(find):
    found = find(
        "Change the oil.\n\nINTERVAL: Every 5,000 miles is the price to pay.\n\nPRICE: The price is low."
    )

    assert [] == found.said


def test_headings_that_come_back_are_no_transcript(find):
    found = find("\n\n".join(["Unique Feature: No other feature matters.", "Best For: Sailors."] * 2))

    assert [] == found.said


def test_messages_without_full_stops_are_no_transcript(find):
    lines = ["Strict Roe: Redefining a constructor on line 56", "Jane Doe: Assigning by reference on line 36"]

    assert [] == find("\n\n".join(lines * 2)).said


def test_an_interview_in_mixed_case_names_its_speakers(find):
    lines = ["Jane Roe: Why did you close it?", "Robert Doe: The storm left no choice."] * 2
    found = find("\n\n".join(lines))

    assert ["Jane Roe", "Robert Doe"] * 2 == [quote.speaker for quote in found.quoted]


def test_teams_do_not_speak_in_a_list_of_fixtures(find):
    teams = ("Harbour", "Mill") * 2
    body = "\n\n".join(f"{team}: They play at home on Friday." for team in teams)
    starts = [body.index("\n\n" + team) + 2 if n > 1 else body.index(team) for n, team in enumerate(teams)]
    mentions = tuple(
        Mention(team, "organisation", start, start + len(team))
        for team, start in zip(teams, starts, strict=True)
    )

    assert [] == find(body, mentions).said


def test_a_title_among_works_cited_is_not_speech(find):
    found = find("^ Roe, Ann (2001). “The harbour was never closed.” Port Aurel Press. Retrieved 2 May 2011.")

    assert [] == found.said


def test_a_pronoun_may_stand_for_a_person_with_a_surname_only(find):
    body = (
        "Quillby praised Robert Poe.\n\n"
        "Quillby sent a similar message to the harbour towns. “Go out and vote today,” he said."
    )
    second = body.rindex("Quillby")
    names = (("Quillby", 0), ("Robert Poe", body.index("Robert")), ("Quillby", second))
    found = find(body, tuple(Mention(name, "person", at, at + len(name)) for name, at in names))

    assert ["Quillby"] == [quote.speaker for quote in found.quoted]


def test_who_is_spoken_of_does_not_speak(find):
    body = (
        "Ann Roe runs the harbour. Robert Poe is an analyst.\n\n"
        "Pointing to the figures, he said Roe had done well. “There is no need for haste,” he said."
    )
    at = {name: body.index(name) for name in ("Ann Roe", "Robert Poe")}
    names = tuple(Mention(name, "person", i, i + len(name)) for name, i in at.items())
    again = Mention("Ann Roe", "person", body.rindex("Roe"), body.rindex("Roe") + 3)

    assert ["Robert Poe"] == [quote.speaker for quote in find(body, (*names, again)).quoted]


def test_a_place_does_not_speak_for_the_person_who_is_there(find):
    body = "Ann Roe runs the harbour.\n\nA dealer in Port Aurel said, “I think they can agree.”"

    assert ["A dealer"] == [q.speaker for q in find(body, (Mention("Ann Roe", "person", 0, 7),)).quoted]


def test_a_word_of_another_script_is_no_name(find):
    found = find("Бывшая модель боится. «Да, я думаю, что кто-то скажет это». Да, она так думает.")

    assert [None] == [quote.speaker for quote in found.quoted]


def test_a_title_alone_is_no_name(find):
    found = find("A school opened in Calder.\n\n“Every child learns,” the First Lady said.")

    assert [("the First Lady", "unnamed")] == [(q.speaker, q.speaker_kind) for q in found.quoted]


NEWCOMER = (
    "Berit Sandvik, the harbour master, said that the gates had held.\n\n"
    "A nurse who lives on the quay and did not wish to be named said she had been woken by the siren. "
    "“I took my coat and left the lamp on,” she said."
)


def test_who_is_named_after_an_unnamed_person_speaks(find):
    found = find(
        "A nurse was woken by the siren. Berit Sandvik held the gates. “I took my coat and left,” she said."
    )

    assert [("Berit Sandvik", True)] == [(q.speaker, q.confidence > 0.7) for q in found.quoted]


def test_who_was_asked_before_speaks(find):
    found = find(
        "Ann Roe faced the board.\n\nWhen she was asked about it, Roe said, “It will not work at all.”"
    )

    assert [("Ann Roe", True)] == [(quote.speaker, quote.confidence > 0.9) for quote in found.quoted]


def test_a_short_fragment_claims_less_than_a_clause(find):
    clause = find("“The bridge will stay closed until May,” Ann Roe said.")
    fragment = find("Ann Roe said that the “outer ring of wells” would stay closed.")

    assert True is (fragment.quoted[0].confidence <= 0.75 < clause.quoted[0].confidence)


def test_what_is_reported_in_so_many_words_is_surer_than_what_somebody_hopes(find):
    said = find("Ann Roe said that the bridge would be closed until the end of May.")
    hoped = find("Ann Roe hopes that the bridge would be closed until the end of May.")

    assert [(True, "indirect")] == [(one.confidence >= 0.7, one.kind) for one in said.all]
    assert [] == [one.confidence for one in hoped.all if one.confidence >= 0.7]


@pytest.mark.parametrize(
    "body",
    [
        "We’ve noted the size range for each brand of boots in the long list below.",
        "What did the mayor say to the fishers at the harbour when the bridge was closed?",
        "When Ann Roe suggested that the town buy more boats from abroad, the council was not satisfied.",
        "Fishers across the North Sea say they have no choice but to stay in the harbour all winter.",
        "And here is where I say that the harbour should have been closed many years ago.",
        "Ann Roe met the council. The mayor asked for more boats to be sent to the harbour by May.",
        "Ann Roe met the council. Roe predicts the same bleak future that the fishers did last year.",
        "Ann Roe met the council. To say she bears no blame for what happened that night is wrong.",
        "Ann Roe said as she raised her hand and waved at the fishers in the harbour.",
        "She was asked: “Why?”\n\nWhen Ann Roe writes that what lies behind is plain nonsense, she is right.",
        "Ann Roe met the council. Roe would say that the harbour should have been closed many years ago.",
        "Ann Roe met them. Roe and the council were careful to say that the bridge was closed for good.",
        "Ann Roe met the council. They wait until Ann Roe confirms that the bridge has been closed.",
        "Ann Roe met the council. The page repeats what Ann Roe says the bridge can do for fishers.",
        "If a fisher explains that the bridge has been closed for good, the council does not listen.",
        "The mayor's letter says to notify the fishers when the bridge is closed for the winter.",
    ],
)
def test_what_the_sentence_turns_otherwise_is_no_sure_report(find, body):
    assert [] == [one.text for one in find(body).all if one.confidence >= 0.7]


def test_witnesses_speak_as_a_witness_does(find):
    found = find("Witnesses said the boat sank near the harbour in the early morning.")

    assert [("Witnesses", True)] == [(one.speaker, one.confidence >= 0.7) for one in found.all]


def test_a_report_ends_before_the_article_of_its_speaker(find):
    found = find("Demand for fish meal stayed strong in the north in July, the Harbour Post said.")

    assert ["Demand for fish meal stayed strong in the north in July"] == [one.text for one in found.all]


def test_a_body_within_a_phrase_did_not_surely_say_it(find):
    found = find("A spokesman at the Navy said that the bridge would be closed until the end of May.")

    assert [] == [one.speaker for one in found.all if one.speaker == "Navy" and one.confidence >= 0.7]


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        ("The fish is safe, though officials say that the harbour will stay closed for weeks.", "officials"),
        ("That is kind, but some days I wish I had said, “We do not like your boats”.", "I"),
    ],
)
def test_the_words_of_a_speaker_begin_behind_a_conjunction_and_end_before_a_pronoun(find, body, speaker):
    assert [speaker] == [one.speaker for one in find(body).all]


def test_a_part_of_a_name_is_not_according_to_whom_it_is(find):
    body = "Quillby Bank runs the harbour. They know nothing of storms, according to a Quillby Bank clerk."
    bank = Mention("Quillby Bank", "organisation", 0, 12)
    again = Mention("Quillby Bank", "organisation", body.rindex("Quillby"), body.rindex("Quillby") + 12)

    assert [] == [one.speaker for one in find(body, (bank, again)).all if one.confidence >= 0.7]


@pytest.mark.parametrize(
    "body",
    [
        "Ann Roe said this week that the bridge would be closed until the end of May.",
        "Ann Roe said in her statement that the bridge would be closed until the end of May.",
        "The bridge will be closed until the end of May, according to a report by the council.",
        "Ann Roe spoke. “We wait,” Roe said, adding that the bridge would be closed until the end of May.",
    ],
)
def test_a_few_words_between_make_a_report_no_less_sure(find, body):
    assert [True] == [one.confidence >= 0.7 for one in find(body).all if one.kind == "indirect"]
