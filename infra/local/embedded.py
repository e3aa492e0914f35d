"""Loads ministack (SQS, DynamoDB, SNS, S3 and more in memory) into this process, quiet, on loopback, with nothing written to the disk.

Must not open a listener: cloud.py serves the application that this returns.
"""

import importlib
import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from infra.local.aws import ACCESS_KEY_ID, SECRET_ACCESS_KEY
from infra.local.aws_wire import AsgiApp

_OFF = {
    # One listener only, and no Docker, whatever the machine has.
    "IOT_MTLS_ENABLED": "0",
    "SFTP_ENABLED": "0",
    "USE_SSL": "0",
    "DOCKER_HOST": "unix:///nonexistent",
    # Nothing outlives the process.
    "PERSIST_STATE": "0",
    "S3_PERSIST": "0",
    "LOCALSTACK_PERSISTENCE": "0",
    "CLOUDTRAIL_RECORDING": "0",
    "AUTH": "false",
}
_LOGGERS = ("ministack", "sqs", "dynamodb", "sns", "s3", "kms", "ses", "ses-v2", "cloudformation", "events")


def load(host: str, port: int, region: str, *, enforced: bool = False) -> AsgiApp:
    """ministack's ASGI application, told its own address (queue URLs hold it). Its state is the process's: there is only one.

    `enforced`: it verifies signatures and refuses what no policy allows, with the credentials of infra/local/aws.py as the account's root.
    """
    nowhere = Path(tempfile.gettempdir()) / f"kept-informed-local-{os.getpid()}"
    os.environ.pop("SERVICES", None)
    os.environ.update(_OFF)
    if enforced:
        os.environ.update(AUTH="true", AWS_ACCESS_KEY_ID=ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY=SECRET_ACCESS_KEY)
    os.environ.update(
        BIND_HOST=host,
        MINISTACK_HOST=host,
        GATEWAY_PORT=str(port),
        MINISTACK_REGION=region,
        STATE_DIR=str(nowhere / "state"),
        S3_DATA_DIR=str(nowhere / "s3"),
    )
    with _logging_kept():
        module = importlib.import_module("ministack.app")
    importlib.import_module("ministack.core.hypercorn_compat").install()
    return cast(AsgiApp, module.app)


@contextmanager
def _logging_kept() -> Iterator[None]:
    """Undo what ministack does to the root logger at import; silence its own loggers, which may name keys and values."""
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    try:
        yield
    finally:
        root.setLevel(level)
        for handler in set(root.handlers) - set(handlers):
            root.removeHandler(handler)
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)
