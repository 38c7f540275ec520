import { EXIT } from "../exit.ts";
import { BoardFailure } from "./flash_failure.ts";
import type { Link } from "./flash_link.ts";

/** Interrupts what runs. */
const CTRL_C = "\x03";
/** At the beginning of a line: do not echo it. */
const DLE = "\x10";
/** Empties the line that somebody has begun. */
const EMPTY_LINE = "\x1b[2H";

/** How long a board that can answer takes to, in milliseconds: a line at 9600 baud takes 0.1 s. */
const SOON = 700;
/** How long an interrupted program takes to end, in milliseconds. */
const BREATH = 300;

/** Who is at the other end. */
export interface Identity {
  /** The board's id, for example `"PUCKJS"`. */
  readonly board: string;
  /** The firmware's version, for example `"2v29"`. */
  readonly version: string;
}

/** The interpreter's console: asks and tells without the prompt and the echo getting in between. */
export class BoardConsole {
  readonly link: Link;
  #asked = 0;

  constructor(link: Link) {
    this.link = link;
  }

  /**
   * Gets the interpreter to answer. Ctrl-C is sent only where it does not: a program that merely has
   * timers goes on, and the interpreter on Linux ends at the second.
   *
   * @throws {BoardFailure} If it does not answer.
   */
  async wake(timeout = this.link.timeout): Promise<void> {
    const deadline = performance.now() + timeout;
    this.link.clear();
    if (await this.#answers()) return;
    do {
      await this.link.send(CTRL_C);
      await this.link.until((text) => /(debug|password)?>$/.test(text) ? true : undefined, BREATH);
      if (/password>/.test(this.link.text)) {
        throw new BoardFailure(
          `Cannot use the board on "${this.link.path}": its console has a password; take that ` +
            `off with E.setPassword() in \`deno task monitor\``,
        );
      }
      // Ctrl-C lands in the debugger where a function of the program was running.
      if (/debug>\s*$/.test(this.link.text)) await this.link.send("quit\n");
      if (await this.#answers()) return;
    } while (performance.now() < deadline);
    throw this.#silent();
  }

  async #answers(): Promise<boolean> {
    return await this.#ask("1", SOON, EMPTY_LINE) === 1;
  }

  #silent(): BoardFailure {
    const { path, text } = this.link;
    if (text.trim() === "") {
      return new BoardFailure(
        `Cannot reach the board on "${path}": nothing answers; is it an Espruino, its console on ` +
          `this port, at this --baud? A program that never yields needs --recover`,
        EXIT.noDevice,
      );
    }
    const said = JSON.stringify(text.slice(-60));
    return new BoardFailure(
      `Cannot get a prompt from the board on "${path}": it answers ${said}; its program may never ` +
        `yield: use --recover. If it is no text, give the right --baud`,
      EXIT.timeLimit,
    );
  }

  /**
   * Evaluates an expression on the board.
   *
   * @throws {BoardFailure} If it throws there, or the board does not answer.
   */
  async ask<T>(expression: string): Promise<T> {
    const value = await this.#ask(expression, this.link.timeout);
    if (value !== NO_ANSWER) return value as T;
    throw new BoardFailure(
      `The board on "${this.link.path}" does not answer any more: it took longer than ` +
        `${this.link.timeout / 1000} s (--timeout)`,
      EXIT.timeLimit,
    );
  }

  async #ask(expression: string, timeout: number, before = ""): Promise<unknown> {
    const id = `aw${++this.#asked}`;
    // In two parts, so that an echo of the question is no answer.
    const tag = `"<"+"${id}`;
    const line = `try{print(${tag}|"+JSON.stringify(${expression})+"|${id}>")}` +
      `catch(e){print(${tag}!"+e+"!${id}>")}`;
    const start = this.link.text.length;
    await this.link.send(`${before}${DLE}${line}\n`);
    const found = await this.link.until(
      (text) => new RegExp(`<${id}([|!])([^]*?)\\1${id}>`).exec(text.slice(start)) ?? undefined,
      timeout,
    );
    if (found === undefined) return NO_ANSWER;
    this.link.clear();
    const [, how, said = ""] = found;
    if (how === "!") throw new BoardFailure(`The board refused ${expression}: ${said}`);
    if (said === "undefined") return undefined;
    try {
      return JSON.parse(said);
    } catch {
      throw new BoardFailure(
        `Cannot read what the board on "${this.link.path}" answers: ${
          JSON.stringify(said)
        }; bytes ` +
          `are lost or changed on the way: check the cable, or try a lower --baud`,
      );
    }
  }

  /** Sends a line without waiting for anything. */
  async tell(line: string): Promise<void> {
    await this.link.send(`${DLE}${line}\n`);
  }

  /** Who answers. */
  async identify(): Promise<Identity> {
    const [board, version] = await this.ask<[string, string]>(
      "[process.env.BOARD,process.env.VERSION]",
    );
    return { board, version };
  }

  /** Stops the program: forgets all that is in memory, and runs nothing from flash. */
  async reset(): Promise<void> {
    await this.tell("global.awaitioFlash=1;reset()");
    const deadline = performance.now() + this.link.timeout;
    do {
      await this.link.settle(BREATH / 3, BREATH);
      await this.wake();
      if (await this.ask("typeof awaitioFlash") === "undefined") return;
    } while (performance.now() < deadline);
    throw new BoardFailure(
      `Cannot reset the board on "${this.link.path}": its program goes on; use --recover`,
    );
  }
}

const NO_ANSWER = Symbol("no answer");
