/** The longest that `setTimeout` takes; longer sleeps are cut. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** One `setTimeout` for the next deadline of a loop. */
export class Deadline {
  private time = Infinity;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly fire = (): void => {
    this.timer = undefined;
    // Engines fire up to a millisecond early.
    if (performance.now() < this.time) this.arm();
    else this.onDue();
  };

  /** @param onDue Called when the deadline has come, never before. */
  constructor(private readonly onDue: () => void) {}

  /** Sets the deadline, in milliseconds of `performance.now()`; `Infinity` for none. */
  set(time: number): void {
    this.time = time;
    if (this.timer !== undefined) {
      clearTimeout(this.timer);
      this.timer = undefined;
    }
    if (time !== Infinity) this.arm();
  }

  private arm(): void {
    const delay = Math.ceil(this.time - performance.now());
    this.timer = setTimeout(this.fire, Math.min(Math.max(delay, 0), LONGEST_TIMEOUT));
  }
}
