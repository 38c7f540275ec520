/**
 * Runs the runtime's tests inside a request: what `conformance_test.ts` serves on each platform. They make loops of their
 * own, so each runs outside the request's scope.
 *
 * @module
 */

import { runInScope } from "../../runtime/platform.ts";
import { serve, type Server } from "./serve.ts";

type Body = () => unknown;

const tests: { readonly name: string; readonly body: Body }[] = [];

/** What `Deno.test` is there. */
(globalThis as { $test?: unknown }).$test = (
  what: string | { readonly name: string; readonly fn: Body; readonly ignore?: boolean },
  body?: Body,
): void => {
  if (typeof what !== "string") {
    if (what.ignore !== true) tests.push({ name: what.name, body: what.fn });
  } else if (typeof body === "function") tests.push({ name: what, body });
};

/** Answers with how each of the tests ended. */
export function serveTests(): Server {
  return serve(async () => {
    const failed: string[] = [];
    for (const { name, body } of tests) {
      try {
        await runInScope(null, body);
      } catch (error) {
        failed.push(`${name}: ${error instanceof Error ? error.stack : String(error)}`);
      }
    }
    return Response.json({ passed: tests.length - failed.length, failed });
  });
}
