// A worker for TaskManager with nothing but Node.js (20 or newer); docs/workers.md describes the protocol.
//
//     node worker.mjs http://localhost:8000 worker-2-node 4      address, worker id, tasks at once
//
// It runs tasks of the type "primes": {"below": 100, "seconds": 1} -> {"count": 25}.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

const [base, worker, slots = 2] = [process.argv[2].replace(/\/$/, ""), process.argv[3], Number(process.argv[4] ?? 2)];
const incarnation = randomUUID(); // made anew at each start, so that a restart frees what the start before it held
const tasks = new Map();
let accepted = 0;
let stopping = false;
let freed = () => {};

/** Gives {status, body}; a refusal is an answer too, and a service that is away is asked again. */
async function call(method, path, body) {
  for (;;) {
    try {
      const answer = await fetch(base + path, { method, body: body && JSON.stringify(body), headers: { "Content-Type": "application/json" } });
      const text = await answer.text();
      return { status: answer.status, body: text ? JSON.parse(text) : null };
    } catch (error) {
      if (stopping) return { status: 0, body: null };
      await sleep(1000);
    }
  }
}

class Stopped extends Error {} // the task shall end, or is no longer ours

class Task {
  constructor(claimed) {
    Object.assign(this, { id: claimed.task_id, token: claimed.lease_token, type: claimed.task_type, parameters: claimed.parameters });
    this.directive = "continue";
    this.stands = false;
  }

  /** Stands still here while a pause is asked, and stops here when the task shall end. */
  async checkpoint() {
    while (this.directive === "pause") {
      this.stands = true;
      await sleep(20);
    }
    this.stands = false;
    if (this.directive !== "continue") throw new Stopped();
  }

  async report(verb, members) {
    return (await call("POST", `/tasks/${this.id}/${verb}`, { lease_token: this.token, ...members })).status;
  }
}

async function primes(task) {
  const { below, seconds = 0 } = task.parameters;
  let count = 0;
  const began = Date.now();
  for (let n = 2; n < below; n++) {
    if (n % 100 === 0) await task.checkpoint();
    let isPrime = true;
    for (let d = 2; d * d <= n && isPrime; d++) isPrime = n % d !== 0;
    count += isPrime ? 1 : 0;
  }
  while (Date.now() - began < seconds * 1000) {
    await task.checkpoint();
    await sleep(20);
  }
  return { count };
}

const handlers = { primes };

async function run(task) {
  try {
    if ((await task.report("complete", { result: await handlers[task.type](task) })) === 200) accepted++;
  } catch (error) {
    if (error instanceof Stopped) await task.report("release", {});
    else await task.report("fail", { error: { code: "handler_failed", message: String(error) } });
  }
  if (tasks.get(task.id) === task) tasks.delete(task.id); // else it was claimed here once more
  freed();
}

async function register() {
  const { status, body } = await call("POST", "/workers/register", { worker_id: worker, incarnation, task_types: Object.keys(handlers), slots });
  if (status !== 200 && status !== 201) throw new Error(`The registration was refused: ${JSON.stringify(body)}`);
  return body;
}

/** One heartbeat for all leases. It hangs until something is asked, so that a cancel arrives at once. */
async function beat(interval) {
  while (!stopping || tasks.size > 0) {
    const held = new Map(tasks);
    const settling = stopping || [...held.values()].some((task) => task.directive === "pause" && !task.stands);
    const leases = [...held.values()].map((task) => ({ task_id: task.id, lease_token: task.token, paused: task.stands }));
    const { status, body } = await call("POST", `/workers/${worker}/heartbeat`, { incarnation, leases, wait_seconds: settling ? 0 : interval });
    for (const { task_id, directive } of status === 200 ? body.tasks : []) Object.assign(held.get(task_id) ?? tasks.get(task_id) ?? {}, { directive });
    if (status === 404 && !stopping) await register(); // the service was started anew, or has heard nothing for too long
    if (status === 409 || (status === 200 && body.worker === "terminate")) stopping = true;
    await sleep(50); // it does not always hang: not while something settles, nor when the service has too many that do
  }
}

process.on("SIGTERM", () => (stopping = true));
beat((await register()).heartbeat_seconds);
while (!stopping) {
  if (tasks.size >= slots) await Promise.race([new Promise((resolve) => (freed = resolve)), sleep(1000)]);
  else {
    const { status, body } = await call("POST", `/workers/${worker}/claim`, { max: slots - tasks.size, wait_seconds: 1, incarnation });
    for (const claimed of status === 200 ? body.tasks : []) {
      Object.assign(tasks.get(claimed.task_id) ?? {}, { directive: "lost" }); // slept through its lease, it comes once more
      run(tasks.set(claimed.task_id, new Task(claimed)).get(claimed.task_id));
    }
    if (status !== 200) await sleep(1000);
  }
}
await call("DELETE", `/workers/${worker}?incarnation=${incarnation}`); // what is still in hand goes to others
console.log(JSON.stringify({ worker, accepted }));
process.exit(0);
