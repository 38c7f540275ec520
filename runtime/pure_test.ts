import { assertEquals } from "@std/assert";

const ROOT = new URL("../", import.meta.url);

async function deno(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const output = await new Deno.Command(Deno.execPath(), { args, cwd: ROOT }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code: output.code, stdout: text(output.stdout), stderr: text(output.stderr) };
}

Deno.test("runtime/ imports nothing from outside itself", async () => {
  const { stdout } = await deno("info", "--json", "runtime/mod.ts");
  const { modules } = JSON.parse(stdout) as { modules: { specifier: string }[] };
  const inside = new URL("runtime/", ROOT).href;
  assertEquals(modules.map((each) => each.specifier).filter((it) => !it.startsWith(inside)), []);
  assertEquals(modules.length > 30, true);
});

Deno.test("runtime/ names no global of Deno, Node or the DOM", async () => {
  // The language's own library is all that this check knows; anything else is an error to it.
  const config = await Deno.makeTempFile({ suffix: ".json" });
  const check = async (file: string) => {
    const { code, stderr } = await deno("check", "--quiet", "--config", config, file);
    return { code, stderr };
  };
  const probe = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    const compilerOptions = { lib: ["esnext"], types: [] };
    await Deno.writeTextFile(config, JSON.stringify({ compilerOptions, lock: false }));
    assertEquals(await check("runtime/mod.ts"), { code: 0, stderr: "" });
    for (const name of ["setTimeout", "Deno", "process", "console", "queueMicrotask", "document"]) {
      await Deno.writeTextFile(probe, `${name};`);
      assertEquals((await check(probe)).code, 1, `${name} should not pass`);
    }
  } finally {
    await Deno.remove(config);
    await Deno.remove(probe);
  }
});

Deno.test('import "awaitio" starts no timer and touches no global', async () => {
  const probe = `
    const log = [];
    const watch = (object, name) => {
      const before = object[name];
      object[name] = (...args) => { log.push(name); return before.apply(object, args); };
    };
    for (const name of ["setTimeout", "setInterval", "queueMicrotask", "addEventListener"]) {
      watch(globalThis, name);
    }
    const { default: process } = await import("node:process");
    for (const name of ["on", "addListener", "once"]) watch(process, name);
    watch(Deno, "addSignalListener");
    const look = () => Object.getOwnPropertyNames(globalThis).map((name) => {
      const { value } = Object.getOwnPropertyDescriptor(globalThis, name);
      const inner = typeof value === "function" ? Object.getOwnPropertyNames(value.prototype ?? {}) : [];
      return [name, value, inner.join()];
    });
    const before = look();
    await import("awaitio");
    const after = look();
    const changed = after.filter(([name, value, inner]) =>
      !before.some((each) => each[0] === name && Object.is(each[1], value) && each[2] === inner));
    console.log(JSON.stringify({ log, changed: changed.map(([name]) => name) }));
  `;
  const { stdout, stderr, code } = await deno("eval", "--config=deno.json", probe);
  assertEquals({ code, stdout, stderr }, {
    code: 0,
    stdout: '{"log":[],"changed":[]}\n',
    stderr: "",
  });
});
