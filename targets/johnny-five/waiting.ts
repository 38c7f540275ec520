import process from "node:process";

/** How long to wait before saying what for, in milliseconds. */
const PATIENCE = 500;

/** Says on a terminal what takes a while, and takes it back when it is over. */
export function tellWaiting(text: string): Disposable {
  if (!process.stderr.isTTY) return { [Symbol.dispose]() {} };
  let shown = false;
  const timer = setTimeout(() => {
    shown = true;
    process.stderr.write(text);
  }, PATIENCE);
  return {
    [Symbol.dispose]() {
      clearTimeout(timer);
      if (shown) process.stderr.write("\r\x1b[K");
    },
  };
}
