import { requireScope } from "../scope.ts";
import { sleepUntil } from "../sleep.ts";

/**
 * Moves a value evenly from `from` to `to` within `ms` milliseconds, a step every `period`. Cancelled, it stays where it
 * is; `what` is the call, for messages.
 */
export async function ramp(
  what: string,
  from: number,
  to: number,
  ms: number,
  period: number,
  set: (value: number) => void,
): Promise<void> {
  const scope = requireScope(what);
  const { loop } = scope;
  const start = loop.time();
  for (let next = start + period; next < start + ms; next += period) {
    await sleepUntil(scope, next);
    set(from + (to - from) * Math.min((loop.time() - start) / ms, 1));
  }
  await sleepUntil(scope, start + ms);
  set(to);
}
