"""The index of every trigger: declares each queue, topic and schedule handler as a one-line call into `chalicelib/entrypoints`.

Holds no logic, reads no environment (packaging imports this file) and never hands a handler to a Blueprint: Lambda would then import the
handler without this file, and every middleware declared here would be missing in production while the test client still applied it.
"""

from typing import Any

from chalice.app import Chalice, CloudWatchEvent, Rate, SNSEvent, SQSEvent

from chalicelib.entrypoints import dispatch as dispatch_entrypoint
from chalicelib.entrypoints import ingest as ingest_entrypoint
from chalicelib.entrypoints import receipts as receipts_entrypoint
from chalicelib.entrypoints import sweep as sweep_entrypoint

app = Chalice(app_name="kept-informed", configure_logs=False)


@app.on_sqs_message(queue="kept-informed-records", batch_size=10, name="ingest")
def ingest(event: SQSEvent) -> Any:
    """Records contract v1 from the records queue; returns the messages that failed, so that their neighbours are not repeated."""
    return ingest_entrypoint.handle(event.to_dict(), event.context)


@app.on_sqs_message(queue="kept-informed-dispatch", batch_size=10, name="dispatch")
def dispatch(event: SQSEvent) -> Any:
    """Notification ids from the dispatch queue; returns the messages that failed."""
    return dispatch_entrypoint.handle(event.to_dict(), event.context)


@app.on_sns_message(topic="kept-informed-receipts", name="receipts")
def receipts(event: SNSEvent) -> None:
    """What the providers say became of a message. By topic, since a provider's event holds addresses and no queue of ours may."""
    receipts_entrypoint.handle(event.to_dict(), event.context)


@app.schedule(Rate(5, unit=Rate.MINUTES), name="sweep")
def sweep(event: CloudWatchEvent) -> Any:
    """Every five minutes: what is due, stuck or interrupted is taken up again."""
    return sweep_entrypoint.handle(event.to_dict(), event.context)
