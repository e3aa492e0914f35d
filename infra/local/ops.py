"""`make ops`: the operator's commands against the instance that runs on this machine.

Must not do more than find the running instance and hand over: the commands are the product's own.
"""

import os
import sys

from botocore.exceptions import BotoCoreError, ClientError

from infra.local.provision import attach


def main() -> int:
    """Run one command of chalicelib.entrypoints.ops in the running instance's environment."""
    if sys.argv[1:] in ([], ["help"], ["--help"], ["-h"]):
        from chalicelib.entrypoints import ops

        return ops.main(["--help"])
    endpoint = f"http://127.0.0.1:{os.environ.get('KI_AWS_PORT', '4566')}"
    credentials = {
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": "eu-west-2",
        "AWS_DEFAULT_REGION": "eu-west-2",
    }
    os.environ.update(credentials | {"AWS_ENDPOINT_URL": endpoint})
    try:
        os.environ.update(attach(endpoint))
    except (BotoCoreError, ClientError):
        print(f"No instance answers at {endpoint}. Start one with `make run`, or name its port: KI_AWS_PORT.", file=sys.stderr)
        return 1
    from chalicelib.entrypoints import ops

    arguments = sys.argv[1:]
    if arguments[:1] == ["leaks"]:
        own = f"http://127.0.0.1:{os.environ.get('KI_WEB_PORT', '8000')}/local/outbox.json"
        arguments = ["leaks", "--outbox", own, *arguments[1:]]  # of two, the last counts
    return ops.main(arguments)


if __name__ == "__main__":
    sys.exit(main())
