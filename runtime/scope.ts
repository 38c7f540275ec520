import { CancelledError, RuntimeError } from "./errors.ts";
import type { Bindings, Context } from "./context.ts";
import type { EventLoop } from "./loop.ts";
import { COMPILED } from "./native.ts";
import { SMALL } from "./small.ts";
import { reaches } from "./reaches.ts";
import { type Aborter, currentScope, getHost, type Signal } from "./platform.ts";
import type { Task } from "./task.ts";
import type { Wait } from "./wait_base.ts";

/**
 * What is cancelled as one: a task owns every call started in it, the body of a `timeout` or a
 * `taskGroup` owns the calls started in that body. A scope knows the waits parked in it and the
 * scopes inside it. A task is its own outermost scope: an object beside it would take 60 bytes a task.
 */
export interface Scope {
  readonly loop: EventLoop;
  readonly task: Task<unknown>;
  readonly parent: Scope | null;
  /** Whether the body has ended. */
  readonly ended: boolean;
  /** The latest of the waits parked here; behind it comes the oldest, through `scopeNext`. */
  waits: Wait | null;
  /** The wait of its last `sleep(0)`, for the next. */
  turn: Wait | null;
  /** What few scopes need. */
  rare: Rare | null;
  /** The loop's epoch in which something here last went on. */
  resumedIn?: number;
}

/** The scope of a body inside a task. */
export class InnerScope implements Scope {
  readonly loop: EventLoop;
  readonly task: Task<unknown>;
  ended = false;
  waits: Wait | null = null;
  turn: Wait | null = null;
  rare: Rare | null = null;
  resumedIn: number = NEVER;

  constructor(readonly parent: Scope) {
    this.loop = parent.loop;
    this.task = parent.task;
    rejoin(this);
  }
}

/** What few scopes and tasks need. */
class Rare {
  /** The scopes inside. */
  readonly inner: InnerScope[] = [];
  /** A cancel that found nothing waiting: the next await that suspends throws it. */
  owed: CancelledError | null = null;
  /**
   * The step of the loop with which the debt lapses, or -1: a call that cancels its own task while others of
   * the task wait owes it to itself only.
   */
  lapses = -1;
  /** What was opened here and has to be closed when the body ends. */
  readonly owned: { close(): void }[] = [];
  aborter: Aborter | null = null;
  /** When a signal was aborted to cancel what awaits a foreign promise. */
  abortedAt = -Infinity;

  /** Of a task: in how many of its scopes something is owed. */
  debts = 0;
  /** Of a task: how many cancels are pending. */
  cancels = 0;
  /** Of a task: what the last cancel said. */
  cancelMessage: string | undefined = undefined;
  /** Of a task: the values of context variables that it began with. */
  inherited: Bindings = null;
  /** Of a task: its context once somebody has asked for it. */
  context: Context | null = null;
}

export type { Rare };

/** What few scopes need, for a scope that does. */
export function rarely(scope: Scope): Rare {
  return scope.rare ??= new Rare();
}

/** A wait is parked in a scope. */
export function addWait(scope: Scope, wait: Wait): void {
  if (!reaches(parked)) return;
  const latest = scope.waits;
  if (latest === null) wait.scopeNext = wait;
  else {
    wait.scopeNext = latest.scopeNext;
    latest.scopeNext = wait;
  }
  scope.waits = wait;
  if (scope.ended) rejoin(scope);
}

/** A wait is over. The oldest is found at once, another one by looking from there. */
export function removeWait(scope: Scope, wait: Wait): void {
  if (!reaches(parked)) return;
  const after = wait.scopeNext;
  if (after === null) return;
  if (after === wait) scope.waits = null;
  else {
    let before = scope.waits!;
    while (before.scopeNext !== wait) before = before.scopeNext!;
    before.scopeNext = after;
    if (scope.waits === wait) scope.waits = before;
  }
  wait.scopeNext = null;
  if (scope.ended) leave(scope);
}

