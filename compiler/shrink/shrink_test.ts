import { assert, assertEquals } from "@std/assert";
import { minify } from "../minify.ts";
import { stopBundler } from "../bundle.ts";
import { shrink } from "./mod.ts";

Deno.test.afterAll(stopBundler);

/** A map that says of every line that it is the runtime's, or the program's from the line `// program` on. */
function mapOf(code: string): string {
  const lines = code.split("\n");
  const from = lines.indexOf("// program");
  let mappings = "";
  let source = 0;
  for (let i = 0; i < lines.length; i++) {
    const now = from >= 0 && i > from ? 1 : 0;
    // One segment a line: column 0, the source, its line, column 0.
    mappings += `${i === 0 ? "" : ";"}A${
      ["A", "C", "D"][now === source ? 0 : now > source ? 1 : 2]
    }${i === 0 ? "A" : "C"}A`;
    source = now;
  }
  return JSON.stringify({
    version: 3,
    sources: ["runtime.js", "program.js"],
    sourcesContent: [null, null],
    names: [],
    mappings,
  });
}

/** What is left of a module. */
async function shrunk(code: string, shortNames = false): Promise<string> {
  const small = shrink({ code, map: mapOf(code) }, (source) => source.endsWith("runtime.js"), {
    shortNames,
  });
  return (await minify(small.code, { readable: true })).code;
}

/** Runs a module before and after, and gives what it prints, which is the same. */
async function prints(code: string): Promise<unknown[]> {
  const run = async (text: string): Promise<unknown[]> => {
    const lines: unknown[] = [];
    (globalThis as { print?: unknown }).print = (value: unknown) => lines.push(value);
    await import(`data:text/javascript,${encodeURIComponent(text)}//${Math.random()}`);
    return lines;
  };
  const before = await run(code);
  for (const shortNames of [false, true]) {
    assertEquals(await run(await shrunk(code, shortNames)), before);
  }
  return before;
}

Deno.test("methods that nobody calls, and fields that nobody reads, fall out", async () => {
  const code = `
    var Lamp = class {
      constructor() { this.level = 0; this.writes = 0; }
      write(level) { this.level = level; this.writes++; }
      describe() { return "a lamp at " + this.level; }
    };
    var lamp = new Lamp();
    lamp.write(1);
    print(lamp.level);`;
  const text = await shrunk(code);
  assert(!/describe|writes/.test(text), text);
  assertEquals(await prints(code), [1]);
});

Deno.test("what only happens where a method is called that nobody calls does not count", async () => {
  const code = `
    var Task = class {
      constructor() { this.rare = null; }
      cancel() { this.rare = { owed: "CancelledError" }; }
      park() { if (this.rare !== null) print(this.rare.owed); print("parked"); }
    };
    new Task().park();`;
  assert(!/rare|owed/.test(await shrunk(code)), await shrunk(code));
  assertEquals(await prints(code), ["parked"]);
  const cancelling = code.replace(
    "new Task().park();",
    "var t = new Task(); t.cancel(); t.park();",
  );
  assertEquals(await prints(cancelling), ["CancelledError", "parked"]);
});

Deno.test("reaches() is answered by what the program can call", async () => {
  const code = `
    function reaches(_fn) { return true; }
    function list() { return ["a"]; }
    function note() { if (reaches(list)) print("noted"); }
    note();`;
  assertEquals((await shrunk(code)).trim(), "");
  assertEquals((await shrunk(`${code} print(list());`)).includes('print("noted")'), true);
});

Deno.test("what is handed to the outside stays whole: methods, fields, names", async () => {
  assertEquals(
    await prints(`
      var Box = class {
        constructor(value) { this.value = value; }
        unwrap() { return this.value; }
      };
      var keep = globalThis.structuredClone === undefined ? null : [];
      Reflect.apply((box) => print(box.unwrap()), null, [new Box(7)]);
      print(Object.keys(new Box(1)).join());
      print(JSON.stringify({ kept: new Box(2) }));
      var options = { get size() { return 3; } };
      print(Object.entries(options).length);`),
    [7, "value", '{"kept":{"value":2}}', 1],
  );
});

Deno.test("a getter, a setter, super and a constructor that is inherited do what they did", async () => {
  assertEquals(
    await prints(`
      var A = class {
        constructor(n) { this.n = n; this.log = []; }
        get twice() { return this.n * 2; }
        set twice(v) { this.log.push(v); this.n = v / 2; }
        name() { return "A" + this.n; }
      };
      var B = class extends A {
        name() { return "B" + super.name(); }
      };
      var b = new B(4);
      b.twice = 10;
      print(b.twice + b.name() + b.log.join());`),
    ["10BA510"],
  );
});

