"""Ready lines for web servers that serve a folder we publish into: nginx, Apache, Caddy.

Types and cache rules come from ``serving``, the one table of them; why gPodder gets notices whole
is told in docs/corrections.md. Hidden names (locks, files that are being written) are not served,
and no folder is listed.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

from production.companions import COMPANIONS
from production.targets.policies import EXPOSED
from production.targets.probing import TEST_FOLDER
from production.targets.serving import (
    DOCUMENT_CACHE,
    DOCUMENTS,
    IMMUTABLE_CACHE,
    UNKNOWN,
    is_immutable,
    served,
)
from programme.network import Network, TargetSettings
from programme.profiles import profiles

NOTICES = "-(corrected|withdrawn|expired)-[0-9a-f]{12}[.]mp3$"
"""Names of spoken notices."""

_OTHERS = (".jpg", ".jpeg", ".png", ".webp", ".svg", ".ico", ".woff2", ".pdf", ".zip", ".jsonl")
_KEPT = tuple(name for name in ("m", "ledger", "packs") if is_immutable(f"{name}/x"))
_PLAIN_DATA = "(site|episodes|publish)[.]json"
"""JSON at keys that stay and is no feed."""


def web_files(settings: TargetSettings, network: Network, folder: str) -> dict[str, bytes]:
    """Give every file for a web server in front of a folder, by name.

    Args:
        settings: of the target.
        network: whose base_url tells the host and the path.
        folder: where the published folder lies on the server, absolute.
    """
    parts = urlsplit(network.base_url)
    host, path = parts.hostname or "localhost", parts.path.rstrip("/")
    files = {
        "nginx.conf": nginx(host, path, folder),
        "apache.htaccess": apache(),
        "Caddyfile": caddy(host, path, folder),
        "README.txt": _words(settings.name, folder),
    }
    return {name: text.encode("utf-8") for name, text in files.items()}


def types_by_ending() -> dict[str, str]:
    """Give the type that each ending is served with, charset and all."""
    endings = {
        *DOCUMENTS,
        *_OTHERS,
        *(one.suffix for one in COMPANIONS),
        *(spec.suffix for profile in profiles().values() for spec in profile.renditions),
    }
    return {end: served(f"feeds/x{end}").media_type for end in sorted(endings)}


def nginx(host: str, path: str, folder: str) -> str:
    """Give a site for nginx.

    Args:
        host: of base_url.
        path: of base_url, without its final slash; empty for the host's root.
        folder: that is published into, absolute.
    """
    simple, deep = _split()
    types = "\n".join(f"        {_bare(type_)} {end[1:]};" for end, type_ in simple.items())
    textual = {_bare(type_) for type_ in simple.values() if "charset" in type_}
    texts = " ".join(sorted(textual - {"text/html"}))  # which nginx knows itself
    special = "\n".join(_nginx_type(_ending(end), type_) for end, type_ in deep.items())
    strip = f"    rewrite ^{path}/(.*)$ /$1 last;\n" if path else ""
    return f"""# nginx: a site of its own; add your lines for https.
map $http_user_agent $wants_whole {{ default ""; ~gPodder yes; }}
map $uri $altavoz_cache {{
    default "{DOCUMENT_CACHE}";
    "~^(/whole)?/({"|".join(_KEPT)})/" "{IMMUTABLE_CACHE}";
}}
map $uri $altavoz_saved {{ default ""; "~[.]zip$" attachment; }}
server {{
    listen 80;
    server_name {host};
    root {_nginx_quoted(folder)};
    autoindex off;
    charset utf-8;
    charset_types {texts};
    types {{
{types}
    }}
    default_type {UNKNOWN};
    add_header Cache-Control $altavoz_cache;
    add_header Content-Disposition $altavoz_saved;
    add_header Access-Control-Allow-Origin "*";
    add_header Access-Control-Allow-Methods "GET, HEAD";
    add_header Access-Control-Allow-Headers "Range";
    add_header Access-Control-Expose-Headers "{", ".join(EXPOSED)}";
    if ($request_method = OPTIONS) {{ return 204; }}
    if ($request_method !~ "^(GET|HEAD)$") {{ return 405; }}
{strip}    location ~ "/[.]" {{ return 404; }}
    location ~ "^/m/.+{NOTICES}" {{
        if ($wants_whole) {{ rewrite ^ /whole$uri last; }}
    }}
    location /whole/ {{ internal; alias {_nginx_quoted(folder + "/")}; max_ranges 0; }}
{special}
{_nginx_type(f"/{_PLAIN_DATA}$", "application/json")}
{_nginx_type("^/m/.+[.]json$", "application/json")}
}}
"""


def apache() -> str:
    """Give what stands in .htaccess in the published folder, for Apache 2.4."""
    simple, deep = _split()
    types = "\n".join(f'AddType "{type_}" {end}' for end, type_ in simple.items())
    special = "\n".join(
        f'<FilesMatch "{_ending(end)}">\n    ForceType "{type_}"\n</FilesMatch>'
        for end, type_ in deep.items()
    )
    kept = "|".join(_KEPT)
    return f"""# Apache 2.4: as .htaccess in the published folder. Its site needs
