import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { forms, generate, taskForms } from "./generate.ts";
import { textOf, walk } from "./node.ts";

/** How often each form has to occur in the programs of one run about the language. */
const OFTEN = 100;
/** What is made elsewhere than from tables. */
const OTHERS = [
  "async function declaration",
  "async generator function declaration",
  "generator function declaration",
  "sync function declaration",
  "class declaration",
  "object async method",
  "object async generator method",
  "object generator method",
  "async method",
  "async generator method",
  "static async method",
  "static async generator method",
  "private async method",
  "private async generator method",
  "private static async method",
  "private static async generator method",
  "async getter",
  "async arrow field",
  "field",
  "private field",
  "static block",
  "constructor",
  "super call",
  "arrow around super",
  "super property",
  "extends",
  "getter",
  "setter",
  "class setter",
  "prototype",
  "spread",
  "hole",
  "spread property",
  "computed property",
  "shorthand property",
  "awaited key",
  "array rest",
  "object rest",
  "default",
  "computed part",
  "nested array part",
  "nested object part",
  "default parameter",
  "destructured parameter",
  "rest parameter",
  "optional method call",
  "optional computed link",
  "optional call",
  "loop label",
  "default case",
  "own async iterable",
  "own iterable",
  "compiled async iterator",
  "async iterator",
  "iterator",
  "thenable",
  "promise",
  "rejection",
  "closure",
  "guarded request",
  "queued request",
];

/** What holds an await directly, besides statements and what is named for it. */
const HOLDS_AWAIT = [
  "unary",
  "typeof",
  "void",
  "arithmetic",
  "comparison",
  "in",
  "instanceof",
  "and",
  "or",
  "coalesce",
  "conditional",
  "sequence",
  "assignment",
  "compound assignment",
  "logical assignment",
  "member",
  "computed member",
  "member assignment",
  "member compound assignment",
  "member logical assignment",
  "object destructuring assignment",
  "array destructuring assignment",
  "substitution",
  "element",
  "spread",
  "property",
  "computed property",
  "spread property",
  "optional chain",
  "method call",
  "default",
  "declarator",
  "if",
  "switch",
  "case",
  "for",
  "for let",
  "for of",
  "for in",
  "for await",
  "while",
  "do while",
  "throw",
  "return",
  "yield",
  "async arrow called",
];

/** What programs that use the runtime are for, besides the forms of their own tables. */
const TASK_FORMS = [
  "task",
  "sleep",
  "queue put",
  "queue get",
  "queue join",
  "queue",
  "event wait",
  "acquire",
  "waitFor",
  "timeout",
  "task group",
  "gather",
  "shield",
  "Promise.all",
  "Promise.allSettled",
  "Promise.race",
  "Promise.any",
  "wait for tasks",
  "asCompleted",
  "shared queue",
  "shared event",
  "shared lock",
  "shared condition",
  "shared semaphore",
  "shared context variable",
  "for await",
  "yield",
  "try finally",
  "async call",
  "async generator call",
];

Deno.test("fuzz: eight thousand programs about the language have every form a hundred times", () => {
  const counts = new Map<string, number>();
  const awaits = new Map<string, number>();
  for (let seed = 1; seed <= 8000; seed++) {
    walk(generate(seed).root, (each, parent) => {
      counts.set(each.form, (counts.get(each.form) ?? 0) + 1);
      if (each.form !== "await" || parent === null) return;
      awaits.set(parent.form, (awaits.get(parent.form) ?? 0) + 1);
    });
  }
  const rare = [...forms, ...OTHERS].filter((form) => (counts.get(form) ?? 0) < OFTEN);
  assertEquals(rare.map((form) => `${form}: ${counts.get(form)}`), []);
  const dry = HOLDS_AWAIT.filter((form) => (awaits.get(form) ?? 0) < OFTEN);
  assertEquals(dry.map((form) => `await in ${form}: ${awaits.get(form)}`), []);
});

Deno.test("fuzz: two thousand programs that use the runtime have every form of it a hundred times", () => {
  const counts = new Map<string, number>();
  for (let seed = 1; seed <= 2000; seed++) {
    walk(generate(seed, "runtime").root, ({ form }) => {
      counts.set(form, (counts.get(form) ?? 0) + 1);
    });
  }
  const rare = [...taskForms, ...TASK_FORMS].filter((form) => (counts.get(form) ?? 0) < 100);
  assertEquals(rare.map((form) => `${form}: ${counts.get(form)}`), []);
});

Deno.test("fuzz: a seed gives the same program again, another seed another one", () => {
  assertEquals(textOf(generate(17).root), textOf(generate(17).root));
  assertNotEquals(textOf(generate(17).root), textOf(generate(19).root));
});

Deno.test("fuzz: some programs have very large functions", () => {
  assert(textOf(generate(500).root).split("\n").length > 500);
});
