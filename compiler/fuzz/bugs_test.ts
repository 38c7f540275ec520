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
  "a finally that stays, runs on the way out and throws": `
    async function f() {
      outer: {
        try {
          await 0;
          try {
            break outer;
          } finally {
            throw "x";
          }
        } catch (e) {
          log("caught", e);
        }
      }
      return 1;
    }
    async function g() {
      try {
        await 0;
        try {
          return 1;
        } finally {
          throw 2;
        }
      } finally {
        log("finally");
      }
    }
    async function main() {
      log("f", await f());
      try {
        await g();
      } catch (e) {
        log("g", e);
      }
    }`,
  "declarations that keep a variable of a turn of a loop": `
    async function main() {
      const made = [];
      for (let i = 0; i < 2; i++) {
        await 0;
        {
          function g() {
            return i;
          }
          class A {
            m() {
              return i;
            }
          }
          const named = () => i;
          made.push(g, () => new A().m(), named);
        }
        switch (i) {
          case 0:
            function h() {
              return i + 10;
            }
            made.push(h);
        }
      }
      return made.map((fn) => [fn.name, fn()]).join();
    }`,
  "this in a computed key of a class": `
    const o = {
      k: "m",
      async f() {
        await 0;
        class A {
          [this.k]() {
            return 1;
          }
        }
        return new A().m();
      },
    };
    async function main() {
      return o.f();
    }`,
  "a name that is not there is returned behind a try": `
    async function f() {
      try {
        await 0;
      } catch (e) {
        log("caught", e.constructor.name);
      }
      return nowhere;
    }
    async function main() {
      try {
        await f();
      } catch (e) {
        log("main", e.constructor.name);
      }
    }`,
  "a constant that is assigned to where it is not needed": `
    async function main() {
      const c = 1;
      c ||= await v(3);
      try {
        c &&= await v(4);
      } catch (e) {
        log("caught", e.constructor.name);
      }
      return c;
    }`,
  "more constants to begin with than a coroutine has room for": `
    class T {
      v = "V";
      async m(p, q) {
        p = 10;
        let a = 1, b = 2, c = 3, d = 4, e = 5, f = 6, g = 7, h = 8;
        await 0;
        a++, b++, c++, d++, e++, f++, g++, h++, p++;
        await 0;
        return [this.v, p, q, a, b, c, d, e, f, g, h].join();
      }
    }
    async function many(a, b, c, d, e, f, g, h, i, j) {
      await 0;
      return [a, b, c, d, e, f, g, h, i, j].join();
    }
    async function main() {
      log("m", await new T().m(1, 2));
      log("many", await many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
    }`,
  "a class in an object that is made before the next await": `
    async function main() {
      const o = { a: class { static x = v("x"); }, b: await v("y") };
      return [o.a.name, o.b].join();
    }`,
  "a proxy that cannot be asked what it is": `
    async function main() {
      const { proxy, revoke } = Proxy.revocable({}, {});
      revoke();
      try {
        await proxy;
      } catch (e) {
        log("caught", e.constructor.name);
      }
      const p = Promise.resolve(1);
      Object.defineProperty(p, "constructor", { get() { throw "c"; } });
      try {
        await p;
      } catch (e) {
        log("caught", e);
      }
    }`,
  "many that await one call": `
    async function one() {
      await 0;
      return 1;
    }
    async function main() {
      const call = one();
      const order = [];
      const waiter = async (n) => { await call; order.push(n); };
      await Promise.all([1, 2, 3, 4].map(waiter));
      return order.join();
    }`,
  "a function that outlives the call whose variables it uses": `
    async function make() {
      let n = v(1);
      await 0;
      return { add: () => ++n, get: async () => (await 0, n) };
    }
    async function main() {
      const made = await make();
      await 0;
      return [made.add(), made.add(), await made.get()].join();
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
