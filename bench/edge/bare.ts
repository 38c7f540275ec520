/** A handler with nothing around it. */
export default {
  fetch: (_request: Request): Response => new Response("Hello"),
  // Quiet, as the others.
  onListen(): void {},
};
