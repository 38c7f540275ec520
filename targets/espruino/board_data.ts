import type { BoardSpec } from "../../runtime/io/spec.ts";

/**
 * The expression that an artefact has in the place of a board's file: what `Board` and the driver ask for
 * at run time. What a pin can do is not: see `start`.
 */
export function boardData({ analogVolts, roles, serials, i2cs, spis }: BoardSpec): string {
  return JSON.stringify({
    roles: eachOf(roles, ["pin", "active", "pull"]),
    serials: eachOf(serials, ["rx", "tx", "rts"]),
    i2cs,
    spis,
    analogVolts,
  });
}

/** Of every entry the keys that are asked for. */
function eachOf<T extends object>(
  entries: { readonly [name: string]: T },
  keys: readonly (keyof T)[],
): { [name: string]: Partial<T> } {
  const few: { [name: string]: Partial<T> } = {};
  for (const [name, entry] of Object.entries(entries)) {
    const kept: Partial<T> = {};
    for (const key of keys) if (entry[key] !== undefined) kept[key] = entry[key];
    few[name] = kept;
  }
  return few;
}
