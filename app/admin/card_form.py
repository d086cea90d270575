"""The forms about codes: to import them, to say what a batch cost, to choose where codes go."""

from flask import request
from flask_babel import lazy_gettext
from wtforms import BooleanField, FileField, SelectField, TextAreaField

from app import stock
from app.admin.forms import line
from app.errors import N_, Refusal
from app.fields import Form, Yuan
from app.guard import MEBIBYTE

# 100,000 codes of a usual length, and room for longer ones.
MOST_BYTES = 16 * MEBIBYTE


class CardImportForm(Form):
    codes = TextAreaField(
        lazy_gettext("Codes, one a line"), render_kw={"rows": 10, "autocomplete": "off", "spellcheck": "false"}
    )
    file = FileField(lazy_gettext("Or a file, TXT or CSV"), render_kw={"accept": ".txt,.csv,text/plain,text/csv"})
    has_heading = BooleanField(lazy_gettext("The first row of the CSV file is a heading"))
    note = line(lazy_gettext("Name of the batch"), 60)
    cost = Yuan(lazy_gettext("What one of these costs you, yuan"), blank=True)

    def read(self) -> tuple[list[tuple[int, str]], str]:
        """The (number, code) of what was pasted or uploaded, and its encoding. Raises Refusal, beside a field."""
        sent = request.files.get("file")
        if sent is None or not sent.filename:
            if not (self.codes.data or "").strip():
                raise Refusal(N_("Please paste at least one code, or choose a file."), field="codes")
            return list(stock.read_lines(self.codes.data)), "utf-8"
        if (self.codes.data or "").strip():
            raise Refusal(N_("Please either paste codes or choose a file, so that nothing is left out."), field="file")
        if not sent.filename.lower().endswith((".txt", ".csv")):
            raise Refusal(N_("Please choose a text file: .txt or .csv. A workbook can be saved as CSV."), field="file")
        content = sent.read()
        sent.close()
        text, encoding = stock.decode(content)
        if sent.filename.lower().endswith(".csv"):
            return list(stock.read_table(text, has_heading=self.has_heading.data)), encoding
        return list(stock.read_lines(text)), encoding


class BatchForm(Form):
    note = line(lazy_gettext("Name of the batch"), 60)
    cost = Yuan(lazy_gettext("What one of these costs you, yuan"), blank=True)


class DestinationForm(Form):
    to = SelectField(lazy_gettext("To which product"), coerce=str)
