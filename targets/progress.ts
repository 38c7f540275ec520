import { wantsColor } from "./command.ts";

const WIDTH = 24;

/** Shows how far flashing is, on a terminal in one line that is written over and over. */
export class ProgressBar {
  readonly #write: (text: string) => void;
  readonly #color: boolean;
  #shown = false;

  /** @param write Writes to the terminal; `null` where there is none, and nothing is shown. */
  constructor(write: ((text: string) => void) | null, color: boolean) {
    this.#write = write ?? (() => {});
    this.#color = color;
  }

  show(step: "send" | "verify", done: number, total: number): void {
    const share = total === 0 ? 1 : Math.min(1, done / total);
    const full = Math.round(share * WIDTH);
    const [begin, dim, end] = this.#color ? ["\x1b[32m", "\x1b[90m", "\x1b[0m"] : ["", "", ""];
    const bar = `${begin}${"█".repeat(full)}${dim}${"░".repeat(WIDTH - full)}${end}`;
    const label = step === "send" ? "Sending  " : "Verifying";
    this.#write(`\r${label} ${bar} ${`${Math.round(share * 100)}`.padStart(3)} %`);
    this.#shown = true;
  }

  /** Takes it away. */
  clear(): void {
    if (this.#shown) this.#write("\r\x1b[K");
    this.#shown = false;
  }
}

/** One on standard error, if that is a terminal. */
export function progressBar(): ProgressBar {
  const { stderr } = Deno;
  const write = (text: string): void => void stderr.writeSync(new TextEncoder().encode(text));
  return new ProgressBar(stderr.isTerminal() ? write : null, wantsColor());
}
