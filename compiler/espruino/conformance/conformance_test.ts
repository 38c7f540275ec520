import { assertEquals } from "@std/assert";
import { basename } from "node:path";
import { stopBundler } from "../../bundle.ts";
import { checkDialect } from "../check.ts";
import { interpreterPath, runOnInterpreter } from "../harness/interpreter.ts";
import { runArtefact } from "../harness/run.ts";
import { buildTest, espruinoTests } from "./build.ts";
import { differences } from "./differences.ts";

Deno.test.afterAll(stopBundler);

/** How long a file of tests may take on the interpreter, in seconds. */
const LIMIT = 600;

const artefacts = new Map<string, Promise<string>>();

function artefactOf(path: string): Promise<string> {
  let made = artefacts.get(path);
  if (made === undefined) {
    made = buildTest(path).then(({ code }) => code);
    artefacts.set(path, made);
  }
  return made;
}

/** Asserts that tests ran to their end, and that none failed but those that are known to. */
function assertPassed(lines: readonly string[], where: "both" | "interpreter"): void {
  const failed = lines.filter((line) => line.startsWith("FAILED ")).map((line) => line.slice(7));
  const unknown = failed.filter((line) =>
    !Object.entries(differences).some(([name, difference]) =>
      line.startsWith(`${name}: `) && (difference.where === "both" || where === "interpreter")
    )
  );
  assertEquals(unknown, []);
  assertEquals(lines.at(-1), "END");
  assertEquals(lines.some((line) => line.startsWith("ok ")), true);
}

for (const path of await espruinoTests()) {
  Deno.test(`the runtime's tests in the harness: ${basename(path)}`, async () => {
    const code = await artefactOf(path);
    assertEquals(checkDialect(code).map(({ message }) => message), []);
    const { output } = await runArtefact(code);
    assertPassed(output, "both");
  });

  Deno.test({
    name: `the runtime's tests on the interpreter: ${basename(path)}`,
    ignore: interpreterPath() === undefined,
    async fn() {
      assertPassed(await runOnInterpreter(await artefactOf(path), { limit: LIMIT }), "interpreter");
    },
  });
}
