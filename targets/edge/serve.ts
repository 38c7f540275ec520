import { requireTime } from "../../runtime/checks.ts";
import { type Context, environment } from "./environment.ts";
import { Exchange } from "./exchange.ts";
import type { Handler, ServeOptions, Settings } from "./settings.ts";
import { watchSignals } from "./shutdown.ts";

const DEFAULT_BACKGROUND = 5_000;
const DEFAULT_GRACE = 4_000;

/** What a platform is given: the default export of an edge program. */
export interface Server {
  /**
   * Answers a request in a scope of its own.
   *
   * @param context What the platform hands over besides.
   */
  fetch(request: Request, ...context: unknown[]): Response | Promise<Response>;
  /** `deno serve` calls it when it listens. */
  onListen(address: { readonly hostname?: string; readonly port?: number }): void;
}

/**
 * Makes a server of a handler: each request gets an event loop, a scope whose tasks end with it, and a deadline. What
 * the handler awaits throws `CancelledError` when the client leaves, the deadline passes or the process ends.
 *
 * A handler that throws is answered with 500, and the error is logged with the request's id.
 *
 * @param handler Called at once in a task of the request's.
 * @throws `RangeError` for times that are no times, or that the platform does not allow.
 *
 * @example
 * ```ts
 * import { gather, serve, sleep } from "awaitio/edge";
 *
 * export default serve(async (_request, scope) => {
 *   const [user, price] = await gather(() => sleep(20, "Ada"), () => sleep(10, 7));
 *   scope.background(() => sleep(100));
 *   return Response.json({ user, price });
 * }, { deadline: 2_000, background: 5_000 });
 * ```
 */
export function serve(handler: Handler, options: ServeOptions = {}): Server {
  const settings = settingsOf(handler, options);
  let watched = false;
  const watch = (stopsItself: boolean): void => {
    if (watched) return;
    watched = true;
    watchSignals(settings.grace, stopsItself);
  };
  return {
    fetch: (request, ...context) => {
      watch(false);
      return new Exchange(settings, request, context).begin(handler);
    },
    onListen({ hostname, port }) {
      watch(true);
      console.error(`Listening on http://${hostname}:${port}/`);
    },
  };
}

/**
 * Answers one request in a scope of its own: what {@linkcode serve} does, for who has a server already.
 *
 * @param context What the platform handed over besides the request.
 *
 * @example
 * ```ts
 * import { handle, sleep } from "awaitio/edge";
 *
 * Deno.serve({ port: 0, onListen: ({ port }) => console.log(port) }, (request, info) =>
 *   handle(request, async () => new Response(await sleep(10, "late")), { deadline: 500 }, info)
 * ).unref();
 * ```
 */
export function handle(
  request: Request,
  handler: Handler,
  options: ServeOptions = {},
  ...context: unknown[]
): Response | Promise<Response> {
  return new Exchange(settingsOf(handler, options), request, context as Context).begin(handler);
}

function settingsOf(handler: unknown, options: ServeOptions): Settings {
  if (typeof handler !== "function") {
    throw new TypeError(
      "Cannot serve without a handler: pass serve(async (request, scope) => ...)",
    );
  }
  const { background = DEFAULT_BACKGROUND, grace = DEFAULT_GRACE } = options;
  for (const [name, time] of Object.entries({ ...options, background, grace })) {
    if (typeof time === "number") requireTime("serve", name, time);
  }
  const { longestBackground, name } = environment;
  if (background > longestBackground) {
    throw new RangeError(
      `Cannot serve with background work of ${background} ms: ${name} allows ${longestBackground}`,
    );
  }
  return { ...options, background, grace };
}
