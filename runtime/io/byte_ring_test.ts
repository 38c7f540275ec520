import { assertEquals, assertThrows } from "@std/assert";
import { Random } from "../../targets/simulator/random.ts";
import { ByteRing } from "./byte_ring.ts";

/** A ring of `capacity` that holds `bytes`, which begin at `start` of its memory. */
function ringAt(start: number, capacity: number, ...bytes: number[]): ByteRing {
  const ring = new ByteRing(capacity);
  ring.put(new Uint8Array(start));
  ring.take(start);
  ring.put(Uint8Array.from(bytes));
  return ring;
}

Deno.test("ByteRing: gives bytes in the order in which they came, wherever they lie", () => {
  for (let start = 0; start < 4; start++) {
    const ring = ringAt(start, 4, 1, 2, 3);
    assertEquals([...ring.take(2)], [1, 2]);
    assertEquals(ring.put(Uint8Array.of(4, 5)), 0);
    assertEquals(ring.size, 3);
    assertEquals([...ring.take(9)], [3, 4, 5]);
    assertEquals([ring.size, ring.full], [0, false]);
  }
});

Deno.test("ByteRing: takes what fits and tells how many bytes did not", () => {
  for (let start = 0; start < 4; start++) {
    const ring = ringAt(start, 4, 1, 2, 3);
    assertEquals(ring.full, false);
    assertEquals(ring.put(Uint8Array.of(4, 5, 6)), 2);
    assertEquals([ring.size, ring.full], [4, true]);
    assertEquals(ring.put(Uint8Array.of(7)), 1);
    assertEquals([...ring.take(Infinity)], [1, 2, 3, 4]);
  }
});

Deno.test("ByteRing: take gives a copy that later bytes do not change", () => {
  const ring = new ByteRing(2);
  ring.put(Uint8Array.of(1, 2));
  const taken = ring.take(2);
  ring.put(Uint8Array.of(3, 4));
  assertEquals([...taken], [1, 2]);
});

Deno.test("ByteRing: reserve makes room and keeps what is there, but never shrinks", () => {
  for (let start = 0; start < 4; start++) {
    const ring = ringAt(start, 4, 1, 2, 3, 4);
    ring.reserve(6);
    assertEquals([ring.size, ring.full], [4, false]);
    assertEquals(ring.put(Uint8Array.of(5, 6, 7)), 1);
    ring.reserve(2);
    assertEquals([...ring.take(6)], [1, 2, 3, 4, 5, 6]);
  }
});

Deno.test("ByteRing: indexOf finds where the wanted bytes begin, from a place on", () => {
  for (let start = 0; start < 6; start++) {
    const ring = ringAt(start, 6, 1, 1, 2, 1, 2, 3);
    assertEquals(ring.indexOf([1, 2], 0), 1);
    assertEquals(ring.indexOf([1, 2], 2), 3);
    assertEquals(ring.indexOf([1, 2, 3], 0), 3);
    assertEquals(ring.indexOf([3], 0), 5);
    assertEquals(ring.indexOf([3, 1], 0), -1); // not around the end
    assertEquals(ring.indexOf([4], 0), -1);
    assertEquals(ring.indexOf([1], 6), -1);
  }
});

Deno.test("ByteRing: a capacity that is no whole number from 1 is refused", () => {
  for (const capacity of [0, -1, 1.5, NaN]) {
    assertThrows(
      () => new ByteRing(capacity),
      RangeError,
      `Cannot buffer ${capacity} bytes: pass a whole number from 1`,
    );
  }
});

Deno.test("ByteRing: does as a list does, whatever is asked of it", () => {
  for (let seed = 0; seed < 50; seed++) {
    const random = new Random(seed);
    let capacity = 1 + random.below(20);
    const ring = new ByteRing(capacity);
    let list: number[] = [];
    for (let step = 0; step < 200; step++) {
      const count = random.below(12);
      switch (random.below(5)) {
        case 0:
        case 1: {
          const bytes = Array.from({ length: count }, () => random.below(3));
          const fit = bytes.slice(0, capacity - list.length);
          assertEquals(ring.put(Uint8Array.from(bytes)), bytes.length - fit.length);
          list = list.concat(fit);
          break;
        }
        case 2:
          assertEquals([...ring.take(count)], list.slice(0, count));
          list = list.slice(count);
          break;
        case 3: {
          const wanted = [random.below(3), random.below(3)];
          const at = list.findIndex((_byte, i) =>
            i >= count && list[i] === wanted[0] && list[i + 1] === wanted[1]
          );
          assertEquals(ring.indexOf(wanted, count), at);
          break;
        }
        default:
          if (random.below(10) === 0) {
            ring.reserve(capacity + count);
            capacity += count;
          }
      }
      assertEquals([ring.size, ring.full], [list.length, list.length === capacity]);
    }
  }
});
