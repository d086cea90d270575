"""The article's story, told through the real acts: twelve buyers, two orders each, two levels of commission."""

from dataclasses import dataclass, replace

from app import accounts, catalog, clock, ledger, payments, referral, shop, trade, vault
from app.accounts import read_contact
from app.commands.sample_goods import STORY_SLUG
from app.db import AnyRow, Reader, db, transaction
from app.payments import Verdict
from app.shop import Settings

MONTHS_SECONDS = 91 * clock.DAY
ADDRESS = "192.0.2.10"


@dataclass(frozen=True)
class Character:
    """Somebody in the story: who invited them, and whether they have an account to look at."""

    name: str
    contact: str
    inviter: str | None = None
    registers: bool = False


# 李琳 invited 小王 and six others; 小王 invited 小张 and three others; 小张 invited one. Each of the twelve buys twice.
CAST = (
    Character("李琳", "lilin@example.com", registers=True),
    Character("小王", "xiaowang@example.com", "李琳", registers=True),
    Character("小张", "xiaozhang@example.com", "小王", registers=True),
    Character("小陈", "chen@example.com", "李琳"),
    Character("小赵", "zhao@example.com", "李琳"),
    Character("小孙", "sun@example.com", "李琳"),
    Character("小周", "zhou@example.com", "李琳"),
    Character("小吴", "wu@example.com", "李琳"),
    Character("小郑", "zheng@example.com", "李琳"),
    Character("小冯", "feng@example.com", "小王"),
    Character("小褚", "chu@example.com", "小王"),
    Character("小卫", "wei@example.com", "小王"),
    Character("小蒋", "jiang@example.com", "小张"),
)
EARNERS = ("李琳", "小王", "小张")


def tell(now: int) -> None:
    """Let the three months before `now` happen."""
    # The article knows no discount on own purchases; everybody in it pays the whole price.
    settings = replace(shop.read_settings(db.session), self_bps=0)
    begin = now - MONTHS_SECONDS
    people = {character.name: character for character in CAST}
    _join(people["李琳"], settings, begin)
    buyers = [character for character in CAST if character.inviter]
    # Everybody's first order comes after the inviter's, because a buyer may share only once there is something to share.
    for turn in range(2):
        for position, buyer in enumerate(buyers):
            step = turn * len(buyers) + position
            at = begin + clock.DAY + step * (MONTHS_SECONDS - 3 * clock.DAY) // (2 * len(buyers))
            assert buyer.inviter
            _buy(buyer, people[buyer.inviter], settings, at)


def _join(character: Character, settings: Settings, now: int) -> None:
    account_id = _register(character, None, settings, now)
    node = referral.node_by_account(db.session, account_id)
    assert node is not None
    version = settings.terms_version
    transaction(referral.qualify, node.id, source="free_join", terms_version=version, now=now)


def _register(character: Character, invite_cookie: str | None, settings: Settings, now: int) -> int:
    # Nobody knows this password: `flask --app wsgi accounts link CONTACT` lets the operator in.
    password_hash = accounts.hash_password(vault.token())
    return transaction(
        trade.register,
        contact=read_contact(character.contact),
        password_hash=password_hash,
        name=character.name,
        invite_cookie=invite_cookie,
        device_hash=_device(character),
        settings=settings,
        now=now,
    )


def _device(character: Character) -> bytes:
    return vault.blind("device", f"sample {character.name}")


def _buy(buyer: Character, inviter: Character, settings: Settings, now: int) -> None:
    cookie = _open_link(buyer, inviter, settings, now)
    account_id = _account(buyer)
    if buyer.registers and account_id is None:
        account_id = _register(buyer, cookie, settings, now)
    listed = catalog.find_listed(db.session, STORY_SLUG)
    assert listed is not None
    wish = trade.Wish(listed.Sku.code, 1, read_contact(buyer.contact), "sandbox")
    visitor = trade.Visitor(ADDRESS, account_id=account_id, device_hash=_device(buyer), invite_cookie=cookie)
    placed = transaction(trade.place, wish, visitor, settings, now + clock.MINUTE)
    _pay(placed, now + 2 * clock.MINUTE)


def _open_link(buyer: Character, inviter: Character, settings: Settings, now: int) -> str:
    node = _node(inviter)
    code = referral.link_of_node(db.session, node.id)
    assert code is not None, f"{inviter.name} may not share yet"
    link = referral.find_link(db.session, code)
    assert link is not None
    click_id = transaction(
        referral.record_click,
        link[0],
        weak=False,
        address_prefix="192.0.2.0/24",
        agent_hash=vault.blind("agent", "sample"),
        device_hash=_device(buyer),
        now=now,
    )
    return referral.sign_invite(node.pid, click_id, cookie_days=settings.cookie_days, now=now)


def _pay(placed: trade.Placed, now: int) -> None:
    """Pay as a provider reports it: by a signed notice, through the callback's own act."""
    channel = payments.channel_by_slug(db.session, "sandbox")
    assert channel is not None
    assert placed.payment_number is not None
    signed = payments.sign_notice(
        channel.settings,
        payment_number=placed.payment_number,
        trade_number=f"S{vault.code(20)}",
        method="alipay",
        money="100.00",
    )
    notice = payments.Notice("callback", "GET", "", signed.encode(), b"", ADDRESS, "sample")
    verdict = trade.receive(channel, notice, now)
    assert verdict is Verdict.ACCEPTED, verdict


def _account(character: Character) -> int | None:
    found = accounts.account_by_contact(db.session, read_contact(character.contact))
    return found[0] if found else None


def _node(character: Character) -> AnyRow:
    account_id = _account(character)
    if account_id is not None:
        node = referral.node_by_account(db.session, account_id)
    else:
        node = referral.node_by_contact(db.session, read_contact(character.contact).index)
    assert node is not None, f"{character.name} is not in the network"
    return node


def earned(connection: Reader) -> list[tuple[str, int]]:
    """(name, fen) of the story's three earners, from the ledger alone: all that is or was in their buckets."""
    result = []
    for character in CAST:
        if character.name in EARNERS:
            wallet = ledger.read_wallet(connection, [_node(character).pid])
            total_fen = (
                wallet.held_fen + wallet.available_fen + wallet.frozen_fen + wallet.pending_fen + wallet.paid_out_fen
            )
            result.append((character.name, total_fen - wallet.debt_fen))
    return result
