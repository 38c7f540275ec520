/** Every mistake of the pass that the fuzzer found, cut down: the text of a program that has to log the same. */

import { assertEquals } from "@std/assert";
import { Runner } from "./run.ts";
import { compiledRuntime } from "./runtime_bundle.ts";

const BUGS: Readonly<Record<string, string>> = {
  "a default in an object pattern with an await": `
    async function main() {
      const { [await v("z")]: x = v(1), q: y = v(2) } = box("b");
      return [x, y];
    }`,
  "what is left of what is no object": `
    async function main() {
      for await (const { [await v(0)]: x, ...rest } of [0, "ab"]) log("x", [x, rest]);
    }`,
  "a class that a temporary holds has no name": `
    async function main() {
      return new (class {})(await 0).constructor.name;
    }`,
  "a loop that throws and catches without ever suspending": `
    async function main() {
      let caught = 0;
      for (let i = 0; i < 100000; i++) {
        try {
          if (i < 0) await 0;
          throw i;
        } catch {
          caught++;
        }
      }
      return caught;
    }`,
  "two temporaries in a function that refers to what is around it": `
    async function main() {
      box("b")[await v("p")] ??= 0;
      return box("c")[await v("q")] = await v(1);
    }`,
  "a variable that has the name of a temporary": `
    let t = v(1);
    async function main() {
      return [box("b")[await v("p")] = t, t];
    }`,
  "what a rest pattern takes no more": `
    async function main() {
      const { p, [await v("q")]: q, ...rest } = box("b");
      return [p, q, rest];
    }`,
  "the order of a target and its default in an array pattern": `
    async function main() {
      let x;
      [box("b")[v("p")] = v(1), x = await v(2)] = iter("", 1, []);
      return x;
    }`,
  "the order of a computed key and its target": `
    async function main() {
      ({ [v("p")]: box("b")[v("q")], r: box("c")[await v("p")] } = box("d"));
    }`,
  "a labelled continue out of a loop that does not await": `
    async function main() {
      outer: do {
        while (again(1, 3)) {
          log("inner");
          continue outer;
        }
      } while (again(2, 2) && await v(1));
    }`,
  "a kept finally inside a loop over an iterator": `
    async function main() {
      for (const x of iter("", 1, [await 0])) {
        try {
          break;
        } finally {
          log("finally");
        }
      }
    }`,
  "a kept catch inside a loop over an iterator whose return throws": `
    async function main() {
      for (const x of iter("bad return", 1, [await 0])) {
        try {
          break;
        } catch (e) {
          log("caught", e);
        }
      }
    }`,
  "the arguments of a call of what is no function": `
    async function main() {
      return box("b").z(await v(1), v(2));
    }`,
  "the substitutions of a tag that is no function": `
    async function main() {
      return box("b").z\`\${await v(1)}\${v(2)}\`;
    }`,
  "a thenable that is returned has its then read once": `
    async function main() {
      return thenable("getter", 1);
    }`,
  "the length of a function with a pattern for a parameter": `
    async function f({}, x, y = 1, z) {
      await 0;
    }
    async function main() {
      return f.length;
    }`,
  "a class without a name": `
    async function main() {
      return [(class {}).name, new (class {})(await 0), (() => {}).name];
    }`,
  "the ticks of closing an iterator that is not asynchronous": `
    async function f(x) {
      try {
        for await (const { p: {} } of [x]) log("never");
      } catch (e) {
        log("caught", e);
      }
      for await (const y of [x]) break;
      log("left");
    }
    async function main() {
      const call = f(1);
      for (let i = 0; i < 12; i++) log("tick", await i);
      await call;
    }`,
  "a regular expression behind yield in a method": `
    async function main() {
      const o = { async *m() { yield /a5/.test("a5"); } };
      for await (const x of o.m()) log("x", x);
    }`,
  "an object at the beginning of an arrow's body": `
    async function main() {
      return (() => ({}) ** await_)();
    }
    const await_ = 2;`,
  "the ticks of throwing into a yield* over what has no throw": `
    async function* f() {
      yield* hand("", 1, [0]);
    }
    async function main() {
      const g = f();
      await g.next();
      (async () => {
        for (let i = 0; i < 6; i++) log("tick", await i);
      })();
      try {
        await g.throw(1);
      } catch (e) {
        log("caught", e);
      }
    }`,
  "an empty array that is made before an await in a try": `
    async function main() {
      try {
        v([], await 0);
      } catch {}
    }`,
};

for (const [name, text] of Object.entries(BUGS)) {
  Deno.test(`fuzz bug: ${name}`, async () => {
    using runner = new Runner({ way: "compiled" });
    const [verdict] = await runner.run([text]);
    assertEquals(verdict!.other, verdict!.native);
  });
}

/** The same of programs that use the runtime. */
const TASK_BUGS: Readonly<Record<string, string>> = {
  "a call that begins to wait when its task has ended is cancelled with the program": `
    async function main() {
      const event = new Event();
      createTask({ name: "A" }, async () => {
        (async () => {
          await 0;
          try {
            await event.wait();
          } finally {
            log("finally");
          }
        })();
      });
      await sleep(1);
    }`,
};

Deno.test("fuzz bugs of programs that use the runtime", async (test) => {
  const runtime = await compiledRuntime();
  using runner = new Runner({ way: "compiled", subject: "runtime", runtime: runtime.url });
  for (const [name, text] of Object.entries(TASK_BUGS)) {
    await test.step(name, async () => {
      const [verdict] = await runner.run([text]);
      assertEquals(verdict!.other, verdict!.native);
    });
  }
  await runtime.remove();
});
