/** The same as an async function, in a scope with a deadline. */
import { serve } from "awaitio/edge";

// deno-lint-ignore require-await
export default serve(async () => new Response("Hello"), { deadline: 2_000 });
