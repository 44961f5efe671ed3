"""The text that goes beside a small file when somebody passes it on from phone to phone.

Who gets it has no page and no paper: it says what the file says, who says so, and until when.
"""

from programme.editions import Edition
from programme.network import Network
from stations.phrases import Phrases, direction
from stations.plain_text import crlf, directed, isolate, keep_numbers, one_line
from stations.script_text import sections


def render_share_text(edition: Edition, network: Network, say: Phrases, last_day: str) -> bytes:
    """Render the text of one message: UTF-8, CRLF, no more than can stand in a chat.

    Args:
        edition: whose words they are.
        network: who publishes it.
        say: phrases for its readers.
        last_day: of the message, in their words; empty where it has none.
    """
    way, own = direction(say.language), direction(edition.language)
    lines = [_line(one_line(edition.title), own), ""]
    if edition.demo:
        lines += [_line(say("demo"), way), ""]
    for section in sections(edition):
        lines += [_line(paragraph, own) for paragraph in section.paragraphs]
    lines.append("")
    if last_day:
        lines.append(_line(say("valid_until", date=last_day), way))
    lines.append(_line(say("share_text", network=one_line(network.name)), way))
    lines.append(_line(say("website", website=isolate(one_line(network.website), way)), way))
    if edition.synthetic_voice:
        lines.append(_line(say("sign_synthetic"), way))
    return crlf(lines)


def _line(text: str, way: str) -> str:
    return directed(keep_numbers(text, way), way)
