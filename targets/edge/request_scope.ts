import type { Callable, EventLoop } from "../../runtime/loop.ts";
import type { Signal } from "../../runtime/platform.ts";
import type { Task, TaskOptions } from "../../runtime/task.ts";
import { requireScope } from "../../runtime/scope.ts";
import { environment } from "./environment.ts";
import type { Exchange } from "./exchange.ts";
import { type Groups, matchPath } from "./pattern.ts";
import { currentExchange } from "./request_loop.ts";

/**
 * One request's scope: its loop, its tasks and its time. Everything that is started in it is cancelled when the client
 * leaves, when the deadline passes, and when one of its tasks fails.
 */
export class RequestScope {
  private address: URL | null = null;

  /** @internal */
  constructor(private readonly exchange: Exchange) {}

  /** The request's id, which its log lines have. */
  get id(): string {
    return this.exchange.id;
  }

  /** The request's own event loop. */
  get loop(): EventLoop {
    return this.exchange.loop;
  }

  /** When the request has to be answered, in milliseconds of the loop's clock; `null` for never. */
  get deadline(): number | null {
    return this.exchange.deadline;
  }

  /** Aborts when the running task is cancelled: hand it to the `fetch` that you await next. */
  get signal(): Signal {
    return requireScope("scope.signal").task.signal;
  }

  /** The request's address. */
  get url(): URL {
    return this.address ??= new URL(this.exchange.request.url);
  }

  /**
   * What a path's pattern says of the request's address.
   *
   * @param pattern As of `URLPattern`: `"/devices/:id"`.
   * @returns The groups by name, or `null` where it does not match.
   *
   * @example
   * ```ts
   * import { serve } from "awaitio/edge";
   *
   * export default serve((_request, scope) => {
   *   const { id } = scope.params("/devices/:id") ?? {};
   *   return id === undefined ? new Response("?", { status: 404 }) : Response.json({ id });
   * });
   * ```
   */
  params(pattern: string): Groups | null {
    return matchPath(pattern, this.exchange.request.url);
  }

  /**
   * A variable of the platform's environment; on workerd also a binding.
   *
   * @typeParam T What a binding is.
   */
  env<T = string>(name: string): T | undefined {
    return environment.variable(this.exchange.context, name) as T | undefined;
  }

  /**
   * Runs a function as a task of the request: the response is sent when all of them have ended, and the first that
   * fails cancels the others and the handler.
   *
   * @throws `RuntimeError` where the request is over or is being cancelled.
   */
  createTask<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): Task<Awaited<R>>;
  /** The same with a name, a context, or an eager start. */
  createTask<A extends unknown[], R>(
    options: TaskOptions,
    fn: (...args: A) => R,
    ...args: A
  ): Task<Awaited<R>>;
  createTask(first: Callable | TaskOptions, ...rest: unknown[]): Task<unknown> {
    return this.exchange.createTask(first, rest);
  }

  /**
   * Runs a function as a task that outlives the response, for as long as the option `background` of `serve` says. A
   * client that leaves does not cancel it. What fails is logged with the request's id.
   *
   * @throws `RuntimeError` where the request is over.
   */
  background<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): Task<Awaited<R>>;
  /** The same with a name, a context, or an eager start. */
  background<A extends unknown[], R>(
    options: TaskOptions,
    fn: (...args: A) => R,
    ...args: A
  ): Task<Awaited<R>>;
  background(first: Callable | TaskOptions, ...rest: unknown[]): Task<unknown> {
    return this.exchange.addBackground(first, rest);
  }
}

/**
 * The scope of the request that the running code serves.
 *
 * @throws `RuntimeError` outside of one.
 */
export function requestScope(): RequestScope {
  return currentExchange("requestScope()").scope;
}
