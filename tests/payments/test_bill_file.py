"""Statements as providers export them: what is a payment is read, what is talk is passed over, and nothing raises but a Refusal."""

import pytest

from app.errors import Refusal
from app.payments.bill_file import BillRow, read_bill

# 2026-09-21 22:13:20 in Shanghai.
AT = 1_790_000_000
# As Alipay's merchant platform exports it: GBK, remarks before and behind, a tab behind each value.
ALIPAY = (
    "#支付宝业务明细查询\r\n#账号：[20880000000000000156]\r\n#起始日期：[2026年09月21日 00:00:00]   终止日期：[2026年09月22日 00:00:00]\r\n"
    "#-----------------------------------------业务明细列表----------------------------------------\r\n"
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,订单金额（元）,商家实收（元）,退款批次号/请求号,备注\r\n"
    "2026092122001400000000000001\t,P7K2M9QX\t,交易\t,订单 P7K2M9QX,2026-09-21 22:12:58,2026-09-21 22:13:20,,100.00,99.40,,\r\n"
    "2026092122001400000000000001\t,P7K2M9QX\t,退款\t,订单 P7K2M9QX,2026-09-21 22:20:00,2026-09-21 22:20:00,,-100.00,-99.40,R1,\r\n"
    "#-----------------------------------------业务明细列表结束------------------------------------\r\n"
    "#交易合计：1笔，商家实收共99.40元\r\n#导出时间：[2026年09月22日 08:00:00]\r\n"
)
# As WeChat Pay's daily bill: UTF-8 with a mark, a backtick before each value, sums behind.
WECHAT = (
    "\ufeff交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额\r\n"
    "`2026-09-21 22:13:20,`wx1,`1900000001,`0,`,`4200000001202609210000000001,`P7K2M9QX,`o1,`NATIVE,`SUCCESS,`OTHERS,`CNY,`100.00\r\n"
    "`2026-09-21 22:20:00,`wx1,`1900000001,`0,`,`4200000001202609210000000001,`P7K2M9QX,`o1,`NATIVE,`REFUND,`OTHERS,`CNY,`0.00\r\n"
    "总交易单数,应结订单总金额,退款总金额\r\n`2,`100.00,`100.00\r\n"
)
EPAY = (
    "系统订单号,商户订单号,支付方式,商品名称,金额,创建时间,完成时间,状态\n"
    "20260921221258001,P7K2M9QX,alipay,订单,100,2026-09-21 22:12:58,2026-09-21 22:13:20,1\n"
    "20260921221258002,P7K2M9QY,alipay,订单,55.5,2026-09-21 22:14:00,,0\n"
)


@pytest.mark.parametrize(
    ("data", "trade_number"),
    [
        (ALIPAY.encode("gbk"), "2026092122001400000000000001"),
        (ALIPAY.encode(), "2026092122001400000000000001"),
        (WECHAT.encode(), "4200000001202609210000000001"),
        (EPAY.encode("gb18030"), "20260921221258001"),
    ],
)
def test_it_reads_what_providers_export(data, trade_number):
    bill = read_bill(data)
    assert bill.rows == (BillRow(trade_number, "P7K2M9QX", 10000, AT),)
    assert (bill.unread, bill.span) == ((), (AT, AT))


def test_columns_are_found_by_their_names_wherever_they_stand():
    bill = read_bill(b'note,Amount,TRADE_NO,Time\nx,"1,234.50",T1,2026/9/1 8:05\n')
    assert bill.rows == (BillRow("T1", "", 123450, 1788221100),)


def test_a_line_that_cannot_be_read_is_counted_and_loses_no_other():
    bill = read_bill(
        "交易号,金额,时间\nT1,1e2,\nT2,１００,\nT3,5.00,2026-13-01 00:00:00\nT4,5.00,\n,7.00,\nT5\n".encode()
    )
    assert ([row.trade_number for row in bill.rows], bill.unread, bill.span) == (["T4"], (2, 3, 4), None)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"a,b\n1,2\n",
        b"\xff\xfe\xfd",
        "交易号,金额\n".encode(),
        b'"',
        b"\x00" * 100,
        b"," * 100000,
        "交易号\nT1\n".encode(),
    ],
)
def test_what_is_no_statement_is_refused_beside_the_file(data):
    with pytest.raises(Refusal) as refusal:
        read_bill(data)
    assert refusal.value.field == "file"


def test_a_cell_without_end_is_refused():
    with pytest.raises(Refusal):
        read_bill('交易号,金额\n"T1'.encode() + b"x" * 200_000)
