"""What people do in the shop's pages, told as one step each, and what their browsers keep of it."""

import re

from app import referral
from app.db import db
from app.shop import Settings

ACCEPTED = {"accept": Settings().terms_version}
PASSWORD = "plum river granite 42"
ORDER_FIELDS = ("csrf_token", "sku", "key", "seen_price_fen", "seen_discount_bps")


def link(shop, person, product=None):
    """The address that somebody shares."""
    code = referral.link_of_node(db.session, shop.node(person).id)
    db.session.rollback()
    return "/i/" + referral.invite_token(code, product)


def cookie(visitor, name="inv"):
    found = visitor.client.get_cookie(name)
    return found.value if found else None


def register(visitor, contact):
    answer = visitor.post("/register", {"contact": contact, "password": PASSWORD}, page="/register")
    assert answer.status_code == 303, answer.text
    return visitor


def log_in(visitor, contact, password=PASSWORD):
    answer = visitor.post("/login", {"contact": contact, "password": password}, page="/login")
    assert answer.status_code == 303, answer.text
    return visitor


def join(visitor):
    answer = visitor.post("/partner/membership", ACCEPTED, page="/partner/membership")
    assert answer.status_code == 303, answer.text
    return visitor


def order(visitor, contact, product="ps"):
    """Place an order by the product's form, and return its number."""
    page = visitor.get(f"/p/{product}").text
    data = {name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page).group(1) for name in ORDER_FIELDS}
    data |= {"quantity": "1", "contact": contact, "gateway": "sandbox:alipay"}
    answer = visitor._send("POST", "/orders", data=data)
    assert answer.status_code == 303, answer.text
    return answer.location.rpartition("/")[2]


def pay(visitor, number):
    """Pay an order on the test gateway's page."""
    page = visitor.get(f"/orders/{number}/payment").text
    address = re.search(r'href="[^"]*(/sandbox/payments\?[^"]+)"', page).group(1).replace("&amp;", "&")
    query = re.search(r'name="query"[^>]*value="([^"]*)"', visitor.get(address).text).group(1).replace("&amp;", "&")
    answer = visitor.post("/sandbox/payments", {"query": query, "action": "pay"}, page=address)
    assert answer.status_code == 303, answer.text
    # What the test read before is a picture of before.
    db.session.rollback()


def buy(visitor, contact, product="ps"):
    number = order(visitor, contact, product)
    pay(visitor, number)
    return number