Deno.test("a finally, an early return and a loop that is left mean the same when code is moved", async () => {
  assertEquals(
    await prints(`
      var log = [];
      function step(n) {
        if (n < 0) return;
        try {
          if (n === 2) throw new Error("two");
          log.push(n);
        } catch (error) {
          log.push(error.message);
        } finally {
          log.push("f");
        }
      }
      function all(list) {
        for (const each of list) {
          if (each === 9) break;
          step(each);
        }
        return log.join();
      }
      print(all([1, -1, 2, 9, 3]));`),
    ["1,f,two,f"],
  );
});

Deno.test("closures over what a function makes keep it apart from call to call", async () => {
  assertEquals(
    await prints(`
      function counter() {
        let n = 0;
        return { up: () => ++n, get now() { return n; } };
      }
      var a = counter();
      var b = counter();
      a.up(); a.up(); b.up();
      print(a.now * 10 + b.now);`),
    [21],
  );
});

Deno.test("an instance of what nobody makes is no case", async () => {
  const code = `
    var CancelledError = class extends Error {};
    function end(error) {
      if (error instanceof CancelledError) print("cancelled");
      else print(error.message);
    }
    try { throw new Error("x"); } catch (error) { end(error); }`;
  assert(!/Cancelled|cancelled/.test(await shrunk(code)), await shrunk(code));
  assertEquals(await prints(code), ["x"]);
});

Deno.test("the program's own code stays as it was written", () => {
  const code = `var Lamp = class { constructor() { this.on = true; } off() { this.on = false; } };
// program
var unused = { a: 1 };
function never() { return unused.a; }
if (new Lamp().on) print("on");`;
  const text = shrink({ code, map: mapOf(code) }, (source) => source.endsWith("runtime.js")).code;
  assert(/unused\\.a/.test(text) || text.includes("unused.a"), text);
  assert(!text.includes("off()"), text);
});

Deno.test("eval keeps everything", async () => {
  const code = `
    var secret = 41;
    function up() { secret++; }
    eval("up()");
    print(secret);`;
  assertEquals(await prints(code), [42]);
});

Deno.test("names are shortened only where nobody else knows them", async () => {
  const code = `
    var Wait = class {
      constructor(value) { this.deadlineOfTheWait = value; }
      then(resolve) { resolve(this.deadlineOfTheWait); }
    };
    new Wait(5).then((v) => print(v));
    Promise.resolve(new Wait(6)).then((v) => print(v));`;
  const text = await shrunk(code, true);
  assert(text.includes("then("), text);
  const hidden = await shrunk(code.replace(/\n.*Promise.*/, ""), true);
  assert(!hidden.includes("deadlineOfTheWait"), hidden);
});

Deno.test("an error of the engine's stays what it is for who asks by the engine's name", async () => {
  assertEquals(
    await prints(`
      var GroupError = class extends AggregateError {
        constructor(message, errors) { super(errors, message); }
      };
      var Misuse = class extends Error {
        constructor() { super(...arguments); this.name = "Misuse"; }
      };
      try { throw new GroupError("two failed", [1, 2]); } catch (error) {
        print(error instanceof AggregateError && error.errors.length);
      }
      try { throw new Misuse("no"); } catch (error) { print(error instanceof Error && error.message); }`),
    [2, "no"],
  );
});

Deno.test("a base class that something else holds, before its subclass is there, stays where it is", async () => {
  assertEquals(
    await prints(`
      var Base = class extends Error {
        constructor(all) { super("several"); this.all = [...all]; }
      };
      var held = typeof Base === "function" ? Base : null;
      var Sub = class extends held { constructor(all) { super(all); this.name = "Sub"; } };
      var of = (it) => it instanceof Base && it.all.length;
      print(of(new Sub([4, 5])));`),
    [2],
  );
});

Deno.test("what a program gives the engine's objects is there", async () => {
  assertEquals(
    await prints(`
      var Cell = class { constructor(v) { this.v = v; } get() { return this.v; } };
      var first = (list) => list.firstOf().get();
      Object.defineProperty(Map.prototype, "only", {
        value() { return [...this.values()][0]; },
        configurable: true,
      });
      var only = (map) => map.only().get();
      // program
      Array.prototype.firstOf = function () { return this[0]; };
      print(first([new Cell(3)]));
      print(only(new Map([["a", new Cell(4)]])));
      delete Array.prototype.firstOf;
      delete Map.prototype.only;`),
    [3, 4],
  );
});

