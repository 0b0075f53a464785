"""What is refused says so in a whole sentence, whoever may or whether nobody may."""

from app.access.roles import Role
from app.core.labels import T
from app.registers.rights import only

_BY = T("只有{who}可以删除{register}。", "Only {who} may delete: {register}.")
_NEVER = T("这类记录不能删除。", "Such records are not deleted.")


def test_where_nobody_may_the_sentence_says_so() -> None:
    text, facts = only(frozenset(), _BY, _NEVER, T("抽取", "Draw"))
    assert text.filled("zh-CN", facts) == "这类记录不能删除。"
    assert text.filled("en", facts) == "Such records are not deleted."


def test_where_some_may_they_are_named() -> None:
    text, facts = only(frozenset({Role.centre_leader}), _BY, _NEVER, T("抽取", "Draw"))
    assert text.filled("en", facts).endswith("may delete: Draw.")
