"""Where a passage of an article stands in the text of its file."""

from searcher.readers.passage import Passage, find_passage


def test_a_passage_is_found_by_its_letters_whatever_became_of_spaces_and_signs():
    body = "“The ferry sails again,” she said."

    place = find_passage("She went. THE  ferry – sails\nagain, she said", Passage(body, 5, 22))

    assert (15, 34) == place
