"""What a person is told: what happened, why, and what to do next or who can do it."""

import re
from collections.abc import Callable

from app.access.roles import LABELS
from tests.words import Text, texts

HAN = r"[\u3400-\u9fff]"
_SENTENCE = re.compile(r"[。！？；，]")

#: Constants that hold sentences which refuse nothing, each with why it is no refusal.
NO_REFUSALS = {
    ("app/core/sheets/messages.py", "_NOTES"): "notes on a cell that was read all the same",
    ("app/core/sheets/messages.py", "_IGNORED"): "why a row without content was passed over",
    ("app/core/sheets/messages.py", "_TEMPLATE"): "how to fill in a column, beside its name",
    ("app/ledgers/needs/forms.py", "REJECT_CODES"): "choices of a list",
    ("app/matching/matches/lifecycle.py", "REJECT_CODES"): "choices of a list",
    ("app/governance/dashboard/figures.py", "_DAYS"): "the name of a figure",
    ("app/desk/organisations.py", "params"): "stands for no organisation within a refusal",
    ("app/core/findings.py", "_HEALTHY"): "the last line of `park doctor`, nothing to be done",
    ("app/core/findings.py", "_WARNED"): "a count over the findings above it",
    ("app/core/findings.py", "_BROKEN"): "a count over the findings above it",
    ("app/core/database_checks.py", "_SAFETY"): "the second half of a finding of `park doctor`",
    ("app/core/database_checks.py", "_CHECK_ADDRESS"): "the second half of a finding",
    ("app/desk/my_mail.py", "_LETTER"): "a letter",
    (
        "app/matching/assignments/clash_words.py",
        "*",
    ): "what an infeasible batch lacks, and the ways out",
    ("app/matching/conflicts/checks.py", "ONLY_THE_NAME"): "a note within a finding",
    ("app/matching/conflicts/finding.py", "_UNTOLD"): "a finding: the refusal quotes it",
    ("app/matching/invitations/letters.py", "_TEXT"): "a letter",
    ("app/matching/invitations/letters.py", "_FACTS"): "lines of a letter",
    ("app/matching/matches/asking.py", "EXPECTED"): "what a letter asks for",
    ("app/matching/matches/service.py", "_MATCHED"): "a line of the service log",
    ("app/matching/panels/asking.py", "EXPECTED"): "what a letter asks for",
    ("app/matching/panels/asking.py", "BEGUN"): "what a letter asks for",
    ("app/matching/panels/asking.py", "PLEDGE"): "what an expert signs",
    ("app/matching/invitations/router.py", "_SEEN"): "a line of the course of an invitation",
    ("app/registers/together/mailing.py", "_LETTER"): "a letter",
    ("app/desk/grants.py", "_SAYS"): "what will happen once a second person confirms",
    ("app/ledgers/needs/acts.py", "_SAYS"): "what will happen once a second person confirms",
    ("app/matching/conflict_rules/acts.py", "_SAYS"): "what will happen once it is confirmed",
    ("app/matching/draws/acts.py", "_SAYS"): "what will happen once it is confirmed",
}

#: Refusals of one clause, or without a next step, each with why that is enough.
ENOUGH = {
    "这条记录已有，但您不能修改，这一行没有写入；原因：{why}": "{why} says what next",
}
#: Refusals for lack of rights that name the one who can in words of their own.
WHO = {
    "只有上传的人可以删除这个附件，请联系上传的人。",
    "只有写下评论的人可以修改或删除它；您可以另写一条评论说明。",
    "只有保存这个视图的人可以修改或删除它；您可以另存为自己的视图。",
}
#: What is said to programs: whoever calls the API reads its terms, nobody on a page meets them.
TO_PROGRAMS = {
    ("app/core/etags.py", "_NO_VERSION"): "a header that the page always sends",
    ("app/core/etags.py", "_REQUIRED"): "a header that the page always sends",
    ("app/registers/idempotency.py", "_REUSED"): "a header that the page always sends",
    ("app/registers/batch_plan.py", "_ONE_WAY"): "the parts of a body that the page puts together",
    (
        "app/registers/batch_plan.py",
        "_ONE_THING",
    ): "the parts of a body that the page puts together",
}
#: Places that one language has and the other has not.
PLACES = {
    "不在可选范围内，请从列表中选择。": "{expected} lists codes, which only a program reads",
    "填写有误，请对照这一项的说明改写。": "{msg} is English whatever the reader's language",
}
#: English texts that quote Chinese words as they stand on papers and in cells.
QUOTING = {
    ("app/core/sheets/messages.py", "_CELL"): "what to write into a cell",
    ("app/core/sheets/messages.py", "_TEMPLATE"): "what to write into a cell",
}

