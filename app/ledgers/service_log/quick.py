"""One line of a clerk's about a service becomes an entry: 「今天 上门 某某公司 讲解高企政策」.

What was understood is told piece by piece, so that the clerk sees and corrects it before it is
written. Pure words and days here; which enterprise is meant is asked of the register.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from app.core.sheets.dates import parse_date
from app.core.text import unified
from app.ledgers.service_log.models import Channel, ServiceKind

LONGEST = 300  # characters of a line
_TITLE = 120

_DAYS: Mapping[str, int] = {
    "今天": 0, "今日": 0, "今早": 0, "今晚": 0, "刚才": 0, "刚刚": 0, "上午": 0, "下午": 0,
    "昨天": -1, "昨日": -1, "昨晚": -1, "前天": -2, "前日": -2, "大前天": -3, "明天": 1, "后天": 2,
    "today": 0, "yesterday": -1,
}  # fmt: skip
_WEEKDAYS = {c: n for n, c in enumerate("一二三四五六")} | {"日": 6, "天": 6}
_WEEKDAY = re.compile(r"(上上|上|这|本)?(?:个)?(?:周|星期|礼拜)([一二三四五六日天])")
_MONTH_DAY = re.compile(r"(\d{1,2})(?:月|[-/.])(\d{1,2})[日号]?(?!\d)")
_ONLY_DAY = re.compile(r"(\d{1,2})[日号]")
_WHOLE_DAY = re.compile(r"\d{4}(?:[-/.]|年)\d{1,2}(?:[-/.]|月)\d{1,2}[日号]?|\d{8}(?!\d)")
_BREAK = re.compile(r"[\s,，。;；、]+")

#: Longer words are looked for first; a word may say the kind as well as the channel.
_CHANNELS: Mapping[str, Channel] = {
    "上门": Channel.door_to_door, "登门": Channel.door_to_door, "走访": Channel.door_to_door,
    "拜访": Channel.door_to_door, "入企": Channel.door_to_door, "实地": Channel.door_to_door,
    "到企业": Channel.door_to_door, "到访": Channel.door_to_door, "visit": Channel.door_to_door,
    "电话": Channel.phone, "致电": Channel.phone, "来电": Channel.phone, "phone": Channel.phone,
    "上网": Channel.online, "线上": Channel.online, "网上": Channel.online, "微信": Channel.online,
    "视频": Channel.online, "邮件": Channel.online, "online": Channel.online,
    "来站": Channel.at_station, "到站": Channel.at_station, "来访": Channel.at_station,
    "活动": Channel.event, "会上": Channel.event,
    "上墙": Channel.on_wall, "公告栏": Channel.on_wall,
}  # fmt: skip
_KINDS: Mapping[str, ServiceKind] = {
    "政策宣传": ServiceKind.policy_promotion, "宣讲": ServiceKind.policy_promotion,
    "宣传": ServiceKind.policy_promotion, "讲解": ServiceKind.policy_promotion,
    "解读": ServiceKind.policy_promotion, "政策辅导": ServiceKind.policy_guidance,
    "辅导": ServiceKind.policy_guidance, "指导": ServiceKind.policy_guidance,
    "政策": ServiceKind.policy_promotion, "培训": ServiceKind.training,
    "讲座": ServiceKind.training, "上课": ServiceKind.training,
    "论证": ServiceKind.argumentation, "项目申报": ServiceKind.application,
    "申报": ServiceKind.application, "对接": ServiceKind.matchmaking,
    "撮合": ServiceKind.matchmaking, "成果": ServiceKind.achievement_discovery,
    "专利": ServiceKind.patent, "知识产权": ServiceKind.patent, "融资": ServiceKind.financing,
    "贷款": ServiceKind.financing, "走访": ServiceKind.visit, "拜访": ServiceKind.visit,
    "调研": ServiceKind.visit, "看望": ServiceKind.visit, "visit": ServiceKind.visit,
    "training": ServiceKind.training, "policy": ServiceKind.policy_promotion,
    "patent": ServiceKind.patent,
}  # fmt: skip


@dataclass
class Reading:
    """What a line says; ``rest`` are the words that named neither day nor channel."""

    served_on: date
    said_day: str | None = None
    channel: Channel = Channel.door_to_door
    said_channel: str | None = None
    kind: ServiceKind = ServiceKind.other
    said_kind: str | None = None
    rest: list[str] = field(default_factory=list)


def read(line: str, today: date) -> Reading:
    """Read a line; what it does not say is today, at the enterprise, and the kind most likely."""
    text = unicodedata.normalize("NFKC", line)[:LONGEST]
    found = Reading(today)
    for word in _BREAK.split(text):
        left = _without_day(found, word, today)
        left = _without_channel(found, left)
        if left:
            found.rest.append(left)
    _name_kind(found)
    return found


def title_of(found: Reading, enterprise: str | None) -> str:
    """Return what is left as the title once the words that named the enterprise are taken out."""
    words = [w.replace(enterprise, "", 1) if enterprise else w for w in found.rest]
    return " ".join(word for word in words if word)[:_TITLE]


def _without_day(found: Reading, word: str, today: date) -> str:
    if found.said_day is not None:
        return word
    day, length = _day(unified(word), today)
    if day is None:
        return word
    found.served_on, found.said_day = day, word[:length]
    return word[length:]


def _day(word: str, today: date) -> tuple[date | None, int]:
    """Return the day a word begins with, and how many characters say it."""
    for said in sorted(_DAYS, key=len, reverse=True):
        if word.startswith(said):
            return today + timedelta(days=_DAYS[said]), len(said)
    if week := _WEEKDAY.match(word):
        return _weekday(week[1] or "", _WEEKDAYS[week[2]], today), week.end()
    if whole := _WHOLE_DAY.match(word):
        value = parse_date(whole[0]).value
        return (value, whole.end()) if isinstance(value, date) else (None, 0)
    if month := _MONTH_DAY.match(word):
        return _latest(today, int(month[1]), int(month[2])), month.end()
    if only := _ONLY_DAY.match(word):
        earlier = today.replace(day=1) - timedelta(days=1)
        this = _made(today.year, today.month, int(only[1]))
        past = this if this and this <= today else None
        return past or _made(earlier.year, earlier.month, int(only[1])), only.end()
    return None, 0


def _weekday(which: str, weekday: int, today: date) -> date:
    """Return a day of this or an earlier week; without a word before it, the last one there was."""
    monday = today - timedelta(days=today.weekday())
    if which in ("上", "上上"):
        return monday + timedelta(days=weekday - 7 * len(which))
    there = monday + timedelta(days=weekday)
    return there if which or there <= today else there - timedelta(days=7)


def _latest(today: date, month: int, day: int) -> date | None:
    this = _made(today.year, month, day)
    return this if this and this <= today else _made(today.year - 1, month, day)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _without_channel(found: Reading, word: str) -> str:
    """Take a channel off the beginning or the end of a word; inside it belongs to the sentence."""
    if found.said_channel is not None:
        return word
    plain = unified(word)
    for said in sorted(_CHANNELS, key=len, reverse=True):
        if plain.startswith(said):
            found.channel, found.said_channel = _CHANNELS[said], word[: len(said)]
            return word[len(said) :]
    return word


def _name_kind(found: Reading) -> None:
    told = unified(" ".join([found.said_channel or "", *found.rest]))
    named = [said for said in _KINDS if said in told]
    if named:
        # what was done says more than how one came; of two such words the longer one
        telling = [said for said in named if _KINDS[said] is not ServiceKind.visit] or named
        found.said_kind = max(telling, key=len)
        found.kind = _KINDS[found.said_kind]
    elif found.channel is Channel.door_to_door and found.said_channel:
        found.kind = ServiceKind.visit
