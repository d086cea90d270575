"""Partial or page, and where a browser may be sent."""

import pytest

from app.web import go, page_or_partial, safe_next, wants_partial


@pytest.mark.parametrize(
    ("headers", "partial"),
    [
        ({}, False),
        ({"HX-Request": "true"}, False),
        ({"HX-Request-Type": "full"}, False),
        ({"HX-Request-Type": "partial"}, True),
    ],
)
def test_only_the_request_type_asks_for_a_part(app, tmp_path, headers, partial):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "index.html").write_text("page {{ name }}")
    (tmp_path / "templates" / "_rows.html").write_text("rows {{ name }}")
    with app.test_request_context(headers=headers):
        assert wants_partial() is partial
        answer = page_or_partial("index.html", "_rows.html", name="x")
        assert answer.get_data(as_text=True) == ("rows x" if partial else "page x")
        assert "HX-Request-Type" in answer.headers["Vary"]


def test_after_a_write_the_browser_goes_on(app):
    with app.test_request_context():
        answer = go("/orders/1")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/orders/1")
    with app.test_request_context(headers={"HX-Request": "true"}):
        answer = go("/orders/1")
        assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/orders/1")


@pytest.mark.parametrize("target", ["/", "/me", "/p/steam-卡?q=1&next=//x#top", "/orders/1%0d%0a", "/a//b", "/./x"])
def test_a_path_of_this_site_is_kept(target):
    assert safe_next(target) == target


@pytest.mark.parametrize(
    "target",
    [
        *(
            None,
            "",
            "me",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "/a\\b",
            "https:evil",
            "https://evil.example",
        ),
        *(
            "javascript:alert(1)",
            "data:text/html,x",
            " /me",
            "/me\r\nSet-Cookie: a=b",
            "/me\n",
            "/\t/evil.example",
            "/\x00",
            "/\u2028x",
            "/\x85x",
        ),
        *("%2f%2fevil.example", "?next=/", "#x", "/" + "a" * 2000),
    ],
)
def test_every_other_target_leads_to_the_usual_place(target):
    assert safe_next(target) == "/"
    assert safe_next(target, "/me") == "/me"