/** Whether nothing waits in a scope, nor in the scopes inside. */
export function isQuiet({ waits, rare }: Scope): boolean {
  return waits === null && (rare === null || rare.inner.every(isQuiet));
}

/** What waits in a scope and in the scopes inside, the longest waiting first. */
export function parked({ waits: latest, rare }: Scope): Wait[] {
  const waits: Wait[] = [];
  for (let wait = latest; wait !== null;) {
    wait = wait.scopeNext!;
    waits.push(wait);
    if (wait === latest) break;
  }
  if (rare !== null) { for (const scope of rare.inner) waits.push(...parked(scope)); }
  return waits;
}

/**
 * Makes everything that waits in a scope throw a `CancelledError`. Where nothing waits, or where the
 * caller itself runs in this scope, the next await that suspends throws it.
 *
 * @returns Whether something waited.
 */
export function deliver(scope: Scope, message: string | undefined): boolean {
  let reached = false;
  for (const wait of parked(scope)) {
    if (wait.cancel(message)) reached = true;
  }
  const running = currentScope();
  const self = running !== null && isWithin(running, scope);
  const error = new CancelledError(message);
  const aborted = abort(scope, error);
  if (self || !reached) {
    owe(scope, error, self && reached ? scope.loop.steps : -1);
    // A foreign promise that was handed our signal ends by it. The cancel must then not be thrown
    // a second time, into the cleanup; but it must not be lost either where that promise was done.
    if (aborted && !self && !justResumed(scope)) rarely(scope).abortedAt = scope.loop.time();
  }
  return reached;
}

/** Something here goes on: its callers will not hear of it at once. */
export function noteResumed(scope: Scope): void {
  const { epoch } = scope.loop;
  for (let each: Scope | null = scope; each !== null; each = each.parent) each.resumedIn = epoch;
}

/** Whether something here went on so lately that its callers may not have heard of it. */
export function justResumed({ loop, resumedIn = NEVER }: Scope): boolean {
  // A compiled call that does not wait is on its way.
  return COMPILED || loop.epoch - resumedIn <= LATELY;
}

/** Passes on to its task what a scope still owes. */
export function bequeath(scope: Scope): void {
  const { parent, rare } = scope;
  const owed = rare?.owed ?? null;
  if (owed === null || parent === null) return;
  const lapses = rare!.lapses >= 0;
  forgive(scope);
  if (lapses) return;
  for (let each: Scope | null = parent; each !== null; each = each.parent) {
    if (each.rare !== null && each.rare.lapses >= 0) forgive(each);
  }
  owe(scope.task, owed, -1);
}

/** The error that the await which is about to suspend has to throw instead. */
export function takeOwed(scope: Scope): CancelledError | null {
  if (scope.task.rare === null || scope.task.rare.debts === 0) return null;
  const { rare, parent, loop } = scope;
  const error = rare?.owed ?? null;
  if (error === null) return parent === null ? null : takeOwed(parent);
  const { lapses, abortedAt } = rare!;
  forgive(scope);
  if (lapses >= 0 && lapses !== loop.steps) return parent === null ? null : takeOwed(parent);
  return loop.time() - abortedAt <= GRACE ? null : error;
}

/** Forgets what is owed in a scope and inside: the cancellation was taken back. */
export function forgiveAll(scope: Scope): void {
  forgive(scope);
  const latest = scope.waits;
  for (let wait = latest; wait !== null;) {
    wait.forgive();
    wait = wait.scopeNext === latest ? null : wait.scopeNext;
  }
  if (scope.rare !== null) { for (const each of scope.rare.inner) forgiveAll(each); }
}

/** The body has ended. Calls that it left waiting stay with the task. */
export function endBody(scope: InnerScope): void {
  scope.ended = true;
  giveUp(scope);
}

