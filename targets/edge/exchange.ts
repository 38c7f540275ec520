import { CancelledError, RuntimeError } from "../../runtime/errors.ts";
import type { Handle } from "../../runtime/handle.ts";
import { formatCallGraph } from "../../runtime/introspect.ts";
import type { Callable } from "../../runtime/loop.ts";
import { getHost, runInScope } from "../../runtime/platform.ts";
import { isQuiet } from "../../runtime/scope.ts";
import type { Task, TaskOptions } from "../../runtime/task.ts";
import { type Context, environment } from "./environment.ts";
import { held } from "./held.ts";
import { RequestLoop } from "./request_loop.ts";
import { RequestScope } from "./request_scope.ts";
import type { Handler, Outcome, Settings } from "./settings.ts";
import { watchUpload } from "./upload.ts";

/** The requests that are not over, for who ends the process. */
export const active: Set<Exchange> = new Set();

/** How long what nobody awaited has to clean up when its request is over, in milliseconds. */
const CLEANUP = 1_000;
/** How often to look whether it has, in milliseconds. */
const LOOKS = 2;

/** What servers log for a client that has left; nobody gets it. */
const LEFT = 499;

/** The handler's task begins at once: a trivial answer needs no turn of the loop. */
const AT_ONCE: TaskOptions = { name: "handler", eager: true };
/** Most requests have one task only. */
const NONE: Task<unknown>[] = [];

/** What is sent after the head of a response. */
export interface Body {
  /** Ends it unless somebody reads it. */
  unlessRead(): void;
}

const NO_BODIES: readonly Body[] = [];
/** How long a platform may take until it asks for the body of a response that it was given, in milliseconds. */
const UNTIL_READ = 200;

/** Why a request is over before its handler was done. */
interface Ending {
  readonly outcome: Exclude<Outcome, "sent">;
  readonly reason: string;
  /** What is answered where nothing was yet. */
  readonly status: number;
  readonly error?: unknown;
}

/**
 * One request from its arrival to the end of its background work: a loop, the task of the handler, the tasks and bodies
 * that end with it, and how it went. What a platform tells arrives here as a callback.
 */
export class Exchange {
  readonly loop: RequestLoop;
  readonly scope: RequestScope;
  private due: number | null = null;
  private root!: Task<unknown>;
  private tasks = NONE;
  private background = NONE;
  /** Bodies that were promised and have not ended. */
  private bodies: readonly Body[] = NO_BODIES;
  private hearsSignal = true;
  private listener: (() => void) | null = null;
  private ending: Ending | null = null;
  private response: Response | null = null;
  private resolve: ((response: Response) => void) | null = null;
  private settleEnded: (() => void) | null = null;
  private answered = false;
  /** Whether all but background work is over. */
  private over = false;
  private closed = false;
  /** For the deadline first, and then for background work. */
  private timer: Handle | null = null;
  private began = 0;
  private name: string | null = null;

  constructor(
    readonly settings: Settings,
    readonly request: Request,
    readonly context: Context,
  ) {
    this.loop = new RequestLoop(this);
    this.scope = new RequestScope(this);
  }

  /** A name of its own: in the log, and in the header `x-request-id` of a 500. */
  get id(): string {
    return this.name ??= crypto.randomUUID();
  }

  /** When it has to be answered, in milliseconds of the loop's clock. */
  get deadline(): number | null {
    const { deadline } = this.settings;
    return deadline === undefined ? null : this.due ??= this.loop.time() + deadline;
  }

  /** Calls the handler, and answers at once where that can be done. */
  begin(handler: Handler): Response | Promise<Response> {
    const { request, loop, settings } = this;
    if (settings.onOutcome !== undefined) this.began = performance.now();
    const method = request.method;
    if (method !== "GET" && method !== "HEAD") watchUpload(this);
    const start = (): unknown => handler(request, this.scope);
    const root = this.root = loop.spawn(start, null, AT_ONCE);
    root.observed = true;
    if (root.done() && this.isSimple()) {
      const response = this.takeResponse();
      if (response !== null) {
        this.answered = this.over = true;
        this.tellOutcome(response.status);
        this.closed = true;
        this.loop.close();
        return response;
      }
    }
    return this.goOn();
  }

  /** Adds a task that has to end before the response is sent whole. */
  createTask(first: Callable | TaskOptions, rest: unknown[]): Task<unknown> {
    if (this.ending !== null || this.over) {
      throw new RuntimeError(
        `Cannot create a task in a request that ${this.ending?.reason ?? "is over"}`,
      );
    }
    const task = this.newTask(first, rest);
    this.tasks = [...this.tasks, task];
    task.addDoneCallback((done) => this.taskDone(done));
    return task;
  }

