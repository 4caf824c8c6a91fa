"""The table of formats. The pattern of a shape is written for any regular-expression engine: ``[0-9]``, no anchors."""

from __future__ import annotations

import re

from . import check_digits as digits
from . import samples
from .calendar import dates
from .kind import Format, Rules
from .telephone import ABROAD, LANDLINE, MOBILE, SERVICE, TOLL_FREE, rewritten

_CODE = "[0-9A-HJ-NP-RTUWXY]"
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_BORN = dates((18, 19, 20), "")
_MONTH_DAY = "(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_LAST_DIGIT = "校验码不对：末位与前面的数字对不上，请照证件逐位核对。"
_BIRTH = "出生日期（第 7 至 14 位）不是真实存在的日期，请照证件核对。"
_ID_CHECK = "校验码不对，请核对第 18 位以及前 17 位有没有写错或颠倒。"
_CITIZEN_RULES: Rules = ((digits.citizen_birth_is_real, _BIRTH), (digits.citizen_holds, _ID_CHECK))
_FOOD_RULES: Rules = ((digits.food_holds, _LAST_DIGIT),)

_PERSONS = (
    Format(
        "citizen-id",
        "公民身份号码",
        # 港澳台居民居住证 carries a 公民身份号码 too (国办发〔2018〕81号), hence no rule against 81-83
        "GB 11643-1999；居民身份证法 第三条",
        re.compile("[1-8][0-9]{16}[0-9X]"),
        "公民身份号码由 17 位数字加 1 位校验码（数字或大写 X）组成，请照居民身份证填写。",
        samples.citizen_id,
        _CITIZEN_RULES,
        (
            (
                "[0-9]{15}",
                "15 位身份证号码自 2013 年 1 月 1 日起停用，请填写 18 位公民身份号码；"
                "尚未换领第二代身份证的，请先到户籍地派出所办理。",
            ),
            ("[0-9]{17}[A-WYZ]", "第 18 位只能是数字或大写字母 X，请照证件核对。"),
            ("9[0-9]{16}[0-9X]", "9 开头的是外国人永久居留身份证号码，请核对证件类型。"),
        ),
        (18,),
        narrow=(f"^[1-8][0-9]{{5}}{_BORN}[0-9]{{3}}[0-9X]$",),
    ),
    Format(
        "residence-permit-hmt",
        "港澳台居民居住证号码",
        "国办发〔2018〕81号 港澳台居民居住证申领发放办法；GB 11643-1999",
        re.compile("8[123]0000[0-9]{11}[0-9X]"),
        "港澳台居民居住证号码是 18 位，以 810000（香港）、820000（澳门）或 830000（台湾）开头，请照证件填写。",
        samples.residence_permit_hmt,
        _CITIZEN_RULES,
        (("[HM][0-9]{8}(?:[0-9]{2})?", "这是港澳居民来往内地通行证的号码，请改选证件类型，或填写 18 位居住证号码。"),),
        (18,),
        narrow=(f"^8[123]0000{_BORN}[0-9]{{3}}[0-9X]$",),
    ),
    Format(
        "passport",
        "护照号码",
        "ICAO Doc 9303；中国普通护照为 E 加 8 位，或 EA 至 EZ 加 7 位",
        re.compile("[0-9A-Z]{5,17}"),
        "护照号码由 5 至 17 位数字和大写字母组成，中间没有空格和符号，请照护照资料页填写。",
        samples.passport,
        ((digits.has_digit, "护照号码里总有数字，请照护照资料页填写。"),),
        narrow=("^[0-9A-Z]{5,17}$", "[0-9]"),
    ),
    Format(
        "hk-macao-permit",
        "港澳居民来往内地通行证号码",
        "港澳居民来往内地通行证（2013 版），行业通例",
        re.compile("[HM][0-9]{8}(?:[0-9]{2})?"),
        "港澳居民来往内地通行证号码是 H（香港）或 M（澳门）加 8 位数字（旧证另有 2 位换证次数），请照证件填写。",
        samples.hk_macao_permit,
    ),
    Format(
        "taiwan-permit",
        "台湾居民来往大陆通行证号码",
        "台湾居民来往大陆通行证（2015 版），行业通例",
        re.compile("[0-9]{8}(?:[0-9]{2})?"),
        "台湾居民来往大陆通行证号码是 8 位数字（旧证另有 2 位换证次数），请照证件填写。",
        samples.taiwan_permit,
    ),
    Format(
        "foreign-permanent-residence",
        "外国人永久居留身份证号码",
        "国家移民管理局 2017 版、2023 版（五星卡）外国人永久居留身份证；GB 11643-1999",
        re.compile("[A-Z]{3}[0-9]{12}|9[0-9]{16}[0-9X]"),
        "外国人永久居留身份证号码是 3 个大写字母加 12 位数字（2017 版），或以 9 开头的 18 位（2023 版）。",
        samples.foreign_permanent_residence,
        (
            (lambda text: len(text) == 15 or digits.citizen_birth_is_real(text), _BIRTH),
            (lambda text: len(text) == 15 or digits.citizen_holds(text), _ID_CHECK),
        ),
        lengths=(15, 18),
        narrow=(f"^(?:[A-Z]{{3}}[0-9]{{12}}|9[0-9]{{5}}{_BORN}[0-9]{{3}}[0-9X])$",),
    ),
    Format(
        "military-officer-id",
        "军官证号码",
        "无公开编码规则，只查是否像一个字号",
        re.compile("[0-9A-Z\u4e00-\u9fff()（）〔〕-]{4,30}"),
        "军官证号码是 4 至 30 个汉字、数字或大写字母，如“军字第1234567号”，请照证件填写。",
        samples.military_officer_id,
        ((digits.has_digit, "军官证号码里总有数字，请照证件填写。"),),
        narrow=("^[0-9A-Z\u4e00-\u9fff()（）〔〕\\-]{4,30}$", "[0-9]"),
    ),
)

