"""What a letter says, before it is a mail, a push or a line in a chat."""

from dataclasses import dataclass

from flask import current_app, render_template

from app.display import settings


@dataclass(frozen=True)
class Words:
    """`lines` are paragraphs, `facts` pairs of a label and a value, `codes` goods, `link` where to see more, by the name `action`."""

    title: str
    lines: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    codes: tuple[str, ...] = ()
    link: str = ""
    action: str = ""
    small: str = ""

    @property
    def text(self) -> str:
        """The whole of it as plain text, but for title and link."""
        parts = ["\n".join(self.lines), "\n".join(self.codes)]
        parts += ["\n".join(f"{label}: {value}" for label, value in self.facts), self.small]
        return "\n\n".join(part for part in parts if part)

    def page(self, locale: str) -> str:
        """The whole of it as a page for a mailbox."""
        return render_template("letters/letter.html", words=self, locale=locale, shop=settings())


def link(endpoint: str, **values: object) -> str:
    """The public address of a page. It comes from the configuration alone, never from a request."""
    base: str = current_app.config["SHOP"].public_url
    return base + current_app.url_map.bind("").build(endpoint, values)
