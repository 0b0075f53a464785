"""What the codes of this room say to a clerk: what is wrong, and what to write instead."""

from collections.abc import Mapping

from app.core.labels import T

_CELL: dict[str, T] = {
    "missing": T("必填项没有填写，请补上。", "Required and empty: fill it in."),
    "not_a_number": T(
        "“{value}”不是数字。请只写数字，例如 1326.51；没有数据请留空。",
        "“{value}” is no number. Write digits only, such as 1326.51, or leave it empty.",
    ),
    "not_an_integer": T(
        "“{value}”不是整数。请写整数，例如 29。",
        "“{value}” is no whole number. Write one such as 29.",
    ),
    "negative": T(
        "“{value}”是负数，这里不能小于 0。请核对后改写。",
        "“{value}” is negative; this cannot be below 0. Check and correct it.",
    ),
    "too_small": T(
        "“{value}”太小，不能小于 {limit}。请核对单位和位数。",
        "“{value}” is below {limit}. Check the unit and the number of digits.",
    ),
    "too_large": T(
        "“{value}”太大，不能大于 {limit}。请核对单位和位数。",
        "“{value}” is above {limit}. Check the unit and the number of digits.",
    ),
    "bad_unit": T(
        "“{value}”的单位无法换算成“{unit}”。请换算后只写数字。",
        "The unit of “{value}” cannot be turned into {unit}. Convert it and write the number only.",
    ),
    "not_a_date": T(
        "“{value}”不是有效日期。请写成 2013-05-01 的样子。",
        "“{value}” is no valid date. Write it like 2013-05-01.",
    ),
    "in_future": T(
        "日期“{value}”还没有到。请核对年份。",
        "The date “{value}” lies in the future. Check the year.",
    ),
    "ambiguous_month": T(
        "“{value}”可能是 {year} 年 1 月，也可能是 10 月。请写成 {year}-01 或 {year}-10。",
        "“{value}” may be January or October {year}. Write {year}-01 or {year}-10.",
    ),
    "year_only": T(
        "只写了年份。请至少写到月，例如 {year}-05。",
        "Only a year is given. Write at least the month, such as {year}-05.",
    ),
    "minguo_date": T(
        "请用公历年份，不用民国年份，例如 2013-05-01。",
        "Use the common era, not Minguo years: 2013-05-01.",
        "請用西元年份，不用民國年份，例如 2013-05-01。",
    ),
    "not_a_choice": T(
        "“{value}”不在可选项内。可以填：{choices}。",
        "“{value}” is not on the list. Possible: {choices}.",
    ),
    "not_a_boolean": T(
        "“{value}”看不出是或否。请填“是”或“否”。",
        "“{value}” is neither yes nor no. Write 是 (yes) or 否 (no).",
    ),
    "not_a_phone": T(
        "“{value}”不像电话号码。请写成 13800138000 或 0512-12345678 的样子。",
        "“{value}” is no telephone number. Write it like 13800138000 or 0512-12345678.",
    ),
    "too_long": T(
        "太长了：{length} 个字，最多 {limit} 个字。请删短。",
        "Too long: {length} characters, at most {limit}. Shorten it.",
    ),
    "lost_digits": T(
        "这一格被存成了数字，后面几位已经丢失。请把单元格设为“文本”，重新输入完整号码。",
        "Stored as a number, its last digits are lost. Set the cell to Text and type it again.",
        "這一格被存成了數字，後面幾位已經遺失。請把儲存格設為“文字”，重新輸入完整號碼。",
    ),
    "bad_shape": T(
        "“{value}”的位数或字符不对，请对照证照核对。",
        "“{value}” has the wrong length or characters. Compare it with the certificate.",
    ),
    "bad_check_digit": T(
        "“{value}”的校验码不对，多半是抄错了一位，请对照证照核对。",
        "The check digit of “{value}” is wrong: probably one character was mistyped.",
    ),
    "unknown_code": T(
        "没有“{value}”这个代码，请对照代码表填写。",
        "There is no code “{value}”. Look it up in the code table.",
    ),
    "duplicate": T(
        "与第 {row} 行重复。请删去其中一行。",
        "The same as row {row}. Delete one of the two.",
        "與第 {row} 列重複。請刪去其中一列。",
    ),
}

