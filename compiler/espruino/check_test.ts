import { assertEquals, assertThrows } from "@std/assert";
import { stopBundler } from "../bundle.ts";
import { CompileError } from "../diagnostic.ts";
import { checkDialect, requireDialect } from "./check.ts";
import { settle } from "./settle.ts";

Deno.test.afterAll(stopBundler);

/** Code that the interpreter misreads, and what the checker calls it. */
const FAULTS: readonly (readonly [code: string, what: string])[] = [
  ["print(f()); function f() { return 1; }", "a use of f above its declaration"],
  ["new A(); class A {}", "a use of A above its declaration"],
  ["if (a) { function f() {} }", "a function declared in a block"],
  ["for (;;) { class A {} }", "a class declared in a block"],
  [
    "for (let i = 0; i < 2; i++) q.push(() => i);",
    "a variable of a loop's head that a function keeps",
  ],
  ["t`x`", "a tagged template"],
  ['print(`${f("}")}`)', "a template with texts or brackets in its expressions"],
  ["function f(a = 1) {}", "a default value of a parameter"],
  ["function f(...a) {}", "a rest parameter"],
  ["f(...a)", "a spread"],
  ["var { a } = b;", "destructuring"],
  ["var o = { [a]: 1 };", "a computed key"],
  ["l: for (;;) { break l; }", "a label"],
  ["a ** b", "the operator **"],
  ["a ??= b", "the operator ??="],
  ["a?.b", "optional chaining"],
  ["class A { #x = 1; }", "a private member"],
  ["class A { x = 1; }", "a field of a class"],
  ["class A { catch() {} }", "a member of a class whose name is no plain one"],
  ["class A extends Error {}", "a class that extends Error"],
  ["class A extends f() {}", "a class that extends an expression"],
  ["class A extends B { m() { super.m(); } }", "super"],
  ["a ? class {} : 1", "a class where an expression may be passed over"],
  ["function* g() {}", "a generator"],
  ["async function f() {}", "an async function"],
  ["function F() { return new.target; }", "new.target"],
  ["switch (a) { default: b(); break; case 1: c(); }", "default before another case"],
  ["switch (a) { case 1: let b = 1; }", "a variable of a case"],
  ["try { a(); } finally { b(); }", "finally with more than assignments of names"],
  ["function f() { return\n42 }", "a return without a semicolon"],
  ["var of = 1;", "a variable called of"],
  ["do if (a) { b(); } while (c);", "do with a statement that is no block"],
  ["a[b, c]", "a comma in an index"],
  ["switch (a) { case b, c: d(); }", "a comma in a case"],
  ['for (var i = ("a" in o); i;) ;', "the operator in where a for begins"],
  ["delete f().a", "delete of a call's property"],
  ["a++ / 2", "a division behind ++, --, } or a word"],
  ["1n", "a BigInt"],
  ["/(ab)+/", "a repeated group in a regular expression"],
  ["/a(?=b)/", "a group that begins with (? in a regular expression"],
  ['"\\u{41}"', "\\u{...} in a string"],
  ["var o = { get if() { return 1; } };", "an accessor whose name is no plain one"],
  ["(function () { return () => arguments; })()", "arguments in an arrow function"],
  [
    "(function () { return () => [this.a, () => 1]; })()",
    "this before a function in the expression of an arrow function",
  ],
  [`var ${"a".repeat(70)} = 1;`, "a name of more than 63 characters"],
  ["new Map()", "Map"],
  ["Symbol.iterator", "Symbol"],
];

for (const [code, what] of FAULTS) {
  Deno.test(`checker: names ${what}`, () => {
    const messages = checkDialect(code).map(({ message }) => message);
    assertEquals(
      messages[0]?.startsWith(`Cannot run ${what} on Espruino`),
      true,
      messages.join("\n"),
    );
  });
}

/** Code that is as it should be. */
const FINE: readonly string[] = [
  "class A { constructor(a) { this.a = a; } m() { return 1; } get g() { return 2; } static s() {} }",
  "class B extends A { constructor() { A.call(this, 1); } m() { return A.prototype.m.call(this); } }",
  "function f() { return g(); } function g() { return f; } f();",
  "for (const x of [1]) { let y = x; q.push(() => y); }",
  "try { a(); } catch { b(); } finally { c = d; this.e = 1; }",
  "switch (a) { case 1: case 2: b(); break; default: c(); }",
  "var f = (a, b) => a ?? b; print(`${f(1, 2)}x`);",
  'typeof Map; typeof Symbol === "function";',
  "a[(b, c)]; delete (f()).a; (a++) / 2; do { if (a) b(); } while (c);",
];

for (const code of FINE) {
  Deno.test(`checker: lets pass ${code.slice(0, 50)}`, () => {
    assertEquals(checkDialect(code), []);
  });
}

Deno.test("checker: the small level knows no arrows, classes, templates, expressions, accessors, let", () => {
  const code = "let f = () => 1; class A {} `a`; /a/; var o = { get x() { return 1; } };";
  const what = checkDialect(code, { level: "small" }).map(({ message }) =>
    /^Cannot run (.*) on Espruino/.exec(message)![1]
  );
  assertEquals(what, [
    "let",
    "an arrow function",
    "a class",
    "a template",
    "a regular expression",
    "an accessor",
  ]);
});

Deno.test("checker: says where it is, and refuses with every place", () => {
  const code = "var a = 1;\n  a ** 2;\nb?.c;";
  const error = assertThrows(() => requireDialect(code), CompileError) as CompileError;
  assertEquals(
    error.diagnostics.map(({ line, column, lineText }) => [line, column, lineText]),
    [[2, 3, "  a ** 2;"], [3, 1, "b?.c;"]],
  );
});

Deno.test("settle: puts back the brackets that the interpreter needs", () => {
  const settled = (code: string): string => settle(code).code;
  assertEquals(settled("do if(a){b}while(c);"), "do {if(a){b}}while(c);");
  assertEquals(settled("a[b,c];"), "a[(b,c)];");
  assertEquals(settled("delete f().a;"), "delete (f()).a;");
  assertEquals(settled("a++/2;o.of/2;"), "(a++)/2;(o.of)/2;");
  assertEquals(settled("switch(a){case b,c:d()}"), "switch(a){case (b,c):d()}");
  assertEquals(settled('for(x=("a"in o);x;)y();'), '{x=("a"in o);for(;x;)y();}');
  assertEquals(settled("a?class{}:b;"), "a?(function(){return class{}})():b;");
  assertEquals(settled("a/b;f(c)/d;"), "a/b;f(c)/d;");
});
