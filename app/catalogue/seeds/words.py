"""The vocabulary of Chinese, Japanese and English instrument lists."""

from __future__ import annotations

from decimal import Decimal

from app.catalogue.rules.mapping import plain_header
from app.catalogue.rules.words import ColumnField, Origin, PriceUnit, ShareMode, SharingWord, Vocabulary
from app.catalogue.seeds.class_words import CLASS_WORDS
from app.kernel.text import fold

_F = ColumnField

_AMOUNT_UNITS = {
    "元": 1, "圆": 1, "yuan": 1, "rmb": 1, "cny": 1, "人民币": 1, "¥": 1, "元人民币": 1, "元rmb": 1,
    "千元": 1_000, "万元": 10_000, "万": 10_000, "w": 10_000, "万元人民币": 10_000, "万rmb": 10_000,
    "百万元": 1_000_000, "亿元": 100_000_000,
}  # fmt: skip

_PRICE_UNITS = {
    PriceUnit.HOUR: "hour hours hr h 小时 时 机时 每小时 時間 1時間",
    PriceUnit.HALF_DAY: "halfday 半天 半日 每半天",
    PriceUnit.DAY: "day days d 天 日 每天 1日",
    PriceUnit.USE: "times time use run 次 每次 回 1回 项 項目 测试",
    PriceUnit.SAMPLE: "sample samples 样 样品 个 个样品 样本 每样 件 試料 検体",
}

_POSTED_PRICES = {
    PriceUnit.HOUR: "{} 元/小时",
    PriceUnit.HALF_DAY: "{} 元/半天",
    PriceUnit.DAY: "{} 元/天",
    PriceUnit.USE: "{} 元/次",
    PriceUnit.SAMPLE: "{} 元/样品",
}

_SHARING = {
    SharingWord(ShareMode.EXTERNAL): "external 外部共享 对外共享 对外开放 共享 开放 开放共享 可 利用可 外部利用可 ○",
    SharingWord(ShareMode.EXTERNAL, by_arrangement=True): "要相談 要相谈 面议 协商 需协商 △",
    SharingWord(ShareMode.INTERNAL): "internal 内部共享 校内共享 院内共享 所内共享 学内のみ",
    SharingWord(ShareMode.INTERNAL, known=False): "不明 未知 unknown",
    SharingWord(ShareMode.NONE): "none notshared no 不共享 不开放 不对外 不可 ×",
}

_ORIGINS = {
    Origin.PURCHASED: "购置 购买 采购 外购 purchased bought",
    Origin.DEVELOPED: "研制 自研 自制 研发 developed",
    Origin.DONATED: "赠送 捐赠 受赠 donated",
    Origin.OTHER: "其他 其它 other",
}


_ABSENT = "- -- — —— / \\ n/a na null none 无 暂无 未填 空 なし 無"

_MAKERS = """
    agilent aglient thermo thermofisher thermoscientific bruker waters shimadzu hitachi jeol zeiss leica nikon olympus
    perkinelmer sciex malvern netzsch tescan oxford horiba anton rigaku panalytical beckman eppendorf illumina keysight
    安捷伦 岛津 日立 日本电子 布鲁克 赛默飞 沃特世 蔡司 徕卡 尼康 奥林巴斯 珀金埃尔默 马尔文 耐驰 普析通用 吉天 热电 福斯
    島津製作所 島津 日本電子 日立ハイテク 堀場製作所 リガク オリンパス ニコン パナリティカル
"""

_NATIONS = (
    "中国 美国 日本 德国 英国 法国 瑞士 瑞典 荷兰 捷克 丹麦 芬兰 加拿大 澳大利亚 韩国 意大利 奥地利 以色列 新加坡"
)

_COMPANY_ENDS = "公司 有限责任公司 集团 仪器厂 厂 株式会社 研究所 gmbh inc. ltd. ltd corporation corp."

