/** What compiled coroutines can use of a target. */
export interface Equipment {
  /** Tells of compiled calls that fail and that nobody awaits. */
  readonly rejections?: Rejections;
  /** Calls `fn` as soon as the code that runs has ended: what was begun outside the loop goes on then. */
  readonly soon?: (fn: () => void) => void;
  /** Calls `fn` when foreign code has gone on after what it awaits; without it there is no such code. */
  readonly afterAwaits?: (fn: () => void) => void;
}

/** Tells of failures that nobody awaits. */
export interface Rejections {
  /** Something has failed and nobody awaits it yet. */
  lost(failed: object, error: unknown): void;
  /** Somebody awaits it after all. */
  found(failed: object): void;
}

/** What the target has. */
export let equipment: Equipment = {};

/** Hands over what the target has. */
export function equip(host: Equipment): void {
  equipment = host;
}

/** Calls `fn` when the awaits that have been reached by now are known, those of foreign code included. */
export function afterAwaits(fn: () => void): void {
  if (equipment.afterAwaits === undefined) fn();
  else equipment.afterAwaits(fn);
}
