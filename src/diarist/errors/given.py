"""What was given cannot be taken."""

from __future__ import annotations

from diarist.errors.base import DiaristError


class InvalidInput(DiaristError):
    """What was given cannot be used."""

    code = "invalid_input"
    advice = "Correct the input and try again; nothing was stored."


class UnreadableFile(InvalidInput):
    """The file cannot be read."""

    code = "unreadable_file"
    advice = "Check that the path exists, is a file, and that you may read it."


class UnsupportedAudio(InvalidInput):
    """This is not audio in a format that Diarist knows."""

    code = "unsupported_audio"
    advice = "Give a recording such as MP3, WAV, M4A, FLAC, OGG, WebM or AIFF; check that the file is what its name says."


class NoAudioTrack(UnsupportedAudio):
    """The file holds no sound track."""

    code = "no_audio_track"
    advice = "The file plays without sound. Export it with its audio track, or give the audio file itself."


class UndecodableAudio(InvalidInput):
    """The container was recognised, but no sound could be decoded from it."""

    code = "undecodable_audio"
    advice = "The file is damaged. Copy it again from the recorder, or convert it with another program."


class TooLarge(InvalidInput):
    """The recording is larger than this installation accepts."""

    code = "too_large"
    advice = "Split the recording, or raise DIARIST_HTTP__MAX_UPLOAD_BYTES."


class TooLong(TooLarge):
    """The recording is longer than this installation accepts."""

    code = "too_long"
    advice = "Split the recording, or raise DIARIST_LIMITS__RECORDING_HOURS."


class TooDense(TooLong):
    """So few bytes cannot hold so many hours of sound."""

    code = "too_dense"
    advice = "No recorder writes such a file. If it is a recording after all, convert it to another format and give that."


class ChecksumMismatch(InvalidInput):
    """The bytes that arrived are not those that the checksum was made of."""

    code = "checksum_mismatch"
    advice = "They changed on the way and were thrown away; send them again from the same offset."


class ContentMismatch(InvalidInput):
    """The object in the store is not the one that was announced."""

    code = "content_mismatch"
    advice = "Put the right bytes to the same URL and complete the upload again, or begin a new one."


class Empty(InvalidInput):
    """The file is empty (0 bytes)."""

    code = "empty_file"
    advice = "The recorder wrote nothing. Copy the file again, or check that the recording was saved."


class NoSamples(Empty):
    """The file has a sound track, but there is not a single sample in it."""

    code = "no_samples"
    advice = "The recording has zero length. Check that the recorder was running."


class AddressRefused(InvalidInput):
    """This address may not be imported from."""

    code = "address_refused"
    advice = (
        "Give a public https address; DIARIST_IMPORTS__PRIVATE_NETWORKS, __PORTS and __ALLOW_HTTP open more, if you run this."
    )


class NotGiven(InvalidInput):
    """The address was reached, but it did not give a recording."""

    code = "not_given"
    advice = "Open the address in a browser: it must give the audio file itself, without asking who you are."