Deno.test("collections give what was put into them", async () => {
  assertEquals(
    await prints(`
      var Cell = class { constructor(v) { this.v = v; } twice() { return this.v * 2; } };
      var cells = new Map([["a", new Cell(1)]]);
      cells.set("b", new Cell(2));
      for (const [name, cell] of cells) print(name + cell.twice());
      for (const cell of new Set(cells.values())) print(cell.twice());
      var each = [new Cell(5)][Symbol.iterator]();
      print(each.next().value.twice());
      for (const [key, cell] of Object.entries({ c: new Cell(6) })) print(key + cell.twice());
      var bytes = new Uint8Array([7, 8]);
      bytes.set([9], 1);
      print(bytes.subarray(1)[0] + (Array.isArray(bytes) ? 1 : 0));
      console.log.call(console, new Cell(10).twice());`),
    ["a2", "b4", 2, 4, 10, "c12", 9],
  );
});

Deno.test("a method that is only looked for is there", async () => {
  assertEquals(
    await prints(`
      var Call = class { constructor(v) { this.v = v; } then(f) { f(this.v); } };
      var isAwaitable = (it) => typeof it === "object" && typeof it.then === "function";
      var answer = (it) => isAwaitable(it) ? "wait" : "done";
      print(answer(new Call(1)));
      print(answer({ v: 2 }));`),
    ["wait", "done"],
  );
});

Deno.test("a field that a base class sets and its subclass clears is cleared", async () => {
  assertEquals(
    await prints(`
      var A = class { constructor(v) { this.kept = v; this.label = "a"; } };
      var B = class extends A { constructor(v) { super(v); this.kept = undefined; } };
      print(new A(1).kept);
      print(new B(2).kept === undefined);
      print(new B(3).label);`),
    [1, true, "a"],
  );
});

Deno.test("this handed to a function means the same in what that makes", async () => {
  assertEquals(
    await prints(`
      function watch(target) {
        return { tell() { return target.name; }, all: function () { return target.name + "!"; } };
      }
      var Pin = class {
        constructor(name) { this.name = name; }
        watched() { return watch(this); }
      };
      var seen = new Pin("D1").watched();
      print(seen.tell() + seen.all());`),
    ["D1D1!"],
  );
});

Deno.test("an argument that no callee has a parameter for falls out, with what only it holds; a rest takes all", async () => {
  const code = `
    var Plain = class { watch(onEdge) { onEdge(1); } };
    var Pin = class {
      constructor(port) {
        this.port = port;
        this.onEdge = (level) => print("edge " + level);
        this.onGap = () => print("a gap");
      }
      watch() { this.port.watch(this.onEdge, this.onGap); }
    };
    new Pin(new Plain()).watch();
    function all(first, ...others) { return first + others.length; }
    print(all(1, 2, 3));`;
  const text = await shrunk(code);
  assert(!/gap/i.test(text), text);
  assertEquals(await prints(code), ["edge 1", 3]);
});

Deno.test("an element of an array can be called, and what an array was given", async () => {
  assertEquals(
    await prints(`
      function first(...fns) { fns[0](1); }
      first((n) => print("first " + n), () => print("second"));
      var tools = [];
      tools.greet = (name) => print("hello " + name);
      tools.greet("Ada");
      print([[1], [2, 3]].flatMap((each) => each).length);`),
    ["first 1", "hello Ada", 3],
  );
});

Deno.test("what may be anything may still be an array that only the program has", async () => {
  assertEquals(
    await prints(`
      function callAll(list) { for (const each of list) each(); }
      function spread(list) { (function (...fns) { fns[0](); }).call(null, ...list); }
      callAll(JSON.parse("[]"));
      callAll([() => print("iterated")]);
      spread([() => print("spread")]);
      var other = globalThis.nothing;
      if (other !== undefined) spread(other);
      var kept = [() => print("listed")];
      for (const each of (other ?? kept).values()) each();`),
    ["iterated", "spread", "listed"],
  );
});

Deno.test("copies take what accessors give, and zero keeps its sign", async () => {
  assertEquals(
    await prints(`
      var source = { get level() { return 3; }, name: "x" };
      var copy = { ...source };
      print(copy.level + copy.name);
      var zero = 0;
      print(1 / -zero);`),
    ["3x", -Infinity],
  );
});

Deno.test("a class of the runtime may extend a function of the program", async () => {
  assertEquals(
    await prints(`
      function Base() {}
      Base.prototype.hello = function () { return helper(); };
      function helper() { return "hello"; }
      var Derived = class extends Base {};
      print(new Derived().hello());`),
    ["hello"],
  );
});

Deno.test("a loop whose counter nobody reads is entered as often", async () => {
  assertEquals(
    await prints(`
      var count = 0;
      function next() { return ++count; }
      for (let unread = next(); count < 3;) next();
      print(count);`),
    [3],
  );
});
