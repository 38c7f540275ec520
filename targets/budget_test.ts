import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import type { MemoryReport } from "../compiler/footprint.ts";
import { memoryLine } from "../compiler/report_table.ts";
import { type Fitted, requireFit } from "./budget.ts";
import { UsageError } from "./command.ts";

const SMALL: MemoryReport = {
  ramBlocks: 500,
  flashBlocks: 300,
  loadingBlocks: 700,
  reserveBlocks: 150,
  jsVars: 1000,
  flashBytes: 3000,
  flashAvailable: 4096,
};

function reportWith(memory: Partial<MemoryReport>): Fitted {
  return {
    program: "light.ts",
    board: "puckjs",
    modules: [
      {
        module: "awaitio/runtime/loop.ts",
        bytes: 900,
        flashBlocks: 20,
        ramBlocks: 90,
        because: [],
      },
      { module: "light.ts", bytes: 400, flashBlocks: 60, ramBlocks: 80, because: [] },
    ],
    memory: { ...SMALL, ...memory },
  };
}

/** What is said where a program does not fit. */
function refusal(memory: Partial<MemoryReport>, keeping: "flash" | "ram"): string {
  const error = assertThrows(() => requireFit(reportWith(memory), keeping), UsageError);
  assertEquals(error.exit, 6);
  return error.message;
}

Deno.test("budget: what just fits is let through, and what is not known is not compared", () => {
  requireFit(reportWith({ flashBlocks: 1000, flashBytes: 4096 }), "flash");
  requireFit(reportWith({ ramBlocks: 1000, loadingBlocks: 1000 }), "ram");
  requireFit(reportWith({ flashBlocks: 9000, jsVars: null }), "flash");
  requireFit(reportWith({ flashBytes: 9000, flashAvailable: null }), "flash");
  const { memory: _, ...without } = reportWith({});
  requireFit(without, "flash");
});

Deno.test("budget: a refusal has the numbers, the largest contributors first, and the cure", () => {
  assertEquals(
    refusal({ flashBlocks: 1001 }, "flash").split("\n"),
    [
      'Cannot fit "light.ts" on the board "puckjs": it takes about 1,001 blocks of memory, its ' +
      "functions in flash, and there are 1,000. The largest:",
      "      60 blocks     400 B  light.ts",
      "      20 blocks     900 B  awaitio/runtime/loop.ts",
      "     150 blocks            reserved for the interpreter, and for calls that wait",
      "Use less of what `build --report` shows, or choose a larger board (deno task boards).",
    ],
  );
});

Deno.test("budget: too many bytes for the board's flash are refused, too", () => {
  assertStringIncludes(
    refusal({ flashBytes: 4100 }, "flash"),
    "it takes 4,100 bytes of flash, and there are 4,096. The largest:\n" +
      "      20 blocks     900 B  awaitio/runtime/loop.ts\n",
  );
});

Deno.test("budget: what fits from flash but not in RAM is refused for RAM only", () => {
  const memory = { loadingBlocks: 1200 };
  requireFit(reportWith(memory), "flash");
  const text = refusal(memory, "ram");
  assertStringIncludes(text, "loading it into RAM takes about 1,200 blocks, its text among them");
  assertStringIncludes(text, "      90 blocks     900 B  awaitio/runtime/loop.ts\n      80 blocks");
  assertStringIncludes(text, "Flash it without --ram");
  assertStringIncludes(
    refusal({ ramBlocks: 1300 }, "ram"),
    "it takes about 1,300 blocks of RAM, and there are 1,000",
  );
});

Deno.test("budget: one line says what is taken of what there is, coloured where it is asked for", () => {
  assertEquals(
    memoryLine(SMALL, false),
    "Memory: about 300 of 1,000 blocks from flash (700 in RAM), 3,000 of 4,096 bytes of flash",
  );
  assertStringIncludes(memoryLine(SMALL, true), "\x1b[32mMemory");
  const close = memoryLine({ ...SMALL, flashBlocks: 900 }, true);
  assertStringIncludes(close, "\x1b[33m");
  assertStringIncludes(close, "it is close");
  const over = memoryLine({ ...SMALL, flashBlocks: 1001 }, true);
  assertStringIncludes(over, "\x1b[31m");
  assertStringIncludes(over, "it does not fit");
  assertStringIncludes(
    memoryLine({ ...SMALL, flashAvailable: null }, false),
    "3,000 bytes of flash, of which the board's size is not known",
  );
});
