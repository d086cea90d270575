"""`flask --app wsgi webhooks describe`: the events that webhooks tell of, as an OpenAPI 3.1 document made from the code."""

import json
import types
from dataclasses import fields, is_dataclass
from typing import Any, Union, get_args, get_origin, get_type_hints

import click
from flask.cli import AppGroup

from app import outbox, trade

webhooks = AppGroup("webhooks", help="What the shop tells other programs.")
PLAIN = {str: "string", int: "integer", bool: "boolean"}
HEADERS = {
    "webhook-id": "What the event is known by; the same at each attempt, so keep those that you have seen.",
    "webhook-timestamp": "The second of this attempt; refuse what is older than five minutes.",
    "webhook-signature": 'One or more signatures between spaces: "v1," and the base64 of HMAC-SHA256 over "id.timestamp.body", '
    "keyed with what stands behind whsec_ in the secret, out of base64.",
}


@webhooks.command("describe")
def describe() -> None:
    """Print the description of the events (docs/webhooks.openapi.json)."""
    click.echo(json.dumps(description(), ensure_ascii=False, indent=2))


def description() -> dict[str, Any]:
    """The OpenAPI document: an entry under `webhooks` for each event, a schema for each class of trade/relate.py."""
    schemas: dict[str, Any] = {}
    told = {event: _webhook(event, kind, schemas) for event, (kind, _) in trade.TELLERS.items()}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Tengka webhooks",
            "version": "1",
            "description": "What a shop posts to the address of a webhook, signed by Standard Webhooks 1.0. Any 2xx within "
            "5 seconds is its receipt; anything else is tried again for two days. Amounts are in fen (1/100 of the "
            "currency), moments in UTC epoch seconds where they are numbers.",
        },
        "webhooks": told,
        "components": {"schemas": dict(sorted(schemas.items()))},
    }


def _webhook(event: str, kind: type, schemas: dict[str, Any]) -> dict[str, Any]:
    body = {
        "type": "object",
        "properties": {
            "type": {"const": event},
            "timestamp": {"type": "string", "format": "date-time", "description": "When it happened."},
            "data": _schema(kind, schemas),
        },
        "required": ["type", "timestamp", "data"],
    }
    said = outbox.PUBLIC[event]
    parameters = [
        {"name": name, "in": "header", "required": True, "description": words, "schema": {"type": "string"}}
        for name, words in HEADERS.items()
    ]
    return {
        "post": {
            "operationId": event.replace(".", "_"),
            "summary": said[0].upper() + said[1:],
            "parameters": parameters,
            "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
            "responses": {"2XX": {"description": "Taken."}, "default": {"description": "Tried again later."}},
        }
    }


def _schema(kind: Any, schemas: dict[str, Any]) -> dict[str, Any]:
    if kind in PLAIN:
        return {"type": PLAIN[kind]}
    if get_origin(kind) is tuple:
        return {"type": "array", "items": _schema(get_args(kind)[0], schemas)}
    if get_origin(kind) in (types.UnionType, Union):
        [known] = [one for one in get_args(kind) if one is not types.NoneType]
        return {"type": [PLAIN[known], "null"]}
    assert isinstance(kind, type), kind
    assert is_dataclass(kind), kind
    if kind.__name__ not in schemas:
        hints = get_type_hints(kind)
        properties = {one.name: _schema(hints[one.name], schemas) for one in fields(kind)}
        about = " ".join((kind.__doc__ or "").split())
        whole = {"type": "object", "description": about, "properties": properties}
        schemas[kind.__name__] = {**whole, "required": list(properties), "additionalProperties": False}
    return {"$ref": f"#/components/schemas/{kind.__name__}"}
