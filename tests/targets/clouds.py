"""Workspaces that publish to prefixes of a bucket, and what the public finds there."""

import http.client
from itertools import count
from pathlib import Path
from urllib.parse import quote, urlsplit

from lxml import etree

from tests.production.publish.crashing import ONE_SENTENCE
from tests.production.publish.listener import Visit, visit, web_reader
from tests.production.running import edit
from tests.production.small import FILES

CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_CONFIG_FILE": "/nonexistent",
    "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
    "AWS_EC2_METADATA_DISABLED": "true",
}
"""What only a test server takes."""

PUBLIC = """{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*",
"Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::BUCKET/*"]}]}"""

DOCUMENTS = (".xml", ".opml", ".html", ".json")


class Cloud:
    """A bucket of moto's, which asks nobody who he is; each workspace has a prefix of its own."""

    def __init__(self, server: str, bucket: str) -> None:
        self.server = server
        self.bucket = bucket
        self._numbers = count(1)
        self._asked("PUT", "")
        self._asked("PUT", "?policy", body=PUBLIC.replace("BUCKET", bucket))

    def changes(self) -> dict[str, str | None]:
        """Give changes to the small workspace that publish there, as the target ``public``."""
        table = f"""
[targets.public]
kind = "s3"
bucket = "{self.bucket}"
endpoint = "{self.server}"
region = "us-east-1"
prefix = "p0"
demo = true
"""
        before, _, _ = FILES["altavoz.toml"].partition("[targets.public]")
        return {**ONE_SENTENCE, "altavoz.toml": before + table}

    def move(self, source: Path, root: Path) -> None:
        """Give a workspace a prefix of its own, with copies of what its source has."""
        old, new = self.prefix(source), f"p{next(self._numbers)}"
        edit(root / "altavoz.toml", f'prefix = "{old}"', f'prefix = "{new}"')
        for key in self.objects(old):
            where = {"x-amz-copy-source": f"/{self.bucket}/{old}/{key}"}
            self._asked("PUT", f"/{new}/{key}", where)

    def prefix(self, root: Path) -> str:
        """Give where a workspace publishes."""
        return (root / "altavoz.toml").read_text("utf-8").partition('prefix = "')[2].split('"')[0]

    def address(self, root: Path, *, server: str = "") -> str:
        """Give where the public reads it."""
        return f"{server or self.server}/{self.bucket}/{self.prefix(root)}/"

    def objects(self, prefix: str) -> dict[str, str]:
        """Give everything below a prefix, by name, with the MD5 of its bytes as moto tells it."""
        found: dict[str, str] = {}
        more = ""
        while True:
            query = f"?list-type=2&prefix={prefix}/{more}"
            root = etree.fromstring(self._asked("GET", query))
            for one in root.iter("{*}Contents"):
                name = str(one.findtext("{*}Key")).removeprefix(f"{prefix}/")
                found[name] = str(one.findtext("{*}ETag"))
            following = root.findtext("{*}NextContinuationToken")
            if not following:
                return found
            more = f"&continuation-token={quote(following)}"

    def tree(self, root: Path) -> dict[str, str]:
        """Give what tells the bytes of every object of a workspace apart, by its key."""
        return self.objects(self.prefix(root))

    def visit(self, root: Path) -> Visit:
        """Read everything as the public does, and follow every link."""
        with web_reader(self.address(root)) as get:
            keys = self.objects(self.prefix(root))
            documents = [
                key for key in keys if key.endswith(DOCUMENTS) and not key.startswith("m/")
            ]
            return visit(get, documents)

    def _asked(
        self, method: str, rest: str, headers: dict[str, str] | None = None, body: str = ""
    ) -> bytes:
        parts = urlsplit(self.server)
        status, data = 0, b""
        for _ in range(5):
            connection = http.client.HTTPConnection(parts.netloc, timeout=20)
            try:
                path = f"/{self.bucket}{rest}"
                connection.request(method, path, body=body, headers=headers or {})
                answer = connection.getresponse()
                status, data = answer.status, answer.read()
            finally:
                connection.close()
            if status != http.HTTPStatus.INTERNAL_SERVER_ERROR:
                break  # moto stumbles where something is written while it lists
        assert status in {200, 204}, (method, rest, status, data)
        return data
