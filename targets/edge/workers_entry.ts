import type { Server } from "./serve.ts";
import { runScheduled } from "./workers_environment.ts";

/** What workerd takes as a module's default export. */
export function forWorkers(server: Server): {
  fetch: Server["fetch"];
  scheduled(event: { readonly cron: string }): Promise<void>;
} {
  return { fetch: server.fetch, scheduled: ({ cron }) => runScheduled(cron) };
}
