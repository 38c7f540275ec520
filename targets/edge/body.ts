import { Event } from "../../runtime/event.ts";
import type { TimerHandle } from "../../runtime/handle.ts";
import type { Exchange } from "./exchange.ts";
import { currentExchange } from "./request_loop.ts";

/** What a body is written in: text, which goes as UTF-8, or bytes. */
export type Chunk = string | Uint8Array<ArrayBuffer>;

/** Where a body comes from: chunks, a function that gives them, or one that writes. */
export type BodySource =
  | AsyncIterable<Chunk>
  | Iterable<Chunk>
  | ((writer: StreamWriter) => AsyncIterable<Chunk> | Iterable<Chunk> | PromiseLike<void>);

const encoder = new TextEncoder();

/** A body that a task writes and the platform reads. */
class Pipe {
  readonly readable: ReadableStream<Uint8Array>;
  private controller!: ReadableStreamDefaultController<Uint8Array>;
  private begun = false;
  private ended = false;
  private readonly room = new Event();
  private timer: TimerHandle | null = null;

  constructor(
    private readonly exchange: Exchange,
    private readonly write: () => unknown,
    private readonly heartbeat: number | null,
  ) {
    exchange.bodyPromised(this);
    this.readable = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.controller = controller;
      },
      pull: () => {
        this.room.set();
        if (!this.begun) this.begin();
      },
      cancel: () => {
        exchange.gone();
        this.end();
      },
    }, { highWaterMark: 0 });
  }

  /** Puts a chunk where the reader finds it. */
  put(chunk: Chunk): void {
    if (this.ended) return;
    this.room.clear();
    this.controller.enqueue(typeof chunk === "string" ? encoder.encode(chunk) : chunk);
  }

  /** Waits until the reader wants more. */
  async drain(): Promise<void> {
    if (!this.ended) await this.room.wait();
  }

  /** The response is given: a platform that is going to read this has begun to, or has it in its hand. */
  unlessRead(): void {
    if (!this.begun && !this.readable.locked) this.end();
  }

  /** Writes what readers ignore: only then some platforms see that the reader has left. */
  private beat(ms: number): void {
    this.timer = this.exchange.loop.callLater(ms, () => {
      if (this.ended) return;
      if (this.room.isSet()) this.put(":\n\n");
      this.beat(ms);
    });
  }

  private begin(): void {
    this.begun = true;
    const task = this.exchange.bodyBegins(this.write);
    if (task === null) return this.break();
    if (this.heartbeat !== null) this.beat(this.heartbeat);
    task.addDoneCallback(() => {
      if (this.ended) return;
      if (!task.settledWell()) return this.break();
      this.controller.close();
      this.end();
    });
  }

  /** The client must not take what it has for all there is. */
  private break(): void {
    if (this.ended) return;
    // Platforms log what a body fails with: of a client that is gone there is nothing to say.
    if (this.exchange.isLeft()) this.controller.close();
    else this.controller.error(new Error("The response was cut off"));
    this.end();
  }

  private end(): void {
    if (this.ended) return;
    this.ended = true;
    this.timer?.cancel();
    this.exchange.bodyEnded(this);
  }
}

/** Writes a streamed body; made by {@linkcode stream}. As of asyncio, `write` never waits and `drain` does. */
export class StreamWriter {
  /** @internal */
  constructor(private readonly pipe: Pipe) {}

  /** Puts a chunk on its way. */
  write(chunk: Chunk): void {
    this.pipe.put(chunk);
  }

  /** Waits until the reader has taken so much that it wants more. Cancelling loses nothing. */
  async drain(): Promise<void> {
    await this.pipe.drain();
  }
}

/**
 * A response whose body is written while it is read. The request's scope stays open meanwhile; the source is asked for
 * the next chunk when the reader wants one, and is cancelled when the reader leaves.
 *
 * @param source Chunks, a generator function, or a function that is given a {@linkcode StreamWriter}.
 * @param init Status and headers.
 * @throws `RuntimeError` outside a request.
 *
 * @example
 * ```ts
 * import { serve, sleep, stream } from "awaitio/edge";
 *
 * export default serve(() =>
 *   stream(async function* () {
 *     for (let n = 1; n <= 3; n++) {
 *       yield `${n}\n`;
 *       await sleep(1000);
 *     }
 *   })
 * );
 * ```
 */
export function stream(source: BodySource, init?: ResponseInit): Response {
  return new Response(open(source, null), init);
}

function open(source: BodySource, heartbeat: number | null): ReadableStream<Uint8Array> {
  const pipe: Pipe = new Pipe(currentExchange("stream()"), () => copy(source, pipe), heartbeat);
  return pipe.readable;
}

async function copy(source: BodySource, pipe: Pipe): Promise<void> {
  const given = typeof source === "function" ? source(new StreamWriter(pipe)) : source;
  if (!isIterable(given)) return await given;
  for await (const chunk of given) {
    pipe.put(chunk);
    await pipe.drain();
  }
}

function isIterable(given: object): given is AsyncIterable<Chunk> | Iterable<Chunk> {
  return Symbol.asyncIterator in given || Symbol.iterator in given;
}

/** A server-sent event; a string is one with nothing but data. */
export interface ServerEvent {
  /** Its data; what is no string is sent as JSON. */
  readonly data: unknown;
  /** Its type; `message` unless given. */
  readonly event?: string;
  /** What the client tells as `Last-Event-ID` when it comes again. */
  readonly id?: string;
  /** How long the client waits before it comes again, in milliseconds. */
  readonly retry?: number;
}

/** How events are sent, besides status and headers. */
export interface EventsInit extends ResponseInit {
  /**
   * How often to send an empty comment, in milliseconds: workerd sees only then that a reader has left. Default 15,000;
   * `null` for never.
   */
  readonly heartbeat?: number | null;
}

const HEARTBEAT = 15_000;

/**
 * A response that streams server-sent events; see {@linkcode stream}.
 *
 * @param source Events, or a generator function.
 * @param init Status, headers and the heartbeat.
 *
 * @example
 * ```ts
 * import { events, serve, sleep } from "awaitio/edge";
 *
 * export default serve(() =>
 *   events(async function* () {
 *     for (;;) {
 *       yield { event: "tick", data: { time: Date.now() } };
 *       await sleep(1000);
 *     }
 *   })
 * );
 * ```
 */
export function events(
  source: AsyncIterable<ServerEvent | string> | (() => AsyncIterable<ServerEvent | string>),
  init: EventsInit = {},
): Response {
  const headers = new Headers(init.headers);
  headers.set("content-type", "text/event-stream");
  headers.set("cache-control", "no-store");
  const { heartbeat = HEARTBEAT, ...rest } = init;
  const lines = async function* () {
    for await (const event of typeof source === "function" ? source() : source) {
      yield eventText(event);
    }
  };
  return new Response(open(lines, heartbeat), { ...rest, headers });
}

function eventText(given: ServerEvent | string): string {
  const { data, event, id, retry } = typeof given === "string"
    ? { data: given } as ServerEvent
    : given;
  const text = typeof data === "string" ? data : JSON.stringify(data);
  const lines = [
    ...(event === undefined ? [] : [`event: ${line(event)}`]),
    ...(id === undefined ? [] : [`id: ${line(id)}`]),
    ...(retry === undefined ? [] : [`retry: ${retry}`]),
    ...text.split(/\r\n|\r|\n/).map((each) => `data: ${each}`),
  ];
  return `${lines.join("\n")}\n\n`;
}

/** A field is one line. */
function line(text: string): string {
  return text.replace(/[\r\n\0]/g, " ");
}
