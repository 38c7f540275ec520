import type { Command } from "../command.ts";
import { coroutineOptions } from "../load.ts";

/** `deploy`: builds an edge program and hands it to its platform's tool. */
export const deployCommand: Command = {
  name: "deploy",
  summary: "Build an edge function and hand it to its platform's tool",
  args: "<program>",
  options: {
    platform: { value: "NAME", help: "where: deno (unless given) or workers" },
    "dry-run": { help: "print the command and the files, and do nothing more" },
    out: { value: "DIR", help: "where to build it; out unless given" },
    app: { value: "NAME", help: "the application's name on the platform" },
    org: { value: "NAME", help: "the organization, on Deno Deploy" },
    prod: { help: "to production, on Deno Deploy" },
    ...coroutineOptions,
  },
  examples: [
    ["deploy examples/edge_api.ts --platform deno --dry-run", "what would be done"],
    ["deploy examples/edge_api.ts --platform workers", "to Cloudflare Workers"],
  ],
  async run(given) {
    // The compiler takes a while to load.
    const { deploy } = await import("./deploy.ts");
    return await deploy(given);
  },
};
