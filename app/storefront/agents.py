"""What a browser calls itself, in words that its owner knows it by."""

import re

from flask_babel import gettext as _

# The first that is found counts: Edge also says Chrome, Chrome also says Safari, and an iPad says Macintosh.
BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("AlipayClient", "Alipay"),
    (r"Edg(e|A|iOS)?/", "Edge"),
    ("QQBrowser", "QQ Browser"),
    ("UCBrowser", "UC"),
    ("HuaweiBrowser", "Huawei Browser"),
    ("MiuiBrowser", "Mi Browser"),
    ("SamsungBrowser", "Samsung Internet"),
    (r"OPR/|Opera", "Opera"),
    (r"Firefox/|FxiOS", "Firefox"),
    (r"Chrome/|CriOS", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS|OpenHarmony", "HarmonyOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh|Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def in_words(agent: str) -> str:
    """ "Safari on iPhone"; what is not known is called so."""
    browser = next((name for sign, name in BROWSERS if re.search(sign, agent)), None)
    system = next((name for sign, name in SYSTEMS if re.search(sign, agent)), None)
    if browser and system:
        return _("%(browser)s on %(system)s", browser=browser, system=system)
    return browser or system or _("An unknown browser")
