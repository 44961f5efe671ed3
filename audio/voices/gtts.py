"""Google Translate's voice through gTTS: online, opt-in, with the certificate checked.

gTTS 2.5.4 knows how the service wants to be asked, but sends its requests with certificate
checks off and without an end to waiting. So it packs the requests, and we send them: one after
the other with a distance, again after longer and longer rests where that may help, and no more
once the service stayed down through all of them (audio/voices/patience.py).
The words leave this machine, the answer may change on any day, and no quota is promised.
"""

import base64
import binascii
import re
import tempfile
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path

import gtts.utils
import numpy as np
import requests
import urllib3.exceptions
from gtts import gTTS

from audio.decode import Limits, decode_blocks, probe
from audio.resampling import Block
from audio.voices.base import Spoken, quoted, refuse_unspeakable, trimmed
from audio.voices.catalogue import engine_rate, slow_below, tld
from audio.voices.patience import Patience
from audio.voices.versions import voice_version
from programme.errors import ExitCode, ProductionError
from programme.units import Hz, LanguageTag

CONNECT_S = 5.0
READ_S = 20.0
WAITS_S = (2.0, 6.0, 18.0)
"""Before each further try, where the service does not name a time itself."""

LONGEST_WAIT_S = 120.0
"""The service is obeyed up to here; then the build stops and can go on later."""

ANSWER_S = 60.0
"""The longest that one answer may take, however it trickles in."""

_PIECE = 65_536

LARGEST_ANSWER = 4_000_000
"""Bytes; a hundred characters are some 100 kB."""

_PATH = "_/TranslateWebserverUi/data/batchexecute"
_AUDIO = re.compile(rb'jQ1olc","\[\\"(.*?)\\"')
_LIMITS = Limits(longest_s=120, largest_bytes=LARGEST_ANSWER)
_UNREACHABLE = 0
_TRY_AGAIN = frozenset({_UNREACHABLE, 429, 500, 502, 503, 504})


@cache
def _shared() -> Patience:
    """Give the one patience of this process."""
    return Patience()


