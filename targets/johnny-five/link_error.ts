import { DeviceError } from "../../runtime/errors.ts";

/** What became of the link: the line is gone, the board has restarted, or bytes made no sense. */
export type LinkFault = "lost" | "restarted" | "damaged";

/** The link to a remote board failed; `fault` tells how. */
export class LinkError extends DeviceError {
  /** Its name in messages; tell errors apart by class. */
  override readonly name: string = "LinkError";
  /**
   * Makes the error of an await that the link let down.
   *
   * @param fault What became of the link.
   * @param message What happened, and the cure.
   */
  constructor(readonly fault: LinkFault, message: string) {
    super(message);
  }
}
