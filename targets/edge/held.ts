import type { Body, Exchange } from "./exchange.ts";

/** The same response; the exchange hears of its body's end. */
export function held(response: Response, exchange: Exchange): Response {
  if (response.body === null) return response;
  const reader = response.body.getReader();
  const asked: Body = { unlessRead: () => body.locked || end() };
  exchange.bodyPromised(asked);
  let ended = false;
  const end = (): void => {
    if (!ended) exchange.bodyEnded(asked);
    ended = true;
  };
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        controller.close();
      } catch (error) {
        controller.error(error);
      }
      end();
    },
    cancel(reason) {
      exchange.gone();
      end();
      return reader.cancel(reason);
    },
  }, { highWaterMark: 0 });
  return new Response(body, response);
}
