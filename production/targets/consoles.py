"""Where to click: what each store calls the things that a check may find wrong.

Told from the stores' own documentation, see docs/targets-consoles.md; a store that is not here is
told of in the words of Amazon's command line, which most of them take.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """One store's words; each a place to go to, and what to do there."""

    name: str
    rights: str
    """Give the publisher its rights."""
    readable: str
    """Let everybody read what is published."""
    closed: str
    """Let nobody else write or list."""
    cors: str
    """Let pages of other sites read transcripts and chapters."""
    lifecycle: str
    """Take broken uploads away, and nothing else."""
    versions: str
    """See and change what happens with deleted objects."""
    note: str = ""
    """What is different there; empty for nothing."""


AMAZON = Console(
    name="Amazon S3",
    rights="AWS console, IAM, Policies: make one of publisher-iam.json; then Users, the "
    "publisher, Add permissions",
    readable="AWS console, S3, the bucket, Permissions: under Block public access take away the "
    "two marks about policies and leave the two about ACLs; then paste bucket-policy.json under "
    "Bucket policy",
    closed="AWS console, S3, the bucket, Permissions: replace the Bucket policy by "
    "bucket-policy.json, and set Object Ownership to ACLs disabled",
    cors="AWS console, S3, the bucket, Permissions, Cross-origin resource sharing: paste "
    "cors-console.json",
    lifecycle="AWS console, S3, the bucket, Management, Lifecycle rules; or aws s3api "
    "put-bucket-lifecycle-configuration with lifecycle.json",
    versions="AWS console, S3, the bucket, Properties: Bucket Versioning and Object Lock",
)

CLOUDFLARE = Console(
    name="Cloudflare R2",
    rights="Cloudflare dashboard, R2, API tokens: a token with Object Read & Write for this bucket",
    readable="Cloudflare dashboard, R2, the bucket, Settings, Custom Domains: connect the host of "
    "base_url",
    closed="Cloudflare dashboard, R2, the bucket, Settings: a Worker or a rule on its domain "
    "gives strangers that right; take it away",
    cors="Cloudflare dashboard, R2, the bucket, Settings, CORS Policy: paste cors-console.json",
    lifecycle="Cloudflare dashboard, R2, the bucket, Settings, Object lifecycle rules",
    versions="Cloudflare dashboard, R2, the bucket, Settings, Bucket lock rules",
    note="R2 knows no bucket policy: a bucket is readable by its custom domain, as a whole.",
)

BACKBLAZE = Console(
    name="Backblaze B2",
    rights="Backblaze, Application Keys: a key with Read and Write for this bucket, and Allow List "
    "All Bucket Names",
    readable="Backblaze, Buckets, Bucket Settings: Files in Bucket are: Public",
    closed="Backblaze, Buckets, Bucket Settings, and Application Keys: delete others' keys",
    cors="Backblaze, Buckets, CORS Rules; or aws s3api put-bucket-cors with cors.json",
    lifecycle="Backblaze, Buckets, Lifecycle Settings",
    versions="Backblaze, Buckets, Lifecycle Settings: Keep only the last version of the file",
    note="B2 keeps every version: a deleted file is hidden, and gone only by Lifecycle Settings.",
)

DIGITALOCEAN = Console(
    name="DigitalOcean Spaces",
    rights="DigitalOcean, Spaces Object Storage, Access Keys: a key with full access, as a bucket "
    "policy and limited keys exclude each other",
    readable="aws s3api put-bucket-policy with bucket-policy.json and the endpoint of the region",
    closed="DigitalOcean, Spaces Object Storage, the bucket, Settings, File Listing: Restrict; and "
    "aws s3api put-bucket-policy with bucket-policy.json",
    cors="DigitalOcean, Spaces Object Storage, the bucket, Settings, CORS Configurations",
    lifecycle="aws s3api put-bucket-lifecycle-configuration with lifecycle.json and the endpoint "
    "of the region",
    versions="aws s3api put-bucket-versioning with the endpoint of the region",
    note="With its CDN on, set the edge cache to no longer than 5 minutes, or purge after each "
    "correction.",
)

HETZNER = Console(
    name="Hetzner Object Storage",
    rights="Hetzner Console, Object Storage, Credentials: keys reach all buckets of a project, so "
    "give the network one of its own",
    readable="Hetzner Console, Object Storage, the bucket: visibility Public; or aws s3api "
    "put-bucket-policy with bucket-policy.json",
    closed="aws s3api put-bucket-policy with bucket-policy.json, and put-bucket-acl --acl private, "
    "each with the endpoint",
    cors="aws s3api put-bucket-cors with cors.json and the endpoint",
    lifecycle="aws s3api put-bucket-lifecycle-configuration with lifecycle.json and the endpoint",
    versions="aws s3api put-bucket-versioning with the endpoint",
)

OTHER = Console(
    name="the store",
    rights="the store's console: let the key read, write, delete and list in this bucket; for "
    "MinIO: mc admin policy create, then attach, publisher-iam.json",
    readable="the store's console, or aws s3api put-bucket-policy with bucket-policy.json and the "
    "endpoint; for MinIO: mc anonymous set-json bucket-policy.json ALIAS/BUCKET",
    closed="the store's console, or aws s3api put-bucket-policy with bucket-policy.json, and "
    "put-bucket-acl --acl private; for MinIO: mc anonymous set-json, never mc anonymous set public",
    cors="aws s3api put-bucket-cors with cors.json and the endpoint; for MinIO: mc cors set",
    lifecycle="aws s3api put-bucket-lifecycle-configuration with lifecycle.json and the endpoint",
    versions="aws s3api put-bucket-versioning with the endpoint",
)

WEB_SERVER = Console(
    name="the web server",
    rights="the account that publishes must be able to write in the target's folder: ls -ld shows "
    "whose it is; on rented web space ask the host",
    readable="the lines that altavoz targets policy writes for the web server, and umask 022 for "
    "who publishes",
    closed="the lines that altavoz targets policy writes for the web server: it takes no PUT and "
    "DELETE, and lists no folders",
    cors="the lines that altavoz targets policy writes for the web server",
    lifecycle="nothing to do for a folder",
    versions="nothing to do for a folder",
)
"""Of a folder, here or on a web host."""

_HOSTS = {
    "amazonaws.com": AMAZON,
    "amazonaws.com.cn": AMAZON,
    "r2.cloudflarestorage.com": CLOUDFLARE,
    "backblazeb2.com": BACKBLAZE,
    "digitaloceanspaces.com": DIGITALOCEAN,
    "your-objectstorage.com": HETZNER,
}


def console_of(endpoint: str) -> Console:
    """Give the console of the store at an address, told by its host's name."""
    host = urlsplit(endpoint).hostname or ""
    for known, console in _HOSTS.items():
        if host == known or host.endswith(f".{known}"):
            return console
    return OTHER
