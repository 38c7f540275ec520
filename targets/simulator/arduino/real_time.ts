/** How far a board may fall behind before it gives up the time that it lost, in ms. */
const SLACK = 500;

/** Keeps a board's time beside the wall clock's. */
export class RealTime {
  /** Whether the machine was too slow at some time. */
  tooSlow = false;
  readonly #board: { readonly milliseconds: number; runUntil(milliseconds: number): void };
  readonly #now: () => number;
  /** What the wall clock is ahead of the board's. */
  #ahead: number;

  /** @param now The wall clock, in ms. */
  constructor(
    board: { readonly milliseconds: number; runUntil(milliseconds: number): void },
    now: () => number,
  ) {
    this.#board = board;
    this.#now = now;
    this.#ahead = now() - board.milliseconds;
  }

  /** Runs the board up to now. A machine that was asleep or is too slow loses the time, not the board. */
  advance(): void {
    const due = this.#now() - this.#ahead;
    const behind = due - this.#board.milliseconds;
    if (behind > SLACK) {
      this.tooSlow = true;
      this.#ahead += behind - SLACK;
    }
    this.#board.runUntil(Math.min(due, this.#board.milliseconds + SLACK));
  }
}
