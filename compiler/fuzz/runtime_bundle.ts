/** The runtime with its coroutines compiled, and the driver that compiled programs need, as one module. */

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundleFile, stopBundler } from "../bundle.ts";
import { ownModule } from "../paths.ts";

const ENTRY = `
  export * as api from "awaitio";
  export { virtual } from "awaitio/simulator";
  export * as driver from ${ownModule("runtime/compiled.ts")};
`;

/** What the bundle exports; natively, the same without the driver. */
export interface Runtime {
  readonly api: typeof import("../../targets/host/mod.ts");
  readonly virtual: typeof import("../../targets/simulator/virtual.ts").virtual;
  readonly driver: object;
}

/** Builds the bundle in a folder of its own. */
export async function compiledRuntime(): Promise<{ url: string; remove(): Promise<void> }> {
  const folder = await Deno.makeTempDir({ prefix: "awaitio-fuzz-" });
  const remove = (): Promise<void> => Deno.remove(folder, { recursive: true });
  try {
    const entry = join(folder, "entry.ts");
    await Deno.writeTextFile(entry, ENTRY);
    const { code } = await bundleFile(entry, { coroutines: "compiled" });
    const file = join(folder, "runtime.js");
    await Deno.writeTextFile(file, code);
    return { url: pathToFileURL(file).href, remove };
  } catch (error) {
    await remove();
    throw error;
  } finally {
    await stopBundler();
  }
}
