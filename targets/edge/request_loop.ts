import { RuntimeError } from "../../runtime/errors.ts";
import { EventLoop, type ExceptionContext } from "../../runtime/loop.ts";
import { runningLoop } from "../../runtime/platform.ts";
import type { Exchange } from "./exchange.ts";

/** The loop of one request: what goes wrong on it is told with the request's id. */
export class RequestLoop extends EventLoop {
  constructor(readonly exchange: Exchange) {
    super();
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
