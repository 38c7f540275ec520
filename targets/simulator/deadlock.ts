import { RuntimeError } from "../../runtime/errors.ts";
import { ps } from "../../runtime/introspect.ts";
import type { EventLoop } from "../../runtime/loop.ts";

/** What ends a program whose tasks all wait for what nothing will bring about. */
export function deadlock(loop: EventLoop): RuntimeError {
  const stuck = ps(loop).map((task) =>
    `task "${task.name}"${task.awaits[0] === undefined ? "" : ` waits for ${task.awaits[0]}`}`
  );
  return new RuntimeError(
    `The program cannot go on: nothing is due any more; ${stuck.join(", ")}`,
  );
}
