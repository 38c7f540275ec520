/** What the interpreter lacks of JavaScript's own errors: several of them as one. */
export class AggregateError extends Error {
  override readonly name: string = "AggregateError";
  readonly errors: unknown[];

  constructor(errors: Iterable<unknown>, message?: string) {
    super(message);
    this.errors = [...errors];
  }
}
