"""Column names and words of lists of past use in Chinese, English and Japanese."""

from __future__ import annotations

from app.booking.rules.purposes import Purpose
from app.catalogue.rules.mapping import plain_header
from app.kernel.text import fold
from app.ledger.rules.history.rows import HistoryField as F

_HEADERS = {
    F.KEY: "id session sessionid bookingid record recordid jobid 记录编号 预约编号 预约号 使用记录编号 编号 序号 流水号",
    F.INSTRUMENT: "instrument instrumentid resource resourceid resourcename device chargingstation nodeid tool "
    "仪器 仪器编号 仪器名称 设备编号 设备名称 設備名 機器名",
    F.CLIENT: "client clientid organisation organization company 用户单位 客户单位 委托单位 送样单位 客户 所属機関",
    F.USER: "user userid username owner ownerid 用户 使用人 预约人 送样人 利用者",
    F.BOOKED_FROM: "bookedfrom bookingstart start starttime connectionstartdatetime 预约开始 预约开始时间 預約開始",
    F.BOOKED_UNTIL: "bookeduntil bookingend end endtime connectionenddatetime 预约结束 预约结束时间 預約終了",
    F.USED_FROM: "usedfrom usestart actualstart startedat chargingstartdatetime 实际开始 上机开始 上机时间 使用开始时间 利用開始",
    F.USED_UNTIL: "useduntil useend actualend endedat chargingenddatetime 实际结束 上机结束 下机时间 使用结束时间 利用終了",
    F.CHARGED: "charged amount fee cost 金额 收费金额 应收金额 费用 利用料金",
    F.ORDER: "order contract batch 委托单号 合同编号 合同号 样品批次 订单号",
    F.PURPOSE: "purpose direction servicedirection 用途 使用目的 服务方向 服务类型",
    F.RATING: "rating score 评价 评分 满意度",
    F.CONFIRMED_ON: "confirmedon 确认日期 确认时间",
    F.INVOICED_ON: "invoicedon invoicedate 开票日期 开票时间",
    F.RECEIVED_ON: "receivedon paidon paymentdate 到账日期 收款日期 到账时间",
}

_PURPOSES = {
    Purpose.RESEARCH: "135 research 研究 科研 科学研究",
    Purpose.DEVELOPMENT: "136 development 开发 研发 技术开发 试验发展",
    Purpose.TEACHING: "137 teaching 教学 实验教学",
    Purpose.OTHER: "138 other 其他 其它",
    Purpose.STATUTORY_TEST: "statutory-test 法定检测 强制检测 法定检验 强制检定",
    Purpose.ENFORCEMENT: "enforcement 执法检查 执法检测",
    Purpose.COMMERCIAL_INSPECTION: "commercial-inspection 商业验货 商业检验 批量检测",
    Purpose.FILMING: "filming 商业摄制 影视拍摄",
    Purpose.MEDICAL_CARE: "medical-care 医疗服务 临床检验 诊疗",
    Purpose.TELECOM_BILLING: "telecom-billing 电信计费",
}

PURPOSES = {fold(word): purpose for purpose, words in _PURPOSES.items() for word in words.split()}

HISTORY_HEADERS = {field: tuple(plain_header(word) for word in words.split()) for field, words in _HEADERS.items()}
