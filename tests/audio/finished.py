"""A small edition finished in any profile: a slot of music, one of speech over a bed, one plain."""

from dataclasses import dataclass, replace
from pathlib import Path

from audio.editions import measure_slots, write_rendition
from audio.jobs import RenditionJob, SlotJob, SlotResult
from audio.slots import render_slot
from programme.editions import Chapter, EditionTags
from programme.profiles import Profile, RenditionSpec, profiles
from programme.sound import MIX_RATE, Loudness
from programme.units import DurationMs, Samples
from tests.audio.slot_material import edition_tags, music, slot_job, spoken

TITLES = ("Presentación", "Tus documentos", "لا تدفع")


@dataclass(frozen=True, slots=True, kw_only=True)
class Small:
    """An edition's slots in one profile, ready to be written."""

    profile: Profile
    jobs: tuple[SlotJob, ...]
    results: tuple[SlotResult, ...]

    @property
    def samples(self) -> Samples:
        """Its length at MIX_RATE."""
        return Samples(sum(result.samples for result in self.results))

    @property
    def tags(self) -> EditionTags:
        """What its files say; a chapter for each slot."""
        starts, at = [], 0
        for result in self.results:
            starts.append(DurationMs(at * 1000 // MIX_RATE))
            at += result.samples
        ends = [*starts[1:], DurationMs(at * 1000 // MIX_RATE)]
        chapters = tuple(
            Chapter(start_ms=start, end_ms=end, title=title)
            for start, end, title in zip(starts, ends, TITLES, strict=True)
        )
        return replace(edition_tags(chapters=chapters), reference="camino/camino-12")

    def loudness(self, spec: RenditionSpec) -> Loudness:
        """Give what a meter over the decoded file reads."""
        return measure_slots(
            [job.energies[spec.id] for job in self.jobs],
            [result.loudness[spec.id] for result in self.results],
            dual_mono=self.profile.dual_mono,
        )

    def job(self, name: str, out: Path, tags: EditionTags | None = None) -> RenditionJob:
        """Ask for one rendition."""
        spec = next(one for one in self.profile.renditions if one.id == name)
        return RenditionJob(
            spec=spec,
            slots=tuple(job.coded[name] for job in self.jobs),
            samples=self.samples,
            tags=tags or self.tags,
            loudness=self.loudness(spec),
            dual_mono=self.profile.dual_mono,
            max_dbtp=self.profile.max_dbtp,
            out=out,
        )

    def write(self, name: str, folder: Path, tags: EditionTags | None = None) -> Path:
        """Write one rendition."""
        job = self.job(name, folder / "unnamed", tags)
        out = folder / f"edition{job.spec.suffix}"
        write_rendition(replace(job, out=out))
        return out


def small(folder: Path, profile: str) -> Small:
    """Render the slots."""
    sounds, lines = music(folder), spoken(folder)
    jobs = (
        slot_job(folder, "a", profile=profile, sound=sounds["jingle"]),
        slot_job(
            folder,
            "b",
            profile=profile,
            lines=lines[:3],
            sting=sounds["sting"],
            bed=sounds["bed"],
        ),
        slot_job(folder, "c", profile=profile, lines=lines[3:]),
    )
    results = tuple(render_slot(job) for job in jobs)
    return Small(profile=profiles()[profile], jobs=jobs, results=results)
