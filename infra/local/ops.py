"""`make ops`: the operator's commands against the instance that runs on this machine.

Must not do more than find the running instance and hand over: the commands are the product's own.
"""

import os
import sys

from botocore.exceptions import BotoCoreError, ClientError

from infra.local.provision import attach


def main() -> int:
    """Run one command of chalicelib.entrypoints.ops in the running instance's environment."""
    from chalicelib.entrypoints import ops

    if ops.asks_for_help(sys.argv[1:]):
        return ops.main(sys.argv[1:] or ["help"])
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
    return ops.main(_of_this_machine(sys.argv[1:]))


def _of_this_machine(arguments: list[str]) -> list[str]:
    """What the machine here keeps or does itself: its outbox, with every word, and its clock, which steps through what becomes due. Of an
    option that is given twice the last counts."""
    own = f"http://127.0.0.1:{os.environ.get('KI_WEB_PORT', '8000')}/local"
    if arguments[:1] == ["leaks"]:
        return ["leaks", "--outbox", f"{own}/outbox.json", *arguments[1:]]
    if arguments[:1] == ["clock"] and arguments[1:2] in (["set"], ["clear"]):
        return [*arguments[:2], "--through", f"{own}/clock", *arguments[2:]]
    return arguments


if __name__ == "__main__":
    sys.exit(main())