@dataclass(frozen=True, slots=True)
class GttsVoice:
    """One language of the service; it knows two paces only, and no word times."""

    name: str
    language: LanguageTag
    engine: str = "gtts"
    address: str = ""
    """Where to ask instead of the public service; empty for the service."""
    patience: Patience = field(default_factory=_shared, hash=False, compare=False)

    @property
    def version(self) -> str:
        """Package and settings; the service itself shows no version."""
        return voice_version(self.engine, self.name)

    def speak(self, text: str, *, words_per_minute: int) -> Spoken:
        """Speak one sentence; see ``Voice.speak``. The pace is normal, or slow where very slow.

        Raises:
            ProductionError: also when the service refuses, cannot be reached, shows a wrong
                certificate or answers without sound; code VOICE.
        """
        refuse_unspeakable(text)
        pace = engine_rate(self.engine, self.name, words_per_minute)
        request = gTTS(
            text,
            lang=self.name,
            tld=tld(self.engine, self.name),
            slow=pace < slow_below(self.engine),
            lang_check=False,
            pre_processor_funcs=[],  # the words are spoken as written
        )
        url = self.address or gtts.utils._translate_url(  # noqa: SLF001
            tld=request.tld, path=_PATH
        )
        parts: list[Block] = []
        rate_hz = Hz(0)
        with tempfile.TemporaryDirectory(prefix="altavoz-") as folder:
            for number, body in enumerate(request.get_bodies()):
                file = Path(folder) / f"{number}.mp3"
                file.write_bytes(self._ask(url, body, text))
                rate_hz = probe(file, where=quoted(text), limits=_LIMITS).rate_hz
                parts.extend(decode_blocks(file, rate_hz=rate_hz, limits=_LIMITS))
        sound = np.rint(np.concatenate(parts) * 32_768).clip(-32_768, 32_767)
        pcm, _cut = trimmed(sound.astype(np.int16), rate_hz, text)
        return Spoken(pcm=pcm, rate_hz=rate_hz, words=())

    def _ask(self, url: str, body: str, text: str) -> bytes:
        """Send one part and give its MP3; try again where that helps."""
        if self.patience.is_lost:
            raise _refused(_UNREACHABLE, text)
        answer = _Answer(_UNREACHABLE, b"", None)
        for wait_s in (*WAITS_S, None):
            self.patience.before_request()
            answer = self._send(url, body, text)
            if answer.status == requests.codes.ok:
                return _sound(answer.body, text)
            if answer.status not in _TRY_AGAIN:
                raise _refused(answer.status, text)
            wanted_s = wait_s if answer.retry_after_s is None else answer.retry_after_s
            if wait_s is None or wanted_s is None or wanted_s > LONGEST_WAIT_S:
                break
            if not self.patience.wait(wanted_s):
                break
        self.patience.lose()
        raise _refused(answer.status, text)

    def _send(self, url: str, body: str, text: str) -> "_Answer":
        """Send once; a line that fails is an answer with status 0."""
        try:
            with (
                requests.Session() as session,
                session.post(
                    url,
                    data=body,
                    headers=gTTS.GOOGLE_TTS_HEADERS,
                    timeout=(CONNECT_S, READ_S),
                    allow_redirects=False,
                    stream=True,
                    verify=True,
                ) as reply,
            ):
                content = self._read(reply)
        except requests.exceptions.SSLError as error:
            raise ProductionError(
                "the online voice did not prove who it is: its certificate is not valid",
                where=quoted(text),
                remedy="do not go on in this network; somebody may stand between",
                code=ExitCode.VOICE,
            ) from error
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError):
            return _Answer(_UNREACHABLE, b"", None)
        if len(content) > LARGEST_ANSWER:
            raise _silent(text)
        return _Answer(reply.status_code, content, _rest_s(reply))

    def _read(self, reply: requests.Response) -> bytes:
        """Read an answer in pieces: too much, or too slow, is as no answer."""
        end = self.patience.clock() + ANSWER_S
        content = bytearray()
        while piece := reply.raw.read(_PIECE, decode_content=True):
            content += piece
            if len(content) > LARGEST_ANSWER:
                break
            if self.patience.clock() > end:
                raise requests.exceptions.ReadTimeout
        return bytes(content)


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    body: bytes
    retry_after_s: float | None


def _rest_s(reply: requests.Response) -> float | None:
    """Read Retry-After (RFC 9110, 10.2.3): seconds, or a date against the answer's own date.

    None where it says nothing that can be obeyed.
    """
    header = reply.headers.get("Retry-After", "")
    if header.isascii() and header.isdigit():
        return float(header)
    try:
        until = parsedate_to_datetime(header)
        seconds = (until - parsedate_to_datetime(reply.headers.get("Date", ""))).total_seconds()
    except (ValueError, TypeError):
        return None
    return seconds if seconds > 0 else None


def _sound(body: bytes, text: str) -> bytes:
    """Find the MP3 in an answer: base64 in a JSON string in a JSON array on one line."""
    found = _AUDIO.search(body)
    if found is None:
        raise _silent(text)
    try:
        sound = base64.b64decode(found[1], validate=True)
    except binascii.Error as error:
        raise _silent(text) from error
    if not sound:
        raise _silent(text)
    return sound


def _silent(text: str) -> ProductionError:
    return ProductionError(
        "the online voice answered without sound",
        where=quoted(text),
        remedy="choose espeak for this language in altavoz.toml, or record the segments",
        code=ExitCode.VOICE,
    )


def _refused(status: int, text: str) -> ProductionError:
    problem = f"the online voice refused (HTTP {status})"
    remedy = "choose espeak for this language in altavoz.toml, or record the segments"
    if status == _UNREACHABLE:
        problem = "the online voice cannot be reached"
        remedy = "build again when there is a network; finished sentences are kept"
    elif status in _TRY_AGAIN:
        remedy = "build again in some hours; finished sentences are kept"
    return ProductionError(problem, where=quoted(text), remedy=remedy, code=ExitCode.VOICE)
