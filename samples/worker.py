#!/usr/bin/env python3
"""A worker for TaskManager with nothing but Python's standard library; docs/workers.md describes the protocol.

    python3 worker.py http://localhost:8000 worker-1-python 4      address, worker id, tasks at once
It runs tasks of the type "word_count": {"text": "one two three", "seconds": 1} -> {"words": 3}.
"""
import http.client, json, signal, sys, threading, time, urllib.error, urllib.request, uuid

BASE, WORKER, SLOTS = sys.argv[1].rstrip("/"), sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 2
INCARNATION = str(uuid.uuid4())  # made anew at each start, so that a restart frees what the start before it held
tasks, accepted, changed, stopping = {}, [], threading.Condition(), threading.Event()
Stopped = type("Stopped", (Exception,), {})  # the task shall end, or is no longer ours


def call(method, path, body=None):
    """Gives (status, JSON); a refusal is an answer too, and a service that is away is asked again."""
    data = None if body is None else json.dumps(body).encode()
    while True:
        request = urllib.request.Request(BASE + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as refusal:
            return refusal.code, json.loads(refusal.read() or b"null")
        except (OSError, http.client.HTTPException):
            if stopping.wait(1):
                return 0, None


class Task:
    def __init__(self, claimed):
        self.id, self.token, self.parameters = claimed["task_id"], claimed["lease_token"], claimed["parameters"]
        self.directive, self.stands = "continue", False

    def checkpoint(self):
        """Stands still here while a pause is asked, and stops here when the task shall end."""
        with changed:
            self.stands = self.directive == "pause"
            changed.wait_for(lambda: self.directive != "pause")
            self.stands = False
        if self.directive != "continue":
            raise Stopped()

    def report(self, verb, **members):
        return call("POST", f"/tasks/{self.id}/{verb}", {"lease_token": self.token, **members})[0]


def word_count(task):
    words, seconds = task.parameters["text"].split(), task.parameters.get("seconds", 0)
    steps = max(1, round(seconds * 20))
    for step in range(steps):
        task.checkpoint()
        if step % 20 == 19:
            task.report("progress", progress={"step": step, "total": steps, "message": "counting"})
        time.sleep(seconds / steps)
    return {"words": len(words)}


HANDLERS = {"word_count": word_count}


def run(task, handler):
    try:
        accepted.extend([task.id] if task.report("complete", result=handler(task)) == 200 else [])
    except Stopped:
        task.report("release")  # after a cancel the task is cancelled; after a loss it is refused, and nothing changes
    except Exception as error:
        task.report("fail", error={"code": "handler_failed", "message": f"{type(error).__name__}: {error}"})
    with changed:
        if tasks.get(task.id) is task:  # else it was claimed here once more
            del tasks[task.id]
        changed.notify_all()


def register():
    asked = {"worker_id": WORKER, "incarnation": INCARNATION, "task_types": list(HANDLERS), "slots": SLOTS}
    status, answer = call("POST", "/workers/register", asked)
    return answer if status in (200, 201) else sys.exit(f"The registration was refused: {answer}")


def beat(interval):
    """One heartbeat for all leases. It hangs until something is asked, so that a cancel arrives at once."""
    while True:
        held = dict(tasks)
        settling = stopping.is_set() or any(task.directive == "pause" and not task.stands for task in held.values())
        leases = [{"task_id": task.id, "lease_token": task.token, "paused": task.stands} for task in held.values()]
        status, answer = call("POST", f"/workers/{WORKER}/heartbeat", {"incarnation": INCARNATION, "leases": leases, "wait_seconds": 0 if settling else interval})
        with changed:
            for told in answer["tasks"] if status == 200 else []:
                if task := held.get(told["task_id"]) or tasks.get(told["task_id"]):  # what was claimed meanwhile is spoken of too
                    task.directive = told["directive"]
            changed.notify_all()
        if status == 404 and not stopping.is_set():
            register()  # the service was started anew, or has heard nothing for too long
        if status == 409 or (status == 200 and answer["worker"] == "terminate"):
            stopping.set()
        time.sleep(0.05)  # it does not always hang: not while something settles, nor when the service has too many that do


def main():
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    threading.Thread(target=beat, args=(register()["heartbeat_seconds"],), daemon=True).start()
    while not stopping.is_set():
        with changed:
            changed.wait_for(lambda: len(tasks) < SLOTS, timeout=1)
        free = SLOTS - len(tasks)
        status, answer = call("POST", f"/workers/{WORKER}/claim", {"max": free, "wait_seconds": 1, "incarnation": INCARNATION}) if free else (200, {"tasks": []})
        for claimed in answer["tasks"] if status == 200 else []:
            if claimed["task_id"] in tasks:
                tasks[claimed["task_id"]].directive = "lost"  # slept through its lease, it comes once more
            task = tasks[claimed["task_id"]] = Task(claimed)
            threading.Thread(target=run, args=(task, HANDLERS[claimed["task_type"]]), daemon=True).start()
        if status != 200:
            stopping.wait(1)
    call("DELETE", f"/workers/{WORKER}?incarnation={INCARNATION}")  # what is still in hand goes to others
    print(json.dumps({"worker": WORKER, "accepted": len(accepted)}), flush=True)


main()
