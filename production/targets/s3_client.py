"""The home of boto3: a client for a bucket's server, and one request at a time in plain words.

Credentials come from the environment or from a profile of the user's, never from a workspace; so
does the address of a server, unless it is this machine's own, because who chooses the server gets
the signed requests. No access control list is ever sent: nothing here takes one.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar, cast

import boto3
import botocore.config
import botocore.exceptions
import botocore.loaders
import botocore.parsers
import botocore.session
import urllib3.exceptions

from production.targets.line import Line
from production.targets.s3_wire import STALL_S, bind
from production.targets.servers import check_server, is_loopback
from programme.errors import ExitCode, ProductionError
from programme.network import TargetSettings

CONNECT_S = 10
"""How long one address of a server may take to take a call."""

CONNECTIONS = 32
"""How many may be open at once; more threads wait for one."""

_Taken = TypeVar("_Taken")


class Refusal(Exception):  # noqa: N818  # an answer, not a mishap
    """A server's no; never leaves the modules of this target."""

    def __init__(self, response: Mapping[str, Any]) -> None:
        """Take boto3's answer: ``Error`` and ``ResponseMetadata``."""
        super().__init__(str(response.get("Error", {}).get("Code", "")))
        self.response = response

    @property
    def status(self) -> int:
        """The HTTP status; 0 where none is known."""
        return int(self.response.get("ResponseMetadata", {}).get("HTTPStatusCode") or 0)

    @property
    def code(self) -> str:
        """The server's word for what is wrong; its status where it gave none.

        The status also where it says more than the many words that servers have for it.
        """
        word = str(self.response.get("Error", {}).get("Code", ""))
        return str(self.status) if self.status in {409, 412, 501} else word or str(self.status)

    @property
    def is_bare(self) -> bool:
        """Whether the server gave no word: answers to HEAD have no body."""
        return self.code == str(self.status)

    def told(self, name: str) -> str:
        """Give a further field of the error, such as ``Region``; empty where there is none."""
        return str(self.response.get("Error", {}).get(name, ""))

    def header(self, name: str) -> str:
        """Give a header of the answer, by its name in small letters; empty where there is none."""
        headers = self.response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
        return str(headers.get(name, ""))


class Unanswered(Exception):  # noqa: N818  # the same
    """No answer of a store: the line, the name, the certificate or a stranger's page."""

    def __init__(self, problem: str, remedy: str, *, lasting: bool = False, met: bool = True):  # noqa: ANN204
        """Say what happened.

        Args:
            problem: for a person.
            remedy: for a person.
            lasting: it is no use to try again.
            met: a server has taken the call.
        """
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy
        self.lasting = lasting
        self.met = met


def login_page() -> Unanswered:
    """Give what is said where an answer is none of a store: some networks say 200 to all."""
    return Unanswered(
        "something else answers in the place of the store, such as a login page",
        "sign in to this network, or use another one; if that is not it, check that the endpoint "
        "is the address of the store and not of its console",
    )


@cache
def _loader() -> botocore.loaders.Loader:
    """Give what reads boto3's descriptions of services: a quarter of a second, so once."""
    return botocore.loaders.Loader()


def make_client(settings: TargetSettings, line: Line, where: str) -> Any:  # noqa: ANN401  # boto3 makes the class at run time
    """Give a client for a target's server; sends nothing.

    Raises:
        ProductionError: the options are wrong, there are no credentials, or the server is not one
            that the user chose.
    """
    try:
        return _client(settings, line, where)
    except botocore.exceptions.BotoCoreError as error:
        known = _plain(error)
        raise ProductionError(
            known.problem, where=where, remedy=known.remedy, code=ExitCode.TARGET
        ) from error


def _client(settings: TargetSettings, line: Line, where: str) -> Any:  # noqa: ANN401
    options = settings.options
    base = botocore.session.Session(profile=options.get("profile"))
    base.register_component("data_loader", _loader())
    session = boto3.Session(botocore_session=base, region_name=options.get("region"))
    asked = options.get("endpoint", "")
    if asked:
        check_server(asked, where)
    config = botocore.config.Config(
        connect_timeout=CONNECT_S,
        read_timeout=STALL_S,
        max_pool_connections=CONNECTIONS,
        retries={"mode": "standard", "total_max_attempts": 1},  # s3_store tries again, in time
        request_checksum_calculation="when_required",  # s3 sends its own
        response_checksum_validation="when_required",
        s3={"addressing_style": "path" if asked else "auto"},
    )
    own = asked if asked and is_loopback(asked) else None
    client = session.client("s3", config=config, endpoint_url=own)
    chosen = client.meta.endpoint_url
    check_server(chosen, where)
    if asked and chosen.rstrip("/") != asked.rstrip("/"):
        raise ProductionError(
            f"the workspace names the server {asked}, and you have not chosen it",
            where=where,
            remedy="if you trust it with your credentials, set AWS_ENDPOINT_URL_S3 to this "
            "address or write endpoint_url into your profile",
            code=ExitCode.TARGET,
        )
    if session.get_credentials() is None:
        raise botocore.exceptions.NoCredentialsError
    client.meta.events.register_first("needs-retry.s3", _stay_here)
    bind(client, line)
    return client


