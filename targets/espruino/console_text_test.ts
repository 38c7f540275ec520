import { assertEquals } from "@std/assert";
import { ConsoleDecoder } from "./console_text.ts";

/** Decodes bytes that come one after the other. */
function decode(...parts: readonly (readonly number[])[]): string {
  const decoder = new ConsoleDecoder();
  return parts.map((bytes) => decoder.push(Uint8Array.from(bytes))).join("");
}

const bytesOf = (text: string) => [...new TextEncoder().encode(text)];

Deno.test("console text: a character that came as one byte is shown", () => {
  assertEquals(decode([0x32, 0x31, 0xb0, 0x43, 0xfc, 0x0a]), "21°Cü\n");
});

Deno.test("console text: characters of several bytes are shown, wherever they are cut", () => {
  const text = "21 °C, grüße… 🙂\n";
  assertEquals(decode(bytesOf(text)), text);
  assertEquals(decode(...bytesOf(text).map((byte) => [byte])), text);
});

Deno.test("console text: what only looks like the beginning of a character comes with the next", () => {
  assertEquals(decode([0xe9], [0x21]), "é!");
  assertEquals(decode([0xe9, 0xa0], [0x21]), "é\xa0!");
});
