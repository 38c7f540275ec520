import { UsageError } from "../usage_error.ts";
import type { IoPlugin } from "./io.ts";

/**
 * Reads `NAME=PORT` pairs.
 *
 * @throws {UsageError} Where one is none.
 */
export function readSerials(pairs: readonly string[]): { [name: string]: string } {
  return Object.fromEntries(pairs.map((pair) => {
    const [, name = "", port = ""] = /^(\w+)=(.+)$/.exec(pair) ?? [];
    if (name !== "") return [name, port];
    throw new UsageError(`Cannot read "--serial ${pair}": write for example Serial1=/dev/ttyUSB1`);
  }));
}

/**
 * Loads one of Johnny-Five's IO plugins by its package and makes it.
 *
 * @throws `Error` where there is no such package, or it gives no plugin.
 */
export async function loadPlugin(name: string): Promise<IoPlugin> {
  let module: { readonly [name: string]: unknown };
  try {
    module = await import(name);
  } catch (error) {
    const cure = name.startsWith("npm:") ? "" : `; under Deno write --io npm:${name}`;
    throw new Error(`Cannot load the IO plugin "${name}": ${(error as Error).message}${cure}`);
  }
  const exported = module["default"] as { readonly [name: string]: unknown } | undefined;
  const Plugin = module["IO"] ?? module["Board"] ?? exported?.["Board"] ?? exported;
  if (typeof Plugin !== "function") {
    throw new Error(`Cannot use the IO plugin "${name}": it exports no class`);
  }
  const io = new (Plugin as new () => IoPlugin)();
  // It tells when it is ready; Johnny-Five waits for that.
  if (!io.isReady) await new Promise<void>((resolve) => io.once("ready", () => resolve()));
  return io;
}
