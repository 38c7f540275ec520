import { Ready } from "./ready.ts";
import type { Scope } from "./scope.ts";

/**
 * How many awaits in a row go on before the loop has a turn. Two tasks that never find a queue empty or full would else
 * keep every timer waiting for ever.
 */
export const LONGEST_STREAK = 1000;

/** Leaves what is left to the next turn of the loop, where there is one. */
export function rest({ scope }: { readonly scope: Scope | null }): boolean {
  if (scope === null || !scope.loop.isRunning()) return false;
  scope.loop.schedule(new Pause());
  return true;
}

/** Only the turn of the loop counts. */
class Pause extends Ready {
  override step(): void {}

  override describe(): string {
    return "a pause";
  }
}
