/** Names a value that was passed by mistake. */
export function describeValue(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

/** Refuses what is no function. */
export function requireCallable(action: string, callback: unknown): void {
  if (typeof callback === "function") return;
  throw new TypeError(`Cannot call ${action} with ${describeValue(callback)}: pass a function`);
}

/** Refuses what is no number of milliseconds. */
export function requireTime(action: string, what: string, ms: number): void {
  if (typeof ms !== "number" || Number.isNaN(ms)) {
    throw new RangeError(
      `Cannot call ${action} with ${what} ${describeValue(ms)}: pass milliseconds`,
    );
  }
}
