import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { bundle, compileBundle, stopBundler } from "../../compiler/bundle.ts";
import { ELSEWHERE } from "../../compiler/espruino/conformance/build.ts";
import { minify } from "../../compiler/minify.ts";
import { ownPath, ROOT } from "../../compiler/paths.ts";
import { configurationOf } from "./configuration.ts";
import { ServerProcess, type Way, WAYS } from "./server_process.ts";

const CONFORMANCE = "compiler/espruino/conformance";

/** What has another in its place: the clock of virtual time has to do with `setTimeout` alone. */
const MODULES: readonly (readonly [string, string])[] = [
  ["targets/simulator/virtual_clock.ts", "targets/edge/conformance_clock.ts"],
];
const NATIVE: readonly (readonly [string, string])[] = [
  ["targets/host/platform.ts", "targets/edge/platform.ts"],
];
const WORKERS: readonly (readonly [string, string])[] = [
  ["targets/edge/environment.ts", "targets/edge/workers_environment.ts"],
];

/** Tests that end otherwise there, with the reason. */
function differsOn({ platform, coroutines }: Way, failure: string): boolean {
  // It asks for the name of its file, and the bundle has one for all.
  if (coroutines === "native" && failure.startsWith("getStack: in debug mode says where")) {
    return true;
  }
  // workerd does not tell a listener that one before it has prevented the event; nothing ends by it there.
  return platform === "workers" &&
    failure.startsWith("scope: a call never awaited that ends cancelled is no unhandled rejection");
}

/** The runtime's tests that need no process of their own. */
async function runtimeTests(): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of Deno.readDir(join(ROOT, "runtime"))) {
    if (/^(?!stress_).*_test\.ts$/.test(name) && !(name in ELSEWHERE)) {
      found.push(join(ROOT, "runtime", name));
    }
  }
  return found.sort();
}

/** Builds the tests into a folder that runs as an artefact's does. */
async function build(folder: string, { platform, coroutines }: Way): Promise<void> {
  const tests = await runtimeTests();
  const collector = JSON.stringify(ownPath("targets/edge/conformance_tests.ts"));
  const bundled = await bundle({
    program: tests[0]!,
    entry: [
      `import { serveTests } from ${collector};`,
      'import "awaitio/edge";',
      ...tests.map((test) => `import ${JSON.stringify(test)};`),
      "export default serveTests();",
    ].join("\n"),
    coroutines,
    modules: new Map(
      [
        ...MODULES,
        ...coroutines === "native" ? NATIVE : [],
        ...platform === "workers" ? WORKERS : [],
      ]
        .map(([from, to]) => [ownPath(from), ownPath(to)]),
    ),
    imports: { "@std/assert": ownPath(`${CONFORMANCE}/assert.ts`) },
  });
  const code = bundled.code.replaceAll("Deno.test(", "$test    (");
  const compiled = coroutines === "native"
    ? { code }
    : compileBundle({ code, map: bundled.map }, { debug: true });
  const { code: finished } = await minify(compiled.code, { readable: true });
  await Deno.writeTextFile(join(folder, "tests.js"), finished);
  const report = { coroutines, edge: { platform, schedules: [] } };
  const files = configurationOf(
    report as unknown as Parameters<typeof configurationOf>[0],
    "tests.js",
  );
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(join(folder, name), text);
  }
}

Deno.test.afterAll(stopBundler);

for (const way of WAYS) {
  Deno.test(`the runtime's tests inside a request: ${way.platform}, ${way.coroutines}`, async () => {
    const folder = await Deno.makeTempDir({ prefix: "awaitio-edge-" });
    await build(folder, way);
    await using server = way.platform === "deno"
      ? await ServerProcess.deno(folder, "tests.js")
      : await ServerProcess.workerd(folder);
    const response = await fetch(server.url);
    if (!response.ok) throw new Error(`${await response.text()}\n${server.lines.join("\n")}`);
    const { passed, failed } = await response.json();
    assertEquals(failed.filter((each: string) => !differsOn(way, each)), []);
    assertEquals(passed > 300, true, `${passed} passed`);
  });
}
