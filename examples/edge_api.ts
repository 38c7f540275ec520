/**
 * An API at the edge: two lookups side by side within a deadline, an audit that outlives the response, and a stream of
 * events that stops when its reader does. Start it with `deno task run examples/edge_api.ts --target edge`.
 */
import { events, gather, type RequestScope, serve, sleep } from "awaitio/edge";

const USERS: { readonly [id: string]: string } = { "1": "Ada", "2": "Grace" };

/** Stands for a lookup that takes a while. */
async function loadUser(id: string) {
  await sleep(30);
  return USERS[id];
}

async function loadPrices() {
  await sleep(20);
  return { coffee: 3, tea: 2 };
}

async function audit(user: string) {
  await sleep(50);
  console.log(`served ${user}`);
}

async function* clock() {
  for (let n = 1;; n++) {
    yield { event: "tick", data: { n } };
    await sleep(1000);
  }
}

async function user(scope: RequestScope, id: string): Promise<Response> {
  const [user, prices] = await gather(loadUser(id), loadPrices());
  if (user === undefined) return new Response(`There is no user ${id}`, { status: 404 });
  scope.background(audit, user);
  return Response.json({ user, prices });
}

export default serve((_request, scope) => {
  const { id } = scope.params("/users/:id") ?? {};
  if (id !== undefined) return user(scope, id);
  if (scope.params("/clock") !== null) return events(clock);
  return new Response("Try /users/1 or /clock", { status: 404 });
}, { deadline: 2_000, background: 5_000 });
