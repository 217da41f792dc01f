"""Who is in the story. Every organisation and person is invented; codes are valid only by their check character."""

from __future__ import annotations

from dataclasses import dataclass

from app.access import Role
from app.kernel.uscc import check_character
from app.organisations.models import Kind, OrganisationRole

PASSWORD = "changping-demo-2026"


@dataclass(frozen=True)
class Body:
    key: str
    name: str
    name_en: str
    kind: Kind
    roles: tuple[OrganisationRole, ...]
    town: str = ""
    units: tuple[str, ...] = ()
    coded: bool = True


@dataclass(frozen=True)
class Person:
    """`key` is also the local part of the sign-in address."""

    key: str
    name: str
    body: str
    roles: tuple[Role, ...]
    shown: str = ""  # listed among the demo sign-ins under these words


_P, _C = (OrganisationRole.PROVIDER,), (OrganisationRole.CLIENT,)
_PC = (OrganisationRole.PROVIDER, OrganisationRole.CLIENT)

BODIES = (
    Body(
        "ybu",
        "燕北理工大学",
        "Yanbei University of Technology",
        Kind.UNIVERSITY,
        _PC,
        "沙河镇",
        ("沙河校区", "南口校区"),
    ),
    Body("jcau", "京昌农林大学", "Jingchang Agriculture and Forestry University", Kind.UNIVERSITY, _PC, "回龙观街道"),
    Body("tsmu", "天寿山医科大学", "Tianshoushan Medical University", Kind.UNIVERSITY, _PC, "城南街道"),
    Body(
        "nel",
        "昌平新能源材料研究院",
        "Changping Institute of Energy Materials",
        Kind.RESEARCH_INSTITUTE,
        _PC,
        "北七家镇",
    ),
    Body(
        "lsi", "未来城生命科学研究所", "Future City Institute of Life Sciences", Kind.RESEARCH_INSTITUTE, _PC, "生命园"
    ),
    Body(
        "mfi",
        "京北智能制造研究所",
        "Jingbei Institute of Intelligent Manufacturing",
        Kind.RESEARCH_INSTITUTE,
        _PC,
        "马池口镇",
    ),
    Body("hosp", "昌北人民医院", "Changbei People's Hospital", Kind.MEDICAL, _PC, "城北街道"),
    Body("grid", "华昌能源集团有限公司", "Huachang Energy Group", Kind.CENTRAL_ENTERPRISE, _PC, "小汤山镇"),
    Body("gridt", "华昌检测技术有限公司", "Huachang Testing Technology", Kind.ENTERPRISE, _C, "小汤山镇"),
    Body("qlan", "启澜生物科技有限公司", "Qilan Biotech", Kind.SMALL_ENTERPRISE, _C, "生命园"),
    Body("mhe", "铭恒新材料股份有限公司", "Mingheng Advanced Materials", Kind.ENTERPRISE, _C, "沙河镇"),
    Body("zxin", "致芯半导体有限公司", "Zhixin Semiconductor", Kind.SMALL_ENTERPRISE, _C, "史各庄街道"),
    Body("ydian", "远电储能有限公司", "Yuandian Storage", Kind.SMALL_ENTERPRISE, _C, "北七家镇"),
    Body("hqi", "衡器精密仪器有限公司", "Hengqi Precision", Kind.ENTERPRISE, _C, "马池口镇"),
    Body("bcd", "北辰诊断技术有限公司", "Beichen Diagnostics", Kind.SMALL_ENTERPRISE, _C, "生命园"),
    Body("lufu", "绿伏农业科技有限公司", "Lufu Agritech", Kind.SMALL_ENTERPRISE, _C, "南邵镇"),
    Body("jzhi", "静知脑机接口创业团队", "Jingzhi BCI Team", Kind.START_UP_TEAM, _C, "回龙观街道", coded=False),
    Body("xrob", "巡迹机器人有限公司", "Xunji Robotics", Kind.SMALL_ENTERPRISE, _C, "沙河镇"),
    Body("hcheng", "合成纪元生物有限公司", "Synepoch Bio", Kind.SMALL_ENTERPRISE, _C, "生命园"),
    Body(
        "agent",
        "昌科转化技术服务有限公司",
        "Changke Technology Transfer",
        Kind.ENTERPRISE,
        (OrganisationRole.INTERMEDIARY, OrganisationRole.CLIENT),
        "城南街道",
    ),
    Body(
        "oper",
        "昌平科创平台运营有限公司",
        "Changping Platform Operation",
        Kind.ENTERPRISE,
        (OrganisationRole.OPERATOR,),
        "城北街道",
    ),
    Body(
        "dist",
        "昌平区科学技术委员会（演示）",
        "District Science Commission (demo)",
        Kind.PUBLIC_BODY,
        (OrganisationRole.DISTRICT,),
        "城北街道",
    ),
)

PROVIDERS = tuple(body.key for body in BODIES if OrganisationRole.PROVIDER in body.roles)
EXTERNAL = ("qlan", "mhe", "zxin", "ydian", "hqi", "bcd", "lufu", "jzhi", "xrob", "hcheng", "gridt")

_R = Role
PEOPLE = (
    Person("researcher", "林知夏", "qlan", (_R.MEMBER,), "企业用户 Firm researcher"),
    Person("approver", "顾明远", "qlan", (_R.APPROVER, _R.ADMINISTRATOR), "企业审批人 Firm approver"),
    Person("colleague", "周以宁", "qlan", (_R.MEMBER,)),
    Person("student", "陈思源", "ybu", (_R.MEMBER,), "高校用户 University researcher"),
    Person("manager", "何清越", "ybu", (_R.INSTRUMENT_MANAGER,), "仪器管理员 Instrument manager"),
    Person("provider", "沈若谷", "ybu", (_R.ADMINISTRATOR,), "管理单位管理员 Provider administrator"),
    Person("finance", "许静怡", "ybu", (_R.FINANCE,), "管理单位财务 Provider finance"),
    Person("broker", "宋致远", "agent", (_R.AGENT, _R.ADMINISTRATOR), "科技中介 Intermediary"),
    Person("operator", "梁书航", "oper", (_R.OPERATOR,), "平台运营 Operator"),
    Person("system", "潘一凡", "oper", (_R.SYSTEM_ADMINISTRATOR,), "系统管理员 System administrator"),
    Person("district", "郑怀瑾", "dist", (_R.SCHEME_MANAGER, _R.REVIEWER), "区科委 District officer"),
    Person("auditor", "唐守正", "dist", (_R.AUDIT_ADMINISTRATOR,), "审计管理员 Audit administrator"),
)

SURNAMES = "王李张刘杨赵黄吴徐孙马朱胡郭罗高谢韩曹彭曾肖田董袁潘蒋蔡余杜"
GIVEN = ("嘉禾", "文博", "雨桐", "景行", "思齐", "若溪", "承泽", "望舒", "云帆", "可欣", "亦航", "明轩")


def code_of(number: int) -> str:
    """A code in the form of GB 32100 for the `number`-th invented body."""
    first17 = f"91110114MADE{number:05d}"
    return first17 + check_character(first17)
