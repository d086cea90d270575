"""Mail by SMTP (RFC 5321, 8314): to the merchant, to buyers who left an address, and to distributors who asked for it."""

import re
import smtplib
import ssl
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from app.accounts import read_contact
from app.detail import Field
from app.errors import N_, Refusal
from app.exchange import CERTIFICATES as TRUSTED
from app.exchange import Deadline
from app.outbox.carriers.carrier import NOBODY, Dispatch, Settings, Topics, Undelivered, events_field
from app.outbox.event import ACCRUED, REPLACED

TLS, STARTTLS, PLAIN = "tls", "starttls", "plain"
PORTS = {TLS: 465, STARTTLS: 587, PLAIN: 25}
SECONDS = 10.0
WHOLE_SECONDS = 30.0
CERTIFICATES = TRUSTED
MOST_READERS = 5
HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*", re.ASCII | re.I)
ON_THIS_MACHINE = ("localhost", "127.0.0.1")
FOR_BUYERS = frozenset({"order.paid", "order.delivered", "order.refunded", REPLACED})
FOR_DISTRIBUTORS = frozenset({ACCRUED, "commission.released", "payout.paid"})


class Mail:
    name = "mail"
    title = N_("E-mail")
    about = N_("Buyers get receipt and goods, distributors what they ask for, and you what you choose.")
    fields: tuple[Field, ...] = (
        Field("host", N_("Mail server"), kind="host", hint=N_("Like smtp.qq.com or smtp.163.com.")),
        Field(
            "security",
            N_("Encryption"),
            kind="choice",
            options=(
                (TLS, N_("TLS from the first byte (port 465)")),
                (STARTTLS, N_("STARTTLS (port 587)")),
                (PLAIN, N_("none (only for a mail server on this machine)")),
            ),
            default=TLS,
        ),
        Field("port", N_("Port"), hint=N_("Blank for the usual one."), most=5),
        Field("user", N_("User"), hint=N_("Mostly the whole address. Blank where the server asks for none.")),
        Field(
            "mailbox_password",
            N_("Password of the mailbox"),
            kind="secret",
            hint=N_("QQ Mail and 163 call it the authorisation code, and it is not the password of your account."),
        ),
        Field("sender", N_("From"), hint=N_("The address that mails come from.")),
        Field("buyers", N_("Buyers get receipt and goods by mail"), kind="switch", default=True),
        Field("distributors", N_("Distributors may choose to get mails"), kind="switch", default=True),
        Field("readers", N_("Your own addresses"), kind="text", hint=N_("One a line, at most 5.")),
        events_field(),
    )

    def check_settings(self, settings: Settings) -> dict[str, str]:
        faults = _check_server(settings)
        readers = readers_of(settings)
        if len(readers) > MOST_READERS or not all(map(_is_mail, readers)):
            faults["readers"] = N_("Please enter e-mail addresses, one a line, at most 5.")
        elif settings.get("events") and not readers:
            faults["readers"] = N_("Please enter where to tell you, or choose nothing below.")
        if not _is_mail(str(settings.get("sender") or "")):
            faults["sender"] = N_("Please enter an e-mail address.")
        return faults

    def topics(self, settings: Settings) -> Topics:
        return {
            "merchant": frozenset(settings.get("events") or ()),
            "buyer": FOR_BUYERS if settings.get("buyers") else NOBODY,
            "distributor": FOR_DISTRIBUTORS if settings.get("distributors") else NOBODY,
        }

    def send(self, settings: Settings, dispatch: Dispatch) -> None:
        message = write(settings, dispatch)
        try:
            with Deadline(WHOLE_SECONDS) as deadline:
                _hand_in(settings, message, deadline)
        except smtplib.SMTPAuthenticationError as error:
            raise Undelivered(f"the server refuses user or password ({error.smtp_code})") from None
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise Undelivered(
                f"the server refuses the receiver ({codes[0]})", is_final=all(code >= 500 for code in codes)
            ) from None
        except smtplib.SMTPResponseException as error:
            raise Undelivered(f"the server answers {error.smtp_code}", is_final=error.smtp_code in (552, 554)) from None
        except (smtplib.SMTPException, OSError) as error:
            raise Undelivered(f"no connection: {type(error).__name__}") from None


def readers_of(settings: Settings) -> list[str]:
    """The merchant's own addresses."""
    return str(settings.get("readers") or "").split()


def write(settings: Settings, dispatch: Dispatch) -> EmailMessage:
    """The mail: plain words, and the same as a page. No text of anybody's can begin another header (RFC 5322, 2.2)."""
    message = EmailMessage(policy=SMTP)
    sender = settings["sender"]
    message["From"] = Address(" ".join(dispatch.shop_name.split()), addr_spec=sender)
    message["To"] = [Address(addr_spec=one) for one in dispatch.to]
    message["Subject"] = " ".join(dispatch.title.split())
    message["Date"] = datetime.fromtimestamp(dispatch.now, UTC)
    message["Message-ID"] = f"<{dispatch.number}@{sender.rpartition('@')[2]}>"
    # Nobody's holiday notice shall answer (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(dispatch.text + (f"\n\n{dispatch.url}\n" if dispatch.url else "\n"))
    if dispatch.html:
        message.add_alternative(dispatch.html, subtype="html")
    return message


def _hand_in(settings: Settings, message: EmailMessage, deadline: Deadline) -> None:
    security, host = settings["security"], settings["host"]
    port = int(settings.get("port") or PORTS[security])
    context: ssl.SSLContext = CERTIFICATES
    server = (
        smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=context)
        if security == TLS
        else smtplib.SMTP(host, port, timeout=SECONDS)
    )
    with server:
        deadline.hold(server.sock)
        if security == STARTTLS:
            server.starttls(context=context)
            deadline.hold(server.sock)
        if settings.get("user"):
            server.login(settings["user"], settings.get("mailbox_password") or "")
        server.send_message(message)


def _check_server(settings: Settings) -> dict[str, str]:
    faults = {}
    host, port = str(settings.get("host") or ""), str(settings.get("port") or "")
    if not HOST.fullmatch(host):
        faults["host"] = N_("Please enter a server’s name, like smtp.example.com.")
    if port and not (re.fullmatch(r"[0-9]{1,5}", port, re.ASCII) and 0 < int(port) < 65536):
        faults["port"] = N_("Please enter a whole number from 1 to 65535.")
    if settings.get("security") not in PORTS:
        faults["security"] = N_("Please choose one.")
    elif settings["security"] == PLAIN and host not in ON_THIS_MACHINE:
        faults["security"] = N_("Without encryption everybody on the way reads the goods. Please choose TLS.")
    if settings.get("user") and not settings.get("mailbox_password"):
        faults["mailbox_password"] = N_("Please enter the password that belongs to the user.")
    return faults


def _is_mail(text: str) -> bool:
    try:
        return read_contact(text).kind == "email"
    except Refusal:
        return False
