/**
 * A line being typed on a terminal in raw mode, below a picture that is redrawn: the terminal's own
 * echo would be in its way.
 */
export class Prompt {
  #text = "";

  /** What has been typed of the line so far. */
  get text(): string {
    return this.#text;
  }

  /** Takes keys, and gives the lines that they complete; null for Ctrl-C, and Ctrl-D on an empty line. */
  type(keys: string): string[] | null {
    const lines: string[] = [];
    // deno-lint-ignore no-control-regex
    for (const key of keys.replace(/\x1b(?:\[[\d;]*[A-Za-z~]|O.)/g, "")) {
      if (key === "\x03" || key === "\x04" && this.#text === "") return null;
      if (key === "\r" || key === "\n") {
        lines.push(this.#text);
        this.#text = "";
      } else if (key === "\x7f" || key === "\b") this.#text = this.#text.slice(0, -1);
      else if (key === "\x15") this.#text = "";
      else if (key >= " ") this.#text += key;
    }
    return lines;
  }
}
