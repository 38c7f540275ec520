import { EXIT } from "./exit.ts";

/** A mistake of the caller's: told without a stack, with the cure. */
export class UsageError extends Error {
  /** @param exit The exit code; 2 unless given. */
  constructor(message: string, readonly exit: number = EXIT.usage) {
    super(message);
  }
}
