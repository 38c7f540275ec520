import { assertEquals, assertThrows } from "@std/assert";
import { CannotParse, parseModule, parseScript, printCode, printProgram } from "./syntax.ts";

Deno.test("a regular expression behind the yield of a method is read as one", () => {
  for (const parse of [parseModule, parseScript]) {
    const text = "class A {\n\t*m() {\n\t\tyield /re/g;\n\t}\n}";
    assertEquals(printCode(parse(text)), text);
  }
});

Deno.test("an arrow function that begins with an object stays an expression's", () => {
  const written = printCode(parseScript("f = (a) => ({}) in a;"));
  assertEquals(new Function("a", `let f; ${written} return f(a);`)({ "[object Object]": 1 }), true);
});

Deno.test("what cannot be read is said with its place", () => {
  const error = assertThrows(() => parseModule("a;\nb c;"), CannotParse, "Unexpected token");
  assertEquals([error.message, error.line, error.column], ["Unexpected token", 2, 2]);
});

Deno.test("a map calls its source by the name that is asked for", () => {
  const { sources, sourcesContent } = JSON.parse(printProgram(parseModule("a"), "a", "b.js").map);
  assertEquals([sources, sourcesContent], [["b.js"], ["a"]]);
});
