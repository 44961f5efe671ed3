"""Access lists and policies read for what they let strangers do."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from production.targets.exposure import CHANGES, LISTS, groups_of, open_action, policy_of
from production.targets.policies import bucket_policy, publisher_policy


def allow(**more: Any) -> dict[str, Any]:
    one = {"Effect": "Allow", "Principal": "*", "Action": "s3:PutObject", "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [one | more]}


OPEN = [
    allow(),
    {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:DeleteObject"}},
    allow(Principal={"AWS": "*"}),
    allow(Principal={"AWS": ["arn:aws:iam::1:root", "*"]}),
    allow(Action="*"),
    allow(Action="s3:*"),
    allow(Action=["s3:GetObject", "S3:put*"]),
    allow(Action="s3:PutObjec?"),
    allow(Condition={"StringLike": {"aws:Referer": "https://radio.example.org/*"}}),
    allow(Condition={"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}),
    allow(Condition={"IpAddress": {"aws:SourceIp": ["0.0.0.0/0"]}}),
    allow(Condition={"StringEqualsIfExists": {"aws:SourceVpce": "vpce-1"}}),
    {"Statement": [{"Effect": "Allow", "Principal": "*", "NotAction": "s3:GetObject"}]},
    {"Statement": [{"Effect": "Allow", "NotPrincipal": {"AWS": "arn:1"}, "Action": "s3:Put*"}]},
]

CLOSED = [
    {},
    bucket_policy("radio", "camino/"),
    publisher_policy("radio", ""),
    allow(Effect="Deny"),
    allow(Principal={"AWS": "arn:aws:iam::111122223333:root"}),
    allow(Action="s3:GetObject"),
    allow(Action="s3:GetObject*"),
    allow(Condition={"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}),
    allow(Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}),
    {"Statement": "nonsense"},
    {"Statement": [["nested"], None, 7]},
]


@pytest.mark.parametrize("policy", OPEN)
def test_what_lets_everybody_change_something_is_open(policy: dict[str, Any]) -> None:
    assert open_action(policy, CHANGES)


@pytest.mark.parametrize("policy", CLOSED)
def test_what_lets_nobody_or_somebody_certain_is_not(policy: dict[str, Any]) -> None:
    assert open_action(policy, CHANGES) == ""


def test_our_own_policy_lets_nobody_list() -> None:
    assert open_action(bucket_policy("radio", ""), LISTS) == ""
    assert open_action(allow(Action="s3:List*"), LISTS) == "s3:ListBucket"


def test_groups_of_strangers_are_told_with_what_they_may() -> None:
    groups = "http://acs.amazonaws.com/groups/global/"
    acl = {
        "Grants": [
            {"Grantee": {"Type": "CanonicalUser", "ID": "me"}, "Permission": "FULL_CONTROL"},
            {"Grantee": {"Type": "Group", "URI": f"{groups}AllUsers"}, "Permission": "READ"},
            {"Grantee": {"URI": f"{groups}AuthenticatedUsers"}, "Permission": "FULL_CONTROL"},
            {
                "Grantee": {"URI": "http://acs.amazonaws.com/groups/s3/LogDelivery"},
                "Permission": "WRITE",
            },
            {"Permission": "WRITE"},
        ]
    }
    assert groups_of(acl, {"WRITE"}) == ["every customer of the store"]
    assert groups_of(acl, {"READ"}) == ["every customer of the store", "everybody"]
    assert groups_of({}, {"WRITE"}) == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["*", "Allow", "s3:*", "AWS"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["Statement", "Effect", "Principal", "Action", "Condition", "AWS"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(json_values)
def test_whatever_a_server_gives_for_a_policy_is_read_without_a_fault(value: object) -> None:
    policy = policy_of({"Policy": json.dumps(value)})
    assert open_action(policy, CHANGES) in {*CHANGES, ""}
    assert policy_of({"Policy": "{"}) == policy_of({}) == {}
