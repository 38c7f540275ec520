/** The groups of a pattern that matches, by name. */
export interface Groups {
  /** What a group found; `undefined` where it is optional and found nothing. */
  readonly [name: string]: string | undefined;
}

/** Says what a pattern finds in an address. */
type Matcher = (url: string) => Groups | null;

const known = new Map<string, Matcher>();

/** A pattern of nothing but names and plain segments, which most are. */
const PLAIN = /^(?:\/(?::[A-Za-z_]\w*|[\w.~-]*))+$/;

/** Matches the path of an address against a pattern of `URLPattern`'s. */
export function matchPath(pattern: string, url: string): Groups | null {
  let matcher = known.get(pattern);
  if (matcher === undefined) known.set(pattern, matcher = matcherOf(pattern));
  return matcher(url);
}

/** Deno's `URLPattern` takes as long as the rest of a request: plain patterns are matched by an expression. */
function matcherOf(pattern: string): Matcher {
  if (!PLAIN.test(pattern)) {
    const compiled = new URLPattern({ pathname: pattern });
    return (url) => compiled.exec(url)?.pathname.groups ?? null;
  }
  const names: string[] = [];
  const source = pattern.replace(/[.~-]|:(\w+)/g, (text, name?: string) => {
    if (name === undefined) return `\\${text}`;
    names.push(name);
    return "([^/]+)";
  });
  const expression = new RegExp(`^${source}$`);
  return (url) => {
    const found = expression.exec(pathOf(url));
    if (found === null) return null;
    const groups: { [name: string]: string | undefined } = {};
    for (let i = 0; i < names.length; i++) groups[names[i]!] = found[i + 1];
    return groups;
  };
}

/** The path of a request's address, which is normal already. */
function pathOf(url: string): string {
  const from = url.indexOf("/", url.indexOf("://") + 3);
  const query = url.indexOf("?", from);
  const hash = url.indexOf("#", from);
  const to = query < 0 ? hash : hash < 0 ? query : Math.min(query, hash);
  return to < 0 ? url.slice(from) : url.slice(from, to);
}
