"""The language of a visit, and how it is kept."""

import pytest
from flask_babel import get_locale


@pytest.mark.parametrize(
    ("query", "cookie", "wished", "read"),
    [
        ("", None, None, "zh_CN"),
        ("", None, "zh-CN,zh;q=0.9,en;q=0.8", "zh_CN"),
        ("", None, "zh-TW", "zh_CN"),
        ("", None, "zh-Hans-CN", "zh_CN"),
        ("", None, "en-GB,en;q=0.9", "en"),
        ("", None, "fr-FR,fr;q=0.9,en;q=0.5,zh;q=0.1", "en"),
        ("", None, "en;q=0,zh;q=0.5", "zh_CN"),
        ("", None, "fr, *;q=0.1", "zh_CN"),
        ("", None, "{}<>;;;q=x", "zh_CN"),
        ("", "en", "zh-CN", "en"),
        ("", "xx", "en", "en"),
        ("?lang=zh_CN", "en", "en", "zh_CN"),
        ("?lang=zh", "en", "en", "zh_CN"),
        ("?lang=../../etc", "en", "zh", "en"),
    ],
)
def test_the_locale(app, query, cookie, wished, read):
    app.get("/locale", endpoint="get /locale")(lambda: str(get_locale()).replace("_Hans", ""))
    client = app.test_client()
    if cookie:
        client.set_cookie("lang", cookie)
    answer = client.get(f"/locale{query}", headers={"Accept-Language": wished} if wished else {})
    assert answer.text == read


def test_a_chosen_language_is_kept_for_the_next_visit(app, client):
    app.get("/locale", endpoint="get /locale")(lambda: str(get_locale()))
    assert "lang=en" in client.get("/locale?lang=en").headers["Set-Cookie"]
    again = client.get("/locale?lang=en")
    assert "Set-Cookie" not in again.headers
    assert client.get("/locale").text == "en"


def test_an_unknown_language_is_not_kept(client):
    assert "Set-Cookie" not in client.get("/?lang=xx").headers
