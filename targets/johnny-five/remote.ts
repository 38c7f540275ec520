import type { EventLoop } from "../../runtime/loop.ts";
import type { IoPlugin } from "./io.ts";
import type { Link, LinkListener } from "./link.ts";
import type { LinkError } from "./link_error.ts";
import { IoPins } from "./pins.ts";
import type { Question } from "./question.ts";
import { Reports } from "./reports.ts";

/** A board at the other end of a link, as its ports see it. */
export class Remote {
  readonly pins: IoPins;
  readonly reports: Reports;
  /** What was asked of the board and is not answered yet. */
  readonly questions: Set<Question<unknown>> = new Set();
  /** When the last piece of data came, and which that was. */
  private heardAt = 0;
  private heard = -1;

  /** @param link Nothing where the IO plugin needs none. */
  constructor(
    readonly io: IoPlugin,
    readonly loop: EventLoop,
    readonly link: Link | null,
  ) {
    this.pins = new IoPins(io);
    this.reports = new Reports(io);
    link?.tell(this);
  }

  /** When what is being dealt with came, in milliseconds of the loop's clock. A look at a clock takes as long as a report. */
  get reportTime(): number {
    const { link, loop } = this;
    if (link === null) return loop.time();
    if (link.received !== this.heard) {
      this.heard = link.received;
      this.heardAt = loop.time();
    }
    return this.heardAt;
  }

  /**
   * Refuses to do anything over a link that is gone for good.
   *
   * @throws `LinkError` that names the action and what became of the link.
   */
  require(action: string): void {
    this.link?.require(action);
  }

  /** The same for who hands the error on: tells `done`, and is `true`, where the link is gone. */
  refuses(action: string, done: (error: Error) => void): boolean {
    try {
      this.require(action);
      return false;
    } catch (error) {
      done(error as Error);
      return true;
    }
  }

  /** Tells a port when it has something to lose, until {@linkcode Remote.remove}. */
  add(port: LinkListener): void {
    this.link?.tell(port);
  }

  /** Ends {@linkcode Remote.add}. */
  remove(port: LinkListener): void {
    this.link?.forget(port);
  }

  /** The link broke: what was asked is lost. */
  onBroken(error: LinkError): void {
    for (const question of [...this.questions]) question.fail(error);
  }

  /** Nothing is asked any more. */
  close(): void {
    for (const question of this.questions) question.drop();
    this.link?.forget(this);
  }
}
