import pytest
from reviewed_study import HOME, OURS, TOKEN, make_reviewed_study, open_page

from pipeline.review.app import make_app
from pipeline.review.desk import Desk


@pytest.fixture
def app(tmp_path):
    return make_app(Desk(make_reviewed_study(tmp_path)), token=TOKEN, port=8421)


def every_path(app):
    """Give every route with its methods, whatever parts the page has."""
    for rule in app.url_map.iter_rules():
        values = dict.fromkeys(rule.arguments, "x")
        with app.test_request_context(base_url=HOME):
            path = app.url_for(rule.endpoint, **values)
        yield from ((method, path) for method in sorted(rule.methods - {"OPTIONS"}))


def test_without_the_token_every_route_is_refused(app):
    for method, path in every_path(app):
        answer = app.test_client().open(path, method=method, base_url=HOME, headers=OURS)
        assert answer.status_code == 403, (method, path)


def test_with_a_wrong_token_every_route_is_refused(app):
    for method, path in every_path(app):
        client = app.test_client()
        client.set_cookie("three_powers_8421", "another")
        wrong = f"{path}?token={TOKEN}x"
        answer = client.open(wrong, method=method, base_url=HOME, headers=OURS)
        assert answer.status_code == 403, (method, path)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8421", "127.0.0.1:80", "10.0.0.1"])
def test_another_host_is_refused_even_with_the_token(app, host):
    for method, path in every_path(app):
        client = app.test_client()
        client.set_cookie("three_powers_8421", TOKEN, domain=host.partition(":")[0])
        answer = client.open(
            f"{path}?token={TOKEN}", method=method, base_url=f"http://{host}", headers=OURS
        )
        assert answer.status_code == 403, (method, path)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": HOME, "Sec-Fetch-Site": "same-site"},
    ],
)
def test_what_another_page_wants_to_change_is_refused(app, headers):
    for method, path in every_path(app):
        if method in ("GET", "HEAD"):
            continue
        client = app.test_client()
        client.get(f"/?token={TOKEN}", base_url=HOME)
        answer = client.open(path, method=method, base_url=HOME, headers=headers, json={})
        assert answer.status_code == 403, (method, path)


def test_the_token_leaves_the_address_and_goes_nowhere_else(app):
    client = app.test_client()
    path = {"PATH_INFO": "//evil.example/", "QUERY_STRING": f"token={TOKEN}&at=2"}
    answer = client.get("/", base_url=HOME, environ_overrides=path)
    assert answer.headers["Location"] == "/evil.example/?at=2"
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


def test_every_answer_forbids_what_is_not_ours(tmp_path, app):
    client = open_page(make_reviewed_study(tmp_path / "other"))
    for path in ("/", "/static/review.css", "/check/", "/nowhere"):
        with client.get(path, base_url=HOME) as answer:
            headers = answer.headers
        assert headers["Content-Security-Policy"].startswith(
            "default-src 'none'; script-src 'self'"
        )
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    ["/static/../app.py", "/static/%2e%2e/app.py", "/static//etc/passwd", "/static/..%5capp"],
)
def test_files_outside_the_static_folder_are_not_served(tmp_path, path):
    client = open_page(make_reviewed_study(tmp_path / "other"))
    assert client.get(path, base_url=HOME, follow_redirects=True).status_code == 404


def test_the_name_that_was_given_first_is_offered_and_nobody_codes_under_it_unasked(tmp_path):
    study = make_reviewed_study(tmp_path)
    open_page(study, coder="Ada")
    other = open_page(study, coder="")
    assert 'value="Ada"' in other.get("/", base_url=HOME).get_data(as_text=True)
    assert other.get("/check/", base_url=HOME).status_code == 400
