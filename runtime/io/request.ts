import { DeviceError } from "../errors.ts";
import { requireScope, type Scope } from "../scope.ts";
import { Wait } from "../wait_base.ts";
import type { Done } from "./driver.ts";

/**
 * Asks a port for something and waits for the answer. Cancelling ends the wait; the port is not asked
 * to stop, and its answer is dropped.
 */
export function request<T>(what: string, ask: (done: Done<T>) => void): Wait<T> {
  return new Request<T>(requireScope(what), what, ask);
}

class Request<T> extends Wait<T> {
  constructor(scope: Scope, private readonly what: string, ask: (done: Done<T>) => void) {
    super(scope);
    this.park();
    ask((error, value) => {
      if (error === null) this.settle(value);
      else this.fail(error);
    });
  }

  protected override unpark(): void {}

  override describe(): string {
    return this.what;
  }
}

/** The error of a call on something that was closed. */
export function closedError(what: string): DeviceError {
  return new DeviceError(`Cannot use ${what}: it is closed`);
}
