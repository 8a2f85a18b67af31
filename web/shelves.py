"""Which shelf the settings name, and how much room there is on it."""

from community.room import MEGABYTE, Room
from community.shelf import Disk, Shelf
from web.settings import Settings


def shelf_of(settings: Settings) -> Shelf:
    """The shelf that the settings name; whether it answers is another question."""
    if not settings.bucket:
        return Disk(settings.files)
    from community.bucket import Bucket

    bucket, _, prefix = settings.bucket.removeprefix("s3://").partition("/")
    return Bucket(
        settings.files, bucket, prefix.strip("/"), endpoint=settings.bucket_endpoint, region=settings.bucket_region,
        key_id=settings.bucket_key_id, secret=settings.bucket_secret,
    )  # fmt: skip


def room_of(settings: Settings) -> Room:
    """How much may come in."""
    return Room(
        file=settings.largest_file * MEGABYTE, person=settings.resource_quota * MEGABYTE,
        school=settings.school_quota * MEGABYTE, floor=settings.disk_floor * MEGABYTE,
    )  # fmt: skip
