"""What the client programs share: picking a project out of the demo's credentials file, and saying what went wrong."""

import json
import sys


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def customer_with_cxs(demo):
    """The sandbox project of a `customer` that holds the scope CXS."""
    for project in demo["projects"]:
        if (project["customer_type"], project["environment"]) == ("customer", "sandbox") and "CXS" in project["scopes"]:
            return project
    sys.exit("no sandbox project of a `customer` with scope CXS in the demo's credentials")


def check(name, passed, seen=None):
    """Prints `ok NAME`, or ends the program with what was seen instead."""
    if not passed:
        sys.exit(f"FAILED {name}: {seen!r}")
    print(f"ok {name}", flush=True)
