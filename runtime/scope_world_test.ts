/**
 * A call that tells how it ended, for the tests of scopes.
 *
 * @module
 */

import { CancelledError, getRunningLoop, sleep } from "awaitio";

/** The time of the running loop. */
export const now = (): number => getRunningLoop().time();

/** Sleeps for `ms` and notes how that ended; `log` gets one line a call. */
export async function call(log: string[], name: string, ms: number): Promise<string> {
  try {
    await sleep(ms);
    log.push(`${name} done at ${now()}`);
    return name;
  } catch (error) {
    const kind = error instanceof CancelledError ? "cancelled" : String(error);
    log.push(`${name} ${kind} at ${now()}`);
    throw error;
  }
}
