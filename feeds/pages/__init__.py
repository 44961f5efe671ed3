"""The pages beside the feeds: what listeners open on a phone, from a bucket or from a stick."""
