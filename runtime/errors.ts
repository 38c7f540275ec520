/**
 * The errors of the runtime. Tell them apart by class (`instanceof`), never by `name`.
 *
 * @module
 */

/**
 * What an await throws when its task, or the scope it was called in, is cancelled. Catch it to clean
 * up, then throw it on; who swallows it calls {@linkcode Task.uncancel} as asyncio says.
 *
 * @example Cleaning up
 * ```ts
 * import { CancelledError, sleep } from "awaitio";
 *
 * async function work() {
 *   try {
 *     await sleep(1000);
 *   } catch (error) {
 *     if (error instanceof CancelledError) console.log("tidying up");
 *     throw error;
 *   }
 * }
 * ```
 */
export class CancelledError extends Error {
  /** Its name in messages; tell errors apart by class. */
  override readonly name: string = "CancelledError";
  /**
   * Makes what a cancelled await throws.
   *
   * @param message What was handed to `cancel()`.
   */
  constructor(message?: string) {
    super(message ?? "");
  }
}

/** A time limit ran out: {@linkcode timeout}, {@linkcode waitFor}, {@linkcode asCompleted}. */
export class TimeoutError extends Error {
  /** Its name in messages; tell errors apart by class. */
  override readonly name: string = "TimeoutError";
}

/** A result was set twice, or asked for before it was there. */
export class InvalidStateError extends Error {
  /** Its name in messages; tell errors apart by class. */
  override readonly name: string = "InvalidStateError";
}

/** A call that cannot work where it was made; the message names the cure (Python's `RuntimeError`). */
export class RuntimeError extends Error {
  /** Its name in messages; tell errors apart by class. */
  override readonly name: string = "RuntimeError";
}

/** `getNowait()` found no item. */
export class QueueEmpty extends Error {
  /** Its name in messages; tell errors apart by class. */
  override readonly name: string = "QueueEmpty";
}

/** `putNowait()` found no room. */
export class QueueFull extends Error {
  /** Its name in messages; tell errors apart by class. */
  override readonly name: string = "QueueFull";
}

/** The queue was shut down: nothing more can be put, or all that was in it has been taken. */
export class QueueShutDown extends Error {
  /** Its name in messages; tell errors apart by class. */
  override readonly name: string = "QueueShutDown";
}

/** The barrier was reset or aborted while somebody waited at it. */
export class BrokenBarrierError extends Error {
  /** Its name in messages; tell errors apart by class. */
  override readonly name: string = "BrokenBarrierError";
}

/** A read ended before it had what was asked for; what had come is in `partial`. */
export class IncompleteReadError extends Error {
  /** Its name in messages; tell errors apart by class. */
  override readonly name: string = "IncompleteReadError";
  /**
   * Makes the error of a read that the end of the line cut short.
   *
   * @param partial The bytes that had come.
   * @param expected How many were asked for, or `null` where a separator was.
   */
  constructor(readonly partial: Uint8Array, readonly expected: number | null) {
    super(
      `Cannot read ${expected === null ? "up to the separator" : `${expected} bytes`}: ` +
        `the line ended after ${partial.length}`,
    );
  }
}

/** The separator did not come within the limit; nothing was taken from the buffer. */
export class LimitOverrunError extends Error {
  /** Its name in messages; tell errors apart by class. */
  override readonly name: string = "LimitOverrunError";
  /**
   * Makes the error of a search that filled the buffer.
   *
   * @param message What was looked for.
   * @param consumed How many bytes hold no separator and may be read to go on.
   */
  constructor(message: string, readonly consumed: number) {
    super(message);
  }
}

/** The hardware, or the link to it, failed. */
export class DeviceError extends Error {
  /** Its name in messages; tell errors apart by class. */
  override readonly name: string = "DeviceError";
}

/**
 * Several errors at once: what a {@linkcode taskGroup} throws when children failed. An
 * `AggregateError` whose `errors` are in the order in which they happened, nested groups kept.
 */
export class ExceptionGroup extends AggregateError {
  /** Its name in messages; tell errors apart by class. */
  override readonly name: string = "ExceptionGroup";
  /**
   * Makes one error of several; its message counts and quotes them.
   *
   * @param message What failed.
   * @param errors The errors.
   */
  constructor(message: string, errors: readonly unknown[]) {
    super(
      errors,
      `${message} (${errors.length} ${errors.length === 1 ? "error" : "errors"}: ${
        errors.map((error) => error instanceof Error ? error.message || error.name : String(error))
          .join("; ")
      })`,
    );
  }
}
