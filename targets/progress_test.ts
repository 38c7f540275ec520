import { assertEquals } from "@std/assert";
import { ProgressBar } from "./progress.ts";

Deno.test("ProgressBar writes one line over and over, and takes it away", () => {
  const written: string[] = [];
  const bar = new ProgressBar((text) => written.push(text), false);
  bar.show("send", 1, 2);
  bar.show("verify", 4, 4);
  bar.clear();
  bar.clear();
  assertEquals(written, [
    "\rSending   ████████████░░░░░░░░░░░░  50 %",
    "\rVerifying ████████████████████████ 100 %",
    "\r\x1b[K",
  ]);
});

Deno.test("ProgressBar colours only where it is asked to", () => {
  const written: string[] = [];
  new ProgressBar((text) => written.push(text), true).show("send", 0, 1);
  assertEquals(written[0]?.includes("\x1b[90m"), true);
});