  /** Adds a task that outlives the response. */
  addBackground(first: Callable | TaskOptions, rest: unknown[]): Task<unknown> {
    if (this.closed) throw new RuntimeError("Cannot start background work: its request is over");
    const task = this.newTask(first, rest);
    this.background = [...this.background, task];
    task.addDoneCallback((done) => {
      this.background = this.background.filter((each) => each !== done);
      if (!done.cancelled() && !done.settledWell()) {
        this.log(`Background task "${done.getName()}" failed`, done.error());
      }
      this.settle();
    });
    return task;
  }

  /** A body is promised that ends with {@linkcode Exchange.bodyEnded}. */
  bodyPromised(body: Body): void {
    this.bodies = [...this.bodies, body];
  }

  /** The response is a WebSocket: what becomes of the client is told there and not by the request's signal. */
  upgraded(body: Body): void {
    this.bodyPromised(body);
    this.hearsSignal = false;
  }

  /** Runs what writes a body. */
  bodyBegins(fn: () => unknown): Task<unknown> | null {
    if (this.ending !== null || this.over) return null;
    return this.createTask({ name: "body" }, [fn]);
  }

  /** Nothing more comes, or nobody reads it. */
  bodyEnded(body: Body): void {
    this.bodies = this.bodies.filter((each) => each !== body);
    this.settle();
  }

  /** The client has left, or reads no further. */
  gone(): void {
    // A body is read on the handler's behalf: it must not look as if that cancelled itself.
    runInScope(null, leave, this);
  }

  /** Whether nobody is there to be answered. */
  isLeft(): boolean {
    return this.ending?.status === LEFT;
  }

  /** See {@linkcode Exchange.gone}, which calls it outside every task. */
  left(): void {
    this.end({ outcome: "cancelled", reason: "was left by its client", status: LEFT });
  }

  /** The process is going to end. */
  shutDown(): void {
    this.end({ outcome: "cancelled", reason: "was cancelled: the server shuts down", status: 503 });
    for (const task of this.background) task.cancel("the server shuts down");
  }

  /** Tells the developer something about this request. */
  log(message: string, exception?: unknown): void {
    const { method, url } = this.request;
    getHost().report(`Request ${this.id} (${method} ${url}): ${message}`, exception);
  }

  /** The request's signal has aborted: Deno does that after every response, too, unless it is told not to. */
  private aborted(): void {
    if (!this.hearsSignal) return;
    if (!this.answered || this.bodies.length > 0 || this.tasks.length > 0) this.gone();
  }

  /** What could not be answered at once. */
  private goOn(): Promise<Response> {
    const { request, loop, root, deadline } = this;
    active.add(this);
    // Deno reads the address when it is first asked for, and cannot when the request is over.
    void request.url;
    environment.waitUntil(this.context, new Promise<void>((done) => this.settleEnded = done));
    const promise = new Promise<Response>((resolve) => this.resolve = resolve);
    this.tasks = [...this.tasks, root];
    root.addDoneCallback((done) => this.taskDone(done));
    if (request.signal.aborted) this.gone();
    else request.signal.addEventListener("abort", this.listener = () => this.aborted());
    if (deadline !== null) this.timer = loop.callAt(deadline, () => this.expire());
    loop.start();
    return promise;
  }

  /** The deadline has come. */
  private expire(): void {
    const { settings, request } = this;
    let response: Response | undefined;
    try {
      response = settings.onDeadline?.(request);
    } catch (error) {
      this.log("Its answer after the deadline failed", error);
    }
    const reason = `has passed its deadline of ${settings.deadline} ms`;
    this.end(
      { outcome: "timed out", reason, status: 504 },
      response ?? new Response("Gateway Timeout", { status: 504 }),
    );
  }

  /** Whether nothing but the response is left of it. */
  private isSimple(): boolean {
    return this.bodies.length === 0 && this.tasks.length === 0 && this.background.length === 0 &&
      this.loop.isEmpty();
  }

  private newTask(first: Callable | TaskOptions, rest: unknown[]): Task<unknown> {
    const task = (this.loop.createTask as (...args: unknown[]) => Task<unknown>)
      .call(this.loop, first, ...rest);
    task.observed = true;
    return task;
  }

  /** The handler's response; `null` where it has given none. */
  private takeResponse(): Response | null {
    const { root } = this;
    if (!root.settledWell()) return null;
    const response = root.result();
    return response instanceof Response ? response : null;
  }

