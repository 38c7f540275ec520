/** What chance alone puts together seldom: async generators that are driven by hand. */

import { type Code, code, lines, type Node, node } from "./node.ts";
import type { Forms, Generator } from "./generator.ts";
import { args } from "./operands.ts";

/** One request to an async generator. */
function request(g: Generator, of: string): Code {
  switch (g.random.below(6)) {
    case 0:
      return code`${of}.return(${g.expression()})`;
    case 1:
      return code`${of}.throw(oops(${g.expression()}))`;
    default:
      return code`${of}.next(${g.expression()})`;
  }
}

function awaited(g: Generator, of: string): Node {
  const text = code`log("${g.number()}", await ${request(g, of)});`;
  if (g.once(2)) return node("statement", "request", text);
  return node(
    "statement",
    "guarded request",
    code`try { ${text} } catch (e) { log("caught", e); }`,
  );
}

/** Asks an async generator by hand, each time when it has answered. */
function driven(g: Generator): Code {
  const of = `g${g.number()}`;
  const start = code`const ${of} = ${g.find("async generator")!.text}(${args(g)});`;
  const requests = g.several(1, 4, () => awaited(g, of));
  return code`{ ${start} ${lines(requests)} }`;
}

/** Asks an async generator several times at once. */
function queued(g: Generator): Code {
  const of = `g${g.number()}`;
  const start = code`const ${of} = ${g.find("async generator")!.text}(${args(g)});`;
  const names = g.several(1, 4, () => `r${g.number()}`);
  const asked = names.map((name) =>
    node("statement", "queued request", code`const ${name} = ${request(g, of)};`)
  );
  const answers = names.map((name) =>
    node(
      "statement",
      "answer",
      code`try { log("${name}", await ${name}); } catch (e) { log("${name}", e); }`,
    )
  );
  if (g.once(3)) answers.reverse();
  return code`{ ${start} ${lines([...asked, ...answers])} }`;
}

/** Statements that use what was declared for them. */
export const idioms: Forms = {
  "driven generator": [5, driven, (g) => g.fn.async && g.has("async generator")],
  "queued requests": [
    5,
    queued,
    // A queued request that the engine itself takes up has lost the task that made it.
    (g) => g.mode === "global" && g.fn.async && g.has("async generator"),
  ],
};
