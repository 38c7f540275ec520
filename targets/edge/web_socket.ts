import { describeValue } from "../../runtime/checks.ts";
import { QueueShutDown } from "../../runtime/errors.ts";
import { Queue } from "../../runtime/queue.ts";
import { sleep } from "../../runtime/sleep.ts";
import { environment, type PlatformSocket } from "./environment.ts";
import type { Body } from "./exchange.ts";
import { currentExchange } from "./request_loop.ts";

/** What is sent and received: text or bytes. */
export type Message = string | Uint8Array<ArrayBuffer>;

/** How a WebSocket is held. */
export interface WebSocketOptions {
  /**
   * How many messages may wait to be received. Neither platform can hold a client back: one that is further ahead
   * is closed with the code 1013. Default 256.
   */
  readonly incoming?: number;
  /** How many bytes may wait to be sent before `send` waits. Default 65,536. */
  readonly outgoing?: number;
}

/** Codes of RFC 6455 and its registry. */
const NORMAL = 1000;
const GOING_AWAY = 1001;
const NO_STATUS = 1005;
const INTERNAL_ERROR = 1011;
const TRY_AGAIN_LATER = 1013;

const OPEN = 1;
/** How often to look whether a slow client has taken what waits, in milliseconds. */
const LOOKS = 5;

/** A WebSocket of a request; made by {@linkcode webSocket}. */
export class Socket implements AsyncIterable<Message> {
  private readonly received = new Queue<Message>();

  /** @internal */
  constructor(
    private readonly socket: PlatformSocket,
    private readonly incoming: number,
    private readonly outgoing: number,
  ) {}

  /**
   * Waits for the next message. Cancelling loses none.
   *
   * @returns `null` when the client has closed.
   */
  async receive(): Promise<Message | null> {
    try {
      return await this.received.get();
    } catch (error) {
      if (error instanceof QueueShutDown) return null;
      throw error;
    }
  }

  /** The messages until the client closes. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Message, void, void> {
    for (let message = await this.receive(); message !== null; message = await this.receive()) {
      yield message;
    }
  }

  /**
   * Sends a message, and waits where the client is slow: workerd does not tell, so there it never waits. What is sent to
   * a client that has closed is dropped. Cancelling leaves the message on its way.
   */
  async send(message: Message): Promise<void> {
    const { socket, outgoing } = this;
    if (socket.readyState !== OPEN) return;
    socket.send(message);
    while (socket.readyState === OPEN && (socket.bufferedAmount ?? 0) > outgoing) {
      await sleep(LOOKS);
    }
  }

  /**
   * Closes it; the handler's end does so, too.
   *
   * @param code 1000, or 3000 to 4999.
   */
  close(code: number = NORMAL, reason = ""): void {
    this.received.shutdown();
    if (this.socket.readyState <= OPEN) this.socket.close(code, reason);
  }

  /** @internal A message has come. */
  take(data: unknown): void {
    if (this.received.qsize() >= this.incoming) return this.close(TRY_AGAIN_LATER, "too fast");
    this.received.putNowait(typeof data === "string" ? data : new Uint8Array(data as ArrayBuffer));
  }

  /** @internal The client has closed, or was closed. */
  ended(): void {
    this.received.shutdown();
  }
}

/**
 * Answers the running request with a WebSocket and runs `body` while it is open. The request's scope is open as long:
 * a client that vanishes cancels it, one that closes ends the iteration. When `body` has ended, the socket is closed.
 *
 * @param body Is given the socket, in a task of the request.
 * @throws `RuntimeError` outside a request; `TypeError` where the request asks for no WebSocket.
 *
 * @example
 * ```ts
 * import { serve, webSocket } from "awaitio/edge";
 *
 * export default serve(() =>
 *   webSocket(async (socket) => {
 *     for await (const message of socket) await socket.send(message);
 *   })
 * );
 * ```
 */
export function webSocket(
  body: (socket: Socket) => PromiseLike<void>,
  options: WebSocketOptions = {},
): Response {
  const exchange = currentExchange("webSocket()");
  const asked = exchange.request.headers.get("upgrade");
  if (asked?.toLowerCase() !== "websocket") {
    throw new TypeError(
      `Cannot make a WebSocket of a request whose header "upgrade" is ${describeValue(asked)}: ` +
        "answer others before, for example with the status 426",
    );
  }
  const { socket: raw, response } = environment.upgrade(exchange.request);
  const socket = new Socket(raw, options.incoming ?? 256, options.outgoing ?? 65_536);
  raw.binaryType = "arraybuffer";
  // It is open as long as the client says so.
  const held: Body = { unlessRead() {} };
  exchange.upgraded(held);
  let begun = false;
  const begin = (): void => {
    if (begun) return;
    begun = true;
    const task = exchange.bodyBegins(() => body(socket));
    if (task === null) return socket.close(GOING_AWAY);
    task.addDoneCallback(() => {
      const well = task.settledWell();
      socket.close(well ? NORMAL : task.cancelled() ? GOING_AWAY : INTERNAL_ERROR);
      exchange.bodyEnded(held);
    });
  };
  raw.addEventListener("open", begin);
  raw.addEventListener("message", (event) => socket.take((event as MessageEvent).data));
  raw.addEventListener("close", (event) => {
    const { code, wasClean } = event as CloseEvent;
    socket.ended();
    if (!begun) exchange.bodyEnded(held);
    else if (!wasClean && code !== NORMAL && code !== NO_STATUS) exchange.gone();
  });
  // The close event that follows says the same.
  raw.addEventListener("error", (event) => event.preventDefault());
  if (raw.readyState === OPEN) begin();
  return response;
}
