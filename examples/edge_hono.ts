/** Hono inside a scope: it routes, and its handlers use the request's loop, deadline and tasks. */
import { Hono } from "hono";
import { createTask, gather, requestScope, serve, sleep } from "awaitio/edge";

const app = new Hono();

app.get("/sum/:a/:b", async (c) => {
  const { a, b } = c.req.param();
  const [x, y] = await gather(() => sleep(10, Number(a)), () => sleep(20, Number(b)));
  return c.json({ sum: x + y });
});

app.get("/slow", async (c) => {
  const work = createTask(sleep, 60_000);
  await work;
  return c.text("too late");
});

app.post("/notes", async (c) => {
  const { text } = await c.req.json<{ text: string }>();
  requestScope().background({ name: "note" }, async () => {
    await sleep(20);
    console.log(`noted ${text}`);
  });
  return c.text("noted", 202);
});

export default serve((request) => app.fetch(request), { deadline: 500 });
