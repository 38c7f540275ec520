import { EXIT } from "../exit.ts";
import { UsageError } from "../usage_error.ts";

/** What became of the program that was on the board. */
export type OldProgram = "kept" | "gone" | "replaced" | "unknown";

const FATE: { readonly [old in OldProgram]: string } = {
  kept: "The program that was on the board is still there.",
  gone: "The program that was on the board is gone: flash again, or flash --recover.",
  replaced: "The new program is on the board, verified; it starts when the board does.",
  unknown: "Whether the program that was on the board is still there is not known.",
};

/** Flashing or watching a board failed: told without a stack, with the cure. */
export class BoardFailure extends UsageError {
  constructor(message: string, exit: number = EXIT.failed) {
    super(message, exit);
  }

  /** The same, and what became of the program that was on the board. */
  withFate(old: OldProgram): BoardFailure {
    return new BoardFailure(`${this.message}\n${FATE[old]}`, this.exit);
  }
}

/** The cable was pulled, or the board reset its USB. */
export class BoardGone extends BoardFailure {
  constructor(path: string) {
    super(
      `Lost the board on "${path}": it was unplugged or reset; plug it in and try again`,
      EXIT.noDevice,
    );
  }
}
