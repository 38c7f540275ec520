/**
 * The edge's half of a fleet: keeps the last state of each device, streams it to whoever looks, and passes commands on.
 * `edge_device.ts` is the other half. All is kept in memory, so one instance on Deno serves all devices.
 */
import { events, Queue, serve, timeout, TimeoutError } from "awaitio/edge";

/** What a device has said last. */
export interface Reading {
  /** Counts up: what is older than what is known comes too late. */
  readonly count: number;
  readonly celsius: number;
  readonly lamp: boolean;
}

/** How long a device waits for a command before it asks again, in milliseconds. */
const POLL = 5_000;

class Device {
  last: Reading | null = null;
  readonly commands = new Queue<string>();
  private readonly watchers: Queue<Reading>[] = [];

  report(reading: Reading): void {
    if (this.last !== null && reading.count <= this.last.count) return;
    this.last = reading;
    for (const watcher of this.watchers) {
      // Who is slow sees the newest only.
      if (watcher.full()) watcher.getNowait();
      watcher.putNowait(reading);
    }
  }

  async *readings() {
    const queue = new Queue<Reading>(1);
    this.watchers.push(queue);
    try {
      if (this.last !== null) yield { data: this.last };
      for await (const reading of queue) yield { data: reading };
    } finally {
      this.watchers.splice(this.watchers.indexOf(queue), 1);
    }
  }

  async nextCommand(): Promise<string | null> {
    try {
      return await timeout(POLL, () => this.commands.get());
    } catch (error) {
      if (error instanceof TimeoutError) return null;
      throw error;
    }
  }
}

/** The edge program; a test makes one of its own. */
export function hub() {
  const devices = new Map<string, Device>();
  const deviceOf = (id: string): Device => {
    const known = devices.get(id) ?? new Device();
    devices.set(id, known);
    return known;
  };
  return serve(async (request, scope) => {
    const { id, what } = scope.params("/devices/:id/:what") ?? {};
    if (id === undefined) return new Response("Try /devices/shed/events", { status: 404 });
    const device = deviceOf(id);
    switch (`${request.method} ${what}`) {
      case "POST reading":
        device.report(await request.json());
        return new Response(null, { status: 204 });
      case "GET reading":
        return device.last === null
          ? new Response("It has said nothing yet", { status: 404 })
          : Response.json(device.last);
      case "GET events":
        return events(() => device.readings());
      case "POST command":
        device.commands.putNowait(await request.text());
        return new Response(null, { status: 202 });
      case "GET command": {
        const command = await device.nextCommand();
        return command === null ? new Response(null, { status: 204 }) : new Response(command);
      }
      default:
        return new Response("There is reading, events and command", { status: 404 });
    }
  }, { deadline: 30_000 });
}

export default hub();
