"""The classes that a fresh platform starts with: two levels in use nationwide, and the code for everything else.

A replaceable table: `flask catalogue classes FILE` brings another edition in.
"""

from __future__ import annotations

FIRST = """
01 分析仪器|Analytical instruments
02 物理性能测试仪器|Physical property testing
03 计量仪器|Metrology
04 天文仪器|Astronomy
05 海洋仪器|Oceanography
06 地球探测仪器|Earth exploration
07 大气探测仪器|Atmospheric sounding
08 电子测量仪器|Electronic measurement
09 医学诊断仪器|Medical diagnostics
10 核仪器|Nuclear instruments
11 特种检测仪器|Special testing
12 其他仪器|Other instruments
0101 电子光学仪器|Electron optics
0102 质谱仪器|Mass spectrometry
0103 X射线仪器|X-ray
0104 光谱仪器|Optical spectroscopy
0105 色谱仪器|Chromatography
0106 波谱仪器|Magnetic resonance
0107 电化学仪器|Electrochemistry
0108 显微镜及图象分析仪器|Microscopy and image analysis
0109 热分析仪器|Thermal analysis
0110 生化分离分析仪器|Biochemical separation
0111 环境与农业分析仪器|Environmental and agricultural analysis
0112 样品前处理及制备仪器|Sample preparation
990000 其他|Other
"""

CLASSES = tuple(
    (code, *names.split("|")) for code, _, names in (line.partition(" ") for line in FIRST.split("\n") if line)
)

PRIORITY_FIELDS = (
    ("medicine", "医药健康", "Medicine and health", False),
    ("energy", "先进能源", "Advanced energy", False),
    ("manufacturing", "先进制造", "Advanced manufacturing", False),
    ("digital", "数字经济", "Digital economy", False),
    ("brain-computer", "脑机接口", "Brain–computer interfaces", True),
    ("robotics", "智能机器人", "Intelligent robots", True),
    ("synthetic-biology", "合成生物制造", "Synthetic biomanufacturing", True),
)
