/** A route with a parameter, matched by a pattern. */
import { serve } from "awaitio/edge";

export default serve((_request, scope) => {
  const found = scope.params("/users/:id");
  return found === null
    ? new Response("404 Not Found", { status: 404 })
    : new Response(`Hello ${found["id"]}`);
}, { deadline: 2_000 });
