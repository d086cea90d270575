"""What order forms ask beside the contact: for the whole shop, and for one product."""

from collections.abc import Sequence
from dataclasses import asdict

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Connection

from app import audit, catalog, web
from app.admin.actors import who
from app.admin.question_form import QuestionForm, forms_of
from app.audit import Who
from app.catalog import Asked, Product
from app.db import db, transaction
from app.errors import Refusal
from app.fields import Form

pages = Blueprint("questions", __name__)
PRODUCT = "/products/<int(max=2147483647):product_id>/questions"


def _product(product_id: int | None) -> Product | None:
    return None if product_id is None else db.session.get(Product, product_id) or abort(404)


@pages.get("/questions", endpoint="edit")
@pages.get(PRODUCT, endpoint="edit")
def edit(product_id: int | None = None) -> Response:
    return _page(_product(product_id), forms_of(catalog.questions_of(db.session, product_id)))


@pages.post("/questions", endpoint="update")
@pages.post(PRODUCT, endpoint="update")
def update(product_id: int | None = None) -> Response:
    product, forms = _product(product_id), forms_of(None)
    # Every form is looked at, so that each says what is wrong with it.
    good = [form.validate() for form in forms]
    if not Form().validate_on_submit() or not all(good):
        return _page(product, forms, status=422)
    try:
        transaction(_save, product_id, [form.asked for form in forms if form.is_asked], who())
    except Refusal as refusal:
        return _page(_product(product_id), forms, refusal.text(), 422)
    return web.go(url_for("admin.questions.edit", product_id=product_id, saved=1))


def _save(tx: Connection, product_id: int | None, asked: Sequence[Asked], who: Who) -> None:
    was, now = _told(catalog.questions_of(tx, product_id)), _told(asked)
    if was != now:
        catalog.save_questions(tx, product_id, asked)
        subject = "setting:questions" if product_id is None else f"product:{product_id}"
        audit.record(tx, who, "question.update", subject, was={"questions": was}, now={"questions": now})


def _told(asked: Sequence[Asked]) -> list[dict[str, object]]:
    return [asdict(one) | {"choices": [list(pair) for pair in one.choices]} for one in asked]


def _page(product: Product | None, forms: list[QuestionForm], wrong: str = "", status: int = 200) -> Response:
    if status == 422 and not wrong:
        wrong = _("Something is not right yet; it stands beside the field.")
    page = render_template(
        "admin/questions/edit.html",
        product=product,
        forms=forms,
        form=Form(formdata=None),
        wrong=wrong,
        shops=catalog.questions_of(db.session, None) if product else [],
        saved="saved" in request.args,
    )
    return make_response(page, status)
