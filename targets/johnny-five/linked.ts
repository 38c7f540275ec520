import type { Link } from "./link.ts";

const links = new WeakMap<object, Link>();

/** Says that one of Johnny-Five's boards is at the end of this link. */
export function belongsTo(five: object, link: Link): void {
  links.set(five, link);
}

/** The link to the board of one of Johnny-Five's components, or to such a board; `null` where there is none. */
export function linkOf(emitter: object): Link | null {
  const { board = emitter } = emitter as { readonly board?: object };
  return links.get(board) ?? null;
}
