"""The index of every trigger: each queue, topic and schedule handler as a one-line call into `chalicelib/entrypoints`, and the pages.

Chalice knows schedules of EventBridge rules alone, which have no time zone: what a schedule fires is a plain function here, and when, by
the clock of London, stands under its name in infra/resources.yaml.

Holds no logic, reads no environment of ours (packaging imports this file) and never hands a handler to a Blueprint: Lambda would then
import it without this file, and every middleware declared here would be missing in production while the test client still applied it.
Pages may be blueprints: Lambda imports them all through `app.app`.
"""

from logging import getLogger
from typing import Any

from chalice.app import Chalice, SNSEvent, SQSEvent

from chalicelib.entrypoints.contact import contact
from chalicelib.entrypoints.desk import desk
from chalicelib.entrypoints.http import finish
from chalicelib.entrypoints.loading import handle, invoke, load_for_this_process
from chalicelib.entrypoints.officer import officer
from chalicelib.entrypoints.officer_updates import officer_updates
from chalicelib.entrypoints.sign_in import sign_in
from chalicelib.entrypoints.standing import standing
from chalicelib.entrypoints.victim import victim

app = Chalice(app_name="kept-informed", configure_logs=False)
app.log = getLogger("kept-informed.chalice")  # it would write the path of a page that failed, token and all
app.log.disabled = True
app.api.binary_types.clear()  # nothing that a page sends or takes is anything but text
app.register_middleware(finish, "http")
app.register_blueprint(standing)
app.register_blueprint(contact)
app.register_blueprint(officer)
app.register_blueprint(officer_updates)
app.register_blueprint(sign_in)
app.register_blueprint(desk)
app.register_blueprint(victim)


@app.on_sqs_message(queue="kept-informed-records", batch_size=10, name="ingest")
def ingest(event: SQSEvent) -> Any:
    """Records contract v1 from the records queue; returns the messages that failed, so that their neighbours are not repeated."""
    return handle("ingest", event)


@app.on_sqs_message(queue="kept-informed-dispatch", batch_size=10, name="dispatch")
def dispatch(event: SQSEvent) -> Any:
    """Notification ids from the dispatch queue; returns the messages that failed."""
    return handle("dispatch", event)


@app.on_sns_message(topic="kept-informed-receipts", name="receipts")
def receipts(event: SNSEvent) -> None:
    """What the providers say became of a message. By topic, since a provider's event holds addresses and no queue of ours may."""
    handle("receipts", event)


@app.lambda_function(name="sweep")
def sweep(event: dict[str, Any], context: Any) -> Any:
    """Every five minutes: what is due, stuck or interrupted is taken up again."""
    return invoke("sweep", event, context)


@app.lambda_function(name="leaks")
def leaks(event: dict[str, Any], context: Any) -> Any:
    """Every hour: the independent leak check judges what left in the last day."""
    return invoke("leaks", event, context)


@app.lambda_function(name="seal")
def seal(event: dict[str, Any], context: Any) -> Any:
    """Every hour: the log up to the last full hour is sealed."""
    return invoke("seal", event, context)


@app.lambda_function(name="retention")
def retention(event: dict[str, Any], context: Any) -> Any:
    """Every night: the content of cases goes whose time is over."""
    return invoke("retention", event, context)


load_for_this_process()
