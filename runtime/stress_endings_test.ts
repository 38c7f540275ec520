/** How the bodies of a stress program end, and what the calls around them may throw. */

import { CancelledError, ExceptionGroup } from "awaitio";
import { type Chain, type Frame, name, type Operation } from "./stress_chain_test.ts";

/** How a body ended. */
export class Ending {
  private ended = false;
  private failed = false;
  /** What the body threw. */
  error: unknown = null;
  /** Whether there were children left then. */
  waited = false;
  /** Whether there were only children left whose end the group may not have heard of. */
  unsure = false;

  constructor(private readonly frame: Frame) {}

  async of(body: Promise<void>): Promise<void> {
    try {
      await body;
    } catch (error) {
      this.failed = true;
      this.error = error;
      this.frame.aborted = true;
      throw error;
    } finally {
      this.ended = true;
      this.frame.over = true;
      this.waited = this.frame.members.some(({ task }) => !task.done());
      this.unsure = !this.waited && this.frame.members.some(({ over }) => !over);
    }
  }

  /** Whether it failed by itself. */
  get broken(): boolean {
    return this.failed && !(this.error instanceof CancelledError);
  }

  requireWell({ world, name }: Chain, what: string): void {
    if (!this.ended || this.failed) {
      world.blame(`${what} in ${name} returned, and its body had not`);
    }
  }

  requireSame(chain: Chain, what: string, error: unknown): void {
    if (this.failed && error === this.error) return;
    chain.world.blame(`${what} in ${chain.name} threw ${name(error)}, and its body had not`);
  }
}

/** Checks what a task group throws. */
export function groupThrew(chain: Chain, frame: Frame, ending: Ending, error: unknown): void {
  const { world, record } = chain;
  if (ending.unsure && chain.pending) record.unsure = true;
  if (error instanceof ExceptionGroup) {
    const expected = frame.failed + (ending.broken ? 1 : 0);
    if (error.errors.length !== expected) {
      world.blame(
        `taskGroup() in ${chain.name} gathered ${error.errors.length} errors of ${expected}`,
      );
    }
    if (record.task.cancelling() > 0) {
      // It has taken a cancel back and asked for it again: the next await that suspends throws.
      record.net--;
      chain.answer(1);
    } else if (ending.waited) chain.answer();
  } else if (!(error instanceof CancelledError)) {
    world.blame(`taskGroup() in ${chain.name} threw ${name(error)}`);
  } else if (frame.failed > 0) {
    world.blame(`taskGroup() in ${chain.name} threw CancelledError instead of its errors`);
  } else if (!(ending.error instanceof CancelledError)) chain.interrupted("taskGroup()");
  else if (ending.waited) chain.answer();
}

/** A cancelled `gather` ends when the first, or with `returnExceptions` every child has ended. */
export function checkGathered(
  { chain, doomed, awaited }: Operation,
  error: unknown,
  byHand: boolean,
  every: boolean,
  count: number,
): void {
  if (!(error instanceof CancelledError) || !(byHand || doomed === "yes")) return;
  const left = awaited.filter(({ record }) => !record.task.done()).length;
  // Children that had not begun are not known here, and ended with the cancel.
  if (left === 0 || (!every && left < count)) return;
  chain.world.blame(`gather() in ${chain.name} ended before its ${left} children`);
}
