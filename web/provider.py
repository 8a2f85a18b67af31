"""Another provider of sign-ins (OpenID Connect): sending a browser there, and knowing who comes back."""

from datetime import datetime
from typing import Any, Final

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from community.words import say
from web.leaving import Leaving, NotKnown
from web.settings import Settings

RETURN: Final = "/sign-in/outside/return"
SIGNED_BY: Final = ["RS256", "PS256", "ES256"]
"""Never by nothing, and never by the secret that both know."""
SECONDS: Final = 10.0


class Provider:
    """The provider that the settings name."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._found: dict[str, Any] | None = None

    def way_there(self, leaving: Leaving) -> str:
        """Where the browser goes: code flow with PKCE, state and nonce. Raises NotKnown."""
        with self._client() as client:
            address, _ = client.create_authorization_url(
                self._known("authorization_endpoint"), state=leaving.state, nonce=leaving.nonce,
                code_verifier=leaving.verifier,
            )  # fmt: skip
        return str(address)

    def claims(self, leaving: Leaving, code: str, now: datetime) -> dict[str, Any]:
        """What the provider says of who came back, held against what was sent. Raises NotKnown."""
        try:
            with self._client() as client:
                token = client.fetch_token(
                    self._known("token_endpoint"), code=code, code_verifier=leaving.verifier,
                    grant_type="authorization_code",
                )  # fmt: skip
                keys = KeySet.import_key_set(httpx2.get(self._known("jwks_uri"), timeout=SECONDS).json())
            claims = jwt.decode(token["id_token"], keys, algorithms=SIGNED_BY).claims
            JWTClaimsRegistry(
                now=lambda: int(now.timestamp()), leeway=60,
                iss={"essential": True, "value": self.settings.oidc_issuer},
                aud={"essential": True, "value": self.settings.oidc_client_id},
                exp={"essential": True}, sub={"essential": True},
                nonce={"essential": True, "value": leaving.nonce},
            ).validate(claims)  # fmt: skip
            if claims.get("azp", self.settings.oidc_client_id) != self.settings.oidc_client_id:
                raise NotKnown(_silent())
            return claims | self._more(token["access_token"], claims["sub"])
        except NotKnown:
            raise
        except (JoseError, httpx2.HTTPError, ValueError, KeyError, TypeError, AuthlibBaseError) as error:
            raise NotKnown(_silent()) from error

    def _more(self, token: str, subject: str) -> dict[str, Any]:
        """What the provider tells on asking; many keep mail and staff number out of the token itself."""
        if not self._known("userinfo_endpoint", ""):
            return {}
        headers = {"Authorization": f"Bearer {token}"}
        told = httpx2.get(self._known("userinfo_endpoint"), headers=headers, timeout=SECONDS).raise_for_status().json()
        return told if told.get("sub") == subject else {}

    def _known(self, what: str, otherwise: str | None = None) -> str:
        """What the provider says of itself; asked for once."""
        if self._found is None:
            address = self.settings.oidc_issuer.rstrip("/") + "/.well-known/openid-configuration"
            try:
                found = httpx2.get(address, timeout=SECONDS).raise_for_status().json()
            except (httpx2.HTTPError, ValueError) as error:
                raise NotKnown(_silent()) from error
            if found.get("issuer") != self.settings.oidc_issuer:
                raise NotKnown(_silent())
            self._found = found
        if otherwise is None and what not in self._found:
            raise NotKnown(_silent())
        return str(self._found.get(what, otherwise))

    def _client(self) -> OAuth2Client:
        return OAuth2Client(
            self.settings.oidc_client_id, self.settings.oidc_client_secret, scope="openid email profile",
            redirect_uri=self.settings.site_url.rstrip("/") + RETURN, code_challenge_method="S256", timeout=SECONDS,
        )  # fmt: skip


def _silent() -> str:
    return say("没有得到可靠的答复，请稍后再试，或用密码登录。")
