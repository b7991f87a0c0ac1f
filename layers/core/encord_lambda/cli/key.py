"""The key that the command signs its requests to Encord with, as Encord's SDK is given one."""

import argparse
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from encord_lambda import settings
from encord_lambda.cli.files import text
from encord_lambda.errors import Misconfigured, Retry

_DOMAIN = re.compile(r"https?://[^\s/?#@]+")


@dataclass(frozen=True, slots=True)
class Key:
    """A private key, and the platform it is for."""

    domain: str
    text: str = field(repr=False)
    origin: str
    """Where it was found, for errors."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """`--key-file` and `--domain`."""
    parser.add_argument(
        "--key-file",
        metavar="KEY",
        help="file with the private key of a service account; else the environment's ENCORD_SSH_KEY_FILE names it, "
        "or ENCORD_SSH_KEY holds the key",
    )
    parser.add_argument(
        "--domain",
        metavar="URL",
        type=_domain,
        help="of your Encord, for example https://api.us.encord.com; else the environment's ENCORD_DOMAIN, or "
        "https://api.encord.com",
    )


def find(options: argparse.Namespace) -> Key:
    """The key that the options name, or the environment.

    Raises:
        Misconfigured: There is none, its file cannot be read, or the environment's domain is no address.
    """
    here = settings.read(settings.Desk)
    domain: str = options.domain or here.encord_domain.rstrip("/")
    if not _DOMAIN.fullmatch(domain):
        raise Misconfigured(f"ENCORD_DOMAIN is {domain!r}, which is no address such as https://api.encord.com")
    if file := options.key_file or here.encord_ssh_key_file:
        return Key(domain, text(file), file)
    if here.encord_ssh_key:
        return Key(domain, here.encord_ssh_key, "ENCORD_SSH_KEY")
    raise Misconfigured(
        "there is no key for Encord: name its file with --key-file or ENCORD_SSH_KEY_FILE, or put the key itself into "
        "ENCORD_SSH_KEY"
    )


@contextmanager
def used(key: Key) -> Iterator[None]:
    """Ask Encord in the block: what goes wrong names the key's place and the platform.

    Raises:
        Misconfigured: Encord does not know the key, or cannot be asked.
        Reject: As it was.
    """
    try:
        yield
    except Misconfigured as trouble:
        raise Misconfigured(f"{trouble.reason} (key: {key.origin}; platform: {key.domain})") from None
    except Retry as trouble:
        raise Misconfigured(f"Encord cannot be asked at {key.domain}: {trouble.reason}") from None


def _domain(text: str) -> str:
    domain = text.rstrip("/")
    if not _DOMAIN.fullmatch(domain):
        raise argparse.ArgumentTypeError(f"{text!r} is no address such as https://api.encord.com")
    return domain
