import type { Done } from "../../runtime/io/driver.ts";
import { Question } from "./question.ts";
import type { Remote } from "./remote.ts";

/** All who wait for one and the same answer of the board's. */
export class Questions<T> {
  private readonly asked: Question<T>[] = [];

  /**
   * @param action What they ask for, for messages: `read "A0"`.
   * @param ended Called when one of them waits no more.
   */
  constructor(
    private readonly remote: Remote,
    private readonly action: string,
    private readonly ended: () => void = () => {},
  ) {}

  /** Whether anybody waits. */
  get pending(): boolean {
    return this.asked.length > 0;
  }

  /** Asks; `false` where the link is gone, and `done` has been told. */
  ask(done: Done<T>): boolean {
    if (this.remote.refuses(this.action, done)) return false;
    this.asked.push(
      new Question(this.remote, this.action, done, (question) => {
        this.asked.splice(this.asked.indexOf(question), 1);
        this.ended();
      }),
    );
    return true;
  }

  /** The answer is there. */
  answer(value: T): void {
    if (this.pending) { for (const question of this.asked.slice()) question.answer(value); }
  }

  /** There will be none. */
  refuse(error: Error): void {
    for (const question of this.asked.slice()) question.refuse(error);
  }
}