_ENTITIES = (
    Format(
        "uscc",
        "统一社会信用代码",
        "GB 32100-2015（第 9 至 17 位另按 GB 11714-1997 校验）",
        re.compile("[1-9A-HJ-NP-RTUWXY]" + _CODE + "[0-9]{6}" + _CODE + "{10}"),
        "统一社会信用代码由数字和大写字母组成（不用 I、O、S、V、Z），第 3 至 8 位是数字，请照营业执照填写。",
        samples.uscc,
        (
            (
                digits.uscc_organization_holds,
                "校验不对：第 9 至 17 位（组织机构代码）里有写错的，请照营业执照逐位核对。",
            ),
            (digits.uscc_holds, "校验码不对，请核对第 18 位以及第 1 至 8 位有没有写错。"),
        ),
        (
            ("[0-9]{15}", "这是 15 位旧注册号，请填写营业执照上的 18 位统一社会信用代码；还没有的，请先换领营业执照。"),
            ("[0-9A-Z]{8}-?[0-9X]", "这是组织机构代码，请填写营业执照上的 18 位统一社会信用代码。"),
            ("[0-9A-Z]*[IOSVZ][0-9A-Z]*", "统一社会信用代码不用字母 I、O、S、V、Z，请核对是不是数字 1、0、5 或 2。"),
        ),
        (18,),
        drop=" ",
    ),
    Format(
        "organization-code",
        "组织机构代码",
        "GB 11714-1997",
        re.compile("[0-9A-Z]{8}[0-9X]"),
        "组织机构代码由 8 位数字或大写字母加 1 位校验码（数字或 X）组成，请照代码证填写。",
        samples.organization_code,
        ((digits.organization_holds, "校验码不对，请核对第 9 位以及前 8 位有没有写错。"),),
        lengths=(9,),
        drop=" -",
    ),
    Format(
        "seal-code",
        "印章编码",
        "GA 241（原文未检索到，仅查 13 位数字）",
        re.compile("[0-9]{13}"),
        "印章编码是 13 位数字，刻在印章下弧，请照印章或备案回执填写。",
        samples.seal_code,
        lengths=(13,),
    ),
    Format(
        "e-certificate-identifier",
        "电子证照标识",
        "GB/T 36904-2018；GB/T 17710-1999 MOD 37,36",
        re.compile(
            re.escape(digits.E_CERTIFICATE_ROOT)
            + r"[0-9A-Z]{18}[0-9]{3}\.(?:[0-9A-Z]{18}|[0-9]{6})\.[0-9A-Z]{1,64}\.[0-9]{3}\.[0-9A-Z]"
        ),
        "电子证照标识以 1.2.156.3005.2. 开头，后接证照类型、颁发机构、流水号、版本号和校验位，用点号隔开。",
        samples.e_certificate_identifier,
        ((digits.e_certificate_holds, "校验位不对，请从电子证照上完整复制。"),),
    ),
)

