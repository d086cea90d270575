"""The form of a decision: one of the decisions this kind of dispute can have, an amount where it needs one, and the reason."""

from flask_babel import lazy_gettext
from wtforms import HiddenField, RadioField, SelectChoice, StringField
from wtforms.validators import Length

from app import hearing
from app.fields import Form, Yuan
from app.settlement import DECISIONS, USUAL_DECISIONS, Dispute

WORDS = {
    "buyer": lazy_gettext("The buyer gets back what they ask for"),
    "seller": lazy_gettext("Nothing goes back"),
    "split": lazy_gettext("A part goes back"),
    "adjust": lazy_gettext("The distributor is credited"),
    "refused": lazy_gettext("The claim is refused"),
}


class DecisionForm(Form):
    seen_state = HiddenField()
    seen = HiddenField()
    decision = RadioField(lazy_gettext("Decision"), validate_choice=False)
    amount = Yuan(lazy_gettext("Amount"), blank=True)
    order_number = StringField(
        lazy_gettext("Order number"), filters=[lambda text: (text or "").strip().upper()], validators=[Length(max=20)]
    )
    words = hearing.words(lazy_gettext("Reason, for both sides to read"), needed=True)


def offer_decisions(form: DecisionForm, dispute: Dispute) -> DecisionForm:
    """Offer what this kind of dispute can end with."""
    keys = DECISIONS.get(dispute.kind, USUAL_DECISIONS)
    form.decision.choices = [SelectChoice(key, WORDS[key]) for key in keys]
    return form
