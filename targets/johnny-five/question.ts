import type { TimerHandle } from "../../runtime/handle.ts";
import type { Done } from "../../runtime/io/driver.ts";
import { LinkError } from "./link_error.ts";
import type { Remote } from "./remote.ts";

/** How long an answer may take, in milliseconds: the way there and back takes some 10. */
export const ANSWER_LIMIT = 1000;

/** Something asked of the board. The answer may get lost, so it has a time limit. */
export class Question<T> {
  private readonly timer: TimerHandle;
  private over = false;

  /**
   * @param action What is asked for, for messages: `read "A0"`.
   * @param ended Called once, before `done` is.
   */
  constructor(
    private readonly remote: Remote,
    private readonly action: string,
    private readonly done: Done<T>,
    private readonly ended: (question: Question<T>) => void = () => {},
    limit: number = ANSWER_LIMIT,
  ) {
    remote.questions.add(this as Question<unknown>);
    this.timer = remote.loop.callLater(limit, () => {
      this.end(
        new LinkError(
          "damaged",
          `Cannot ${action}: no answer within ${limit} ms; a byte may have been lost on the way`,
        ),
      );
    });
  }

  /** The answer is there. */
  answer(value: T): void {
    this.end(null, value);
  }

  /** The board answers that it cannot. */
  refuse(error: Error): void {
    this.end(error);
  }

  /** The link broke. */
  fail({ fault, message }: LinkError): void {
    this.end(new LinkError(fault, `Cannot ${this.action}: ${message}`));
  }

  /** Nobody wants to know any more. */
  drop(): void {
    this.over = true;
    this.timer.cancel();
    this.remote.questions.delete(this as Question<unknown>);
  }

  private end(error: Error | null, value?: T): void {
    if (this.over) return;
    this.drop();
    this.ended(this);
    this.done(error, value);
  }
}
