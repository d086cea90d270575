"""The verdicts on a notice: the only words in which the inbox speaks."""

from enum import StrEnum


class Verdict(StrEnum):
    """What was made of a notice. Only `ACCEPTED` changes an order; `REFUND_UNFIT` tells of money that fits no order here."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    MALFORMED = "malformed"
    FORGED = "forged"
    FOREIGN = "foreign"
    UNKNOWN = "unknown"
    WRONG_CHANNEL = "wrong_channel"
    WRONG_METHOD = "wrong_method"
    WRONG_CURRENCY = "wrong_currency"
    SHORT = "short"
    OVERPAID = "overpaid"
    NOT_PAID = "not_paid"
    REUSED_TRADE = "reused_trade"
    DOUBLE_PAID = "double_paid"
    LATE = "late"
    UNCONFIRMED = "unconfirmed"
    FAILED = "failed"
    # A refund of a payment that is not known to be made yet; it is taken when it is.
    PARKED = "parked"
    REFUND_UNFIT = "refund_unfit"

    @property
    def is_refused(self) -> bool:
        """Whether the notice itself is not believed: the provider's protocol wants an error, not 'success'."""
        return self in (Verdict.MALFORMED, Verdict.FORGED)

    @property
    def needs_a_hand(self) -> bool:
        """Whether money may have moved that no order knows of: the merchant has to look."""
        known = (Verdict.ACCEPTED, Verdict.DUPLICATE, Verdict.NOT_PAID, Verdict.PARKED)
        return self not in known and not self.is_refused

    @property
    def tells_of_money(self) -> bool:
        """Whether money surely came to our account at the provider, and no order has it."""
        return self in (
            Verdict.UNKNOWN,
            Verdict.WRONG_CHANNEL,
            Verdict.WRONG_METHOD,
            Verdict.SHORT,
            Verdict.OVERPAID,
            Verdict.DOUBLE_PAID,
            Verdict.LATE,
        )
