"""Personal data shown to people who need to recognise it but not to use it."""

import re
import unicodedata

_HIDDEN = "*"
_IDENTITY = 18  # characters of a 公民身份号码; no phone number is as long
_MOBILE = re.compile(r"(?:\+?86)?(1\d{10})")


def mask(value: str) -> str:
    """Hide a personal value by what it looks like: an address, an identity number, a phone."""
    if "@" in value:
        return mask_email(value)
    bare = re.sub(r"\s", "", value)
    return mask_identity_number(bare) if len(bare) == _IDENTITY else mask_phone(value)


def mask_phone(phone: str) -> str:
    """Hide the middle of a mobile number (138****1234), all but four digits of any other."""
    digits = re.sub(r"[^\d+]", "", unicodedata.normalize("NFKC", phone))
    if mobile := _MOBILE.fullmatch(digits):
        return f"{mobile[1][:3]}{_HIDDEN * 4}{mobile[1][-4:]}"
    return mask_all_but_last(digits, 4)


def mask_name(name: str) -> str:
    """Keep the first character of each word: 张*, 欧***, J*** S****."""
    return re.sub(r"(\S)(\S*)", lambda word: word[1] + _HIDDEN * len(word[2]), name.strip())


def mask_email(address: str) -> str:
    """Keep the first character and the domain: z***@example.com."""
    local, at, domain = address.strip().rpartition("@")
    if not at:
        return _HIDDEN * len(domain)
    return f"{local[:1]}{_HIDDEN * 3}@{domain}"


def mask_identity_number(number: str) -> str:
    """Keep the last four characters, enough to tell two people of one name apart."""
    return mask_all_but_last(re.sub(r"\s", "", number), 4)


def mask_all_but_last(text: str, shown: int) -> str:
    """Hide a text but for its end; never show more than a third of it."""
    shown = min(shown, len(text) // 3)
    return _HIDDEN * (len(text) - shown) + text[len(text) - shown :]
