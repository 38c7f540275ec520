import type { Level } from "../../runtime/io/driver.ts";

/** What every event of a trace carries. */
export interface TraceBase {
  /** The event's number, counted from 1. */
  readonly n: number;
  /** Milliseconds of the simulator's clock. */
  readonly t: number;
  /** The number of the event that led to this one; 0 for what the program's start led to. */
  readonly cause: number;
  /** Who did it: `"task 3"`, `"scenario"`, `"board"` or `"loop"`. */
  readonly by: string;
}

/** One thing that happened: a level, a byte, a deadline, a step of a task. */
export type TraceEvent =
  & TraceBase
  & (
    | {
      readonly kind: "pin";
      readonly pin: string;
      readonly level: Level;
      readonly dir: "in" | "out";
    }
    | {
      readonly kind: "pwm";
      readonly pin: string;
      readonly duty: number;
      readonly frequency: number;
    }
    | { readonly kind: "analog"; readonly pin: string; readonly value: number }
    | {
      readonly kind: "serial";
      readonly port: string;
      readonly dir: "rx" | "tx";
      readonly text: string;
    }
    | {
      readonly kind: "bus";
      readonly port: string;
      readonly sent: string;
      readonly answered: string;
    }
    | { readonly kind: "timer"; readonly at: number }
    | { readonly kind: "print"; readonly text: string }
    | { readonly kind: "fault"; readonly message: string }
    | {
      readonly kind: "task";
      readonly task: number;
      readonly name: string;
      readonly state:
        | "created"
        | "started"
        | "waits"
        | "resumed"
        | "finished"
        | "failed"
        | "cancelled";
      /** For `waits`: what is awaited, for example `"sleep(500)"`; for `failed`: the error. */
      readonly what?: string;
    }
  );

/** Renders an event as one line of NDJSON, keys in a fixed order. */
export function traceLine(event: TraceEvent): string {
  const { n, t, cause, by, kind, ...rest } = event;
  return JSON.stringify({ n, t: Math.round(t * 1e6) / 1e6, cause, by, kind, ...rest });
}
