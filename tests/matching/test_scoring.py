"""The score: between 0 and 1, the sum of its parts, the same in either script, and sensible."""

from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from app.libraries.experts.models import Document, Expert
from app.matching.candidates import ranked
from app.matching.parties import Body, Paper, Person, Subject, person_of
from app.matching.scoring import score_all
from tests.matching.people import DAY, GEARS, OPTICS, PEOPLE, READABLE, WATER, need

NEED = need(
    "行星减速器齿轮磨损和噪声", "我司行星减速器在高负载下齿面磨损快、振动噪声大,需要优化齿形。"
)

texts = st.text("减速器齿轮噪声光学镜头污水处理膜abc 12,。", max_size=60)
anybody = st.builds(
    Person,
    id=st.uuids(),
    name=st.just("某某"),
    body=st.just(Body("某大学")),
    fields=st.lists(st.sampled_from(["01", "04", "08"]), max_size=3).map(tuple),
    keywords=st.lists(texts, max_size=3).map(tuple),
    papers=st.lists(st.builds(Paper, texts, texts), max_size=4).map(tuple),
)


def test_the_gear_expert_is_first_for_a_gear_problem() -> None:
    found = ranked(NEED, PEOPLE, READABLE, DAY)
    assert found.candidates[0].person == GEARS


@settings(deadline=None)
@given(st.lists(anybody, max_size=5, unique_by=lambda p: p.id), texts, texts)
def test_the_parts_add_up_to_a_score_between_0_and_1(
    people: list[Person], title: str, text: str
) -> None:
    subject = Subject("needs", UUID(int=9), title, (title, text), ("齿轮",), "08")
    for parts in score_all(subject, people).values():
        assert min(parts.text, parts.field, parts.keyword) >= 0
        assert 0 <= parts.score <= 1
        assert parts.score == round(parts.text + parts.field + parts.keyword, 4)


def test_a_need_in_traditional_characters_ranks_as_the_simplified_one() -> None:
    traditional = need(*map(OpenCC("s2t").convert, NEED.texts))
    assert traditional.texts != NEED.texts
    assert score_all(traditional, PEOPLE) == score_all(NEED, PEOPLE)


@settings(deadline=None)
@given(st.permutations(PEOPLE))
def test_the_order_in_which_people_are_read_changes_nothing(people: list[Person]) -> None:
    assert ranked(NEED, people, READABLE, DAY) == ranked(NEED, PEOPLE, READABLE, DAY)


def test_a_paper_excluded_by_the_expert_is_not_read() -> None:
    paper = {"title": "行星减速器的噪声", "abstract": "齿面磨损。"}
    row = Expert.model_validate(
        {
            "region_id": 1,
            "node_id": 1,
            "name": "某某",
            "organisation": "某大学",
            "documents": [paper, paper | {"excluded": True}],
        }
    )
    assert len(person_of(row).papers) == 1
    row.documents = [Document.model_validate(paper | {"excluded": True})]
    assert score_all(NEED, [person_of(row), OPTICS])[row.id].score == 0


def test_somebody_in_conflict_is_listed_apart_and_does_not_change_the_others_scores() -> None:
    conflicted = need(*NEED.texts, bodies=(GEARS.body,))
    found = ranked(conflicted, PEOPLE, READABLE, DAY)
    assert GEARS.id in {e.person.id for e in found.excluded}
    assert GEARS.id not in {c.person.id for c in found.candidates}
    before = {c.person.id: c.parts for c in ranked(NEED, PEOPLE, READABLE, DAY).candidates}
    assert all(before[c.person.id] == c.parts for c in found.candidates)


def test_the_field_counts_most_where_it_is_the_persons_first() -> None:
    subject = Subject("needs", NEED.id, "", ("完全无关",), field="08")
    told = score_all(subject, [GEARS, WATER])
    assert told[GEARS.id].field > told[WATER.id].field
