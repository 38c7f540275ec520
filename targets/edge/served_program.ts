/** What the tests serve on every platform: a path a behaviour, and a line on the console for everything that happens. */
import {
  CancelledError,
  createTask,
  currentTask,
  events,
  gather,
  type RequestScope,
  requestScope,
  serve,
  sleep,
  stream,
  webSocket,
} from "awaitio/edge";

/** Says what has happened, with the request it happened to. */
function tell(scope: RequestScope, what: string): void {
  console.log(`${scope.url.pathname}${scope.url.search} ${what}`);
}

/** Waits long, and says why it ended and that it could clean up. */
async function wait(scope: RequestScope): Promise<Response> {
  try {
    await sleep(60_000);
    return new Response("late");
  } catch (error) {
    if (error instanceof CancelledError) tell(scope, `cancelled: ${error.message}`);
    throw error;
  } finally {
    await sleep(5);
    tell(scope, "cleaned up");
  }
}

async function* numbers(scope: RequestScope, last: number, pause: number) {
  try {
    for (let n = 0; n < last; n++) {
      yield `${n}\n`;
      await sleep(pause);
    }
  } finally {
    await sleep(5);
    tell(scope, "cleaned up");
  }
}

const ROUTES: {
  readonly [path: string]: (scope: RequestScope, request: Request) => Response | Promise<Response>;
} = {
  "/plain": () => new Response("plain"),
  "/gather": async () => Response.json(await gather(() => sleep(20, "a"), () => sleep(10, "b"))),
  "/task": async (scope) => {
    const name = () => currentTask()?.getLoop() === scope.loop && requestScope() === scope;
    const before = name();
    await sleep(1);
    const [below] = await gather(async () => {
      await sleep(1);
      return name();
    });
    return Response.json([before, name(), below]);
  },
  "/params/7": (scope) => Response.json(scope.params("/params/:id")),
  "/env": (scope) => Response.json(scope.env("EDGE_TEST") ?? null),
  "/wait": wait,
  "/throw": async (scope) => {
    createTask({ name: "bystander" }, wait, scope);
    await sleep(10);
    throw new Error("a secret");
  },
  "/child": async (scope) => {
    scope.createTask({ name: "child" }, async () => {
      await sleep(5);
      throw new Error("the child's");
    });
    return await wait(scope);
  },
  "/children": (scope) => {
    scope.createTask(async () => {
      await sleep(20);
      tell(scope, "the child has ended");
    });
    return new Response("after the child");
  },
  "/stream": (scope) => stream(numbers(scope, 5, 10)),
  "/endless": (scope) => stream(() => numbers(scope, Infinity, 20)),
  "/quiet": (scope) =>
    events(async function* () {
      yield* numbers(scope, 2, 60_000);
    }, { heartbeat: 50 }),
  "/unused": (scope) => {
    stream(numbers(scope, 2, 1));
    return new Response("another");
  },
  "/flood": (scope) => {
    let sent = 0;
    return stream(async function* () {
      try {
        for (;;) yield new Uint8Array(65_536).fill(++sent);
      } finally {
        tell(scope, `had sent ${sent < 1000 ? "little" : "much"}`);
      }
    });
  },
  "/broken": () =>
    stream(async function* () {
      yield "begun";
      await sleep(10);
      throw new Error("in the middle");
    }),
  "/writer": () =>
    stream(async (writer) => {
      for (let n = 0; n < 3; n++) {
        writer.write(`${n}\n`);
        await writer.drain();
      }
    }),
  "/events": () =>
    events(async function* () {
      yield "one";
      await sleep(5);
      yield { event: "two", data: { lines: "a\nb" }, id: "2", retry: 10 };
      yield "three\nfour";
    }, { headers: { "x-own": "1" } }),
  "/upload": async (scope, request) => {
    try {
      return new Response(`${(await request.text()).length}`);
    } finally {
      await sleep(5);
      tell(scope, "cleaned up");
    }
  },
  "/upload-stream": async (scope, request) => {
    let bytes = 0;
    try {
      for await (const chunk of request.body!) bytes += chunk.length;
      return new Response(`${bytes}`);
    } finally {
      await sleep(5);
      tell(scope, "cleaned up");
    }
  },
  "/background": (scope) => {
    scope.background(async () => {
      await sleep(100);
      tell(scope, "the background work is done");
    });
    return new Response("at once");
  },
  "/background-long": (scope) => {
    scope.background({ name: "long" }, wait, scope);
    return new Response("at once");
  },
  "/background-fails": (scope) => {
    scope.background({ name: "failing" }, async () => {
      await sleep(5);
      throw new Error("in the background");
    });
    return new Response("at once");
  },
  "/nothing": () => "text" as unknown as Response,
  "/socket": (scope) =>
    webSocket(async (socket) => {
      try {
        for await (const message of socket) {
          if (message === "leave") return;
          await socket.send(message);
        }
        tell(scope, "the client has closed");
      } finally {
        await sleep(5);
        tell(scope, "cleaned up");
      }
    }),
};

export default serve(
  (request, scope) =>
    ROUTES[scope.url.pathname]?.(scope, request) ?? new Response("no such path", { status: 404 }),
  {
    deadline: 700,
    background: 400,
    onOutcome({ request, outcome, status }) {
      const { pathname, search } = new URL(request.url);
      console.log(`${pathname}${search} ${outcome} ${status}`);
    },
  },
);
