"""Every station of a workspace in a row: what it gets, as what, and how."""

from production.tables import Table
from programme.digests import Plain
from programme.stations import Station
from scripts.workspace import Workspace


def stations_table(workspace: Workspace) -> Table:
    """Give one row per station, by id."""
    return Table(
        columns=(
            *("station", "kind", "languages", "series", "profile", "delivery"),
            *("automation", "identity", "more"),
        ),
        rows=tuple(
            (
                name,
                one.kind.value,
                " ".join(one.languages),
                " ".join(one.series),
                f"{one.profile}/{one.format}" if one.format else one.profile,
                one.delivery.value,
                one.automation.value,
                "public" if one.publish_identity else "private",
                ", ".join(_more(one)),
            )
            for name, one in sorted(workspace.stations.items())
        ),
    )


def stations_report(workspace: Workspace) -> list[dict[str, Plain]]:
    """Give what a program reads of each station."""
    return [plain_station(one) for _, one in sorted(workspace.stations.items())]


def plain_station(station: Station) -> dict[str, Plain]:
    """Give what a station's file says, but for words and schedule."""
    return {
        "station": station.id,
        "name": station.name,
        "file": station.file,
        "kind": station.kind.value,
        "languages": list(station.languages),
        "series": list(station.series),
        "profile": station.profile,
        "format": station.format,
        "delivery": station.delivery.value,
        "automation": station.automation.value,
        "drive_path": station.settings.drive_path,
        "group": station.settings.group,
        "first_cart": station.settings.first_cart,
        "last_cart": station.settings.last_cart,
        "share": station.share,
        "loop": station.loop is not None,
        "overrides": [one.replaces for one in station.overrides],
        "private": not station.publish_identity,
        "country": station.country,
        "place": station.place,
    }


def _more(station: Station) -> list[str]:
    found = []
    if station.schedule.day_parts or station.schedule.rotation:
        found.append("schedule")
    elif station.schedule.quiet:
        found.append("quiet hours")
    found += ["loop"] if station.loop is not None else []
    found += ["share"] if station.share else []
    found += ["own facts"] if station.overrides else []
    return found
