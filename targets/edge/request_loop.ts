import { RuntimeError } from "../../runtime/errors.ts";
import type { ExceptionContext } from "../../runtime/exceptions.ts";
import { EventLoop, type LoopOptions } from "../../runtime/loop.ts";
import { runningLoop } from "../../runtime/platform.ts";
import type { Exchange } from "./exchange.ts";

let options: LoopOptions = {};

/** Makes the loops of the requests that `fn` begins as `given` says: the simulator has its own clock. */
export function withLoops<R>(given: LoopOptions, fn: () => R): R {
  const before = options;
  options = given;
  try {
    return fn();
  } finally {
    options = before;
  }
}

/** The loop of one request: what goes wrong on it is told with the request's id. */
export class RequestLoop extends EventLoop {
  constructor(readonly exchange: Exchange) {
    super(options);
  }

  override defaultExceptionHandler({ message, exception }: ExceptionContext): void {
    this.exchange.log(message, exception);
  }
}

/** The exchange of the running code; `action` names the call in the error where there is none. */
export function currentExchange(action: string): Exchange {
  const loop = runningLoop();
  if (loop instanceof RequestLoop) return loop.exchange;
  throw new RuntimeError(
    `Cannot call ${action} outside a request: call it below a handler of serve()`,
  );
}
