/**
 * Whether the program can ever call `fn`, or make an instance of that class. The compiler knows, and puts the answer in
 * the place of the call: what only serves a part that a program does not use costs it nothing. Where nothing is
 * compiled, everything can be called.
 */
export function reaches(_fn: unknown): boolean {
  return true;
}

/** Whether the program may call these more than once in all; see {@linkcode reaches}. */
export function reachesTwice(..._fns: unknown[]): boolean {
  return true;
}
