import type { Node } from "../ast.ts";
import type { Analysis } from "./analysis.ts";
import { iterated } from "./builtins.ts";
import type { Thing } from "./thing.ts";
import { join, NEVER, only, UNDEFINED, type Value, VOID } from "./value.ts";

/** Gives a variable, or all that a pattern names, what it is bound or assigned to. */
export function bindPattern(analysis: Analysis, target: Node, value: Value): void {
  switch (target.type) {
    case "Identifier": {
      const variable = analysis.bindings.of(target);
      if (variable === undefined) analysis.outside.escape(value);
      else analysis.put(analysis.cellOf(variable), value);
      return;
    }
    case "MemberExpression": {
      if (target.object.type === "Super") {
        return analysis.objects.set(analysis.self, analysis.nameOf(target), value);
      }
      return analysis.objects.set(analysis.evaluate(target.object), analysis.nameOf(target), value);
    }
    case "AssignmentPattern": {
      let given = value.without(UNDEFINED);
      if ((value.bits & UNDEFINED) !== 0) given = join(given, analysis.evaluate(target.right));
      return bindPattern(analysis, target.left, given);
    }
    case "ArrayPattern": {
      const elements = join(iterated(analysis, value), VOID);
      for (const element of target.elements as (Node | null)[]) {
        if (element === null) continue;
        if (element.type !== "RestElement") bindPattern(analysis, element, elements);
        else bindPattern(analysis, element.argument, only(analysis.arrayOf(element, elements)));
      }
      return;
    }
    case "ObjectPattern": {
      analysis.patterns.set(target, join(analysis.patterns.get(target) ?? NEVER, value));
      for (const property of target.properties as Node[]) {
        if (property.type === "RestElement") {
          const rest = analysis.thingOf(property, "object");
          copyProperties(analysis, value, rest);
          bindPattern(analysis, property.argument, only(rest));
        } else {
          bindPattern(
            analysis,
            property.value,
            analysis.objects.get(value, analysis.nameOf(property)),
          );
        }
      }
      return;
    }
    default:
      analysis.blind = true;
  }
}

/** What `{ ...source }` copies. */
export function copyProperties(
  analysis: Analysis,
  source: Value,
  into: Thing,
): void {
  if (source.isAny) {
    analysis.put(into.elements, analysis.objects.get(source, null));
  }
  for (const thing of source.things) {
    for (const [name, cell] of thing.slots) {
      analysis.objects.write(into, name, analysis.readAny(cell));
    }
    for (const name of analysis.objects.accessors.get(thing)?.keys() ?? []) {
      analysis.objects.write(into, name, analysis.objects.get(only(thing), name));
    }
    analysis.objects.write(into, null, analysis.readAny(thing.elements));
  }
}
