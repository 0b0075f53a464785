"""A toy register, declared as docs/recipes/add-a-register.md says: one row, one declaration."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Index, Numeric, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.access.roles import PARK, STAFF, Role
from app.core.labels import T
from app.core.tables import Body, Record, stored_as_text
from app.registers.fields import Disclosure, F
from app.registers.lifecycle import Lifecycle, Move, State
from app.registers.register import Floor, Register, Rights
from app.registers.visibility import in_nodes


class ToyKind(StrEnum):
    wooden = "wooden"
    tin = "tin"


class ToyState(StrEnum):
    new = "new"
    sold = "sold"


class ToyBody(Body):
    name: str = Field(min_length=2, max_length=80)
    code: str = Field(min_length=3, max_length=20)
    kind: ToyKind = Field(default=ToyKind.tin, sa_type=stored_as_text(ToyKind))
    price: Decimal | None = Field(default=None, ge=0, sa_type=Numeric(12, 2))
    made_on: date | None = None
    tags: list[str] = Field(
        default_factory=list, sa_column=Column(JSONB, nullable=False, server_default="[]")
    )
    secret_note: str | None = Field(default=None, max_length=200)
    maker_phone: str | None = Field(default=None, max_length=40)


class Toy(ToyBody, Record, table=True):
    __tablename__ = "toy"
    __table_args__ = (
        Index(
            "uq_toy_code",
            "region_id",
            "code",
            unique=True,
            postgresql_where=text("deleted_at IS NULL"),
        ),
    )

    name_py: str = ""
    state: ToyState = Field(default=ToyState.new, sa_type=stored_as_text(ToyState))


_STAFF_WITHOUT_PROVINCE = STAFF - {Role.province_staff}
_HIDES: dict[Role, Disclosure] = {
    Role.station_staff: Disclosure.plain,
    Role.committee: Disclosure.masked,
}

TOYS: Register[Any, Any] = Register(
    name="toys",
    label=T("玩具", "Toys"),
    label_one=T("玩具", "Toy"),
    floor=Floor.ledgers,
    row=Toy,
    body=ToyBody,
    fields=(
        F("name", T("名称", "Name"), search="A", pinyin=True, in_list=True),
        F("code", T("编码", "Code"), search="B", in_list=True),
        F(
            "kind",
            T("种类", "Kind"),
            facet=True,
            choices={
                "wooden": T("木制", "Wooden"),
                "tin": T("铁皮", "Tin"),
            },
        ),
        F("price", T("价格", "Price"), unit=T("元", "yuan")),
        F("made_on", T("制造日期", "Made on")),
        F("tags", T("标签", "Tags"), search="C"),
        F("secret_note", T("内部备注", "Internal note"), disclosed=_HIDES),
        F("maker_phone", T("联系电话", "Phone"), secret=True, disclosed=_HIDES),
    ),
    title_field="name",
    natural_key="code",
    rights=Rights(
        read=_STAFF_WITHOUT_PROVINCE,
        create=frozenset({Role.station_staff}),
        delete=frozenset({Role.station_staff}),
        export=PARK,
        import_=frozenset({Role.station_staff}),
        attach=frozenset({Role.station_staff}),
    ),
    visible_to=lambda actor: in_nodes(Toy, actor),
    lifecycle=Lifecycle(
        initial=ToyState.new,
        states={
            ToyState.new: State(T("新", "New")),
            ToyState.sold: State(T("已售", "Sold"), "success"),
        },
        moves={
            "sell": Move(
                T("出售", "Sell"),
                frozenset({ToyState.new}),
                ToyState.sold,
                frozenset({Role.station_staff}),
                requires=("price",),
            ),
        },
        editable={ToyState.new: frozenset({Role.station_staff})},
    ),
).built()
