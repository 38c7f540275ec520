/** A scope inside Hono: a middleware that gives every request below it a loop and a deadline. */
import { type Context, Hono, type Next } from "hono";
import { handle, requestScope, type ServeOptions, sleep } from "awaitio/edge";

function scoped(options: ServeOptions) {
  return async (c: Context, next: Next) => {
    const response = await handle(c.req.raw, async () => {
      await next();
      return c.res;
    }, options);
    if (response === c.res) return;
    // Hono has an answer already where what it called was cancelled.
    c.res = undefined;
    c.res = response;
  };
}

const app = new Hono();

app.get("/plain", (c) => c.text("no scope here"));
app.use("/scoped/*", scoped({ deadline: 300 }));
app.get("/scoped/task", async (c) => {
  await sleep(5);
  return c.json({ path: requestScope().url.pathname });
});
app.get("/scoped/slow", async (c) => {
  await sleep(60_000);
  return c.text("too late");
});

export default { fetch: app.fetch };
