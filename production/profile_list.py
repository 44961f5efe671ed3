"""The list of profiles: for whom each is, which files it makes, and how large they are."""

from production.tables import Table
from programme.profiles import Profile, RenditionSpec, profiles


def profile_table() -> Table:
    """Give one row for each file of each profile."""
    rows = []
    for profile in profiles().values():
        for number, spec in enumerate(profile.renditions):
            first = number == 0
            rows.append(
                (
                    profile.id if first else "",
                    f"{profile.loudness_lufs:.0f}" if first else "",
                    f"{profile.max_dbtp:.0f}" if first else "",
                    spec.id,
                    f"{spec.suffix} {spec.kbps}k",
                    _minute(spec),
                    _notes(spec),
                )
            )
    return Table(
        columns=("profile", "LUFS", "dBTP", "format", "file", "a minute", "notes"),
        rows=tuple(rows),
        right=frozenset({1, 2, 5}),
    )


def profile_lines() -> list[str]:
    """Say for whom each profile is."""
    return [f"{profile.id}: {profile.title}" for profile in profiles().values()]


def profiles_report() -> list[dict[str, object]]:
    """Give the same for programs, with every figure."""
    return [_plain(profile) for profile in profiles().values()]


def _plain(profile: Profile) -> dict[str, object]:
    return {
        "id": profile.id,
        "title": profile.title,
        "loudness_lufs": profile.loudness_lufs,
        "tolerance_lu": profile.tolerance_lu,
        "dual_mono": profile.dual_mono,
        "max_dbtp": profile.max_dbtp,
        "chain": profile.chain,
        "feed": profile.has_feed_sound,
        "formats": [
            {
                "id": spec.id,
                "codec": spec.codec,
                "suffix": spec.suffix,
                "media_type": spec.media_type,
                "rate_hz": spec.rate_hz,
                "kbps": spec.kbps,
                "bits": spec.bits,
                "feed": spec.feed,
                "on_demand": spec.on_demand,
                "max_bytes": spec.max_bytes,
            }
            for spec in profile.renditions
        ],
    }


def _minute(spec: RenditionSpec) -> str:
    """Give what a minute of sound takes; tags and headers come on top."""
    kilobytes = spec.kbps * 60 / 8
    return f"{kilobytes:.0f} kB" if kilobytes < 1000 else f"{kilobytes / 1000:.1f} MB"


def _notes(spec: RenditionSpec) -> str:
    parts = ["on demand"] if spec.on_demand else []
    if not spec.feed:
        parts.append("not in feeds")
    if spec.max_bytes:
        parts.append(f"at most {spec.max_bytes / 1e6:.1f} MB")
    return ", ".join(parts)
