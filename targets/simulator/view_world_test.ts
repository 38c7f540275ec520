/**
 * Events to show, for the tests of views.
 *
 * @module
 */

import type { TraceEvent } from "./trace.ts";

type Body = TraceEvent extends infer E
  ? E extends TraceEvent ? Omit<E, "n" | "t" | "cause" | "by"> : never
  : never;

export function at(t: number, body: Body, by = "loop"): TraceEvent {
  return { n: 1, t, cause: 0, by, ...body } as TraceEvent;
}

export const pin = (t: number, name: string, level: 0 | 1, dir: "in" | "out" = "out") =>
  at(t, { kind: "pin", pin: name, level, dir });
export const pwm = (t: number, duty: number) =>
  at(t, { kind: "pwm", pin: "D9", duty, frequency: 490 });
export const serial = (t: number, dir: "rx" | "tx", text: string) =>
  at(t, { kind: "serial", port: "S1", dir, text });
export const task = (t: number, state: (TraceEvent & { kind: "task" })["state"], what?: string) =>
  at(t, { kind: "task", task: 1, name: "blink", state, ...(what === undefined ? {} : { what }) });
