import pytest

from pipeline.transcripts.details import find_details


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("my date of birth is 03/04/1962, yes", "date of birth", "03/04/1962"),
        ("born on the 3rd of March 1962 in the flat", "date of birth", "the 3rd of March 1962"),
        ("the meeting on 3 March 1962", "", ""),  # a date, and nobody's
        ("born in 1962", "", ""),  # a year alone stays, as the guidance has it
        ("it is 9434765919, they said", "NHS number", "9434765919"),
        ("it is 9434765918, they said", "", ""),  # the check digit is wrong
        ("my nhs number is 9434765918", "NHS number", "9434765918"),  # mistyped, and still one
        ("ab 12 34 56 c is my number", "NI number", "ab 12 34 56 c"),
        ("a van, LK19 ZTR, tipped it", "number plate", "LK19 ZTR"),
        ("we are at hx7 8qq now", "postcode", "hx7 8qq"),
        ("in b12 4th from the left", "", ""),
        ("as @moor_side_ann she posts", "handle", "@moor_side_ann"),
        ("see moorside-news.co.uk/plans, it says", "web address", "moorside-news.co.uk/plans"),
        ("it is on www.gov.uk somewhere", "", ""),  # everybody's
        ("jo dot ash at example dot org", "email", "jo dot ash at example dot org"),
        (
            "ring oh one six three two nine six oh one four seven",
            "phone number",
            "oh one six three two nine six oh one four seven",
        ),
        ("sort code 12-34-56 please", "account number", "12-34-56"),
        ("one two three, here we go", "", ""),
        ("1,200 names and £18,500 in 2021", "", ""),
    ],
)
def test_details_are_found_as_people_write_and_say_them(text, kind, words):
    found = [(one.kind, text[one.start : one.end]) for one in find_details(text)]
    assert found == ([(kind, words)] if kind else [])


def test_details_never_overlap():
    found = find_details("jo@moor.org, www.moor.org, 01632 960147 and 01632 960148")
    assert [one.kind for one in found] == ["email", "web address", "phone number", "phone number"]
    assert all(one.end <= two.start for one, two in zip(found, found[1:], strict=False))