_NOTES: dict[str, T] = {
    "month_only": T("只写到月，按当月 1 日记。", "Only a month is given; taken as its first day."),
    "converted": T("已换算为 {value} {unit}。", "Converted to {value} {unit}."),
    "rounded": T("小数位已四舍五入，记为 {value}。", "Rounded to {value}."),
    "read_as_blank": T("“{value}”按空白处理。", "“{value}” is read as blank."),
}

_HEADER: dict[str, T] = {
    "double_header": T(
        "{column} 列“{header}”与前面的一列是同一项，没有读取。如应读取这一列，请在“对应列”中更换。",
        "Column {column}, “{header}”, is the same as an earlier one and was not read. To read it"
        " instead, change the columns.",
        "{column} 欄“{header}”與前面的一欄是同一項，沒有讀取。"
        "如應讀取這一欄，請在“對應欄位”中更換。",
    ),
    "missing_column": T(
        "表里没有“{header}”这一列。请加上这一列，或指定哪一列是它。",
        "There is no column “{header}”. Add it, or say which column it is.",
        "表裡沒有“{header}”這一欄。請加上這一欄，或指定哪一欄是它。",
    ),
}

_IGNORED: dict[str, T] = {
    "ignored.blank": T(
        "空行",
        "Blank",
        "空列",
    ),
    "ignored.repeated_header": T("重复的表头", "The header again"),
    "ignored.unit_row": T(
        "单位行",
        "Row of units",
        "單位列",
    ),
    "ignored.column_numbers": T(
        "栏次行",
        "Row of column numbers",
        "欄次列",
    ),
    "ignored.total": T(
        "合计行",
        "Total",
        "合計列",
    ),
    "ignored.signature": T("签字、填表人等落款", "Signatures"),
    "ignored.note": T("说明文字", "Note"),
    "ignored.serial_only": T("只有序号，没有内容", "Only a serial number"),
    "ignored.nothing_mapped": T(
        "这一行只有未对应的列有内容",
        "Filled only in columns that were not read",
        "這一列只有未對應的欄有內容",
    ),
}

