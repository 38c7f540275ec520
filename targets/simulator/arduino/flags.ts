/**
 * What arithmetic does to the flags of an AVR, worked out once: bit 0 carry, 1 zero, 2 negative,
 * 3 overflow, 4 sign, 5 half carry, as in SREG.
 *
 * @module
 */

/** Flags of `x + y + carry`, at `carry << 16 | x << 8 | y`. */
export const ADDED: Uint8Array = table((x, y, carry) => {
  const sum = x + y + carry;
  return flags(sum & 255, sum > 255, (x & 15) + (y & 15) + carry > 15, (x ^ sum) & (y ^ sum));
});

/** Flags of `x - y - carry`, at `carry << 16 | x << 8 | y`. */
export const SUBTRACTED: Uint8Array = table((x, y, carry) => {
  const rest = x - y - carry;
  return flags(rest & 255, rest < 0, (x & 15) - (y & 15) - carry < 0, (x ^ y) & (x ^ rest));
});

/** Zero, negative and sign of the result of an operation on bits. */
export const LOGIC: Uint8Array = Uint8Array.from(
  { length: 256 },
  (_, result) => flags(result, false, false, 0),
);

function table(of: (x: number, y: number, carry: number) => number): Uint8Array {
  const all = new Uint8Array(1 << 17);
  for (let i = 0; i < all.length; i++) all[i] = of(i >> 8 & 255, i & 255, i >> 16);
  return all;
}

function flags(result: number, carry: boolean, half: boolean, overflow: number): number {
  const [n, v] = [result >> 7, overflow >> 7 & 1];
  const zero = result === 0 ? 2 : 0;
  return (carry ? 1 : 0) | zero | n << 2 | v << 3 | (n ^ v) << 4 | (half ? 32 : 0);
}
