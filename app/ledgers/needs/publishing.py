"""The blind version of a need: checked against everything its enterprise is known by, projected."""

from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from app.audit.work import Work
from app.catalogues.codes import find_codes
from app.core.errors import Invalid
from app.core.labels import T
from app.ledgers.enterprises.models import Enterprise
from app.ledgers.enterprises.service import enterprise_of
from app.ledgers.needs.blinding import Clue, clues_of, findings, pieces
from app.ledgers.needs.forms import PublishForm
from app.ledgers.needs.models import Need, NeedState
from app.registers import directory, secrets
from app.registers.fields import Disclosure
from app.registers.tables import Published

#: Once it is here, nobody needs to answer it any more.
_A_CROWD = 3  # enterprises among which a piece of a name hides (domain model 5.4, rule 3)
_PIECE_OF_NAME = T("企业名称中的字号", "part of the enterprise's name")
_OVER = frozenset({NeedState.withdrawn, NeedState.closed, NeedState.unresolved, NeedState.merged})


async def require_blind(work: Work, need: Need, form: PublishForm) -> None:
    """Raise Invalid if title or text say whose need it is, naming every piece that does.

    What only may say so passes once the author has checked it; the trail keeps how much did.
    """
    clues = await _clues(work, need)
    told = (("/blind_title", form.blind_title), ("/blind_text", form.blind_text))
    wrong = [e for pointer, said in told for e in findings(pointer, said, clues)]
    open_ = [error for error in wrong if error.code == "reveals_owner" or not form.checked]
    if open_:
        raise Invalid.of(*open_)
    if wrong:
        await work.note(
            "blind_checked",
            register="needs",
            record_id=need.id,
            record_label=need.number or "",
            node_id=need.node_id,
            detail={"pieces": len(wrong)},
        )


async def _clues(work: Work, need: Need) -> list[Clue]:
    if need.enterprise_id is None:
        return []
    enterprise = await enterprise_of(work, need.enterprise_id)
    phones = [
        await _plain_phone(work, "enterprises", enterprise.id),
        await _plain_phone(work, "needs", need.id),
    ]
    return await _rare_pieces(work, enterprise) + clues_of(
        names=[enterprise.name, *enterprise.former_names, *enterprise.other_names],
        uscc=enterprise.uscc,
        persons=[
            enterprise.legal_representative,
            enterprise.contact_name,
            need.contact_name,
        ],
        address=enterprise.address,
        website=enterprise.website,
        phones=phones,
        certificate=enterprise.hnte_certificate_no,
        products=enterprise.main_products,
        numbers=await _rights_of(work, enterprise),
    )


async def _rights_of(work: Work, enterprise: Enterprise) -> list[str]:
    """Return the numbers of the patents and the like that the library knows of the enterprise."""
    row = directory.named("achievements").row
    found = await work.session.execute(
        select(row.ip_refs).where(row.enterprise_id == enterprise.id, row.deleted_at.is_(None))
    )
    return [str(right["number"]) for rights in found.scalars() for right in rights]


async def _rare_pieces(work: Work, enterprise: Enterprise) -> list[Clue]:
    """Return pieces of the name that fewer than three enterprises share: they point at one.

    A piece that is the name of a trade (精密机械) points at nobody.
    """
    told = [p for p in pieces(enterprise.name) if not find_codes("industry", q=p, limit=1).items]
    found = []
    for piece in told:
        shared = select(func.count()).where(
            col(Enterprise.region_id) == enterprise.region_id,
            col(Enterprise.deleted_at).is_(None),
            col(Enterprise.name).contains(piece, autoescape=True),
        )
        if int(await work.session.scalar(shared) or 0) < _A_CROWD:
            found.append(Clue(_PIECE_OF_NAME, piece))
    return found


async def _plain_phone(work: Work, name: str, record_id: UUID) -> str | None:
    """Return a telephone to compare with, if this actor's role could ask for it."""
    register = directory.named(name)
    said = register.all_fields["contact_phone"].disclosure(work.actor.role)
    if said is not Disclosure.plain:
        return None
    return await secrets.value_of(work, register, record_id, "contact_phone")


async def project(work: Work, need: Need) -> None:
    """Keep what the public reads in step with the need: its blind version while it is open."""
    if need.published_at is None:
        return
    if need.state in _OVER:
        await work.session.execute(
            delete(Published).where(
                col(Published.region_id) == need.region_id, col(Published.record_id) == need.id
            )
        )
        return
    payload = {
        "title": need.blind_title,
        "text": need.blind_text,
        "field": need.hightech_field,
        "kind": need.kind,
        "published_at": need.published_at,
    }
    row = {
        "region_id": need.region_id,
        "record_id": need.id,
        "node_id": need.node_id,
        "register_name": "needs",
        "published_at": need.published_at,
        "payload": payload,
    }
    statement = insert(Published).values(**row)
    await work.session.execute(
        statement.on_conflict_do_update(
            index_elements=["region_id", "record_id"], set_={"payload": payload}
        )
    )
