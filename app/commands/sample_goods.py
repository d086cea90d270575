"""The sample shop's goods: invented products of an invented shop, with codes that open nothing."""

from dataclasses import dataclass

STORY_SLUG = "ps-master-course"


@dataclass(frozen=True)
class Goods:
    """One product: `codes` is how many sample codes it starts with."""

    slug: str
    category: str
    title: str
    summary: str
    delivers: str
    price_fen: int
    hue: int
    motif: str
    body: str
    codes: int = 80


CATEGORIES = (
    ("courses", "课程教程"),
    ("software", "软件授权"),
    ("members", "会员权益"),
    ("design", "设计素材"),
    ("games", "游戏点卡"),
)

GOODS = (
    Goods(
        STORY_SLUG,
        "courses",
        "高级 PS 教程",
        "从抠图到合成，48 节视频带你做出能交付的作品。",
        "1 个课程兑换码，兑换后永久观看",
        10000,
        212,
        "rings",
        """## 你会学到

- **抠图与光影**：头发、玻璃、烟雾，四种材质的完整流程
- **商业修图**：皮肤、产品、场景的交付标准
- **合成**：从草图到成片，三套可以放进作品集的案例

## 怎么使用

付款后立即得到一个兑换码，在课程平台“兑换”页输入即可观看。**兑换后永久有效**，手机和电脑都能看。

## 适合谁

会用图层和蒙版，想把作品做到能收费的水平。零基础请先看《摄影后期入门》。
""",
        codes=160,
    ),
    Goods(
        "photo-retouch-basics",
        "courses",
        "摄影后期入门",
        "12 节课学会调色、裁切和导出，第一天就能出片。",
        "1 个课程兑换码，兑换后一年内可看",
        3900,
        28,
        "peaks",
        "用手机或相机拍的照片都可以跟着做。\n\n- 12 节视频，每节不超过 15 分钟\n- 附 30 张练习原片\n- 兑换后 **365 天** 内随时回看\n",
    ),
    Goods(
        "excel-dashboard",
        "courses",
        "Excel 数据看板实战",
        "把一堆表格变成老板爱看的一页看板。",
        "1 个课程兑换码，兑换后永久观看",
        5900,
        148,
        "grid",
        "从透视表到动态图表，跟着做完三个看板：\n\n1. 销售日报\n2. 库存预警\n3. 项目进度\n\n含全部源文件。\n",
    ),
    Goods(
        "writing-app-lifetime",
        "software",
        "轻写 Pro 终身授权",
        "专注写作的桌面软件，一次买断，两台设备。",
        "1 个授权码，可激活 2 台设备，永久有效",
        12800,
        262,
        "waves",
        "打开就写，不打扰。支持 Markdown、导出 Word 和 PDF。\n\n- **永久授权**，含所有小版本更新\n- Windows 与 macOS 通用\n- 换电脑可在软件内自助解绑\n",
    ),
    Goods(
        "screen-recorder-year",
        "software",
        "清屏录制 一年版",
        "4K 录屏、自动字幕，网课和演示都够用。",
        "1 个授权码，激活之日起 365 天有效",
        6800,
        190,
        "orbit",
        "不限时长，不加水印。\n\n| 功能 | 免费版 | 一年版 |\n|---|---|---|\n| 分辨率 | 720p | 4K |\n| 自动字幕 | 无 | 有 |\n| 水印 | 有 | 无 |\n",
    ),
    Goods(
        "backup-tool",
        "software",
        "稳存备份 家庭版",
        "照片和文件自动备份到自己的硬盘。",
        "1 个授权码，5 台设备，永久有效",
        8800,
        170,
        "leaves",
        "装好就忘的备份：增量、加密、可校验。恢复只要选一个日期。\n",
        codes=0,
    ),
    Goods(
        "music-member-month",
        "members",
        "云听音乐会员 月卡",
        "无损音质，离线下载，到账即用。",
        "1 个兑换码，自兑换起 31 天",
        1500,
        338,
        "rings",
        "在“云听”App 的“我的 - 兑换中心”输入兑换码，马上生效，可叠加。\n",
        codes=100,
    ),
    Goods(
        "video-member-quarter",
        "members",
        "星河视频会员 季卡",
        "蓝光画质、片头跳过，三个月一次买齐。",
        "1 个兑换码，自兑换起 93 天",
        4500,
        8,
        "waves",
        "电视、手机、平板都能用，同时在线 2 台。请在 2027 年 12 月 31 日前兑换。\n",
    ),
    Goods(
        "cloud-drive-year",
        "members",
        "云匣网盘会员 年卡",
        "2 TB 空间，不限速下载一整年。",
        "1 个兑换码，自兑换起 365 天",
        9900,
        205,
        "grid",
        "兑换后立即扩容到 2 TB。到期后文件保留，只是不能再上传。\n",
        codes=3,
    ),
    Goods(
        "icon-pack",
        "design",
        "线性图标 1200 枚",
        "SVG 与 Figma 源文件，可商用。",
        "1 个下载码，永久有效，可下载 5 次",
        2900,
        48,
        "orbit",
        "24 px 网格绘制，两种线宽。**一人授权，可用于商业项目**，不可转售素材本身。\n",
    ),
    Goods(
        "ppt-templates",
        "design",
        "商务汇报模板 30 套",
        "换掉文字就能讲，图表全部可编辑。",
        "1 个下载码，永久有效，可下载 5 次",
        1990,
        226,
        "peaks",
        "16:9，PowerPoint 与 WPS 通用。含封面、目录、数据、时间线、结尾。\n",
    ),
    Goods(
        "game-card-100",
        "games",
        "晴空岛点卡 100 点",
        "官方点卡，自动发卡，填码即到。",
        "1 个卡号，请在一年内充值",
        990,
        120,
        "leaves",
        "登录游戏后打开“商城 - 点卡充值”，输入卡号。到账时间一般不超过 1 分钟。\n",
        codes=100,
    ),
)
