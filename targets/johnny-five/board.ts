import { describeValue } from "../../runtime/checks.ts";
import { RuntimeError } from "../../runtime/errors.ts";
import { Board } from "../../runtime/io/board.ts";
import { request } from "../../runtime/io/request.ts";
import type { BoardSpec } from "../../runtime/io/spec.ts";
import type { Awaitable } from "../../runtime/wait_base.ts";
import type { JohnnyFiveDriver } from "./driver.ts";
import { END_SYSEX, START_SYSEX } from "./firmata.ts";
import type { FiveBoard } from "./io.ts";
import type { Link } from "./link.ts";
import { belongsTo } from "./linked.ts";
import { ANSWER_LIMIT, Question } from "./question.ts";
import type { Remote } from "./remote.ts";

/** How to ask the firmware something of its own. */
export interface SysexOptions {
  /** The command of the answer; that of the question unless given. */
  readonly answer?: number;
  /** Tells the answer to this question from others of the same command; the first that comes unless given. */
  readonly match?: (data: Uint8Array) => boolean;
  /** How long the answer may take, in milliseconds; 1000 unless given. */
  readonly limit?: number;
}

/**
 * A board that Johnny-Five drives: the same as any other, and what is behind it.
 *
 * @typeParam S The board's data.
 *
 * @example
 * ```ts
 * import type { JohnnyFiveBoard } from "awaitio/johnny-five";
 * import { once } from "awaitio/johnny-five";
 * import five from "johnny-five";
 *
 * export default async function main(board: JohnnyFiveBoard) {
 *   const servo = new five.Servo({ board: board.johnnyFive, pin: 9 });
 *   servo.to(90, 500);
 *   await once(servo, "move:complete");
 * }
 * ```
 */
export class JohnnyFiveBoard<S extends BoardSpec = BoardSpec> extends Board<S> {
  /** Johnny-Five's own board, for its components. */
  readonly johnnyFive: FiveBoard;
  /** The link to the board; `null` where the IO plugin needs none. */
  readonly link: Link | null;
  private readonly remote: Remote;

  /** @internal Boards are handed to programs. */
  constructor(spec: S, five: FiveBoard, driver: JohnnyFiveDriver) {
    super(spec, driver);
    const { remote } = driver;
    this.johnnyFive = five;
    this.link = remote.link;
    this.remote = remote;
    if (remote.link !== null) belongsTo(five, remote.link);
  }

  /**
   * Sends a sysex message and waits for its answer. Cancelling ends the wait; the answer is dropped.
   *
   * @param command The command, 0 to 127.
   * @param data Data bytes, 0 to 127 each: Firmata sends larger ones as two, see its protocol for the command.
   * @returns The data of the answer, as it came.
   * @throws `LinkError` where no answer comes in time, or the link breaks; `RangeError` for bytes above 127.
   *
   * @example Asking for the state of pin 13
   * ```ts
   * import type { JohnnyFiveBoard } from "awaitio/johnny-five";
   *
   * export default async function main(board: JohnnyFiveBoard) {
   *   const [, mode] = await board.sysex(0x6d, [13], { answer: 0x6e, match: ([pin]) => pin === 13 });
   *   console.log(`D13 has mode ${mode}`);
   * }
   * ```
   */
  sysex(
    command: number,
    data: ArrayLike<number> = [],
    options: SysexOptions = {},
  ): Awaitable<Uint8Array> {
    const { answer = command, match = () => true, limit = ANSWER_LIMIT } = options;
    const { link, remote } = this;
    const bytes = [command, ...Array.from(data)];
    const wrong = bytes.find((byte) => !(byte >= 0 && byte < 0x80) || byte % 1 !== 0);
    if (wrong !== undefined) {
      throw new RangeError(
        `Cannot send ${describeValue(wrong)} in a sysex message: pass whole numbers from 0 to 127`,
      );
    }
    if (link === null) {
      throw new RuntimeError(`Cannot send a sysex message: ${remote.io.name} has no Firmata link`);
    }
    const what = `sysex(0x${command.toString(16).padStart(2, "0")})`;
    return request<Uint8Array>(what, (done) => {
      const port = {
        onSysex(heard: number, data: Uint8Array) {
          if (heard === answer && match(data)) question.answer(data);
        },
      };
      const ended = (): void => remote.remove(port);
      const question = new Question(remote, `get an answer to ${what}`, done, ended, limit);
      remote.add(port);
      link.send(Uint8Array.of(START_SYSEX, ...bytes, END_SYSEX));
    });
  }
}
