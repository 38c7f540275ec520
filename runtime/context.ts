import { currentScope } from "./platform.ts";
import { RuntimeError } from "./errors.ts";
import type { Scope } from "./scope.ts";

/** @internal What a context holds. */
export type Bindings = Binding | null;

/** One variable's value; a context is a list of them, so that copying one is copying a reference. */
interface Binding {
  readonly variable: ContextVar<unknown>;
  readonly value: unknown;
  readonly next: Binding | null;
}

/**
 * The values that context variables have in one task. A new task and a scheduled callback start with
 * a copy of their creator's; a called async function shares its caller's.
 */
export class Context {
  /** @internal */
  bindings: Binding | null = null;

  /**
   * Runs `fn` with this as the current context, up to its first await.
   *
   * @returns What `fn` gives.
   */
  run<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): R {
    const outer = entered;
    const outerScope = enteredIn;
    entered = this;
    enteredIn = currentScope();
    try {
      return fn(...args);
    } finally {
      entered = outer;
      enteredIn = outerScope;
    }
  }

  /** A copy: what is set there is not seen here. */
  copy(): Context {
    const context = new Context();
    context.bindings = this.bindings;
    return context;
  }

  /** @internal */
  find(variable: ContextVar<unknown>): Binding | null {
    let binding = this.bindings;
    while (binding !== null && binding.variable !== variable) binding = binding.next;
    return binding;
  }

  /** @internal Binds, or where `binding` is `null` unbinds. */
  bind(variable: ContextVar<unknown>, value: { readonly value: unknown } | null): void {
    const rest = without(this.bindings, variable);
    this.bindings = value === null ? rest : { variable, value: value.value, next: rest };
  }
}

function without(binding: Binding | null, variable: ContextVar<unknown>): Binding | null {
  if (binding === null) return null;
  if (binding.variable === variable) return binding.next;
  const rest = without(binding.next, variable);
  return rest === binding.next ? binding : { ...binding, next: rest };
}

/** The context of a callback or of `Context.run`, and the scope that entered it. */
let entered: Context | null = null;
let enteredIn: Scope | null = null;
const root = new Context();

/** @internal The context of the running code. */
export function currentContext(): Context {
  const scope = currentScope();
  if (entered !== null && enteredIn === scope) return entered;
  return scope === null ? root : scope.task.context;
}

/** @internal Runs `fn` in a context of its own that begins with `bindings`. */
export function runWith<R>(
  bindings: Bindings,
  fn: (...args: unknown[]) => R,
  args: readonly unknown[],
): R {
  const context = new Context();
  context.bindings = bindings;
  return context.run(fn, ...args);
}

/** @internal The current context's values; a copy is no more than holding on to them. */
export function currentBindings(): Bindings {
  const scope = currentScope();
  if (entered !== null && enteredIn === scope) return entered.bindings;
  return scope === null ? root.bindings : scope.task.bindings;
}

/** A copy of the current context (asyncio: `contextvars.copy_context`). */
export function copyContext(): Context {
  return currentContext().copy();
}

/** What {@linkcode ContextVar.set} gives, for {@linkcode ContextVar.reset}. */
export interface Token<T> {
  /** The variable it was made for. */
  readonly variable: ContextVar<T>;
  /** @internal */
  readonly before: { readonly value: unknown } | null;
  /** @internal */
  readonly context: Context;
  /** @internal */
  used: boolean;
}

/**
 * A variable with a value a task (asyncio: `contextvars.ContextVar`).
 *
 * @example
 * ```ts
 * import { ContextVar } from "awaitio";
 *
 * const request = new ContextVar<string>("request", { default: "none" });
 * const token = request.set("17");
 * console.log(request.get()); // 17
 * request.reset(token);
 * ```
 *
 * @typeParam T The type of its value.
 */
export class ContextVar<T> {
  private readonly fallback: { readonly value: T } | null;

  /**
   * Makes a variable that no context has a value for yet.
   *
   * @param name For messages.
   * @param options `default`: what `get()` gives where nothing was set.
   */
  constructor(readonly name: string, options: { readonly default?: T } = {}) {
    this.fallback = "default" in options ? { value: options.default as T } : null;
  }

  /**
   * The value in the current context.
   *
   * @param fallback What to give where nothing was set, before the default.
   * @throws `RuntimeError` where there is neither a value, nor a fallback, nor a default.
   */
  get(...fallback: [] | [fallback: T]): T {
    const binding = currentContext().find(this as ContextVar<unknown>);
    if (binding !== null) return binding.value as T;
    if (fallback.length > 0) return fallback[0] as T;
    if (this.fallback !== null) return this.fallback.value;
    throw new RuntimeError(
      `Cannot get the context variable "${this.name}": nothing was set, and it has no default`,
    );
  }

  /** Sets the value in the current context and gives a token that takes it back. */
  set(value: T): Token<T> {
    const context = currentContext();
    const before = context.find(this as ContextVar<unknown>);
    context.bind(this as ContextVar<unknown>, { value });
    return { variable: this, before, context, used: false };
  }

  /**
   * Puts back what was there before the {@linkcode ContextVar.set} that gave `token`.
   *
   * @throws `RuntimeError` where the token was used already, or is another variable's or context's.
   */
  reset(token: Token<T>): void {
    if (token.variable !== this) {
      throw new RuntimeError(
        `Cannot reset "${this.name}" with a token of "${token.variable.name}"`,
      );
    }
    if (token.used) {
      throw new RuntimeError(`Cannot reset "${this.name}": its token has been used already`);
    }
    if (token.context !== currentContext()) {
      throw new RuntimeError(`Cannot reset "${this.name}": its token is of another context`);
    }
    token.used = true;
    token.context.bind(this as ContextVar<unknown>, token.before);
  }
}
