/** A file of the double's: its bytes as characters, `undefined` where they are not written yet. */
interface StoredFile {
  readonly name: string;
  readonly bytes: (string | undefined)[];
}

const HEADER = 32;

function footprint(size: number): number {
  return HEADER + Math.ceil(size / 4) * 4;
}

/** The interpreter's Storage as it behaves: flash that is only ever appended to, and compacted. */
export class DoubleStorage {
  #files: StoredFile[] = [];
  #trash = 0;
  readonly #capacity: number;

  /** @param capacity Bytes of flash. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  #find(name: string): StoredFile | undefined {
    return this.#files.find((file) => file.name === name);
  }

  #used(): number {
    return this.#files.reduce((sum, { bytes }) => sum + footprint(bytes.length), 0);
  }

  read(name: string, offset = 0, length?: number): string | undefined {
    const text = this.#find(name)?.bytes.map((byte) => byte ?? "\xff").join("");
    // A length of 0 is all of it.
    return text?.slice(offset, length === undefined || length === 0 ? undefined : offset + length);
  }

  write(name: string, data: string, offset = 0, size = 0): boolean {
    const length = size === 0 ? data.length : size;
    if (length === 0) throw new Error("Can't create zero length file");
    let file = this.#find(name);
    if (offset === 0) {
      if (file !== undefined && file.bytes.length === data.length && this.read(name) === data) {
        return true;
      }
      this.erase(name);
      file = this.#create(name, length);
    }
    if (file === undefined) throw new Error("Unable to find or create file");
    if (offset + data.length > file.bytes.length) throw new Error("Too much data for file size");
    for (let i = 0; i < data.length; i++) {
      if (file.bytes[offset + i] !== undefined) {
        throw new Error("File already written with different data");
      }
      file.bytes[offset + i] = data[i];
    }
    return true;
  }

  #create(name: string, size: number): StoredFile | undefined {
    if (this.getFree() < size) this.compact();
    if (this.getFree() < size) return undefined;
    const file = { name, bytes: Array.from<string | undefined>({ length: size }) };
    this.#files.push(file);
    return file;
  }

  erase(name: string): void {
    const file = this.#find(name);
    if (file === undefined) return;
    this.#files = this.#files.filter((each) => each !== file);
    this.#trash += footprint(file.bytes.length);
  }

  compact(): void {
    this.#trash = 0;
  }

  getFree(): number {
    return Math.max(0, this.#capacity - this.#used() - this.#trash - HEADER);
  }

  getStats(): { readonly freeBytes: number; readonly trashBytes: number } {
    return { freeBytes: this.getFree(), trashBytes: this.#trash };
  }

  list(): string[] {
    return this.#files.map(({ name }) => name);
  }
}
