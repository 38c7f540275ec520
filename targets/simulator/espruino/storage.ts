/** The interpreter's flash, as `require("Storage")` gives it: files that can be written in chunks. */
export class VirtualStorage {
  private readonly files = new Map<string, string>();

  write(name: string, data: unknown, offset = 0, size = 0): boolean {
    if (name.length === 0 || name.length > 28) throw new Error("Invalid filename");
    const text = String(data);
    const before = offset > 0 ? this.files.get(name) ?? "" : "\xff".repeat(size);
    const end = Math.max(before.length, offset + text.length);
    const filled = before.padEnd(end, "\xff");
    this.files.set(name, filled.slice(0, offset) + text + filled.slice(offset + text.length));
    return true;
  }

  read(name: string): string | undefined {
    return this.files.get(name);
  }

  erase(name: string): void {
    this.files.delete(name);
  }

  list(): string[] {
    return [...this.files.keys()];
  }
}
