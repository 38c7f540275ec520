import { environment } from "./environment.ts";
import { active } from "./exchange.ts";

/** What a process ends with whose requests had to be cancelled. */
const GRACE_RAN_OUT = 42;
/** What a process ends with that was told twice. */
const INTERRUPTED = 130;
/** How long cancelled requests have to clean up, in milliseconds. */
const CLEANUP = 800;

let watching = false;
let grace = 0;

/** What has to end with the process: tickers. */
export const endings: Set<() => void> = new Set();

/**
 * Ends orderly on SIGINT and SIGTERM. The platform accepts no more then; requests may go on for the grace, are cancelled
 * after it, and have a moment to clean up. Background work does not keep a server from ending: it is waited for here.
 *
 * @param longest The grace, in milliseconds.
 * @param stopsItself Whether the platform ends the process when its requests have ended, as `deno serve` does.
 */
export function watchSignals(longest: number, stopsItself: boolean): void {
  grace = Math.max(grace, longest);
  if (watching) return;
  watching = true;
  let told = false;
  environment.onSignal(() => {
    if (told) return environment.exit(INTERRUPTED);
    told = true;
    for (const end of endings) end();
    after(grace, () => {
      environment.setExitCode(GRACE_RAN_OUT);
      for (const exchange of [...active]) exchange.shutDown();
      after(CLEANUP, () => environment.exit(GRACE_RAN_OUT));
    });
    const look = (): void => {
      if (active.size > 0) setTimeout(look, LOOKS);
      // Who has made the server otherwise does not end with it.
      else if (!stopsItself) environment.exit(0);
    };
    setTimeout(look, LOOKS);
  });
}

/** How often to look whether all is over, in milliseconds. */
const LOOKS = 20;

/** Calls `fn` in so many milliseconds where the process is still there. */
function after(ms: number, fn: () => void): void {
  const timer = setTimeout(fn, ms) as unknown;
  const { Deno } = globalThis as { Deno?: { unrefTimer(timer: unknown): void } };
  Deno?.unrefTimer(timer);
}
