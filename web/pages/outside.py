"""/sign-in/outside: signing in by another provider (OpenID Connect)."""

from fastapi import APIRouter

router = APIRouter(prefix="/sign-in/outside")
