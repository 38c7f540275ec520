/** Work by the clock at the edge: every five minutes where the platform has a cron, beside a server that tells of it. */
import { every, serve, sleep } from "awaitio/edge";

async function refresh() {
  await sleep(20);
  console.log("refreshed");
}

const schedule = every("*/5 * * * *", refresh);

export default serve(() => Response.json({ runs: schedule.runs, skipped: schedule.skipped }));