/** Closes what was opened in a scope that ends, and forgets what is owed. */
export function giveUp(scope: Scope): void {
  forgive(scope);
  if (scope.rare !== null) {
    for (const resource of scope.rare.owned.splice(0)) resource.close();
  }
  leave(scope);
}

/** The body is left to itself while it awaits something foreign; what is owed meets it there. */
export function leaveOwing(scope: InnerScope, error: CancelledError): void {
  scope.ended = true;
  owe(scope, error, -1);
}

/** Closes `resource` when the body ends. */
export function own(scope: Scope, resource: { close(): void }): void {
  if (scope.ended) resource.close();
  else rarely(scope).owned.push(resource);
}

/** `resource` was closed already. */
export function disown({ rare }: Scope, resource: { close(): void }): void {
  const place = rare?.owned.indexOf(resource) ?? -1;
  if (place >= 0) rare!.owned.splice(place, 1);
}

function isWithin(inner: Scope, scope: Scope): boolean {
  return inner === scope || (inner.parent !== null && isWithin(inner.parent, scope));
}

/** A signal that aborts when a scope is cancelled. */
export function signalOf(scope: Scope): Signal {
  const rare = rarely(scope);
  if (rare.aborter === null) {
    const { newAborter } = getHost();
    if (newAborter === undefined) throw new RuntimeError("This target has no AbortSignal");
    rare.aborter = newAborter();
    if (rare.owed !== null) rare.aborter.abort(rare.owed);
  }
  return rare.aborter.signal;
}

/** Aborts the signals handed out for a scope and inside; later ones are fresh. */
function abort({ rare }: Scope, error: CancelledError): boolean {
  if (rare === null) return false;
  const { aborter } = rare;
  let aborted = aborter !== null;
  for (const scope of rare.inner) if (abort(scope, error)) aborted = true;
  rare.aborter = null;
  aborter?.abort(error);
  return aborted;
}

function owe(scope: Scope, error: CancelledError, lapses: number): void {
  const rare = rarely(scope);
  if (rare.owed === null) rarely(scope.task).debts++;
  rare.owed = error;
  rare.lapses = lapses;
}

function forgive({ rare, task }: Scope): void {
  if (rare === null || rare.owed === null) return;
  rare.owed = null;
  rare.lapses = -1;
  rare.abortedAt = -Infinity;
  task.rare!.debts--;
}

/** Lets the scopes around know of a scope: at first, and when a call that outlived its body waits again. */
function rejoin(scope: Scope): void {
  const { parent } = scope;
  if (parent === null) {
    if (scope.ended) scope.loop.leaveBehind(scope.task);
    return;
  }
  const { inner } = rarely(parent);
  if (!inner.includes(scope as InnerScope)) inner.push(scope as InnerScope);
  if (parent.ended) rejoin(parent);
}

function leave(scope: Scope): void {
  const { parent } = scope;
  if (parent === null || scope.waits !== null || (scope.rare?.inner.length ?? 0) > 0) return;
  const inner = parent.rare?.inner ?? [];
  const place = inner.indexOf(scope as InnerScope);
  if (place >= 0) inner.splice(place, 1);
  if (parent.ended) leave(parent);
}

/** How many turns, without a rest, count as lately: enough for a call to return to its caller. */
export const LATELY = 8;

/** An epoch long before the first; `-Infinity` is no small integer, and would be an object in every task. */
export const NEVER = -1000;

/**
 * How long after an abort, in milliseconds, an await that suspends is taken for the cleanup of what was
 * aborted: engines tell the awaiter within a few.
 */
const GRACE = 20;

/** The scope of the caller; `action` names the call in the error where there is none. */
export function requireScope(action: string): Scope {
  const scope = currentScope();
  if (scope === null) {
    throw new RuntimeError(
      SMALL ? `${action} outside a task` : `Cannot call ${action} outside a task: ` +
        `hand the function itself to run(), createTask() or loop.runUntilComplete() instead of ` +
        `its result`,
    );
  }
  return scope;
}
