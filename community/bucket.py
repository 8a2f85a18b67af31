"""A shelf that is a bucket of an S3 store."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Final

from obstore.exceptions import BaseError
from obstore.store import S3Store

from community.shelf import ShelfAway, arriving

PART: Final = 8 << 20
"""Bytes of a part that is sent; a store takes at most 10,000 of them."""
AT_ONCE: Final = 2
"""Parts that are on their way, and so in memory, at once."""
PIECE: Final = 2 << 20
"""Bytes that are asked for at once: whoever reads slowly keeps no connection to the store waiting."""


class Bucket:
    """The bucket, below a prefix; files that arrive lie in `folder`."""

    def __init__(
        self, folder: Path, bucket: str, prefix: str = "", *, endpoint: str = "", region: str = "", key_id: str = "",
        secret: str = "",
    ) -> None:  # fmt: skip
        """Nothing is asked yet. Without `key_id` the machine's own rights are used; `endpoint` is that of AWS then."""
        given = {
            "endpoint": endpoint, "region": region or "us-east-1", "access_key_id": key_id, "secret_access_key": secret,
        }  # fmt: skip
        self.folder = folder
        self._store = S3Store(
            bucket, prefix=prefix or None, virtual_hosted_style_request=False,
            client_options={
                "allow_http": endpoint.startswith("http://"), "connect_timeout": timedelta(seconds=5),
                "timeout": timedelta(seconds=120),
            },
            retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=20)},
            **{name: value for name, value in given.items() if value},  # type: ignore[arg-type]
        )  # fmt: skip

    @property
    def arriving(self) -> Path:
        return arriving(self.folder)

    def put(self, path: Path, key: str) -> None:
        size = path.stat().st_size
        with _asked():
            self._store.put(key, path, chunk_size=PART, max_concurrency=AT_ONCE)
        if self.size(key) != size:
            raise ShelfAway(f"{key} did not come into the bucket whole.")
        path.unlink(missing_ok=True)

    def has(self, key: str) -> bool:
        try:
            self.size(key)
        except FileNotFoundError:
            return False
        return True

    def size(self, key: str) -> int:
        with _asked():
            return self._store.head(key)["size"]

    def read(self, key: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        end = self.size(key) if end is None else end
        for at in range(start, end, PIECE):
            with _asked():
                piece = self._store.get_range(key, start=at, end=min(at + PIECE, end)).to_bytes()
            yield piece

    def delete(self, key: str) -> None:
        with _asked(), suppress(FileNotFoundError):
            self._store.delete(key)

    def keys(self, under: str = "") -> Iterator[str]:
        with _asked():
            for some in self._store.list(under or None):
                yield from (found["path"] for found in some)

    def path(self, key: str) -> Path | None:
        return None


@contextmanager
def _asked() -> Iterator[None]:
    try:
        yield
    except BaseError as error:
        said = str(error).partition("\n")[0]
        raise ShelfAway(
            f"The bucket cannot be used ({said}); see to it, or mend GONGYAN_BUCKET and what follows it."
        ) from error
