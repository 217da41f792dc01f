"""What the institutions of the story share: name, class, maker and model, value in 万元, price an hour in yuan."""

from __future__ import annotations

from typing import NamedTuple

from app.catalogue.models import AssetKind


class Thing(NamedTuple):
    name: str
    name_en: str
    code: str
    maker: str
    model: str
    wan: int
    hourly: int
    functions: str
    kind: AssetKind = AssetKind.INSTRUMENT
    places: int = 1


F = AssetKind.FACILITY
THINGS = {
    "sem": Thing(
        "场发射扫描电子显微镜",
        "Field-emission SEM",
        "0101",
        "北仪",
        "FE-3400",
        286,
        400,
        "纳米级表面形貌观察与能谱成分分析",
    ),
    "tem": Thing(
        "透射电子显微镜",
        "Transmission electron microscope",
        "0101",
        "北仪",
        "TE-200F",
        640,
        600,
        "晶体结构、缺陷与界面的高分辨成像",
    ),
    "cryo": Thing(
        "冷冻透射电镜", "Cryo-TEM", "0101", "极光科仪", "Cryo-300", 3980, 1500, "生物大分子冷冻样品的高分辨结构解析"
    ),
    "fib": Thing(
        "聚焦离子束双束电镜", "FIB-SEM", "0101", "极光科仪", "DB-550", 780, 900, "微纳加工、截面制备与三维重构"
    ),
    "lcms": Thing(
        "液相色谱质谱联用仪", "LC-MS", "0102", "衡谱", "QTOF-6500", 320, 350, "代谢物、蛋白与药物残留的定性定量分析"
    ),
    "gcms": Thing("气相色谱质谱联用仪", "GC-MS", "0102", "衡谱", "GM-2030", 145, 260, "挥发性有机物的定性定量分析"),
    "icpms": Thing("电感耦合等离子体质谱仪", "ICP-MS", "0102", "衡谱", "IM-7900", 210, 320, "痕量元素与同位素分析"),
    "xrd": Thing(
        "X射线衍射仪", "X-ray diffractometer", "0103", "明微", "XD-8", 168, 180, "物相鉴定、晶粒尺寸与残余应力分析"
    ),
    "xps": Thing("X射线光电子能谱仪", "XPS", "0103", "明微", "XP-250", 520, 500, "表面元素组成与化学态分析"),
    "ct": Thing("高分辨三维X射线显微镜", "X-ray microscope", "0103", "明微", "XCT-620", 890, 700, "无损三维结构成像"),
    "ftir": Thing("傅里叶变换红外光谱仪", "FTIR spectrometer", "0104", "光谷仪", "IR-70", 62, 120, "有机物官能团鉴定"),
    "raman": Thing(
        "共聚焦显微拉曼光谱仪", "Confocal Raman", "0104", "光谷仪", "RM-5", 196, 240, "微区分子结构与应力分析"
    ),
    "hplc": Thing("超高效液相色谱仪", "UPLC", "0105", "衡谱", "UP-30", 58, 150, "混合物快速分离与定量"),
    "nmr": Thing(
        "核磁共振波谱仪", "NMR spectrometer 600 MHz", "0106", "磁源", "NM-600", 760, 450, "有机与生物分子结构解析"
    ),
    "epr": Thing(
        "电子顺磁共振波谱仪", "EPR spectrometer", "0106", "磁源", "EP-9", 310, 300, "自由基与过渡金属离子研究"
    ),
    "echem": Thing(
        "多通道电化学工作站",
        "Electrochemical workstation",
        "0107",
        "电衡",
        "EC-16",
        36,
        90,
        "电池材料与腐蚀电化学测试",
        AssetKind.INSTRUMENT,
        4,
    ),
    "conf": Thing(
        "激光共聚焦显微镜", "Confocal microscope", "0108", "极光科仪", "LC-900", 268, 360, "活细胞荧光三维成像"
    ),
    "afm": Thing(
        "原子力显微镜", "Atomic force microscope", "0108", "极光科仪", "AF-X", 175, 260, "表面形貌与力学性能纳米表征"
    ),
    "tga": Thing(
        "同步热分析仪", "Simultaneous thermal analyser", "0109", "热衡", "ST-3", 64, 130, "热重与差示扫描量热同步测试"
    ),
    "flow": Thing("流式细胞分选仪", "Cell sorter", "0110", "生测", "FS-4L", 330, 420, "细胞表型分析与分选"),
    "seq": Thing("高通量测序仪", "Sequencer", "0110", "生测", "SQ-2000", 560, 800, "基因组与转录组测序"),
    "qpcr": Thing(
        "荧光定量PCR仪", "qPCR system", "0110", "生测", "QP-7", 38, 80, "核酸定量检测", AssetKind.INSTRUMENT, 2
    ),
    "soil": Thing(
        "土壤养分连续流动分析仪",
        "Continuous-flow soil analyser",
        "0111",
        "农测",
        "CF-5",
        72,
        110,
        "土壤与水样营养元素分析",
    ),
    "utm": Thing(
        "电子万能试验机", "Universal testing machine", "02", "力衡", "UT-100", 48, 140, "材料拉伸、压缩与弯曲性能测试"
    ),
    "fatigue": Thing("高频疲劳试验机", "Fatigue tester", "02", "力衡", "HF-50", 120, 200, "金属构件疲劳寿命测试"),
    "cmm": Thing("三坐标测量机", "Coordinate measuring machine", "03", "精测", "CM-9", 135, 160, "精密零件几何量检测"),
    "emc": Thing("10米法电波暗室", "10 m anechoic chamber", "08", "电衡", "AC-10", 1650, 1200, "整机电磁兼容测试", F),
    "vna": Thing("矢量网络分析仪", "Vector network analyser", "08", "电衡", "VN-67", 140, 180, "射频器件散射参数测试"),
    "mri": Thing(
        "3.0T科研磁共振成像系统", "3T research MRI", "09", "医影", "MR-3T", 1980, 1300, "人体与动物功能成像研究"
    ),
    "pilot": Thing(
        "电池中试线", "Battery pilot line", "12", "先导", "PL-1", 1450, 1000, "软包电池小批量试制与工艺验证", F, 2
    ),
    "clean": Thing(
        "百级洁净微纳加工平台",
        "Class-100 nanofabrication facility",
        "12",
        "先导",
        "CR-100",
        2600,
        900,
        "光刻、刻蚀与薄膜沉积",
        F,
        3,
    ),
    "ferm": Thing(
        "合成生物发酵中试平台",
        "Fermentation pilot facility",
        "12",
        "先导",
        "FM-500",
        680,
        600,
        "菌株放大培养与工艺优化",
        F,
        2,
    ),
    "wind": Thing(
        "低湍流风洞", "Low-turbulence wind tunnel", "12", "先导", "WT-2", 930, 850, "流体力学与机器人空中试验", F
    ),
}

OWNED = {
    "ybu": "sem tem fib xrd xps raman afm utm fatigue cmm vna wind echem tga",
    "jcau": "lcms gcms hplc soil ftir icpms conf qpcr",
    "tsmu": "cryo conf flow seq qpcr nmr lcms mri",
    "nel": "sem xrd echem tga pilot icpms ct raman epr",
    "lsi": "cryo flow seq conf lcms qpcr ferm nmr",
    "mfi": "cmm utm ct emc vna clean fatigue",
    "hosp": "mri flow qpcr hplc",
    "grid": "emc fatigue icpms tga ftir gcms",
}
