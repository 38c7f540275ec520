/** Makes the programs: the same seed, the same program. */

import { code, lines, type Node, node, textOf } from "./node.ts";
import { Generator, type Mode, Table } from "./generator.ts";
import { functionDeclaration, makeFunction, statements } from "./functions.ts";
import { operators } from "./operators.ts";
import { calls } from "./calls.ts";
import { loops } from "./loops.ts";
import { guarded, plainStatements, use } from "./statements.ts";
import { idioms } from "./idioms.ts";
import { classDeclaration } from "./classes.ts";
import { taskExpressions, tasks, taskStatements } from "./tasks.ts";

const grammar = {
  expressions: new Table("expression", { ...operators, ...calls }),
  statements: new Table("statement", { ...plainStatements, ...loops, ...idioms }),
};

const taskGrammar = {
  expressions: new Table("expression", { ...operators, ...calls, ...taskExpressions }),
  statements: new Table("statement", {
    ...plainStatements,
    ...loops,
    ...idioms,
    ...taskStatements,
  }),
};

/** The names of the forms that are chosen from tables, without those that bring names of their own. */
export const forms: readonly string[] = [
  ...grammar.expressions.names(),
  ...grammar.statements.names(),
].filter((name) => !name.startsWith("declared "));

/** What a program is about: the language alone, or tasks on the loop. */
export type Subject = "language" | "runtime";

/** The names of the forms that only programs which use the runtime have. */
export const taskForms: readonly string[] = Object.keys({ ...taskExpressions, ...taskStatements });

/** A program and how to compare its logs. */
export interface Program {
  readonly seed: number;
  readonly subject: Subject;
  readonly mode: Mode;
  readonly root: Node;
}

/** Makes the program of a seed. */
export function generate(seed: number, subject: Subject = "language"): Program {
  if (subject === "runtime") {
    const g = new Generator(seed, "runtime", taskGrammar);
    return { seed, subject, mode: "runtime", root: g.inside({ plain: true }, () => tasks(g)) };
  }
  // Both modes take turns.
  const mode = seed % 2 === 0 ? "global" : "linear";
  const g = new Generator(seed, mode, grammar);
  const root = g.inside({ plain: true }, () => program(g, seed % 500 === 0));
  return { seed, subject, mode, root };
}

/** The text of the program of a seed. */
export function textOfSeed(seed: number, subject: Subject): string {
  return textOf(generate(seed, subject).root);
}

function program(g: Generator, large: boolean): Node {
  const variables = g.several(1, 2, () => {
    const text = g.newName("x");
    g.declare(text, "value", { variable: true });
    return node("statement", "variable", code`let ${text} = ${g.literal()};`);
  });
  const declarations = g.several(1, 3, () => {
    g.room = 18 + g.random.below(56);
    return g.once(3) ? classDeclaration(g) : functionDeclaration(g);
  });
  const names = g.scope.names.filter(({ kind }) => kind !== "value");
  const { parameters, body } = makeFunction(g, {
    async: true,
    parameters: 0,
    only: () => {
      const nodes = names.map((name) => {
        g.room = 8 + g.random.below(22);
        return guarded(g, 1, () => use(g, name));
      });
      const more = g.several(large ? 150 : 1, large ? 200 : 2, () => {
        g.room = 20 + g.random.below(56);
        return guarded(g, 3);
      });
      g.room = 20;
      return [...nodes, ...more, ...statements(g, 0, 2)];
    },
  });
  const main = node("statement", "main", code`async function main(${parameters}) ${body}`);
  return node("program", "program", code`${lines([...variables, ...declarations, main])}`);
}
