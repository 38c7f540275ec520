import type { BoardSpec, PinSpec } from "../../runtime/io/spec.ts";

/**
 * Statements that give `board` in the place of a board's file: what `Board` and the driver ask for at run
 * time, and nothing that only people read.
 */
export function boardData(board: BoardSpec): string {
  const { name, analogVolts, roles, serials, i2cs, spis } = board;
  const needed = {
    name,
    analogVolts,
    roles: eachOf(roles, ["pin", "active", "pull"]),
    serials: eachOf(serials, ["rx", "tx", "rts"]),
    i2cs,
    spis,
  };
  // Pins that can do the same share one list.
  const lists = [...new Set(Object.values(board.pins).map(abilities))];
  const pins = Object.entries(board.pins)
    .map(([pin, spec]) => `${pin}: { can: can${lists.indexOf(abilities(spec))} }`);
  return `
    ${lists.map((list, i) => `const can${i} = ${list};`).join("\n")}
    const board = {
      ${JSON.stringify(needed).slice(1, -1)},
      pins: { ${pins.join(", ")} },
    };`;
}

function abilities({ can }: PinSpec): string {
  return JSON.stringify(can);
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
