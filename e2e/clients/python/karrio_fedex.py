"""Karrio's FedEx connector, unchanged, against the sandbox: only the base URL is another.

    python -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python karrio_fedex.py DEMO_JSON [PARCEL_CODE]

DEMO_JSON is the file that `postigo demo --json FILE` writes. PARCEL_CODE is a parcel just preregistered by the same
project; without it that check is left out. Prints `ok NAME` for each check, exits non-zero at the first that fails.
"""

import logging
import sys

import karrio.lib as lib
import karrio.sdk as karrio
from karrio.mappers.fedex.settings import Settings
from loguru import logger

from demo import check, customer_with_cxs, load

# Karrio logs every call, refused ones with a stack trace, and each member of an answer that it has no use for.
logger.remove()
logging.getLogger("jstruct").setLevel(logging.ERROR)

DELIVERED = "794644790200"
UNKNOWN = "000000000000"


def connect(base_url, client_id, client_secret):
    """A FedEx connection of Karrio with another base URL; track and ship have a key pair each, here the same."""

    class SandboxSettings(Settings):
        server_url = base_url

    return karrio.gateway["fedex"].create(
        SandboxSettings(
            api_key=client_id,
            secret_key=client_secret,
            account_number="740561073",
            track_api_key=client_id,
            track_secret_key=client_secret,
        )
    )


def track(fedex, number):
    return karrio.Tracking.fetch({"tracking_numbers": [number]}).from_(fedex).parse()


def cancel(fedex, number):
    return karrio.Shipment.cancel({"shipment_identifier": number}).from_(fedex).parse()


def codes(messages):
    return [message.code for message in messages]


def main(demo_json, parcel=None):
    demo = load(demo_json)
    project = customer_with_cxs(demo)
    base_url = demo["environments"]["sandbox"]["base_url"]
    client_id, client_secret = project["client_id"], project["client_secret"]
    fedex = connect(base_url, client_id, client_secret)

    found, messages = track(fedex, DELIVERED)
    check("track answers without messages", not messages, lib.to_dict(messages))
    check("track finds the delivered shipment", [one.tracking_number for one in found or []] == [DELIVERED], found)
    shipment = found[0]
    check("track says delivered", shipment.delivered is True and shipment.status == "delivered", shipment.status)
    check("track lists the events", len(shipment.events) > 1, shipment.events)
    complete = [event for event in shipment.events if event.date and event.time and event.code and event.description and event.timestamp]
    check("every event has date, time, code and text", complete == shipment.events, lib.to_dict(shipment.events))
    check("the delivery is among the events", "delivered" in [event.status for event in shipment.events], lib.to_dict(shipment.events))

    found, messages = track(fedex, UNKNOWN)
    check("track refuses an unknown number", not found and codes(messages) == ["TRACKING.TRACKINGNUMBER.NOTFOUND"], (found, lib.to_dict(messages)))

    if parcel:
        found, messages = track(fedex, parcel)
        check("track answers for a new parcel without messages", not messages, lib.to_dict(messages))
        check("track finds the new parcel", [one.tracking_number for one in found or []] == [parcel], found)
        state = (found[0].status, found[0].delivered, len(found[0].events))
        check("the new parcel is announced, with one event", state == ("pending", False, 1), state)

    confirmation, messages = cancel(fedex, DELIVERED)
    check("cancel succeeds", confirmation is not None and confirmation.success is True and not messages, (confirmation, lib.to_dict(messages)))

    stranger = connect(base_url, client_id, "wrong-" + client_secret[::-1])
    for name, answer in [("track", track(stranger, DELIVERED)), ("cancel", cancel(stranger, DELIVERED))]:
        nothing, messages = answer
        check(f"{name} with a wrong secret is refused", not nothing and codes(messages) == ["NOT.AUTHORIZED.ERROR"], (nothing, lib.to_dict(messages)))


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(*sys.argv[1:])
