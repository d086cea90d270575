"""A WeChat Pay that knows one payment of 12.30 yuan, and its notice."""

import pytest

from tests.fakes.wechat_server import WechatServer
from tests.payments.starting import NUMBER
from tests.payments.wechat_notices import PAID


@pytest.fixture(scope="module")
def server():
    server = WechatServer()
    yield server
    server._http.server_close()


@pytest.fixture
def provider(server):
    server.orders, server.refunds, server.with_certificates = {}, {}, False
    server.opened(NUMBER, 1230)
    return server


@pytest.fixture
def body(provider):
    return provider.sealed(PAID, provider.payment(NUMBER))
