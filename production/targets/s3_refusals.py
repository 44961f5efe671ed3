"""What a store's refusals mean for a person, and which of them pass by themselves.

The words are those of https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html and of
the stores that speak the same; a store that has its own is told by its HTTP status.
"""

from production.targets.s3_client import Refusal

ABSENT = frozenset({"NoSuchKey", "NotFound", "404"})
"""There is no such object."""

CHANGED = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "412", "409"})
"""A condition does not hold, or somebody else writes at the same moment."""

UNKNOWN = frozenset({"NotImplemented", "501", "InvalidArgument", "InvalidRequest"})
"""What stores say to a condition that they do not know."""

_PASSING = frozenset(
    {
        "InternalError", "ServiceUnavailable", "SlowDown", "Throttling", "ThrottlingException",
        "RequestLimitExceeded", "TooManyRequests", "RequestTimeout", "RequestTimeoutException",
        "OperationAborted", "IncompleteBody", "BadDigest", "XAmzContentSHA256Mismatch",
        "XAmzContentChecksumMismatch", "InvalidDigest",
    }
)  # fmt: skip
"""Passing troubles, and bytes that were damaged on the way."""

_RIGHTS = (
    "the server does not let these credentials do this",
    (
        "allow s3:GetObject, s3:PutObject, s3:DeleteObject, s3:ListBucket and "
        "s3:AbortMultipartUpload for them under the prefix (altavoz targets policy writes that "
        "down); if the bucket is somebody else's, correct its name"
    ),
)
_ACCESS_KEY = (
    "the server does not know this access key",
    "check AWS_ACCESS_KEY_ID or the profile, and that they are of this server: each has its own",
)
_SECRET = (
    "the secret key is wrong",
    "check AWS_SECRET_ACCESS_KEY or the profile: copy both keys again",
)
_EXPIRED = ("the credentials have expired", "sign in again, or take new ones")
_TOKEN = (
    "the server does not take the session token",
    "sign in again; or delete AWS_SESSION_TOKEN if the keys are lasting ones",
)
_CLOCK = ("this machine's clock is wrong", "set the clock, also its time zone, then publish again")
_NO_BUCKET = ("the bucket does not exist", "create it, or correct its name")
_BUCKET_NAME = ("this can be no bucket's name", "correct bucket = ... for the target")
_FULL = ("the store is full, or its quota is used up", "make room there, or buy more")
_CLOSED = (
    "the server has closed this account or this bucket",
    "look into the account at the provider: bills, limits, terms",
)
_HELD = (
    "the server does not let this object be changed",
    "look for a retention or object lock on the bucket; published feeds must be replaceable",
)
_MULTIPART = (
    "the server does not take an object of this size",
    "make shorter episodes, or raise the limit of the server",
)

_MEANINGS = {
    "NoSuchBucket": _NO_BUCKET,
    "InvalidBucketName": _BUCKET_NAME,
    "AccessDenied": _RIGHTS,
    "AllAccessDisabled": _CLOSED,
    "AccountProblem": _CLOSED,
    "NotSignedUp": _CLOSED,
    "UnauthorizedAccess": _RIGHTS,
    "Unauthorized": _RIGHTS,
    "401": _RIGHTS,
    "403": _RIGHTS,
    "InvalidAccessKeyId": _ACCESS_KEY,
    "SignatureDoesNotMatch": _SECRET,
    "AuthFailure": _SECRET,
    "ExpiredToken": _EXPIRED,
    "ExpiredTokenException": _EXPIRED,
    "TokenRefreshRequired": _EXPIRED,
    "InvalidToken": _TOKEN,
    "InvalidSecurity": _TOKEN,
    "RequestTimeTooSkewed": _CLOCK,
    "RequestExpired": _CLOCK,
    "EntityTooLarge": _MULTIPART,
    "413": _MULTIPART,
    "QuotaExceeded": _FULL,
    "InsufficientStorage": _FULL,
    "XMinioStorageFull": _FULL,
    "507": _FULL,
    "MethodNotAllowed": _HELD,
    "405": _HELD,
    "ObjectLocked": _HELD,
}

_ELSEWHERE = frozenset(
    {
        "PermanentRedirect", "TemporaryRedirect", "Redirect", "AuthorizationHeaderMalformed",
        "IllegalLocationConstraintException", "301", "307", "308",
    }
)  # fmt: skip
_PORTAL = frozenset({"302", "303", "511"})


def passes(refusal: Refusal) -> bool:
    """Tell whether the same request may be taken later."""
    if refusal.code in _MEANINGS or refusal.status in {501, 505}:
        return False
    return refusal.code in _PASSING or refusal.status in {408, 409, 429} or refusal.status >= 500


def meaning(refusal: Refusal) -> tuple[str, str]:
    """Give what is wrong and what to do."""
    code = refusal.code
    if code in _ELSEWHERE:
        return _about_region(refusal)
    if code in _PORTAL:
        return (
            "this network sends us elsewhere, such as to a login page",
            "sign in to this network, or use another one; or check the endpoint",
        )
    if code in _MEANINGS:
        problem, remedy = _MEANINGS[code]
        server = refusal.told("ServerTime")
        if code == "RequestTimeTooSkewed" and server:
            problem = f"{problem}: for the server it is {server[:40]!a}"
        return problem, remedy
    if refusal.is_bare and refusal.header("content-type").startswith("text/html"):
        return (
            f"the server is in trouble, or a login page answers in its place ({_shown(code)})",
            "sign in to this network, check the endpoint, or publish again later: sent stays sent",
        )
    if passes(refusal):
        return (
            f"the server is in trouble or busy, also after several tries ({_shown(code)})",
            "publish again later: what was sent stays",
        )
    return f"the server refuses: {_shown(code)}", "look at the bucket, then publish again"


def _about_region(refusal: Refusal) -> tuple[str, str]:
    region = refusal.told("Region") or refusal.header("x-amz-bucket-region")
    remedy = f"write region = {_shown(region)!a}" if region else "write region = ..."
    return (
        "the bucket is in another region, or is not yours",
        f"{remedy} for the target, or correct the bucket's name",
    )


def _shown(word: str) -> str:
    """Give a server's word as it may go to a terminal."""
    return ascii(word[:60])[1:-1]
