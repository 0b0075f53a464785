"""/auth/ways: what the sign-in page has to know before anybody has signed in."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from app.access import password_rules
from app.core.settings import get_settings

router = APIRouter(prefix="/auth", tags=["auth"])


class PasswordRules(BaseModel):
    """The profile of the installation, for the note beside a field for a new password."""

    profile: Literal["mlps3", "asvs"]
    shortest: int
    classes: int
    history: int


class Ways(BaseModel):
    second_factor: Literal["required", "off"]
    provider: str | None = Field(description="Name of the identity provider, if there is one")
    passwords: PasswordRules


@router.get("/ways", operation_id="auth_ways", summary="How one signs in here")
async def ways() -> Ways:
    settings, rules = get_settings(), password_rules.profile()
    return Ways(
        second_factor="required" if settings.second_factor_required else "off",
        provider=settings.oidc_name if settings.oidc_issuer else None,
        passwords=PasswordRules(
            profile=settings.passwords,
            shortest=rules.shortest,
            classes=rules.classes,
            history=rules.history,
        ),
    )
