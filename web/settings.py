"""Settings, each from an environment variable with the prefix GONGYAN_; docs/operating.md lists them."""

import re
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """How this installation runs."""

    model_config = SettingsConfigDict(env_prefix="GONGYAN_", frozen=True)

    database_url: str = Field(
        default="sqlite:///gongyan.db",
        description="The database: sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME.",
    )
    database_wait: float = Field(
        default=30.0, gt=0, le=3600, description="Seconds to wait for a database that is busy or not up yet."
    )
    database_connections: int = Field(
        default=20,
        ge=1,
        le=1000,
        description="Connections that one process opens to the database at most, for reading and for writing each.",
    )
    import_batch: int = Field(
        default=20_000,
        ge=1,
        le=100_000,
        description="Lines of a log that an import takes in by one transaction.",
    )
    closing_batch: int = Field(
        default=10_000,
        ge=1,
        le=100_000,
        description="Accounts that the closing of a year settles by one transaction.",
    )
    files: Path = Field(default=Path("gongyan-files"), description="The folder of what people upload.")
    picture_quota: int = Field(
        default=100, ge=1, le=1_000_000, description="Megabytes of pictures that one person may keep."
    )
    resource_quota: int = Field(
        default=5_000, ge=1, le=1_000_000_000, description="Megabytes of files that one person may keep for resources."
    )
    school_quota: int = Field(
        default=500_000, ge=1, le=1_000_000_000, description="Megabytes of files that one school's people may keep."
    )
    largest_file: int = Field(
        default=500, ge=1, le=100_000, description="Megabytes of the largest file that is taken in."
    )
    disk_floor: int = Field(
        default=2_000,
        ge=0,
        le=1_000_000_000,
        description="Megabytes that stay free on the disk on which files arrive: nothing more is taken in then.",
    )
    accel_redirect: str = Field(
        default="",
        description="The internal address under which nginx has the folder of files, such as /_files/; without it the"
        " server sends files itself.",
    )
    bucket: str = Field(
        default="",
        description="A bucket in which files lie for good: s3://BUCKET/PREFIX; without it they lie in the folder.",
    )
    bucket_endpoint: str = Field(
        default="", description="The address of the S3 store that has the bucket; without it that of AWS."
    )
    bucket_region: str = Field(default="", description="The region of the bucket, where the store has regions.")
    bucket_key_id: str = Field(
        default="", description="The name under which the store knows this site; without it the machine's own rights."
    )
    bucket_secret: str = Field(default="", repr=False, description="The secret that belongs to it.")
    site_url: str = Field(
        default="http://127.0.0.1:8000",
        description="The address of the site, as links and QR codes have it; without it serve puts the one it serves.",
    )
    staff_totp: Literal["required", "offered"] = Field(
        default="required",
        description="Whether staff must set up a second factor after signing in (required) or may (offered).",
    )
    oidc_issuer: str = Field(
        default="",
        description="The address of another provider of sign-ins (OpenID Connect); without it there is none.",
    )
    oidc_client_id: str = Field(default="", description="The name under which that provider knows this site.")
    oidc_client_secret: str = Field(default="", repr=False, description="The secret that it gave to this site.")
    oidc_label: str = Field(default="统一身份认证", description="What the button that leads to it is called.")
    oidc_staff_number: str = Field(default="staff_number", description="The claim in which it tells the staff number.")
    site_record: str = Field(
        default="", description="The site's registration (备案号), shown at the foot of every page."
    )
    mail_server: str = Field(
        default="",
        description="The server that sends mail: smtp://USER:PASSWORD@HOST:587, if need be with ?tls=implicit or none.",
    )
    mail_from: str = Field(
        default="",
        description="In whose name mail is sent, such as noreply@example.org; else noreply at the site's host.",
    )
    debug: bool = Field(
        default=False, description="Whether an unforeseen error prints its traceback, for whoever mends it."
    )

    @field_validator("bucket")
    @classmethod
    def _bucket(cls, given: str) -> str:
        if given and not re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9._/-]*)?", given):
            raise PydanticCustomError("bucket", "should look like s3://BUCKET/PREFIX")
        return given

    @field_validator("accel_redirect")
    @classmethod
    def _internal(cls, given: str) -> str:
        if given and not re.fullmatch(r"/([A-Za-z0-9._-]+/)+", given):
            raise PydanticCustomError("address", "should begin and end with a slash")
        return given

    @property
    def is_called(self) -> bool:
        """Whether the address of the site was given."""
        return "site_url" in self.model_fields_set and self.site_url != ""

    @property
    def sends_mail(self) -> bool:
        """Whether letters go out at all."""
        return self.mail_server != ""
