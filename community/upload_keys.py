"""Where the files of an upload lie on the shelf."""


def file_key(id: str) -> str:
    """The key of an upload's file on the shelf."""
    return f"files/{id[-2:]}/{id}"


def previews_of(id: str) -> str:
    """The folder of the keys of an upload's previews: thumb.webp and 1.webp, 2.webp and so on."""
    return f"previews/{id[-2:]}/{id}"


def thumb_key(id: str) -> str:
    """The key of its small picture, where it has one."""
    return f"{previews_of(id)}/thumb.webp"


def page_key(id: str, page: int) -> str:
    """The key of the picture of a page, from 1 on."""
    return f"{previews_of(id)}/{page}.webp"
