"""A test sentence, spoken, mixed and coded: do two machines give the same bytes?

Versions alone do not tell. Codecs choose their instructions by the processor that they meet, and
a build of a library may differ under one version. What comes out of the whole chain tells.
"""

from production.slot_work import SlotTask, run_slot
from production.speech import Speech
from production.store import Store
from programme.digests import Plain, canonical_json, digest_text
from programme.profiles import profiles
from programme.sound import NO_CUES
from programme.units import Digest, DurationMs, Fingerprint, LanguageTag

_PROFILES = ("podcast", "loudspeaker")
"""Between them they have the chains and codecs of most of what is published."""

_SPEECH = Speech(
    engine="espeak",
    voice="es-419",
    language=LanguageTag("es-419"),
    text="Uno, dos, tres: probando las voces y los códigos de esta máquina.",
    words_per_minute=140,
)


def probe_sound(store: Store) -> Digest:
    """Give one digest of all that becomes of the sentence.

    Args:
        store: of this machine; its objects are ordinary ones.

    Raises:
        ProductionError: the voice or a codec does not work, or the disk refuses.
    """
    store.prepare()
    told: list[Plain] = []
    for name in _PROFILES:
        task = SlotTask(
            fingerprint=Fingerprint(digest_text(f"probe {name}")),
            where="a test sentence",
            lines=((_SPEECH, DurationMs(0)),),
            sounds={},
            bed_cues=NO_CUES,
            profile=profiles()[name],
        )
        result = run_slot(store.root, task)
        told.append({"outputs": dict(result.outputs), "facts": dict(result.facts)})
    return digest_text(canonical_json(told))
