/**
 * What differs between the platforms at the edge: here Deno. A build for workerd puts `workers_environment.ts` in the
 * place of this module, and neither asks for what only the other has.
 *
 * @module
 */

/** What a platform hands to `fetch` besides the request: Deno's connection, workerd's bindings and context. */
export type Context = readonly unknown[];

/** A socket as both platforms have it. */
export interface PlatformSocket extends EventTarget {
  /** How much is on its way, in bytes; workerd does not tell. */
  readonly bufferedAmount?: number;
  readonly readyState: number;
  binaryType: string;
  send(data: string | ArrayBufferView<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
}

/** What there is to know of a platform. */
export interface Environment {
  readonly name: string;
  /** How long background work may take after the response, in milliseconds. */
  readonly longestBackground: number;
  /** Whether something of this program's goes on between requests. */
  readonly ticks: boolean;
  /** Asks the platform to let the request's work go on until `ended`. */
  waitUntil(context: Context, ended: Promise<void>): void;
  /** A variable or a binding. */
  variable(context: Context, name: string): unknown;
  /** Whether reading a request's body failed because the client is gone. */
  isCut(error: unknown): boolean;
  /** Makes a WebSocket of a request. */
  upgrade(request: Request): { readonly socket: PlatformSocket; readonly response: Response };
  /** Calls `run` by the platform's cron; `false` where it has none. */
  cron(name: string, schedule: string, run: () => Promise<void>): boolean;
  /** Calls back on each of the signals that end a process. */
  onSignal(callback: () => void): void;
  /** Sets what the process ends with when nothing is left to do. */
  setExitCode(code: number): void;
  /** Ends the process. */
  exit(code: number): void;
}

/** Deno, here or on Deno Deploy. */
export const environment: Environment = {
  name: "deno",
  longestBackground: Infinity,
  ticks: true,
  // An open request does not hold anything here: what runs goes on.
  waitUntil() {},
  variable: (_context, name) => Deno.env.get(name),
  isCut: (error) => error instanceof Deno.errors.BadResource || isHttpError(error),
  upgrade(request) {
    const { socket, response } = Deno.upgradeWebSocket(request);
    return { socket: socket as PlatformSocket, response };
  },
  cron(name, schedule, run) {
    const { cron } = Deno as {
      cron?: (name: string, schedule: string, run: () => unknown) => unknown;
    };
    if (cron === undefined) return false;
    void cron(name, schedule, run);
    return true;
  },
  onSignal(callback) {
    for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, callback);
  },
  setExitCode(code) {
    Deno.exitCode = code;
  },
  exit: (code) => Deno.exit(code),
};

function isHttpError(error: unknown): boolean {
  return error instanceof Deno.errors.Http || error instanceof Deno.errors.UnexpectedEof ||
    error instanceof Deno.errors.ConnectionReset;
}
