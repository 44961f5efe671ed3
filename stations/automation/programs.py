"""Every program that a station may name, in one table."""

from collections.abc import Mapping
from types import MappingProxyType

from programme.stations import Automation
from stations.automation.azuracast import AzuraCast
from stations.automation.by_hand import ByHand
from stations.automation.libretime import LibreTime
from stations.automation.liquidsoap import Liquidsoap
from stations.automation.mairlist import MAirList
from stations.automation.mpd import Mpd
from stations.automation.program import Program
from stations.automation.radiodj import RadioDJ
from stations.automation.rivendell import Rivendell
from stations.automation.vlc import Vlc
from stations.automation.zararadio import ZaraRadio

PROGRAMS: Mapping[Automation, Program] = MappingProxyType(
    {
        Automation.NONE: ByHand(),
        Automation.LIBRETIME: LibreTime(),
        Automation.AZURACAST: AzuraCast(),
        Automation.RIVENDELL: Rivendell(),
        Automation.LIQUIDSOAP: Liquidsoap(),
        Automation.ZARARADIO: ZaraRadio(),
        Automation.RADIODJ: RadioDJ(),
        Automation.MAIRLIST: MAirList(),
        Automation.MPD: Mpd(),
        Automation.VLC: Vlc(),
    }
)
