"""A proof: whoever changes keys, pays out, or says that money came shows once more, within ten minutes, who they are."""

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, PasswordField
from wtforms.validators import Length

from app import audit, visit, web
from app.admin.actors import who
from app.db import transaction
from app.fields import Form

pages = Blueprint("proofs", __name__, url_prefix="/proofs")


class ProofForm(Form):
    next = HiddenField()
    proof = PasswordField(
        lazy_gettext("Password"), validators=[Length(max=1000)], render_kw={"autocomplete": "current-password"}
    )


def ask(*, carried: bool) -> Response | None:
    """The page that asks for a proof before the present request. None when the request brings a good one along.

    What a form sent is `carried` through the page and goes on to where it was going; other requests come back to their page.
    """
    if request.method == "POST" and not request.files and carried and not web.sent_by_htmx():
        form = ProofForm()
        if "proof" in request.form and _is_good(form):
            return None
        return _page(form, action=request.full_path.rstrip("?"), sent=request.form, status=403)
    back = request.full_path.rstrip("?") if request.method == "GET" else web.present_page()
    return web.go(url_for("admin.proofs.new", next=back))


@pages.get("/new", endpoint="new")
def new() -> Response:
    form = ProofForm(formdata=None, next=request.args.get("next", ""))
    return _page(form, action=url_for("admin.proofs.create"))


@pages.post("", endpoint="create")
def create() -> Response:
    form = ProofForm()
    if form.validate_on_submit() and _is_good(form):
        return web.go(web.safe_next(form.next.data, url_for("admin.home.index")))
    return _page(form, action=url_for("admin.proofs.create"), status=422)


def _is_good(form: ProofForm) -> bool:
    if form.validate() and visit.knows_password(form.proof.data):
        visit.prove()
        transaction(audit.record, who(), "session.prove", "session")
        return True
    form.proof.errors = [_("This is not your present password.")]
    return False


def _page(form: ProofForm, *, action: str, sent: MultiDict[str, str] | None = None, status: int = 200) -> Response:
    kept = [
        (name, value) for name, value in (sent or MultiDict()).items(multi=True) if name not in ("csrf_token", "proof")
    ]
    page = render_template("admin/proofs/new.html", form=form, action=action, kept=kept)
    return make_response(page, status)
