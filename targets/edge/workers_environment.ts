/**
 * What differs between the platforms at the edge: workerd, here or on Cloudflare Workers. Takes the place of
 * `environment.ts` in a build for it.
 *
 * @module
 */

import type { Context, Environment, PlatformSocket } from "./environment.ts";

/** What workerd hands over as its third argument. */
interface ExecutionContext {
  waitUntil(promise: Promise<unknown>): void;
}

/** The two ends of a socket. */
declare const WebSocketPair: new () => {
  readonly 0: PlatformSocket;
  readonly 1: PlatformSocket & { accept(): void };
};

/** How long `waitUntil` lets work go on. */
const LONGEST_BACKGROUND = 30_000;

/** Schedules that the configuration names, by their text. */
export const schedules: Map<string, (() => Promise<void>)[]> = new Map();

/** workerd. */
export const environment: Environment = {
  name: "workers",
  longestBackground: LONGEST_BACKGROUND,
  ticks: false,
  waitUntil([, context], ended) {
    (context as ExecutionContext | undefined)?.waitUntil(ended);
  },
  variable: ([bindings], name) => (bindings as { [name: string]: unknown } | undefined)?.[name],
  isCut: (error) =>
    error instanceof Error && /network connection lost|stream|disconnect/i.test(error.message),
  upgrade() {
    const { 0: theirs, 1: ours } = new WebSocketPair();
    ours.accept();
    const init = { status: 101, webSocket: theirs } as ResponseInit;
    return { socket: ours, response: new Response(null, init) };
  },
  cron(_name, schedule, run) {
    schedules.set(schedule, [...schedules.get(schedule) ?? [], run]);
    return true;
  },
  // An isolate is told nothing of its end.
  onSignal() {},
  setExitCode() {},
  exit() {},
};

/** Runs what is scheduled: workerd calls it with the schedule that is due. */
export async function runScheduled(schedule: string): Promise<void> {
  await Promise.all((schedules.get(schedule) ?? []).map((run) => run()));
}

export type { Context };
