import { currentScope } from "../../runtime/platform.ts";
import { signalOf } from "../../runtime/scope.ts";
import { environment } from "./environment.ts";
import type { Exchange } from "./exchange.ts";

type Body = ReadableStream<Uint8Array<ArrayBuffer>> | null;

const READERS = ["arrayBuffer", "blob", "bytes", "formData", "json", "text"] as const;

/**
 * Lets an exchange know of a client that leaves before it has sent the request's body. No platform tells until the body
 * is read, and then as an error of its own; here that cancels the request.
 */
export function watchUpload(exchange: Exchange): void {
  const { request } = exchange;
  for (const name of READERS) {
    Object.defineProperty(request, name, {
      configurable: true,
      value: () => read(exchange, () => Request.prototype[name].call(request)),
    });
  }
  let body: Body | undefined;
  // workerd's requests have it themselves.
  const own = getBody === undefined ? request.body : null;
  Object.defineProperty(request, "body", {
    configurable: true,
    get: () =>
      body === undefined
        ? body = watched(exchange, getBody === undefined ? own : getBody.call(request))
        : body,
  });
}

const { get: getBody } = Object.getOwnPropertyDescriptor(Request.prototype, "body") ?? {};

/** Waits on the request's loop, so that who waits can be cancelled. */
async function read(exchange: Exchange, start: () => Promise<unknown>): Promise<unknown> {
  const future = exchange.loop.createFuture<unknown>();
  start().then(
    (value) => {
      if (!future.done()) future.setResult(value);
    },
    (error) => {
      if (environment.isCut(error)) exchange.gone();
      if (!future.done()) future.setException(error);
    },
  );
  return await future;
}

/** The same body; where who has asked for it is cancelled, reading fails with that. */
function watched(exchange: Exchange, body: Body): Body {
  if (body === null) return null;
  const reader = body.getReader();
  const scope = currentScope();
  return new ReadableStream({
    start(controller) {
      if (scope === null) return;
      const signal = signalOf(scope) as AbortSignal;
      signal.addEventListener("abort", () => {
        controller.error(signal.reason);
        reader.cancel(signal.reason).catch(() => {});
      });
    },
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        if (environment.isCut(error)) exchange.gone();
        controller.error(error);
      }
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}