_HEADERS = {
    _F.INNER_ID: "id docid instrumentid equipmentid no 序号 编号 仪器编号 设备编号 资产编号 固定资产编号 内部编号 innerid 管理番号 機器番号",
    _F.NAME: "name 名称 仪器名称 设备名称 仪器设备名称 仪器中文名称 中文名称 仪器中文全称 装置名 機器名 設備名 機器名称 cname "
    "instrument instrumentname equipmentname",
    _F.ENGLISH_NAME: "ename englishname engname 英文名称 仪器英文名称 仪器英文全称 英語名 英語名称",
    _F.CLASS_CODE: "classcode instrcategory categorycode 分类编码 仪器分类编码 分类代码 仪器分类代码",
    _F.CLASS_NAME: "category categorygeneral class 仪器分类 分类 类别 仪器类别 分類 カテゴリ 機器分類 instrumentclass",
    _F.OWNING_UNIT: "orgname owner department 所属单位 所有权单位 所属单位内部门 所属部门 所在部门 管理部门 所属学院 所属機関 機関名 insidedepart",
    _F.EVALUATION_UNIT: "evaluationunit campus 评价单元 校区 院区 所在校区 所在院区",
    _F.NATIONAL_NUMBER: "nationalnumber 国家平台编号 国家网络平台编号 国家网络管理平台编号",
    _F.ORIGIN: "instrsource 仪器来源 设备来源 取得方式",
    _F.FUNDS: "funds 经费来源 资金来源 购置经费来源 主要购置经费来源",
    _F.WORTH: "originalprice originalvalue worth value 原值 仪器原值 设备原值 价值 单价 购置金额 取得価格 trmb",
    _F.MAKER: "maker manufacturer factory brand 制造商 生产厂商 生产厂家 厂家 品牌 厂商 メーカー 製造元",
    _F.MODEL: "model type instrversion yqsize 型号 规格型号 仪器型号 型番 型式",
    _F.MAKER_AND_MODEL: "firmmodel makermodel 厂家型号 生产厂家及型号 厂商型号 品牌型号 厂家及型号 メーカー型番",
    _F.NATION: "nation country 产地 国别 生产国别 产地国别 製造国",
    _F.ACQUIRED_ON: "begindate purchasedate acquired 启用日期 购置日期 购入日期 投入使用日期 導入年月 取得年月日 usedate",
    _F.SHARE_MODE: "sharemode externaluse 共享模式 共享方式 开放共享 对外共享 共享类型 外部利用 学外利用 利用可否",
    _F.PRICE: "price pricevalue rate 收费标准 价格 收费 机时费 单价元 利用料金 料金 costperunit",
    _F.PRICE_UNIT: "priceunit pricetype unitofcharge 计价单位 收费单位 计费单位 料金単位",
    _F.TECHNICAL: "technical parameter parameters specification 技术指标 主要技术指标 主要参数 技术参数 性能指标 仕様 性能",
    _F.FUNCTION: "function functionaluse functions usage 功能 主要功能 功能用途 主要功能及用途 应用范围 用途 機能",
    _F.SERVICE_CONTENT: "servicecontent services 服务内容 服务项目 对外服务内容",
    _F.ACHIEVEMENT: "achievement achievements 服务成果 服务成效 主要服务成效 典型成果",
    _F.SUBJECTS: "subject subjects 学科 学科领域 主要学科领域 所属学科",
    _F.TOWN: "town street 街道 镇街 所在街道 乡镇",
    _F.POSTCODE: "postalcode postcode zip 邮编 邮政编码 郵便番号",
    _F.REQUIREMENT: "requirement 用户须知 样品要求 送样要求 利用条件",
    _F.ADDRESS: "address addressraw location room 地址 安放地址 放置地点 存放地点 安置地点 设置地点 設置場所 住所",
    _F.SERVICE_URL: "serviceurl sourceurl url link 网址 链接 预约网址 服务网址 リンク",
    _F.CONTACT: "contact contactperson 联系人 仪器联系人 负责人 管理员 担当者 連絡先担当者",
    _F.PHONE: "phone tel telephone mobile 电话 联系电话 手机 電話 電話番号",
    _F.EMAIL: "email mail 邮箱 电子邮箱 电子邮件 メールアドレス",
}


def _spread(words: str) -> list[str]:
    return ["".join(fold(word).split()) for word in words.split()]


WORDS = Vocabulary(
    amount_units={unit: Decimal(yuan) for unit, yuan in _AMOUNT_UNITS.items()},
    likely_units=("元", "万元"),
    foreign_currencies=frozenset(_spread("$ usd us$ € eur £ gbp 美元 美金 欧元 英镑 日元 円 jpy 港币 hkd")),
    range_words=frozenset(_spread("至 到 起 ~ to")),
    price_units={word: unit for unit, words in _PRICE_UNITS.items() for word in _spread(words)},
    sharing={word: meaning for meaning, words in _SHARING.items() for word in _spread(words)},
    origins={word: origin for origin, words in _ORIGINS.items() for word in _spread(words)},
    absent=frozenset(["", *_spread(_ABSENT)]),
    makers=tuple(_spread(_MAKERS)),
    nations=tuple(_NATIONS.split()),
    company_ends=tuple(_spread(_COMPANY_ENDS)),
    headers={field: tuple(plain_header(word) for word in words.split()) for field, words in _HEADERS.items()},
    classes=CLASS_WORDS,
    posted_prices=_POSTED_PRICES,
)
