/**
 * Modules: an artefact is a script that imports nothing and hands out nothing.
 *
 * @module
 */

import { declareVar, type Node, statement } from "../ast.ts";
import { type Lowered, walk } from "./tree.ts";

/** Takes out what makes a module one. */
export function lowerModule(lowered: Lowered): void {
  const { program } = lowered;
  program.body = (program.body as Node[]).flatMap((node): Node[] => {
    switch (node.type) {
      case "ImportDeclaration":
        return lowered.refuse(
          `Cannot import "${node.source.value}" on Espruino: use require("${node.source.value}") ` +
            "for a module that the board has",
          node,
        );
      case "ExportAllDeclaration":
        return lowered.refuse("Cannot export on Espruino: an artefact is a script", node);
      case "ExportNamedDeclaration":
        return node.declaration === null ? [] : [node.declaration];
      case "ExportDefaultDeclaration": {
        const { declaration } = node;
        if (/Declaration$/.test(declaration.type)) {
          declaration.id ??= declareVar([{ name: lowered.fresh("main"), init: null }])
            .declarations[0].id;
          return [declaration];
        }
        return [statement(declaration)];
      }
      default:
        return [node];
    }
  });
  walk(program, (node) => {
    if (node.type === "ImportExpression") {
      lowered.refuse(
        "Cannot import while running on Espruino: an artefact is one file; import it at the top",
        node,
      );
    }
    if (node.type === "MetaProperty" && node.meta.name === "import") {
      lowered.refuse("Cannot use import.meta on Espruino: a script has none", node);
    }
    if (node.async || node.type === "AwaitExpression") {
      lowered.refuse(
        "Cannot run async functions natively on Espruino: build without --native",
        node,
      );
    }
  });
}
