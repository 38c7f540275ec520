/** The same in a scope with a deadline. */
import { serve } from "awaitio/edge";

export default serve(() => new Response("Hello"), { deadline: 2_000 });