_LICENCES = (
    Format(
        "food-licence-number",
        "食品经营许可证编号",
        "食品经营许可和备案管理办法（总局令第78号）；GB/T 17710-1999 MOD 11,10",
        re.compile("JY[123][0-9]{13}"),
        "食品经营许可证编号是 JY 加 14 位数字，第一位数字为 1、2 或 3，请照许可证填写。",
        samples.food_licence_number,
        _FOOD_RULES,
        (("YB[0-9]{14}", "YB 开头的是仅销售预包装食品备案编号，请填写 JY 开头的食品经营许可证编号。"),),
        (16,),
    ),
    Format(
        "prepackaged-filing-number",
        "仅销售预包装食品备案编号",
        "食品经营许可和备案管理办法（总局令第78号）；GB/T 17710-1999 MOD 11,10",
        re.compile("YB[12][0-9]{13}"),
        "仅销售预包装食品备案编号是 YB 加 14 位数字，第一位数字为 1（批发）或 2（零售），请照备案凭证填写。",
        samples.prepackaged_filing_number,
        _FOOD_RULES,
        (("JY[0-9]{14}", "JY 开头的是食品经营许可证编号，请填写 YB 开头的备案编号。"),),
        (16,),
    ),
    Format(
        "food-production-licence-number",
        "食品生产许可证编号",
        "食品生产许可管理办法（总局令第24号）；GB/T 17710-1999 MOD 11,10",
        re.compile("SC[12][0-9]{13}"),
        "食品生产许可证编号是 SC 加 14 位数字，第一位数字为 1（食品）或 2（食品添加剂），请照许可证填写。",
        samples.food_production_licence_number,
        _FOOD_RULES,
        (("QS.*", "QS 编号自 2018 年 10 月 1 日起停用，请填写 SC 开头的食品生产许可证编号。"),),
        (16,),
    ),
    Format(
        "drug-operation-licence-number",
        "药品经营许可证编号",
        "药品经营和使用质量监督管理办法（总局令第84号）及药品经营许可证编码规则",
        re.compile("[\u4e00-\u9fa5][ABCD][AB][0-9]{9}"),
        "药品经营许可证编号是省的简称加 2 个大写字母（前为 A 至 D，后为 A 或 B）加 9 位数字，如浙DB579000001。",
        samples.drug_operation_licence_number,
        hints=(
            (
                "[\u4e00-\u9fa5][A-D][AB][0-9]{2,8}",
                "编号里的数字应为 9 位；2024 年以前的旧编号请以换发后的许可证为准。",
            ),
        ),
    ),
    Format(
        "medical-device-filing-number",
        "第二类医疗器械经营备案编号",
        "医疗器械经营监督管理办法（总局令第54号）；2022-05-01 前为“食药监械经营备”",
        re.compile("[\u4e00-\u9fa5]{2}食?药监械经营备[0-9]{8,9}号"),
        "备案编号是省、市简称加“药监械经营备”加 4 位年份和 4 位流水号加“号”，如浙金药监械经营备20240001号。",
        samples.medical_device_filing_number,
    ),
    Format(
        "tobacco-retail-licence-number",
        "烟草专卖零售许可证号",
        "无公开编码规则，行业通例 12 位数字",
        re.compile("[0-9]{12}"),
        "烟草专卖零售许可证号是 12 位数字，请照许可证填写。",
        samples.tobacco_retail_licence_number,
        lengths=(12,),
    ),
)

