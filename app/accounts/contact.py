"""A contact as people type it, made into one spelling: e-mail in lower case, phone as E.164 (distribution 1.3.8)."""

import re
from dataclasses import dataclass

import phonenumbers

from app import vault
from app.errors import N_, Refusal

EMAIL = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}", re.ASCII
)
DOTS_DO_NOT_COUNT = frozenset({"gmail.com", "googlemail.com"})


class BadContact(Refusal):
    """The contact is neither an e-mail address nor a phone number."""


@dataclass(frozen=True)
class Contact:
    """`value` is the normal spelling; `index` finds it; `person_index` is the same for aliases of one mailbox."""

    kind: str
    value: str

    @property
    def index(self) -> bytes:
        return vault.blind("contact", self.value)

    @property
    def person_index(self) -> bytes:
        return vault.blind("person", self._mailbox() if self.kind == "email" else self.value)

    def _mailbox(self) -> str:
        local, _, domain = self.value.partition("@")
        local = local.partition("+")[0]
        if domain in DOTS_DO_NOT_COUNT:
            local, domain = local.replace(".", ""), "gmail.com"
        return f"{local}@{domain}"


def read_contact(text: str, field: str = "contact") -> Contact:
    """The contact that `text` means; a bare number is taken for a Chinese one. Raises BadContact beside `field`."""
    text = text.strip()
    if len(text) <= 254 and EMAIL.fullmatch(text.lower()) and ".." not in text:
        return Contact("email", text.lower())
    if re.fullmatch(r"\+?[0-9][0-9 ()-]{4,24}", text, re.ASCII):
        try:
            number = phonenumbers.parse(text, "CN")
        except phonenumbers.NumberParseException:
            number = None
        if number is not None and phonenumbers.is_valid_number(number):
            return Contact("phone", phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    raise BadContact(N_("Please enter an e-mail address or a phone number that we can reach you at."), field=field)