_FILE: dict[str, T] = {
    "file_too_large": T(
        "文件太大，最大 {limit} MB。请分成几个文件。",
        "The file is larger than {limit} MB. Split it.",
    ),
    "empty_file": T(
        "文件是空的。请打开确认里面有数据，再重新上传。",
        "The file is empty. Open it, see that there is data, and upload it again.",
    ),
    "not_a_sheet": T(
        "这不是表格文件。请用 .xlsx、.xls、.ods 或 .csv 文件。",
        "This is no spreadsheet. Use an .xlsx, .xls, .ods or .csv file.",
    ),
    "web_page": T(
        "这其实是网页（有些系统导出的 .xls 是这样）。请用 Excel 或 WPS 打开，另存为 .xlsx 再上传。",
        "This is a web page named as a spreadsheet. Open it and save it as .xlsx.",
    ),
    "unsupported": T(
        "暂不支持 {kind} 格式，请另存为 .xlsx。", "{kind} is not supported; save it as .xlsx."
    ),
    "broken": T(
        "文件已损坏或不完整。请在本机打开确认，另存一份再上传。",
        "The file is damaged or incomplete. Open it, save it again and upload that.",
    ),
    "encrypted": T(
        "文件设有打开密码。请取消密码后再上传。",
        "The file is locked by a password. Remove it and upload again.",
    ),
    "macros": T(
        "文件含有宏，不能接收。请另存为不含宏的 .xlsx。",
        "The file contains macros. Save it as .xlsx without them.",
        "檔案含有巨集，不能接收。請另存為不含巨集的 .xlsx。",
    ),
    "zip_bomb": T(
        "文件展开后过大，不能接收。请把数据复制到新的表格再上传。",
        "Unpacked, the file is too large to be taken. Copy the data into a new workbook.",
    ),
    "too_many_rows": T(
        "行数超过 {limit}。请删去下方多余的内容，或分成几个文件。",
        "More than {limit} rows. Delete what stands far below, or split the file.",
        "列數超過 {limit}。請刪去下方多餘的內容，或分成幾個檔案。",
    ),
    "too_many_columns": T(
        "列数超过 {limit}。请删去右侧多余的内容。",
        "More than {limit} columns. Delete what stands far to the right.",
        "欄數超過 {limit}。請刪去右側多餘的內容。",
    ),
    "too_many_cells": T(
        "表格太大，读不过来。请删去远处多余的内容，或分成几个文件。",
        "The table is too large. Delete what stands far away, or split the file.",
    ),
    "too_many_sheets": T(
        "工作表超过 {limit} 张。请删去不用的工作表，再重新上传。",
        "More than {limit} sheets. Delete those not needed and upload it again.",
    ),
    "no_header": T(
        "没有找到表头。表里应有这样的列名：{headers}。请补上表头，或下载模板填写。",
        "No header was found. Expected columns such as {headers}. Add a header, or fill in the"
        " template.",
        "沒有找到表頭。表裡應有這樣的欄名：{headers}。請補上表頭，或下載範本填寫。",
    ),
    "no_rows": T(
        "第 {row} 行表头下面没有数据。请填入数据，再重新上传。",
        "There is no data under the header in row {row}. Fill some in and upload it again.",
        "第 {row} 列表頭下面沒有資料。請填入資料，再重新上傳。",
    ),
}

_TEMPLATE: dict[str, T] = {
    "template.lists": T("选项", "Lists"),
    "template.required": T("必填。", "Required."),
    "template.optional": T("选填。", "Optional."),
    "template.unit": T("单位：{unit}。", "Unit: {unit}."),
    "template.max_length": T("最多 {limit} 个字。", "At most {limit} characters."),
    "template.natural_key": T("同一份表内不能重复。", "Must not occur twice in one file."),
    "template.example": T("例如：{example}", "Example: {example}"),
    "template.text": T("填写文字。", "Text."),
    "template.longtext": T("填写文字，可以换行。", "Text; line breaks are kept."),
    "template.code": T("填写代码，按证照抄写。", "A code, as on the certificate."),
    "template.integer": T("填写整数。", "A whole number."),
    "template.decimal": T("填写数字，可以有小数。", "A number, decimals allowed."),
    "template.date": T("填写日期，例如 2013-05-01。", "A date such as 2013-05-01."),
    "template.boolean": T("填“是”或“否”。", "是 (yes) or 否 (no)."),
    "template.choice": T("从列表中选一项。", "One of the list."),
    "template.choices": T("可填多项，用顿号“、”隔开。", "One or more, separated by 、."),
    "template.list": T("可填多项，用顿号“、”隔开。", "One or more, separated by 、."),
    "template.phone": T("填写电话号码。", "A telephone number."),
}

MESSAGES: dict[str, T] = {**_CELL, **_NOTES, **_HEADER, **_IGNORED, **_FILE, **_TEMPLATE}

_UNKNOWN = T(
    "这里填写有误（{code}）。请对照模板中这一列的说明改写。",
    "This is not right ({code}). Compare it with the note of the column in the template.",
    "這裡填寫有誤（{code}）。請對照範本中這一欄的說明改寫。",
)


class _Told(dict[str, object]):
    """Parameters of a message; one that nobody gave reads as a dash, never as an error."""

    def __missing__(self, key: str) -> str:
        return "—"


def text_of(code: str, locale: str, params: Mapping[str, object] | None = None) -> str:
    """Say a code in ``locale``. A register's own codes are looked up by the register first."""
    text = MESSAGES.get(code, _UNKNOWN)
    return text.in_(locale).format_map(_Told(params or {}, code=code))
