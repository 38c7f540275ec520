/** What the load test serves: answers of every kind, and at `/state` what is left of them. */
import { currentTask, serve, sleep, stream } from "awaitio/edge";
import { active } from "./exchange.ts";

const counts: { [outcome: string]: number } = {};
let begun = 0;
let waiting = 0;

export default serve(async (request, scope) => {
  const { pathname } = scope.url;
  if (pathname === "/state") {
    (globalThis as { gc?: () => void }).gc?.();
    const { heapUsed } = Deno.memoryUsage();
    return Response.json({
      heapUsed,
      counts,
      begun,
      waiting,
      active: active.size - (scope.loop.isRunning() ? 1 : 0),
    });
  }
  begun++;
  waiting++;
  try {
    scope.createTask(() => sleep(2));
    if (pathname === "/upload") return new Response(String((await request.text()).length));
    await sleep(Number(scope.url.searchParams.get("ms")));
    if (currentTask() === null) throw new Error("There is no task");
  } finally {
    waiting--;
  }
  if (pathname === "/stream") {
    return stream(async function* () {
      for (let n = 0; n < 5; n++) {
        yield `${n}\n`;
        await sleep(2);
      }
    });
  }
  scope.background(() => sleep(3));
  return new Response("done");
}, {
  deadline: 20_000,
  onOutcome({ request, outcome }) {
    if (!request.url.endsWith("/state")) counts[outcome] = (counts[outcome] ?? 0) + 1;
  },
});