def _stay_here(response: tuple[Any, Mapping[str, Any]] | None, **_: object) -> None:
    """Take a redirection to nowhere in S3 for a login page.

    botocore asks for the bucket's region whenever it is redirected, is redirected again, and asks
    until the stack is full.
    """
    if response is None or response[0].status_code not in {301, 302, 303, 307, 308}:
        return
    answer = Refusal(response[1])
    if not answer.header("x-amz-bucket-region") and not answer.told("Region"):
        raise login_page()


def ask_once(
    client: Any,  # noqa: ANN401
    operation: str,
    fields: Mapping[str, Any],
    take: Callable[[dict[str, Any]], _Taken],
) -> _Taken:
    """Send one request, once, and take what is wanted from the answer, also from its body.

    Raises:
        Refusal: the server says no.
        Unanswered: no store answers.
        ProductionError: the time for all transfers is over.
    """
    try:
        answer = cast("dict[str, Any]", getattr(client, operation)(**fields))
        try:
            return take(answer)
        finally:
            if "Body" in answer:
                answer["Body"].close()
    except botocore.exceptions.ClientError as error:
        raise Refusal(cast("Mapping[str, Any]", error.response)) from error
    except botocore.exceptions.BotoCoreError as error:
        _raise_ours(error)
        raise _plain(error) from error
    except botocore.parsers.ResponseParserError as error:
        raise login_page() from error
    except (OSError, urllib3.exceptions.HTTPError) as error:  # while a body is read
        _raise_ours(error)
        raise _plain(error) from error


_BUGS = (TypeError, AttributeError, NameError, LookupError)


def _raise_ours(error: BaseException) -> None:
    """Raise what the line said on a connection, and our own bugs there: botocore wraps both."""
    wrapped = getattr(error, "kwargs", {}).get("error")
    if isinstance(wrapped, _BUGS):
        raise wrapped
    inner: BaseException | None = error
    while inner is not None:
        if isinstance(inner, ProductionError):
            raise inner
        inner = inner.__context__


_CREDENTIALS = (
    botocore.exceptions.NoCredentialsError,
    botocore.exceptions.PartialCredentialsError,
    botocore.exceptions.CredentialRetrievalError,
    botocore.exceptions.ProfileNotFound,
)
_SIGN_IN = (
    botocore.exceptions.SSOError,
    botocore.exceptions.TokenRetrievalError,
    botocore.exceptions.NoAuthTokenError,
)
_SETTINGS = (
    botocore.exceptions.ParamValidationError,
    botocore.exceptions.ValidationError,
    botocore.exceptions.BaseEndpointResolverError,
    botocore.exceptions.ConfigParseError,
    botocore.exceptions.ConfigNotFound,
    botocore.exceptions.InvalidConfigError,
    botocore.exceptions.InvalidS3AddressingStyleError,
)
_CHECK = "check the connection and the endpoint, then publish again"


def _plain(error: Exception) -> Unanswered:  # one line each
    """Say what a person can do about what boto3 says."""
    if isinstance(error, _CREDENTIALS):
        return Unanswered(
            f"there are no credentials: {error}",
            "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write profile = ... "
            "with the name of a profile of yours",
            lasting=True,
        )
    if isinstance(error, _SIGN_IN):
        return Unanswered(f"the sign-in has ended: {error}", "sign in again", lasting=True)
    if isinstance(error, _SETTINGS):
        said = " ".join(str(error).split())
        return Unanswered(
            f"boto3 does not take the settings: {said}",
            "correct bucket, region or endpoint in altavoz.toml, or your own AWS configuration",
            lasting=True,
        )
    if isinstance(error, botocore.exceptions.SSLError):
        return _about_tls(str(error))
    return _about_line(error)


def _about_tls(said: str) -> Unanswered:
    if "CERTIFICATE_VERIFY_FAILED" not in said and "doesn't match" not in said:
        return Unanswered("the server cannot be reached: the encrypted call breaks off", _CHECK)
    problem = "the server's certificate is not valid for this address"
    if "expired" in said or "not yet valid" in said:
        problem = (
            "the server's certificate is not valid at the time that this machine's clock shows"
        )
    return Unanswered(
        problem,
        "set the clock; sign in to this network if it shows a login page; check the endpoint",
        lasting=True,
    )


def _about_line(error: Exception) -> Unanswered:
    said = str(error)
    if isinstance(error, botocore.exceptions.ProxyConnectionError):
        return Unanswered(
            "the proxy cannot be reached",
            "check HTTPS_PROXY and HTTP_PROXY, then publish again",
            met=False,
        )
    if isinstance(error, botocore.exceptions.ConnectTimeoutError):
        return Unanswered(
            "the server cannot be reached: nothing answers in time", _CHECK, met=False
        )
    if isinstance(error, botocore.exceptions.EndpointConnectionError):
        return Unanswered(f"the server cannot be reached: {said}", _CHECK, met=False)
    if isinstance(
        error,
        botocore.exceptions.ReadTimeoutError | urllib3.exceptions.TimeoutError | TimeoutError,
    ):
        return Unanswered(
            "the server cannot be reached: it stopped answering",
            "publish again when the line is better: what was sent stays",
        )
    if isinstance(
        error, botocore.exceptions.IncompleteReadError | urllib3.exceptions.ProtocolError
    ):
        return Unanswered(
            "the answer was cut short", "publish again when the line is better: what was sent stays"
        )
    kind = type(error).__name__
    return Unanswered(f"the server cannot be reached: the connection broke off ({kind})", _CHECK)
