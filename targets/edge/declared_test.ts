import { assertEquals, assertThrows } from "@std/assert";
import { CompileError } from "../../compiler/diagnostic.ts";
import { declaredIn, requireBudget } from "./declared.ts";

Deno.test("declared: budgets and schedules are read where they are literals or constants", () => {
  const declared = declaredIn(`
    const BUDGET = 5 * 1000, WHEN = "0 * * * *";
    const options = { background: 7000 };
    serve(handler, { background: BUDGET });
    serve2(handler, options);
    serve(handler, { deadline: 10 });
    serve(handler, { background: read() });
    serve(handler, given);
    every(WHEN, work);
    every(300000, work);
    every(500, work);
  `);
  assertEquals(declared, {
    background: [5000, 7000, null, null],
    schedules: ["0 * * * *", "*/5 * * * *"],
  });
});

Deno.test("declared: a budget that the platform does not have is refused when building", () => {
  const declared = { background: [null, 60_000], schedules: [] };
  requireBudget(declared, "deno");
  assertThrows(() => requireBudget(declared, "workers"), CompileError, "allows 30000 ms");
});
