/**
 * Reads Intel HEX, the format of compiled firmware, into the bytes of a chip's flash. What is not
 * written is 0xff, as erased flash is.
 *
 * @param size How many bytes the flash has.
 * @throws {RangeError} If a line is damaged, of an unknown kind, or does not fit.
 */
export function readIntelHex(text: string, size: number): Uint8Array<ArrayBuffer> {
  const flash = new Uint8Array(size).fill(0xff);
  /** What addresses count from, beyond 64 kB. */
  let base = 0;
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line === "") continue;
    const { address, kind, data } = readRecord(line, i + 1);
    if (kind === 1) return flash;
    if (kind === 3 || kind === 5) continue; // where to start: an AVR starts at 0
    if (kind === 2 || kind === 4) {
      base = (data[0]! << 8 | data[1]!) << (kind === 2 ? 4 : 16);
      continue;
    }
    if (kind !== 0) {
      throw new RangeError(`Cannot read line ${i + 1} of the firmware: it has the kind ${kind}`);
    }
    if (base + address + data.length > size) {
      throw new RangeError(
        `Cannot load the firmware: line ${i + 1} lies beyond the ${size} bytes of flash; ` +
          "was it built for this board?",
      );
    }
    flash.set(data, base + address);
  }
  throw new RangeError("Cannot load the firmware: its last line is missing; is the file whole?");
}

/**
 * The same, without the erased flash behind it.
 *
 * @param room How many bytes it may have.
 * @throws {RangeError} As {@linkcode readIntelHex} does.
 */
export function readImage(text: string, room: number): Uint8Array<ArrayBuffer> {
  const flash = readIntelHex(text, room);
  return flash.subarray(0, flash.findLastIndex((byte) => byte !== 0xff) + 1);
}

interface HexRecord {
  readonly address: number;
  readonly kind: number;
  readonly data: Uint8Array;
}

function readRecord(line: string, number: number): HexRecord {
  const digits = /^:((?:[0-9a-f]{2}){5,})\s*$/i.exec(line)?.[1] ?? "";
  const bytes = Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  const sum = bytes.reduce((a, b) => a + b, 0) & 0xff;
  if (bytes.length === 0 || bytes.length !== bytes[0]! + 5 || sum !== 0) {
    throw new RangeError(`Cannot read line ${number} of the firmware: ${JSON.stringify(line)}`);
  }
  return {
    address: bytes[1]! << 8 | bytes[2]!,
    kind: bytes[3]!,
    data: bytes.subarray(4, -1),
  };
}
