"""Nothing new is published where strangers may write; what takes a message back still goes out."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest

from production.building import Workshop
from production.publish.publishing import publish
from production.releases.orders import Action, Order
from production.targets.claims import Publisher
from programme.errors import ExitCode, ProductionError
from tests.production.running import TODAY, read
from tests.production.small import write_small
from tests.targets.places import Place

NOW = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)
OPEN = (
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*",'
    '"Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::NAME/*"}}'
)


def test_a_bucket_with_a_public_write_policy_gets_nothing_new(
    moto_place: Place, moto: str, tmp_path: Path
) -> None:
    name = moto_place.settings.options["bucket"]
    client: Any = boto3.client("s3", endpoint_url=moto, region_name="us-east-1")
    client.put_bucket_policy(Bucket=name, Policy=OPEN.replace("NAME", name))
    root = write_small(tmp_path / "small")
    settings = replace(moto_place.settings, demo=True)
    publisher = Publisher(by="Tapachula office", run="0123456789abcdef")
    with Workshop(root).open() as workshop:
        with pytest.raises(ProductionError, match="strangers may change") as caught:
            publish(workshop, read(root), [], settings, publisher=publisher, now=NOW)
        assert caught.value.code is ExitCode.TARGET
        assert "s3:PutObject" in caught.value.problem
        assert client.list_objects_v2(Bucket=name)["KeyCount"] == 0
        order = Order(action=Action.RETRACT, editions=())
        publish(workshop, read(root), [], settings, publisher=publisher, now=NOW, order=order)
