import { EXIT } from "./exit.ts";

/**
 * Aborted by Ctrl-C; a second one ends the process at once.
 *
 * @param risk What a second one may do, to end the sentence that the first one prints.
 */
export function onInterrupt(risk: string): { readonly signal: AbortSignal } & Disposable {
  const ending = new AbortController();
  const onSignal = (): void => {
    if (ending.signal.aborted) Deno.exit(EXIT.interrupted);
    ending.abort();
    console.error(`\nStopping; Ctrl-C again ends at once, and ${risk}`);
  };
  Deno.addSignalListener("SIGINT", onSignal);
  return {
    signal: ending.signal,
    [Symbol.dispose]: () => Deno.removeSignalListener("SIGINT", onSignal),
  };
}
