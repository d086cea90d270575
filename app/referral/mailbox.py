"""Mailboxes that anybody gets for ten minutes: not proof of fraud, but a reason to look (distribution 1.3.10)."""

_DOMAINS = """
10minutemail.com 20minutemail.com chacuo.net 027168.com discard.email dispostable.com emailondeck.com fakeinbox.com
getairmail.com getnada.com grr.la guerrillamail.com guerrillamail.info guerrillamail.net guerrillamailblock.com
inboxkitten.com linshiyouxiang.net mail-temp.com mail.tm mailcatch.com maildrop.cc mailinator.com mailnesia.com
mailsac.com mintemail.com moakt.com mohmal.com mytemp.email sharklasers.com spam4.me spamgourmet.com temp-mail.io
temp-mail.org tempail.com tempmail.com tempmail.plus tempr.email throwawaymail.com trashmail.com yopmail.com
yopmail.fr yopmail.net
"""
DISPOSABLE = frozenset(_DOMAINS.split())


def is_disposable(domain: str) -> bool:
    """Whether a mail domain, or one above it, gives mailboxes away for minutes."""
    parts = domain.lower().split(".")
    return any(".".join(parts[index:]) in DISPOSABLE for index in range(len(parts) - 1))