_CONTACTS = (
    Format(
        "mobile",
        "手机号码",
        "工业和信息化部 电信网编号计划",
        re.compile(f"{MOBILE}|{ABROAD}"),
        "手机号码是以 13 至 19 开头的 11 位数字；港澳台和国外的号码请写国家（地区）代码，如 +852 61234567。",
        samples.mobile,
        hints=(
            ("[0-9]{8}", "这像是港澳的号码，请在前面加国家（地区）代码，如 +852 61234567；固定电话请不要填在这里。"),
            (LANDLINE, "这是固定电话号码，此处请填写 11 位手机号码。"),
            ("1[0-9]{0,20}", "手机号码应为 11 位，请核对有没有多写或少写。"),
        ),
        rewrite=rewritten,
    ),
    Format(
        "landline",
        "固定电话号码",
        "工业和信息化部 电信网编号计划",
        re.compile(LANDLINE),
        "固定电话号码请写区号和 7 至 8 位号码，如 0579-87101234，分机号写在最后并用横线隔开。",
        samples.landline,
        hints=((MOBILE, "这是手机号码，此处请填写固定电话号码，如 0579-87101234。"),),
        rewrite=rewritten,
    ),
    Format(
        "phone",
        "电话号码",
        "工业和信息化部 电信网编号计划",
        re.compile(f"{MOBILE}|{LANDLINE}|{TOLL_FREE}|{SERVICE}|{ABROAD}"),
        "请填写 11 位手机号码，或带区号的固定电话（如 0579-87101234、0579-87101234转801），或 400、95588 "
        "这样的服务号码；港澳台和国外的号码请写国家（地区）代码，如 +852 61234567。",
        samples.phone,
        rewrite=rewritten,
    ),
    Format(
        "postcode",
        "邮政编码",
        "中国邮政 邮政编码",
        re.compile("[0-9]{6}"),
        "邮政编码是 6 位数字，永康市为 321300。",
        samples.postcode,
        lengths=(6,),
    ),
    Format(
        "email",
        "电子邮箱",
        "WHATWG HTML（input type=email），另要求域名带点",
        re.compile(rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{_LABEL}(?:\.{_LABEL}){{1,8}}"),
        "电子邮箱应写成“名称@域名”，如 name@example.com，不能有空格和汉字。",
        samples.email,
        upper=False,
    ),
)

_GENERAL = (
    Format(
        "attachment-id",
        "附件编号",
        "本系统",
        re.compile("att-[0-9a-z][0-9a-z-]{3,63}"),
        "附件编号不对，请重新上传该材料。",
        samples.attachment_id,
        upper=False,
    ),
    Format(
        "decimal",
        "数值",
        "本系统：整数至多 12 位，小数至多 6 位",
        re.compile(r"(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,6})?"),
        "请填写数字，整数部分至多 12 位、小数至多 6 位，如 120 或 85.5；不写正负号、逗号、单位，也不以多余的 0 开头。",
        samples.decimal,
        upper=False,
        hints=(
            ("[0-9]{1,3}(?:,[0-9]{3})+(?:[.][0-9]*)?", "请去掉数字里的逗号，如把 1,200 写成 1200。"),
            ("[-+].*", "请去掉数字前的正负号。"),
        ),
    ),
    Format(
        "date",
        "日期",
        "GB/T 7408（ISO 8601）",
        re.compile(f"[0-9]{{4}}-{_MONTH_DAY}"),
        "日期应写成“年-月-日”，年 4 位、月和日各 2 位，如 2026-03-08。",
        samples.iso_date,
        ((lambda text: digits.is_real_date(text.replace("-", "")), "没有这一天，请核对年、月、日。"),),
        (
            ("[0-9]{4}(?:年|[-/.])?", "日期不完整：还缺月和日。日期写成“年-月-日”，如 2026-03-08。"),
            ("[0-9]{4}[-/.年][0-9]{1,2}(?:月|[-/.])?", "日期不完整：还缺日。日期写成“年-月-日”，如 2026-03-08。"),
            ("[0-9]{1,2}[-/.月][0-9]{1,2}日?", "日期不完整：还缺年份。日期写成“年-月-日”，如 2026-03-08。"),
        ),
        upper=False,
        narrow=(f"^{dates(range(100), '-')}$",),
    ),
)

FORMATS: dict[str, Format] = {
    entry.name: entry for group in (_ENTITIES, _PERSONS, _LICENCES, _CONTACTS, _GENERAL) for entry in group
}
