/** How many lines of a stack are told. */
const FRAMES = 10;

/** An error with the lines of its stack that are the user's. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = /ext:|node:|[/\\](?:runtime|targets)[/\\](?!.*_test\.)|[/\\]build\.ts/;
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line))
    .filter((line) => !own.test(line)).slice(0, FRAMES);
  const inner = error instanceof AggregateError
    ? error.errors.map((each) => `\n  - ${describeError(each).replaceAll("\n", "\n    ")}`).join("")
    : "";
  const head = `${error.name}: ${error.message}`;
  return [head, ...frames].join("\n") + inner;
}
