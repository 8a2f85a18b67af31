"""Audio and video: whether browsers play it, and for how long."""

from pathlib import Path
from typing import Any, Final

import av
import av.container

from community.contained.found import Found
from community.decoding import MOST_PIXELS

VIDEO: Final = {"mp4": {"h264", "vp9", "av1"}, "matroska": {"vp8", "vp9", "av1"}}
PCM: Final = {"pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le"}
AUDIO: Final = {
    "mp4": {"aac", "mp3", "opus", "flac"},
    "matroska": {"opus", "vorbis"},
    "ogg": {"opus", "vorbis", "flac"},
    "wav": PCM,
    "mp3": {"mp3"},
}
"""By what reads the file, what browsers play of it."""
WITH_PICTURE: Final = {"mp4": "video/mp4", "matroska": "video/webm"}
KINDS: Final = {
    "mp4": "audio/mp4", "matroska": "video/webm", "ogg": "audio/ogg", "wav": "audio/wav", "mp3": "audio/mpeg"
}  # fmt: skip
SHOWN_BY_ALL: Final = {"yuv420p", "yuvj420p"}
"""How H.264 must have its colours: browsers show no other."""
LONGEST: Final = 1_000_000
"""Seconds that a file may say it lasts; longer ones know not what they say."""


def open_media(path: Path, demuxer: str) -> av.container.InputContainer:
    """Open a file as what it is: no other file or address that it may name is opened with it."""
    return av.open(str(path), format=demuxer, options={"protocol_whitelist": "file"})


def demuxer_of(kind: str) -> str:
    """What reads a video of this kind."""
    return {video: demuxer for demuxer, video in WITH_PICTURE.items()}[kind]


def read_media(path: Path, demuxer: str) -> Found:
    """Its kind and length. Raises what the library does for broken files."""
    with open_media(path, demuxer) as container:
        pictures = [one for one in container.streams.video if not _is_cover(one)]
        sounds = container.streams.audio
        if not (pictures or sounds) or (pictures and demuxer not in WITH_PICTURE):
            return Found()
        if not all(_is_shown(one, demuxer) for one in pictures):
            return Found()
        if not all(one.codec_context.codec.canonical_name in AUDIO[demuxer] for one in sounds):
            return Found()
        if not _is_whole([*pictures, *sounds], path.stat().st_size):
            return Found()
        seconds = _seconds(container)
        first = pictures[0] if pictures else sounds[0]
        first.codec_context.thread_count = 1
        next(container.decode(first))  # what cannot be decoded is broken
        return Found((WITH_PICTURE if pictures else KINDS)[demuxer], seconds=seconds)


def _is_cover(stream: Any) -> bool:
    """Whether it is the picture on an album rather than a video."""
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _is_shown(stream: Any, demuxer: str) -> bool:
    context = stream.codec_context
    codec = context.codec.canonical_name
    if codec not in VIDEO[demuxer] or (codec == "h264" and context.pix_fmt not in SHOWN_BY_ALL):
        return False
    return bool(0 < context.width * context.height <= MOST_PIXELS)


def _is_whole(streams: list[Any], size: int) -> bool:
    """Whether all that the index of an mp4 names is there."""
    return all(entry.pos + entry.size <= size for stream in streams for entry in stream.index_entries)


def _seconds(container: av.container.InputContainer) -> int | None:
    seconds = round((container.duration or 0) / av.time_base)
    return seconds if container.duration and 0 <= seconds <= LONGEST else None
