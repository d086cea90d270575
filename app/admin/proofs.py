"""A proof: whoever changes keys, pays out, or says that money came shows once more, within ten minutes, who they are."""

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from app import proof, web
from app.proof import ProofForm

pages = Blueprint("proofs", __name__, url_prefix="/proofs")


def ask(*, carried: bool) -> Response | None:
    """The page that asks for a proof before the present request. None when the request brings a good one along.

    What a form sent is `carried` through the page and goes on to where it was going; other requests come back to their page.
    """
    if request.method == "POST" and not request.files and carried and not web.sent_by_htmx():
        form = ProofForm()
        if any(name in request.form for name in proof.FIELDS) and proof.is_good(form):
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
    if form.validate_on_submit() and proof.is_good(form):
        return web.go(web.safe_next(form.next.data, url_for("admin.home.index")))
    return _page(form, action=url_for("admin.proofs.create"), status=422)


def _page(form: ProofForm, *, action: str, sent: MultiDict[str, str] | None = None, status: int = 200) -> Response:
    kept = [
        (name, value)
        for name, value in (sent or MultiDict()).items(multi=True)
        if name not in ("csrf_token", *proof.FIELDS)
    ]
    ways = proof.ways_of(current_user.id)
    form.ask_for(ways)
    page = render_template("admin/proofs/new.html", form=form, action=action, kept=kept, ways=ways)
    return make_response(page, status)
