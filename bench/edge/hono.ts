/** Hono with one route. */
import { Hono } from "hono";

const app = new Hono();
app.get("/", (c) => c.text("Hello"));
app.get("/users/:id", (c) => c.text(`Hello ${c.req.param("id")}`));

export default { fetch: app.fetch, onListen() {} };
