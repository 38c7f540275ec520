import { CancelledError } from "../../runtime/errors.ts";

let guarded = false;

/**
 * A call that was never awaited and ends cancelled is no mistake; without this it would end the
 * process. Other unhandled rejections keep doing that.
 */
export function guardRejections(): void {
  if (guarded) return;
  guarded = true;
  const { addEventListener } = globalThis;
  if (typeof addEventListener === "function") {
    addEventListener("unhandledrejection", (event) => {
      if (event.reason instanceof CancelledError) event.preventDefault();
    });
  } else {
    nodeProcess()?.on("unhandledRejection", (reason: unknown) => {
      if (!(reason instanceof CancelledError)) throw reason;
    });
  }
}

interface NodeProcess {
  on(event: string, listener: (reason: unknown) => void): void;
  off(event: string, listener: (reason: unknown) => void): void;
}

function nodeProcess(): NodeProcess | undefined {
  return (globalThis as { process?: NodeProcess }).process;
}

/** What every process gives the runtime, however its coroutines run. */
export const processHost = {
  report(text: string, exception?: unknown): void {
    const detail = exception instanceof Error
      ? exception.stack ?? `${exception.name}: ${exception.message}`
      : exception === undefined
      ? ""
      : String(exception);
    console.error(detail === "" ? text : `${text}\n${detail}`);
  },
  newAborter: (): AbortController => new AbortController(),
  onInterrupt(interrupt: () => void): () => void {
    const process = nodeProcess();
    process?.on("SIGINT", interrupt);
    return () => process?.off("SIGINT", interrupt);
  },
};
