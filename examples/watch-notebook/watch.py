# Databricks notebook source
# A task that lets a running headgate server apply what is declared, with the job parameters of lakeflow_jobs_meta:
# control_table, volume_path, check_interval_seconds (60), max_iterations (empty = for ever); and server_url.
# Only the standard library is used. As a script: python3 watch.py --server_url http://127.0.0.1:4600 …
import json
import os
import sys
import time
import urllib.error
import urllib.request

DEFAULTS = {
    "server_url": os.environ.get("HEADGATE_URL", ""),
    "control_table": "",
    "volume_path": "",
    "check_interval_seconds": "60",
    "max_iterations": "",
}


def parameters():
    """Job parameters: widgets in a notebook, --name value on a command line."""
    given = dict(DEFAULTS)
    try:
        for name in DEFAULTS:
            dbutils.widgets.text(name, DEFAULTS[name])  # noqa: F821
            given[name] = dbutils.widgets.get(name)  # noqa: F821
    except NameError:
        words = sys.argv[1:]
        for name, value in zip(words[::2], words[1::2]):
            given[name.lstrip("-").replace("-", "_")] = value
    return given


def token():
    """The server's token: a secret of the scope "headgate", or HEADGATE_TOKEN."""
    try:
        return dbutils.secrets.get("headgate", "token")  # noqa: F821
    except NameError:
        return os.environ["HEADGATE_TOKEN"]


def call(server, method, path, body=None):
    request = urllib.request.Request(
        server.rstrip("/") + "/api/v1" + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"authorization": "Bearer " + token(), "content-type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        problem = json.load(error)
        raise RuntimeError(f"{problem.get('code')}: {problem.get('title')} {problem.get('hint') or ''}") from None


def wanted(change, given):
    """Whether a change is of the control table or the folder that this task is for."""
    places = [given[name] for name in ("control_table", "volume_path") if given[name]]
    file = (change.get("place") or {}).get("file", "")
    return not places or any(place in file for place in places)


def one_pass(given):
    """Plans, and applies what is declared; deletions are left out. Returns what became of each job."""
    server = given["server_url"]
    plan = call(server, "POST", "/plans", {})
    differs = [change for change in plan["changes"] if change["action"] != "noop"]
    mine = [change["resource"] for change in differs if wanted(change, given)]
    if not mine:
        return []
    if len(mine) < len(differs):
        plan = call(server, "POST", "/plans", {"select": mine})
    # A job that was changed on both sides waits for a person.
    leave = {
        change["resource"]: "leave"
        for change in plan["changes"]
        if any(field["kind"] == "conflict" for field in change["fields"])
    }
    apply = call(server, "POST", f"/plans/{plan['id']}/apply", {"firstDeploy": True, "resolutions": leave})
    while apply["state"] == "running":
        time.sleep(1)
        apply = call(server, "GET", f"/applies/{apply['id']}")
    return [item for item in apply["items"] if item["state"] in ("done", "failed")]


def watch(given):
    """Runs passes; an error in one is printed, and the next begins anew. Fails where the last pass had a failed job."""
    iterations = int(given["max_iterations"]) if given["max_iterations"] else None
    done = 0
    while True:
        failed = []
        try:
            for item in one_pass(given):
                print(f"{item['state']} {item['action']} {item['resource']} {item['jobId']}", flush=True)
                if item["state"] == "failed":
                    failed.append(f"{item['resource']}: {item['error']['message']}")
        except (OSError, RuntimeError) as error:
            print(f"error {error}", flush=True)
            failed.append(str(error))
        done += 1
        if iterations is not None and done >= iterations:
            if failed:
                raise SystemExit("; ".join(failed))
            return
        time.sleep(float(given["check_interval_seconds"] or 60))


watch(parameters())
