/** How values look in a log: the same whether code was compiled or not, and without touching getters. */

/** Writes a value down. */
export function format(value: unknown, depth = 0): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 60));
  if (typeof value === "function") return `function ${value.name}`;
  if (typeof value !== "object" || value === null) {
    return Object.is(value, -0) ? "-0" : String(value);
  }
  if (value instanceof Error) return errorText(value, depth);
  const own = Object.getOwnPropertyDescriptor(value, "toString");
  if (own !== undefined && typeof own.value === "function" && own.value.length === 0) {
    const text: unknown = own.value();
    if (typeof text === "string") return text;
  }
  if (opaque.has(Object.getPrototypeOf(value)?.constructor)) return `<${className(value)}>`;
  if (kindOf(value) !== null) return `<${kindOf(value)}>`;
  if (depth > 2) return "...";
  const inner = (key: string): string => {
    const { value: held, get, set } = Object.getOwnPropertyDescriptor(value, key)!;
    return get === undefined && set === undefined ? format(held, depth + 1) : "accessor";
  };
  // A copy of a promise is empty; what a copy of a coroutine has is its own business.
  const keys = "nextWaiter" in value ? [] : Object.keys(value);
  if (Array.isArray(value)) {
    const items = Array.from(
      { length: Math.min(value.length, 20) },
      (_, i) => i in value ? inner(`${i}`) : "",
    );
    return `[${items.join(", ")}]`;
  }
  return `${className(value)}{${
    keys.slice(0, 20).map((key) => `${key}: ${inner(key)}`).join(", ")
  }}`;
}

const opaque = new Set<unknown>();

/** Says of which classes the instances are written down without what they hold. */
export function hideInside(classes: Iterable<unknown>): void {
  for (const each of classes) opaque.add(each);
}

/** An error; what the engine or the runtime says of it may depend on how code was compiled. */
function errorText(error: Error, depth: number): string {
  if ("errors" in error) return `${error}${format(error.errors, depth + 1)}`;
  return error.name === "CancelledError" ? `${error}(${error.message})` : `${error}`;
}

/** What a promise, native or not, or an async iterator is called. */
function kindOf(value: object): string | null {
  if (Symbol.asyncIterator in value) return "async iterator";
  if (Symbol.iterator in value && !Array.isArray(value) && "next" in value) return "iterator";
  if ("then" in value) return "thenable";
  return Symbol.dispose in value ? "held" : null;
}

function className(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  const maker = prototype && Object.getOwnPropertyDescriptor(prototype, "constructor")?.value;
  return typeof maker === "function" && maker !== Object ? `${maker.name} ` : "";
}

/**
 * Makes the engine's own words for functions, errors and promises depend on nothing that compiling changes.
 */
export function sameWords(): void {
  const functionText = function (this: { name: string }): string {
    return `function ${this.name}`;
  };
  const objectText = function (this: unknown): string {
    const kind = typeof this === "object" && this !== null ? kindOf(this) : null;
    return `[${kind ?? "object"}]`;
  };
  const errorText = function (this: { name: string }): string {
    return this.name;
  };
  const replace = (prototype: object, value: unknown): void => {
    Object.defineProperty(prototype, "toString", { value, writable: true, configurable: true });
  };
  replace(Function.prototype, functionText);
  replace(Object.prototype, objectText);
  replace(Error.prototype, errorText);
}
