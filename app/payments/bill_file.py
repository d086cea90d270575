"""A provider's statement as a file: CSV in UTF-8 or GBK, with lines of talk before and behind, as Alipay, WeChat Pay and EPay
panels export it. Columns are found by their names."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from app.errors import N_, Refusal
from app.money import parse_fen

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 50_000
SHANGHAI = timezone(timedelta(hours=8))
# What providers call a column; the first name that a header line has wins.
NAMES = {
    "trade_number": (
        "支付宝交易号", "微信订单号", "微信支付业务单号", "微信支付单号", "平台订单号", "系统订单号", "交易单号", "交易号", "业务流水号", "流水号",
        "transaction_id", "trade_no", "trade number",
    ),
    "payment_number": ("商户订单号", "商户单号", "外部订单号", "out_trade_no", "our number", "订单号"),
    "amount": (
        "订单金额（元）", "订单金额(元)", "应结订单金额", "订单金额", "总金额", "交易金额", "金额（元）", "金额(元)", "商品金额", "收入金额（+元）", "收入（+元）",
        "收入（元）", "金额", "money", "amount",
    ),
    "time": ("完成时间", "支付时间", "付款时间", "交易时间", "发生时间", "入账时间", "创建时间", "时间", "endtime", "addtime", "time"),
    "state": ("交易状态", "业务类型", "订单状态", "支付状态", "状态", "trade_state", "status", "state"),
}  # fmt: skip
NEEDED = ("trade_number", "amount")
# What a row that brings no money says of itself: a refund, an unpaid or a closed order.
NO_PAYMENT = re.compile(
    r"退款|退票|REFUND|REVOKED|未支付|待支付|NOTPAY|关闭|CLOSED|失败|WAIT_BUYER_PAY|0", re.IGNORECASE
)
TIME = re.compile(r"(\d{4})[-/年.](\d{1,2})[-/月.](\d{1,2})日?[ T](\d{1,2}):(\d{2})(?::(\d{2}))?", re.ASCII)


@dataclass(frozen=True)
class BillRow:
    """One payment of a statement; `at` is None where the file has no time."""

    trade_number: str
    payment_number: str
    amount_fen: int
    at: int | None


@dataclass(frozen=True)
class BillFile:
    """The payments of a statement, and the numbers of the lines that could not be read, counted from 1."""

    rows: tuple[BillRow, ...]
    unread: tuple[int, ...]

    @property
    def span(self) -> tuple[int, int] | None:
        """The first and the last instant of its payments."""
        times = [row.at for row in self.rows if row.at is not None]
        return (min(times), max(times)) if times else None


def read_bill(data: bytes) -> BillFile:
    """Read a statement. Refunds, unpaid orders and the provider's own remarks are passed over. Raises Refusal."""
    if len(data) > MOST_BYTES:
        raise Refusal(N_("This file is too large. Please export fewer days at once."), "file")
    lines = list(_cells(_decode(data)))
    start, columns = _head(lines)
    rows: list[BillRow] = []
    unread: list[int] = []
    for number, cells in enumerate(lines[start + 1 :], start + 2):
        if len(cells) <= max(columns.values()) or not all(cells[columns[name]] for name in NEEDED):
            # Sums and remarks are shorter than payments, or name none; fees bring nothing in.
            continue
        if "state" in columns and NO_PAYMENT.fullmatch(cells[columns["state"]]):
            continue
        row = _row(cells, columns)
        if row is None:
            unread.append(number)
        elif row.amount_fen:
            rows.append(row)
    if not rows and not unread:
        raise Refusal(N_("There is no payment in this file."), "file")
    if len(rows) > MOST_ROWS:
        raise Refusal(N_("This file is too large. Please export fewer days at once."), "file")
    return BillFile(tuple(rows), tuple(unread))


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError:
        raise Refusal(
            N_("This is no text in UTF-8 or GBK. Please choose the CSV file of the statement."), "file"
        ) from None


def _cells(text: str) -> Sequence[list[str]]:
    try:
        rows = list(csv.reader(io.StringIO(text.replace("\x00", "")), strict=False))
    except csv.Error:
        raise Refusal(N_("This file cannot be read as CSV."), "file") from None
    # WeChat Pay puts a backtick before each value, Alipay a tab behind it, so that spreadsheets leave numbers alone.
    return [[cell.strip().lstrip("`").strip() for cell in row] for row in rows]


def _head(lines: Sequence[list[str]]) -> tuple[int, dict[str, int]]:
    """The header line's place, and the place of each column in it."""
    for number, cells in enumerate(lines[:60]):
        places = {cell.lower().lstrip("#"): place for place, cell in reversed(list(enumerate(cells)))}
        columns: dict[str, int] = {}
        for column, names in NAMES.items():
            place = next(
                (places[name] for name in names if name in places and places[name] not in columns.values()), None
            )
            if place is not None:
                columns[column] = place
        if all(column in columns for column in NEEDED):
            return number, columns
    raise Refusal(
        N_("No line of this file names a trade number and an amount. Please choose the list of single payments."),
        "file",
    )


def _row(cells: Sequence[str], columns: dict[str, int]) -> BillRow | None:
    try:
        amount_fen = parse_fen(cells[columns["amount"]].lstrip("+¥￥").replace(",", ""))
    except ValueError:
        return None
    found = TIME.search(cells[columns["time"]]) if "time" in columns else None
    at = None
    if found is not None:
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
        try:
            at = int(datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI).timestamp())
        except ValueError:
            return None
    payment_number = cells[columns["payment_number"]] if "payment_number" in columns else ""
    return BillRow(cells[columns["trade_number"]][:64], payment_number[:64], amount_fen, at)