# AllowOverride FileInfo and the modules alias, headers, mime and setenvif.
{types}
<FilesMatch "^{_PLAIN_DATA}$">
    ForceType "application/json"
</FilesMatch>
<If "%{{REQUEST_URI}} =~ m#/m/[^/]+[.]json$# && %{{REQUEST_URI}} !~ m#[.]chapters[.]json$#">
    ForceType "application/json"
</If>
{special}
RedirectMatch 404 "/[.]"
RedirectMatch 404 "/({kept}|{TEST_FOLDER.rstrip("/")})/(.*/)?$"
Header set Cache-Control "{DOCUMENT_CACHE}"
SetEnvIf Request_URI "/({kept})/" altavoz-kept
Header set Cache-Control "{IMMUTABLE_CACHE}" env=altavoz-kept
Header set Access-Control-Allow-Origin "*"
Header set Access-Control-Allow-Methods "GET, HEAD"
Header set Access-Control-Allow-Headers "Range"
Header set Access-Control-Expose-Headers "{", ".join(EXPOSED)}"
<FilesMatch "[.]zip$">
    Header set Content-Disposition attachment
</FilesMatch>
<FilesMatch "{NOTICES}">
    BrowserMatch gPodder wants-whole
    RequestHeader unset Range env=wants-whole
</FilesMatch>
"""


def caddy(host: str, path: str, folder: str) -> str:
    """Give a site for Caddy 2, which gets a certificate for the host by itself."""
    simple, deep = _split()
    types = "\n".join(
        f'            @t{number} path *{end}\n            header @t{number} Content-Type "{type_}"'
        for number, (end, type_) in enumerate({**simple, **deep}.items())
    )
    kept = " ".join(f"/{name}/*" for name in _KEPT)
    return f"""# Caddy 2: as Caddyfile, or imported by yours.
{host} {{
    root * "{folder}"
    handle_path {path}/* {{
        route {{
            @hidden path_regexp /[.]
            respond @hidden 404
            header Access-Control-Allow-Origin "*"
            header Access-Control-Allow-Methods "GET, HEAD"
            header Access-Control-Allow-Headers "Range"
            header Access-Control-Expose-Headers "{", ".join(EXPOSED)}"
            @asked method OPTIONS
            respond @asked 204
            @other not method GET HEAD
            respond @other 405
            @kept path {kept}
            header Cache-Control "{DOCUMENT_CACHE}"
            header @kept Cache-Control "{IMMUTABLE_CACHE}"
{types}
            @data path_regexp (^/m/.+|/{_PLAIN_DATA.removesuffix("[.]json")})[.]json$
            header @data Content-Type "application/json"
            @chapters path *.chapters.json
            header @chapters Content-Type "application/json+chapters"
            @saved path *.zip
            header @saved Content-Disposition attachment
            @notices {{
                header User-Agent *gPodder*
                path_regexp ^/m/.+{NOTICES}
            }}
            request_header @notices -Range
            file_server
        }}
    }}
}}
"""


def _split() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Give the types of endings with one dot, and those of endings with two."""
    types = types_by_ending()
    simple = {end: type_ for end, type_ in types.items() if end.count(".") == 1}
    return simple, {
        end: type_
        for end, type_ in types.items()
        if end not in simple and simple.get(f".{end.rpartition('.')[2]}") != type_
    }


def _bare(type_: str) -> str:
    return type_.partition(";")[0]


def _ending(end: str) -> str:
    return end.replace(".", "[.]") + "$"


def _nginx_type(place: str, type_: str) -> str:
    return f'    location ~ "{place}" {{ types {{ }} default_type {type_}; }}'


def _nginx_quoted(path: str) -> str:
    return '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _words(name: str, folder: str) -> str:
    return f"""Lines for the web server that serves {folder}, where the target {name} publishes.

nginx.conf        a site for nginx; test it with: nginx -t
apache.htaccess   for Apache: copy it to {folder}/.htaccess
Caddyfile         for Caddy; test it with: caddy validate --config Caddyfile --adapter caddyfile

Each serves every kind of file with its type, lets caches keep feeds 5 minutes and sound a day,
answers byte ranges, lets pages of other sites read, lists no folder, and lets nobody write.
Then run: altavoz targets test {name}
"""
