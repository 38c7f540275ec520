import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ROOT } from "../../compiler/paths.ts";

const PROGRAM = `
  import { serve } from "awaitio/edge";
  export default serve(() => new Response("one"), { background: 20_000 });`;

/** Starts the command line in a folder with a program. */
async function inFolder(
  source: string,
  args: string[],
  test: (child: Deno.ChildProcess, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/api.ts`, source);
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", `${ROOT}build.ts`, ...args],
    cwd: ROOT,
    env: { INIT_CWD: folder, NO_COLOR: "1", DENO_DEPLOY_TOKEN: "", CLOUDFLARE_API_TOKEN: "" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  try {
    await test(child, folder);
  } finally {
    try {
      child.kill("SIGKILL");
    } catch {
      // it has ended
    }
    await Deno.remove(folder, { recursive: true });
  }
}

async function outputOf(child: Deno.ChildProcess) {
  const { code, stdout, stderr } = await child.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

Deno.test("deploy: --dry-run prints the command and the files, and leaves a folder that runs", async () => {
  const args = ["deploy", "api.ts", "--platform", "deno", "--app", "prices", "--dry-run"];
  await inFolder(PROGRAM, args, async (child, folder) => {
    const { code, stdout } = await outputOf(child);
    assertEquals(code, 0);
    assertStringIncludes(stdout, "$ deno deploy --app prices\n");
    assertMatch(stdout, /^ {2}api\.js +\d/m);
    assertMatch(stdout, /^ {2}deno\.json +\d/m);
    const { unstable } = JSON.parse(await Deno.readTextFile(`${folder}/out/deno.json`));
    assertEquals(unstable, ["no-legacy-abort"]);
    const { edge } = JSON.parse(await Deno.readTextFile(`${folder}/out/report.json`));
    assertEquals(edge, { platform: "deno", background: [20_000], schedules: [] });
  });
});

Deno.test("deploy: on workers it hands over to wrangler", async () => {
  const args = ["deploy", "api.ts", "--platform", "workers", "--dry-run"];
  const source = `import { every } from "awaitio/edge"; every("*/5 * * * *", () => {}); ${PROGRAM}`;
  await inFolder(source, args, async (child, folder) => {
    const { code, stdout } = await outputOf(child);
    assertEquals(code, 0);
    assertStringIncludes(stdout, "$ npx --yes wrangler@4 deploy\n");
    const config = JSON.parse(await Deno.readTextFile(`${folder}/out/wrangler.json`));
    assertEquals(config.compatibility_flags, ["enable_request_signal"]);
    assertEquals(config.triggers, { crons: ["*/5 * * * *"] });
  });
});

Deno.test("build: a budget that workerd does not have is refused with exit code 3", async () => {
  const source = PROGRAM.replace("20_000", "60_000");
  const args = ["build", "api.ts", "--target", "edge", "--platform", "workers"];
  await inFolder(source, args, async (child) => {
    const { code, stderr } = await outputOf(child);
    assertEquals(code, 3);
    assertStringIncludes(
      stderr,
      "background work of 60000 ms does not fit, workers allows 30000 ms",
    );
  });
});

Deno.test("build: a platform that is not there is told with the cure", async () => {
  for (
    const [args, says] of [
      [["--target", "edge", "--platform", "worker"], 'did you mean "workers"?'],
      [["--target", "host", "--platform", "deno"], "it has none"],
    ] as const
  ) {
    await inFolder(PROGRAM, ["build", "api.ts", ...args], async (child) => {
      const { code, stderr } = await outputOf(child);
      assertEquals(code, 2);
      assertStringIncludes(stderr, says);
    });
  }
});

Deno.test("run: an edge program is served here, and anew when it changes", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const args = ["run", "api.ts", "--target", "edge", "--port", `${port}`];
  await inFolder(PROGRAM, args, async (child, folder) => {
    const answer = async (expected: string) => {
      const until = performance.now() + 30_000;
      for (;;) {
        const text = await fetch(`http://127.0.0.1:${port}`).then((it) => it.text(), () => "");
        if (text === expected) return;
        if (performance.now() > until) throw new Error(`There is no "${expected}" but "${text}"`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    await answer("one");
    await Deno.writeTextFile(`${folder}/api.ts`, PROGRAM.replace("one", "two"));
    await answer("two");
    child.kill("SIGINT");
    const { code } = await child.output();
    assertEquals(code, 130);
  });
});