  private taskDone(task: Task<unknown>): void {
    this.tasks = this.tasks.filter((each) => each !== task);
    if (!task.settledWell()) this.taskFailed(task);
    else if (task === this.root) {
      this.response = this.takeResponse();
      if (this.response === null) {
        this.fail(
          new TypeError("Cannot answer: the handler has to return a Response"),
          formatCallGraph(task),
        );
      }
    }
    this.settle();
  }

  private taskFailed(task: Task<unknown>): void {
    if (!task.cancelled()) {
      if (this.ending === null) this.fail(task.error(), formatCallGraph(task));
      else this.log(`Task "${task.getName()}" failed while it was being cancelled`, task.error());
    } else if (task === this.root && this.ending === null) {
      this.fail(new CancelledError("the handler was cancelled"), formatCallGraph(task));
    }
  }

  /** The first error ends it. */
  private fail(error: unknown, graph: string): void {
    const { loop, id } = this;
    const others = loop.allTasks().map((task) => `\n${formatCallGraph(task)}`).join("");
    this.log(`It failed\n${graph}${others}`, error);
    this.end(
      { outcome: "failed", reason: "has failed", status: 500, error },
      new Response("Internal Server Error", { status: 500, headers: { "x-request-id": id } }),
    );
  }

  /**
   * Cancels what belongs to it; the first reason counts.
   *
   * @param response Is answered at once where nothing was yet; without it, when all has cleaned up.
   */
  private end(ending: Ending, response?: Response): void {
    if (this.ending !== null || this.over) return;
    this.ending = ending;
    if (response !== undefined && !this.answered) this.answer(response);
    const message = `the request ${ending.reason}`;
    for (const task of this.tasks) task.cancel(message);
    this.settle();
  }

  /** Looks what has become possible. */
  private settle(): void {
    const { tasks, ending, response } = this;
    const done = tasks.length === 0;
    if (!this.answered && this.resolve !== null) {
      if (ending === null && response !== null && (done || this.bodies.length > 0)) {
        this.answer(response);
      } else if (ending !== null && done) this.answer(new Response(null, ending));
    }
    const { bodies } = this;
    if (this.answered && !this.over && done && (bodies.length === 0 || ending !== null)) {
      this.finish();
    }
    if (this.over && this.background.length === 0) this.leave();
  }

  private answer(response: Response): void {
    this.answered = true;
    // Calls that go on may be writing the body.
    const whole = this.ending !== null || this.bodies.length > 0 ||
      isQuiet(this.root) && response.url === "";
    this.response = response;
    this.resolve!(whole ? response : held(response, this));
    this.resolve = null;
    this.timer?.cancel();
    this.timer = this.bodies.length === 0 ? null : this.loop.callLater(UNTIL_READ, () => {
      for (const body of this.bodies) body.unlessRead();
    });
  }

  /** All but background work is over. */
  private finish(): void {
    this.over = true;
    if (this.listener !== null) this.request.signal.removeEventListener("abort", this.listener);
    this.tellOutcome(this.response!.status);
    if (this.background.length === 0) return;
    const { loop, settings } = this;
    this.timer = loop.callLater(settings.background, () => {
      for (const task of this.background) {
        this.log(
          `Background task "${task.getName()}" has passed its budget of ${settings.background} ms`,
        );
        task.cancel(`it has passed its budget of ${settings.background} ms`);
      }
    });
  }

  private tellOutcome(status: number): void {
    const { onOutcome } = this.settings;
    if (onOutcome === undefined) return;
    const { ending, request } = this;
    const error = ending?.error;
    try {
      onOutcome({
        id: this.id,
        request,
        outcome: ending?.outcome ?? "sent",
        status,
        time: performance.now() - this.began,
        ...(ending === null ? {} : { reason: `the request ${ending.reason}` }),
        ...(error === undefined ? {} : { error }),
      });
    } catch (error) {
      this.log("The outcome hook failed", error);
    }
  }

  /** Cancels what is still left of it, and closes its loop when that has had its chance to clean up. */
  private leave(): void {
    if (this.closed) return;
    this.closed = true;
    const { loop } = this;
    this.timer?.cancel();
    for (const task of loop.allTasks()) task.cancel("its request is over");
    loop.cancelLeftovers();
    const until = loop.time() + CLEANUP;
    const look = (): void => {
      const clean = loop.allTasks().length === 0 && isQuiet(this.root);
      if (clean || loop.time() > until) this.close();
      else loop.callLater(LOOKS, look);
    };
    // What else is told of the last task's end comes first.
    loop.callSoon(look);
  }

  private close(): void {
    this.closed = true;
    this.loop.abort(undefined);
    this.loop.close();
    active.delete(this);
    this.settleEnded?.();
  }
}

function leave(exchange: Exchange): void {
  exchange.left();
}
