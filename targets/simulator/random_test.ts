import { assert, assertEquals } from "@std/assert";
import { Random } from "./random.ts";

const take = (seed: number, count: number) => {
  const random = new Random(seed);
  return Array.from({ length: count }, () => random.next());
};

Deno.test("Random: gives the known numbers of mulberry32, as 32-bit fractions", () => {
  assertEquals(take(0, 3).map((x) => x * 2 ** 32), [1144304738, 1416247, 958946056]);
  assertEquals(take(1, 3).map((x) => x * 2 ** 32), [2693262067, 11749833, 2265367787]);
  assertEquals(take(-1, 3).map((x) => x * 2 ** 32), [3850105811, 813802916, 3073704848]);
});

Deno.test("Random: the same seed gives the same numbers, another seed others", () => {
  assertEquals(take(42, 10), take(42, 10));
  assert(take(42, 10).every((x, i) => x !== take(43, 10)[i]));
});

Deno.test("Random: is spread evenly over 0 up to 1", () => {
  for (const seed of [0, 1, 12345, 2 ** 31]) {
    const counts = new Array(10).fill(0);
    for (const x of take(seed, 100_000)) {
      assert(x >= 0 && x < 1);
      counts[Math.floor(x * 10)]++;
    }
    for (const count of counts) assert(Math.abs(count - 10_000) < 500, `${seed}: ${counts}`);
  }
});

Deno.test("Random: below gives whole numbers up to, not including, the count, evenly", () => {
  const random = new Random(7);
  const counts = [0, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < 70_000; i++) counts[random.below(7)]!++;
  for (const count of counts) assert(Math.abs(count - 10_000) < 500, `${counts}`);
  assertEquals(random.below(1), 0);
});

Deno.test("Random: neighbouring seeds do not begin alike", () => {
  const first = Array.from({ length: 1000 }, (_, seed) => new Random(seed).next());
  const mean = first.reduce((sum, x) => sum + x) / first.length;
  assert(Math.abs(mean - 0.5) < 0.05, `mean ${mean}`);
  assertEquals(new Set(first).size, 1000);
});
