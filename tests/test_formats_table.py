"""docs/formats.md says what is kept of each kind of file, as the readers have it today."""

from formats_table import PAGE, put_in


def test_the_table_of_formats_is_that_of_today():
    page = PAGE.read_text("utf-8")
    assert page == put_in(page), "run 'make formats'"
