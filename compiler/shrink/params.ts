import { type Node, usesArguments } from "../ast.ts";
import type { Analysis } from "./analysis.ts";
import type { Fn } from "./thing.ts";
import { isUnusedParam } from "./unread.ts";

/** Finds the parameters that no function reads; `remove` takes them and what is passed for them away. */
export function deadParams(
  analysis: Analysis,
  isOwn: (node: Node) => boolean,
): { remove(): void } {
  const dead = new Map<Fn, boolean[]>();
  for (const fn of analysis.functions.values()) {
    if (!fn.called || fn.open || !Array.isArray(fn.node.params)) continue;
    if (fn.sites.size === 0 || usesArguments(fn.node.body)) continue;
    if (!isOwn(fn.node) || [...fn.sites].some((site) => !isOwn(site))) continue;
    dead.set(fn, (fn.node.params as Node[]).map((param) => isUnusedParam(analysis, param)));
  }
  const targets = new Map<Node, Fn[]>();
  for (const fn of analysis.functions.values()) {
    for (const site of fn.sites) {
      const list = targets.get(site) ?? [];
      targets.set(site, list);
      list.push(fn);
    }
  }
  /** Which arguments of a call are taken away. */
  const given = new Map<Node, boolean[]>();
  for (let changed = true; changed;) {
    changed = false;
    for (const [site, fns] of targets) {
      const taken: boolean[] = [];
      given.set(site, taken);
      const args = site.arguments as Node[];
      const spread = args.findIndex(({ type }) => type === "SpreadElement");
      const count = Math.max(args.length, ...fns.map((fn) => fn.node.params?.length ?? 0));
      const unknown = isUnsure(analysis, site);
      for (let i = 0; i < count; i++) {
        const removable = !unknown && (spread < 0 || i < spread) &&
          fns.every((fn) => {
            const list = dead.get(fn);
            // What is passed beyond the last parameter, nobody takes but a rest.
            return list !== undefined && (i >= list.length ? !hasRest(fn) : list[i] === true);
          }) && (args[i] === undefined || analysis.effects.isPure(args[i]!));
        taken.push(removable);
        if (removable) continue;
        for (const fn of fns) {
          const list = dead.get(fn);
          if (list !== undefined && list[i] === true) {
            list[i] = false;
            changed = true;
          }
        }
      }
    }
  }
  return {
    remove() {
      for (const [site, list] of given) {
        if (!list.includes(true)) continue;
        site.arguments = (site.arguments as Node[]).filter((_, i) => list[i] !== true);
      }
      for (const [fn, list] of dead) {
        fn.node.params = (fn.node.params as Node[]).filter((_, i) => list[i] !== true);
      }
    },
  };
}

function hasRest({ node }: Fn): boolean {
  return (node.params as Node[]).at(-1)?.type === "RestElement";
}

/** Whether a call can run what the analysis does not know. */
function isUnsure(analysis: Analysis, { callee }: Node): boolean {
  if (callee.type === "Super") return false;
  const of = analysis.values.get(callee.type === "MemberExpression" ? callee.object : callee);
  return of === undefined || of.isAny;
}
