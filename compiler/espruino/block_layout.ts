/** How an interpreter's build cuts its memory into blocks, and how many of them a text takes. */
export class BlockLayout {
  /** The layout of the interpreter's build for a computer of 64 bits. */
  static readonly computer = new BlockLayout({ block: 27, text: 20, more: 21, name: 8 });

  /**
   * @param bytes The size of a block; how much of a text and of a name the first block takes, and how much every
   * further one.
   */
  constructor(
    private readonly bytes: {
      readonly block: number;
      readonly text: number;
      readonly more: number;
      readonly name: number;
    },
  ) {}

  /** The layout of a board with so many blocks: the more there are, the more bytes a reference takes (`jsutils.h`). */
  static of(jsVars: number): BlockLayout {
    if (jsVars <= 2047) return new BlockLayout({ block: 12, text: 8, more: 8, name: 4 });
    if (jsVars <= 8191) return new BlockLayout({ block: 13, text: 8, more: 9, name: 4 });
    if (jsVars <= 16383) return new BlockLayout({ block: 14, text: 9, more: 10, name: 4 });
    return new BlockLayout({ block: 16, text: 10, more: 11, name: 4 });
  }

  /** The layout that has blocks of so many bytes. */
  static ofBlocks(bytes: number): BlockLayout {
    const all = [1000, 4000, 16_000, 32_000].map(BlockLayout.of).concat(BlockLayout.computer);
    const found = all.find((layout) => layout.block === bytes);
    if (found === undefined) throw new Error(`Cannot tell how blocks of ${bytes} bytes are used`);
    return found;
  }

  /** The size of a block in bytes. */
  get block(): number {
    return this.bytes.block;
  }

  /** The blocks of a name: a variable's, a property's, a parameter's. A small whole number beside it takes no more. */
  name(text: string): number {
    return this.chain(text.length, this.bytes.name);
  }

  /** The blocks of a text of so many characters. */
  text(length: number): number {
    return this.chain(length, this.bytes.text);
  }

  /** The blocks of a function's code, which is in one piece where that takes fewer. */
  code(length: number): number {
    const { block, text, more } = this.bytes;
    return length > text + more ? 1 + Math.ceil(length / block) : this.text(length);
  }

  private chain(length: number, first: number): number {
    return 1 + Math.ceil(Math.max(0, length - first) / this.bytes.more);
  }
}
