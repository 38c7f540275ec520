import { assertEquals, assertMatch } from "@std/assert";
import { execute, Folder } from "./world_test.ts";
import { ROOT } from "./paths.ts";

/** Serves files from loopback, as a registry of JavaScript packages (jsr.io's API) and as plain modules. */
function serve(files: { readonly [path: string]: string }): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    const { pathname } = new URL(request.url);
    const text = files[pathname];
    if (text === undefined) return new Response("not found", { status: 404 });
    const type = pathname.endsWith(".json") ? "application/json" : "application/typescript";
    return new Response(text, { headers: { "content-type": type } });
  });
}

async function checksum(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `sha256-${new Uint8Array(hash).toHex()}`;
}

async function registry(files: { readonly [path: string]: string }) {
  const served: { [path: string]: string } = {};
  const manifest: { [path: string]: unknown } = {};
  for (const [path, text] of Object.entries(files)) {
    served[`/@loop/greet/1.2.0${path}`] = text;
    manifest[path] = { size: text.length, checksum: await checksum(text) };
  }
  served["/@loop/greet/meta.json"] = JSON.stringify({
    scope: "loop",
    name: "greet",
    latest: "1.2.0",
    versions: { "1.2.0": {} },
  });
  served["/@loop/greet/1.2.0_meta.json"] = JSON.stringify({
    manifest,
    exports: { ".": "./mod.ts", "./loud": "./loud.ts" },
  });
  return served;
}

/** Builds a program in a process whose Deno cache is empty, so that nothing of this stays, and runs what comes out. */
async function buildAndRun(folder: Folder, env: { readonly [name: string]: string } = {}) {
  const builder = `
    Deno.env.set("DENO_DIR", ${JSON.stringify(folder.file("cache"))});
    const { buildProgram } = await import("${ROOT}compiler/build_program.ts");
    const { stopBundler } = await import("${ROOT}compiler/bundle.ts");
    const { host } = await import("${ROOT}targets/host/target.ts");
    try {
      const program = ${JSON.stringify(folder.file("program.ts"))};
      const { code, map, report } = await buildProgram({ program, target: host, coroutines: "native" });
      await Deno.writeTextFile(${JSON.stringify(folder.file("built.js"))}, code);
      const sources = JSON.parse(map).sources.filter((source) => !source.startsWith("file:"));
      const modules = report.modules.map(({ module }) => module).filter((name) => /^http/.test(name));
      console.log(JSON.stringify({ sources, modules }));
    } catch (error) {
      console.log(JSON.stringify({ error: error.message }));
    }
    await stopBundler();`;
  await folder.write("builder.ts", builder);
  const args = ["run", "-A", "--quiet", "--no-check", "--config", `${ROOT}deno.json`];
  const built = await execute(Deno.execPath(), [...args, folder.file("builder.ts")], { env });
  assertEquals(built.stderr, "");
  const told = JSON.parse(built.stdout) as {
    sources?: string[];
    modules?: string[];
    error?: string;
  };
  if (told.error !== undefined) return { ...told, stdout: "" };
  const { stdout } = await execute(Deno.execPath(), ["run", "--quiet", folder.file("built.js")]);
  return { ...told, stdout };
}

Deno.test("build: jsr: packages come from the registry, through Deno's own cache", async () => {
  const server = serve(
    await registry({
      "/mod.ts": `export { greet } from "./lib/greet.ts";`,
      "/lib/greet.ts":
        `export async function greet(name: string): Promise<string> { return "hello " + name; }`,
      "/loud.ts": `
        import { greet } from "./mod.ts";
        export const loud = async (name: string): Promise<string> => (await greet(name)).toUpperCase();`,
    }),
  );
  const origin = `http://127.0.0.1:${server.addr.port}`;
  await using folder = await Folder.with({
    "program.ts": `
      import { greet } from "jsr:@loop/greet@1";
      import { loud } from "greet/loud";
      export default async function main() { console.log(await greet("you"), await loud("all")); }`,
    "deno.json": `{ "imports": { "greet": "jsr:@loop/greet@^1.2.0" } }`,
  });
  const { stdout, modules, error } = await buildAndRun(folder, { JSR_URL: origin });
  await server.shutdown();
  assertEquals({ error, stdout }, { error: undefined, stdout: "hello you HELLO ALL\n" });
  assertEquals(modules?.toSorted(), [
    `${origin}/@loop/greet/1.2.0/lib/greet.ts`,
    `${origin}/@loop/greet/1.2.0/loud.ts`,
  ]);
});

Deno.test("build: modules are imported by URL, with what they import and where they redirect", async () => {
  const server = serve({
    "/lib/twice.ts": `
      import { base } from "./base.ts";
      import data from "/data.json" with { type: "json" };
      export const twice = (n: number): number => 2 * n + base + data.more;`,
    "/lib/base.ts": "export const base: number = 100;",
    "/data.json": `{ "more": 1000 }`,
  });
  const origin = `http://127.0.0.1:${server.addr.port}`;
  await using folder = await Folder.with({
    "program.ts": `
      import { twice } from "${origin}/lib/twice.ts";
      export default async function main() { console.log(twice(1)); }`,
  });
  const { stdout, sources, error } = await buildAndRun(folder);
  await server.shutdown();
  assertEquals({ error, stdout }, { error: undefined, stdout: "1102\n" });
  assertEquals(sources?.includes(`${origin}/lib/base.ts`), true, sources?.join());
});

Deno.test("build: a module that cannot be fetched is told with the place of its import", async () => {
  const server = serve({});
  const url = `http://127.0.0.1:${server.addr.port}/gone.ts`;
  await using folder = await Folder.with({
    "program.ts": `import { gone } from "${url}";\nexport default async () => gone;`,
  });
  const { error } = await buildAndRun(folder);
  await server.shutdown();
  assertMatch(error!, /^Cannot import "http:\/\/127\.0\.0\.1:\d+\/gone\.ts": no such file\n/);
  assertMatch(error!, /program\.ts:1:22\n/);
});
