/**
 * How large compiled code is when it is minified: a function, and the kernel that it needs.
 *
 *     deno run -A bench/sizes.ts
 *
 * @module
 */

import { decodedMappings, TraceMap } from "@jridgewell/trace-mapping";
import * as esbuild from "esbuild";
import { fileURLToPath } from "node:url";
import { bundleFile, stopBundler } from "../compiler/bundle.ts";
import { compileCoroutines } from "../compiler/coroutines/mod.ts";
import { minify } from "../compiler/minify.ts";
import { moduleName } from "../compiler/module_name.ts";
import { ROOT } from "../compiler/paths.ts";
import { byteLength } from "../compiler/report.ts";
import { whole } from "./report.ts";

/** What sizes are to be at most, in bytes. */
export const limits = { function: 300, kernel: 4096 };

/** Bytes that one more function like that of `size_reference.ts` adds to a module, minified. */
export interface FunctionSizes {
  readonly native: number;
  /** Compiled, with what lives across awaits in the slots of its coroutine. */
  readonly slots: number;
  /** Compiled, with that in variables around its step. */
  readonly closures: number;
}

/** Measures {@linkcode FunctionSizes}. */
export async function functionSizes(): Promise<FunctionSizes> {
  const source = await Deno.readTextFile(new URL("size_reference.ts", import.meta.url));
  const once = (await esbuild.transform(source, { loader: "ts", target: "esnext" })).code;
  const twice = once + once.replaceAll("readAll", "scanAll");
  const added = async (build: (code: string) => string): Promise<number> => {
    const [small, large] = await Promise.all([minify(build(once)), minify(build(twice))]);
    return byteLength(large.code) - byteLength(small.code);
  };
  return {
    native: await added((code) => code),
    slots: await added((code) => compileCoroutines(code, { driver: "d", shape: "slots" }).code),
    closures: await added((code) =>
      compileCoroutines(code, { driver: "d", shape: "closures" }).code
    ),
  };
}

/** What the program of `size_kernel.ts` is made of, compiled and minified. */
export interface KernelSize {
  readonly bytes: number;
  /** How many of them come from which module, the largest first. */
  readonly modules: readonly (readonly [name: string, bytes: number])[];
}

/** Measures {@linkcode KernelSize}. */
export async function kernelSize(): Promise<KernelSize> {
  const program = fileURLToPath(new URL("size_kernel.ts", import.meta.url));
  const { code, map } = await bundleFile(program, { coroutines: "compiled", minify: true });
  const traced = new TraceMap(map);
  const sizes = new Map<string, number>();
  const lines = code.split("\n");
  for (const [i, segments] of decodedMappings(traced).entries()) {
    const line = lines[i] ?? "";
    for (const [j, [from, source]] of segments.entries()) {
      const place = source === undefined ? null : traced.sources[source]!;
      const name = place === null ? "(generated)" : moduleName(place, ROOT);
      const bytes = byteLength(line.slice(from, segments[j + 1]?.[0]));
      sizes.set(name, (sizes.get(name) ?? 0) + bytes);
    }
  }
  return { bytes: byteLength(code), modules: [...sizes].sort(([, a], [, b]) => b - a) };
}

/** Both in words. */
export function sizeLines(each: FunctionSizes, kernel: KernelSize): string[] {
  const row = (bytes: number, name: string) => `  ${whole(bytes).padStart(7)} B  ${name}`;
  return [
    `One more function with a loop, try, catch and finally, minified; at most ${limits.function} B:`,
    row(each.native, "native"),
    row(each.slots, "compiled, with slots"),
    row(each.closures, "compiled, with closures"),
    "",
    "Loop, tasks, sleep, cancellation and driver, compiled and minified; at most " +
    `${whole(limits.kernel)} B:`,
    row(kernel.bytes, "in all"),
    ...kernel.modules.map(([name, bytes]) => row(bytes, name)),
  ];
}

if (import.meta.main) {
  for (const line of sizeLines(await functionSizes(), await kernelSize())) console.log(line);
  await stopBundler();
}