#: A word of the next step: what the reader can do, or who can.
_NEXT = re.compile(r"请|可|才能|须|只能")
#: What blames, what is jargon, what names the inside of the house.
_UNFIT = re.compile(
    r"非法|参数|操作失败|系统错误|未知错误|禁止操作|你|堆栈|null|undefined|[a-z]_[a-z]"
)
_UNFIT_EN = re.compile(
    r"\b(illegal|invalid|error|oops|null|undefined|fatal|abort(ed)?|forbidden|param(eter)?s?)\b"
    r"|\b[a-z]+_[a-z]+",
    re.IGNORECASE,
)
_ENDS = re.compile(r"([。？！]|\{(why|reason)\})$")
_ENDS_EN = re.compile(r"([.?!]|\{(why|reason)\})$")
#: What mainland readers say and readers in Taiwan do not.
_MAINLAND = re.compile(
    "臺賬|台賬|臺帳|賬|登錄|平臺|導入|導出|數據|信息|網絡|服務器|軟件|硬件|鏈接|郵箱|短信|視頻|"
    "質量|打印|屏幕|菜單|默認|用戶|粘貼|加載|緩存|界面|單元格|在線|反饋|激活|模板|項目管理器|"
    "文檔|文件夾|磁盤|內存|字符|字段|搜索|刷新|注冊|分辨率|博客|兼容|腳本|優盤|審計日誌|後臺|前臺"
)


def _clauses(text: str) -> list[str]:
    bare = re.sub(r"「[^」]*」|“[^”]*”|（[^）]*）|\{\w+\}", "x", text)
    return [part for part in re.split(r"[，；：。]|[,;:.](?=\s|$)", bare) if part.strip()]


def refusals() -> list[Text]:
    """Return every text that can reach a person as a refusal, a warning or a complaint."""
    return [
        found
        for found in texts()
        if (found.told or _SENTENCE.search(found.text.zh))
        and not (found.naming or found.title)
        and not {(found.path, found.name), (found.path, "*")} & NO_REFUSALS.keys()
    ]


def _wrong(found: list[Text], is_wrong: Callable[[Text], bool]) -> list[str]:
    return [f"{one.where}: {one.text.zh} | {one.text.en}" for one in found if is_wrong(one)]


def test_the_house_is_read_whole_and_no_exception_has_outlived_its_text() -> None:
    assert len(texts()) > 1500
    assert len(refusals()) > 400
    names = {(found.path, name) for found in texts() for name in (found.name, "*")}
    assert {*NO_REFUSALS, *TO_PROGRAMS, *QUOTING} - names == set()
    assert {*ENOUGH, *WHO, *PLACES} - {found.text.zh for found in texts()} == set()


def test_a_refusal_says_what_happened_and_what_to_do_next() -> None:
    def is_short(found: Text) -> bool:
        zh, en = found.text.zh, found.text.en
        too_few = len(_clauses(zh)) < 2 or len(_clauses(en)) < 2
        return zh not in ENOUGH and (too_few or not _NEXT.search(zh))

    assert _wrong(refusals(), is_short) == []


def test_a_refusal_ends_as_a_sentence_does() -> None:
    def is_open(found: Text) -> bool:
        return not (_ENDS.search(found.text.zh) and _ENDS_EN.search(found.text.en))

    assert _wrong(refusals(), is_open) == []


def test_a_refusal_for_lack_of_rights_names_who_can() -> None:
    known = [label.zh for label in LABELS.values()]
    known += [
        "企业",
        "专家",
        "管委会",
        "中心",
        "工作站",
        "管理员",
        "运维人员",
        "上级单位",
        "所有者",
        "组长",
    ]
    named = re.compile(r"\{(who|name|handler|organisation|operator)\}|" + "|".join(known))

    def is_nameless(found: Text) -> bool:
        zh = found.text.zh
        lacks = re.search(r"(只有|只能由|仅限)(?! ?\{n\}|已)", zh)
        return bool(lacks) and zh not in WHO and not named.search(zh)

    assert _wrong(refusals(), is_nameless) == []


def test_a_refusal_neither_blames_nor_speaks_of_the_inside_of_the_house() -> None:
    def is_unfit(found: Text) -> bool:
        zh, en = (re.sub(r"\{\w+\}", "", text) for text in (found.text.zh, found.text.en))
        own = (found.path, found.name) in TO_PROGRAMS
        return not own and bool(_UNFIT.search(zh) or _UNFIT_EN.search(en))

    assert _wrong(refusals(), is_unfit) == []


def test_both_languages_have_the_same_places_for_values() -> None:
    def differ(found: Text) -> bool:
        zh, en = (set(re.findall(r"\{\w+\}", text)) for text in (found.text.zh, found.text.en))
        tw = set(re.findall(r"\{\w+\}", found.text.in_("zh-TW")))
        return zh != tw or (zh != en and found.text.zh not in PLACES)

    assert _wrong(list(texts()), differ) == []


def test_chinese_is_set_in_full_width_and_english_in_half_width() -> None:
    narrow = re.compile(rf"{HAN}[,;:?!(]|[,;:?!)]{HAN}|\.\.\.|{HAN}\.(?!\w)")
    wide = re.compile(rf"[，；：。！？（）、]|{HAN}")

    def is_mixed(found: Text) -> bool:
        quoted = re.sub(r"《[^》]*》|〔[^〕]*〕|“[^”]*”", "", found.text.en)
        english = (found.path, found.name) not in QUOTING and bool(wide.search(quoted))
        return english or bool(narrow.search(found.text.zh))

    assert _wrong(list(texts()), is_mixed) == []


def test_taiwan_reads_its_own_words() -> None:
    def is_foreign(found: Text) -> bool:
        return bool(_MAINLAND.search(found.text.in_("zh-TW")))

    said = [f"{one.where}: {one.text.in_('zh-TW')}" for one in texts() if is_foreign(one)]
    assert said == []
