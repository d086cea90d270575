"""The storefront: what buyers see, from the shelf to the goods in hand."""

from flask import Blueprint, Flask

from app.storefront import (
    accounts,
    activations,
    authenticators,
    balances,
    challenges,
    claims,
    deletions,
    devices,
    disputes,
    goods,
    inside,
    invitations,
    logos,
    lookups,
    marks,
    names,
    orders,
    passkeys,
    passwords,
    payment_claims,
    payments,
    photos,
    products,
    proofs,
    recovery_codes,
    relations,
    resets,
    sandbox,
    second_steps,
    security,
    sessions,
    texts,
    themes,
    ways,
)

DESK = (
    products,
    orders,
    goods,
    activations,
    balances,
    lookups,
    claims,
    disputes,
    payments,
    payment_claims,
    inside,
    ways,
    sandbox,
    invitations,
    sessions,
    accounts,
    passwords,
    resets,
    second_steps,
    proofs,
    security,
    authenticators,
    passkeys,
    challenges,
    recovery_codes,
    devices,
    relations,
    deletions,
    texts,
    themes,
    marks,
    names,
    logos,
    photos,
)


def register(app: Flask) -> None:
    desk = Blueprint("storefront", __name__)
    for noun in DESK:
        desk.register_blueprint(noun.pages)
    app.register_blueprint(desk)
    app.login_manager.login_view = "storefront.sessions.new"  # type: ignore[attr-defined]
