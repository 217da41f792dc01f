"""Words in the names of classes and instruments that tell the class, more telling ones first."""

from __future__ import annotations

from app.kernel.text import fold

_WORDS = """
0112 切片机,冷冻干燥,冻干机,研磨,粉碎,样品前处理,微波消解,前処理,試料作成,試料作製,粉砕,凍結乾燥,ミクロトーム,microtome,sample preparation
09 磁共振成像,磁気共鳴画像,超声诊断,医学诊断,mri
0102 质谱,液质,气质,質量分析,mass spectrometer,mass spectrometry,ms,lc-ms,lcms,gc-ms,gcms,icp-ms,icpms,lc/ms,gc/ms,maldi-tof,tofms
0101 电子光学,电子显微镜,扫描电镜,透射电镜,电镜,电子探针,聚焦离子束,双束,電子顕微鏡,電顕,集束イオンビーム,electron microscope,sem,tem,stem,fib,epma,fe-sem
0106 波谱,核磁,顺磁共振,自旋共振,核磁気共鳴,電子スピン共鳴,nmr,esr,epr
0103 x射线,x線,xrd,xrf,xps,esca,x-ray
0105 色谱,クロマトグラフ,chromatograph,chromatography,hplc,uplc,uhplc,gc
0104 光谱,光度计,分光,光度計,拉曼,ラマン,红外,赤外,原子吸收,原子荧光,原子吸光,发射光谱,spectrophotometer,spectrometer,raman,ftir,ft-ir,icp,icp-oes,icp-aes
0107 电化学,电位滴定,電気化学,potentiostat,electrochemical
0109 热分析,热重,差示扫描,量热,熱分析,熱重量,熱測定,熱量,tga,dsc,calorimeter
0108 显微镜,顕微鏡,共聚焦,共焦点,图象分析,图像分析,microscope,confocal,afm,spm
0110 离心,电泳,流式细胞,细胞分选,测序,聚合酶,遠心,電気泳動,フローサイトメ,セルソーター,サーマルサイクラー,シーケンサ,生化分离,分离纯化,分離分析,centrifuge,flow cytometer,cell sorter,sequencer,thermal cycler,pcr,qpcr
0111 土壤,水质,定氮,纤维分析,环境与农业
02 试验机,硬度计,粒度,粒径,比表面积,流变,物理性能,試験機,硬度計,レオメータ,rheometer
03 三坐标,计量仪器,三次元測定,三次元座標
08 示波器,频谱分析,网络分析仪,电子测量,オシロスコープ,ネットワークアナライザ,oscilloscope,network analyzer
01 分析仪器
04 天文仪器
05 海洋仪器
06 地球探测
07 大气探测
10 核仪器
11 特种检测
"""

CLASS_WORDS = tuple(
    (fold(word), code)
    for code, _, words in (line.partition(" ") for line in _WORDS.split("\n") if line)
    for word in words.split(",")
)
