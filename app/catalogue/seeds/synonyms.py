"""Words that mean the same instrument, and wide words with the narrower ones they include."""

from __future__ import annotations

from app.catalogue.rules.search import synonym_table

_SAME = """
扫描电镜,扫描电子显微镜,扫描电子显微鏡,走査型電子顕微鏡,走査電子顕微鏡,SEM
透射电镜,透射电子显微镜,透過型電子顕微鏡,透過電子顕微鏡,TEM
冷冻电镜,冷冻电子显微镜,クライオ電子顕微鏡,cryo-EM
电镜,电子显微镜,電子顕微鏡,electron microscope
原子力显微镜,原子間力顕微鏡,AFM
扫描探针显微镜,走査型プローブ顕微鏡,SPM
激光共聚焦,共聚焦显微镜,激光共聚焦显微镜,共焦点顕微鏡,共焦点レーザー顕微鏡,confocal,CLSM
聚焦离子束,双束电镜,集束イオンビーム,FIB
质谱,质谱仪,質量分析,質量分析装置,mass spectrometer,MS
液质,液质联用,液质联用仪,液相色谱质谱,LC-MS,LCMS
气质,气质联用,气质联用仪,气相色谱质谱,GC-MS,GCMS
电感耦合等离子体质谱,ICP-MS,ICPMS
电感耦合等离子发射光谱,电感耦合等离子体发射光谱,ICP发光分析,ICP-OES,ICP-AES
液相色谱,高效液相色谱,高压液相色谱,液体クロマトグラフ,高速液体クロマトグラフ,HPLC
超高效液相色谱,超高速液体クロマトグラフ,UPLC,UHPLC
气相色谱,ガスクロマトグラフ,GC
离子色谱,イオンクロマトグラフ,ion chromatography
核磁,核磁共振,核磁共振波谱,核磁共振谱仪,核磁気共鳴,核磁気共鳴装置,NMR
磁共振成像,核磁共振成像,磁気共鳴画像,MRI
电子顺磁共振,电子自旋共振,電子スピン共鳴,EPR,ESR
X射线衍射,X射线衍射仪,X線回折,X線回折装置,XRD
X射线荧光,X射线荧光光谱,蛍光X線,蛍光X線分析,XRF
X射线光电子能谱,光电子能谱,X線光電子分光,XPS,ESCA
能谱,能谱仪,エネルギー分散型X線,EDS,EDX
红外光谱,傅里叶红外,傅里叶变换红外,赤外分光,フーリエ変換赤外,FTIR,FT-IR
拉曼,拉曼光谱,ラマン,ラマン分光,Raman
紫外可见,紫外可见分光光度计,紫外可視分光,UV-Vis
荧光光谱,荧光分光光度计,分光蛍光光度計,蛍光分光光度計,fluorescence spectrophotometer
原子吸收,原子吸收光谱,原子吸收分光光度计,原子吸光,AAS
流式,流式细胞,流式细胞仪,フローサイトメーター,flow cytometer,FACS
细胞分选,セルソーター,cell sorter
PCR,聚合酶链反应,サーマルサイクラー,thermal cycler
荧光定量PCR,实时荧光定量,リアルタイムPCR,qPCR
测序,测序仪,基因测序,シーケンサー,sequencer,NGS
光刻,光刻机,露光装置,リソグラフィ,lithography
刻蚀,エッチング,etching
溅射,磁控溅射,スパッタ,sputter
热重,热重分析,熱重量,TGA
差示扫描量热,差示扫描量热仪,示差走査熱量,DSC
万能试验机,万能材料试验机,万能試験機,universal testing machine
离心机,遠心機,centrifuge
超净间,洁净室,クリーンルーム,clean room
"""

_NARROWER = {
    "电镜": ("扫描电镜", "透射电镜", "冷冻电镜", "聚焦离子束"),
    "质谱": ("液质联用", "气质联用", "ICP-MS"),
    "色谱": ("液相色谱", "气相色谱", "离子色谱", "超高效液相色谱"),
    "液相色谱": ("超高效液相色谱",),
    "核磁": ("磁共振成像",),
    "光谱": ("红外光谱", "拉曼光谱", "荧光光谱", "原子吸收", "紫外可见"),
}

SYNONYMS = synonym_table((tuple(line.split(",")) for line in _SAME.split("\n") if line), _NARROWER)
