"""Needs and projects meet those who can help: ranking, reasons, conflicts, what becomes of it."""

from fastapi import APIRouter

from app.matching.matches.register import REGISTER as MATCHES
from app.matching.router import router
from app.registers.directory import AnyRegister

REGISTERS: tuple[AnyRegister, ...] = (MATCHES,)
ROUTERS: tuple[APIRouter, ...] = (router,)
