import { assertEquals } from "@std/assert";
import { Random } from "../../targets/simulator/random.ts";
import { decodeUtf8, encodeUtf8 } from "./utf8.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16)).join(" ");

/** The first and last character of each length, and those beside the surrogates. */
const CORNERS = [
  ..."\0\x7f\x80\u07ff\u0800\ud7ff\ue000\ufeff\ufffd\uffff",
  "\u{10000}",
  "\u{10ffff}",
];
/** Bytes at which something begins or ends to be valid. */
const BYTES = [
  0x00,
  0x41,
  0x7f,
  0x80,
  0x8f,
  0x90,
  0x9f,
  0xa0,
  0xbf,
  0xc0,
  0xc1,
  0xc2,
  0xdf,
  0xe0,
  0xe1,
  0xec,
  0xed,
  0xee,
  0xef,
  0xf0,
  0xf1,
  0xf3,
  0xf4,
  0xf5,
  0xf8,
  0xfe,
  0xff,
];

Deno.test("UTF-8: every character is encoded as TextEncoder does, and decoded again", () => {
  for (let point = 0; point <= 0x10ffff; point += point < 0x3000 ? 1 : 61) {
    if (point >= 0xd800 && point < 0xe000) continue;
    const text = String.fromCodePoint(point);
    const bytes = encodeUtf8(text);
    if (hex(bytes) !== hex(encode(text)) || decodeUtf8(bytes) !== text) {
      throw new Error(`U+${point.toString(16)} becomes ${hex(bytes)}`);
    }
  }
  for (const text of CORNERS) {
    assertEquals(hex(encodeUtf8(text)), hex(encode(text)));
    assertEquals(decodeUtf8(encode(text)), text);
  }
});

Deno.test("UTF-8: random strings, lone surrogates among them, are encoded as TextEncoder does", () => {
  const random = new Random(1);
  const units = [0x41, 0xe9, 0x20ac, 0xd800, 0xd83d, 0xdbff, 0xdc00, 0xde42, 0xdfff, 0xe000];
  for (let i = 0; i < 5000; i++) {
    const text = String.fromCharCode(
      ...Array.from({ length: random.below(8) }, () => units[random.below(units.length)]!),
    );
    assertEquals(hex(encodeUtf8(text)), hex(encode(text)), JSON.stringify(text));
    assertEquals(decodeUtf8(encodeUtf8(text)), text.toWellFormed());
  }
});

Deno.test("UTF-8: random bytes are decoded as TextDecoder does, but for how many U+FFFD stand for a cut character", () => {
  const random = new Random(2);
  const lessReplaced = (text: string) => text.replace(/\ufffd+/g, "\ufffd");
  for (let i = 0; i < 20_000; i++) {
    const bytes = Uint8Array.from(
      { length: random.below(9) },
      () => i % 2 === 0 ? BYTES[random.below(BYTES.length)]! : random.below(256),
    );
    assertEquals(lessReplaced(decodeUtf8(bytes)), lessReplaced(decode(bytes)), hex(bytes));
  }
});

Deno.test("UTF-8: each byte that is not part of a character becomes U+FFFD", () => {
  const decoded = (...bytes: number[]) => decodeUtf8(Uint8Array.from(bytes));
  assertEquals(decoded(0xff, 0x41), "\ufffdA");
  assertEquals(decoded(0xc0, 0xaf), "\ufffd\ufffd"); // too long a form
  assertEquals(decoded(0xed, 0xa0, 0x80), "\ufffd\ufffd\ufffd"); // a surrogate
  assertEquals(decoded(0xf4, 0x90, 0x80, 0x80), "\ufffd\ufffd\ufffd\ufffd"); // above U+10FFFF
  assertEquals(decoded(0xe2, 0x82, 0x41), "\ufffd\ufffdA"); // cut: one U+FFFD with TextDecoder
  assertEquals(decoded(0xe2, 0x82), "\ufffd\ufffd");
});

Deno.test("UTF-8: a byte order mark is a character like any other", () => {
  assertEquals(decodeUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x41)), "\ufeffA");
  assertEquals(hex(encodeUtf8("\ufeffA")), "ef bb bf 41");
});

Deno.test("UTF-8: nothing is nothing", () => {
  assertEquals(encodeUtf8("").length, 0);
  assertEquals(decodeUtf8(new Uint8Array()), "");
});
