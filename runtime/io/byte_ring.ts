/** Bytes first in, first out, in a fixed amount of memory. */
export class ByteRing {
  private bytes: Uint8Array;
  private head = 0;
  /** How many bytes it holds. */
  size = 0;

  /**
   * @param capacity How many bytes fit.
   * @throws `RangeError` where that is no whole number of at least 1.
   */
  constructor(capacity: number) {
    if (!(capacity >= 1) || capacity % 1 !== 0) {
      throw new RangeError(`Cannot buffer ${capacity} bytes: pass a whole number from 1`);
    }
    this.bytes = new Uint8Array(capacity);
  }

  /** Whether nothing more fits. */
  get full(): boolean {
    return this.size === this.bytes.length;
  }

  /** Makes room for `capacity` bytes at least. */
  reserve(capacity: number): void {
    if (capacity <= this.bytes.length) return;
    const { size } = this;
    const wider = new Uint8Array(capacity);
    wider.set(this.take(size));
    this.bytes = wider;
    this.head = 0;
    this.size = size;
  }

  /** Puts what fits and gives how many bytes did not. */
  put(bytes: Uint8Array): number {
    const count = Math.min(bytes.length, this.bytes.length - this.size);
    const capacity = this.bytes.length;
    const start = (this.head + this.size) % capacity;
    const first = Math.min(count, capacity - start);
    this.bytes.set(bytes.subarray(0, first), start);
    this.bytes.set(bytes.subarray(first, count), 0);
    this.size += count;
    return bytes.length - count;
  }

  /** Takes `length` bytes, or all there are. */
  take(length: number): Uint8Array {
    const count = Math.min(length, this.size);
    const taken = new Uint8Array(count);
    const first = Math.min(count, this.bytes.length - this.head);
    taken.set(this.bytes.subarray(this.head, this.head + first));
    taken.set(this.bytes.subarray(0, count - first), first);
    this.head = (this.head + count) % this.bytes.length;
    this.size -= count;
    return taken;
  }

  /** Where `wanted` begins, looked for from `from` on; -1 where it is not there. */
  indexOf(wanted: ArrayLike<number>, from: number): number {
    const capacity = this.bytes.length;
    for (let start = from; start + wanted.length <= this.size; start++) {
      let length = 0;
      while (
        length < wanted.length &&
        this.bytes[(this.head + start + length) % capacity] === wanted[length]
      ) length++;
      if (length === wanted.length) return start;
    }
    return -1;
  }
}
