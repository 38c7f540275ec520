/**
 * What a script finds in the interpreter's world: run in the context before the script is. It takes away what the
 * interpreter lacks, and brings errors and classes that behave as the interpreter's do.
 *
 * @module
 */

import { MISSING } from "../check.ts";
import type { Level } from "../tree.ts";

const METHODS: { readonly [owner: string]: string } = {
  "Array.prototype":
    "at copyWithin entries findLast findLastIndex flat flatMap keys reduceRight values " +
    "toSorted toReversed toSpliced with toLocaleString lastIndexOf",
  "String.prototype":
    "at codePointAt localeCompare matchAll normalize replaceAll search trimStart " +
    "trimEnd isWellFormed toWellFormed anchor big",
  "Object.prototype": "isPrototypeOf propertyIsEnumerable toLocaleString __defineGetter__ " +
    "__defineSetter__ __lookupGetter__ __lookupSetter__",
  "Promise.prototype": "finally",
  "Promise": "race allSettled any withResolvers try",
  "Object": "freeze seal preventExtensions isFrozen isSealed isExtensible is fromEntries hasOwn " +
    "groupBy getOwnPropertySymbols",
  "Number": "isInteger isSafeInteger isFinite isNaN EPSILON MAX_SAFE_INTEGER MIN_SAFE_INTEGER " +
    "parseFloat parseInt",
  "Math":
    "trunc imul log10 log2 cbrt hypot fround clz32 expm1 log1p sinh cosh tanh acosh asinh atanh",
  "Array": "from of fromAsync",
  "String": "fromCodePoint raw",
};

/** The text of it; it gives the object that instrumented scripts call. */
export function preludeFor(level: Level): string {
  const gone = [
    ...MISSING,
    ...("WebAssembly escape unescape SuppressedError DisposableStack AsyncDisposableStack " +
      "FinalizationRegistry Temporal").split(" "),
    ...(level === "small" ? ["Promise", "RegExp"] : []),
  ];
  return `(() => {
    const keep = { Object, Function, Symbol, Array, Reflect, TypeError, ReferenceError, SyntaxError,
      RangeError, Error, String, WeakSet };
    for (const name of ${JSON.stringify(gone)}) delete globalThis[name];
    const methods = ${JSON.stringify(METHODS)};
    for (const owner in methods) {
      let object = globalThis;
      for (const name of owner.split(".")) object = object?.[name];
      if (object === undefined) continue;
      for (const name of methods[owner].split(" ")) delete object[name];
    }
    const made = new keep.WeakSet();
    const errors = {};
    for (const type of ["Error", "TypeError", "ReferenceError", "SyntaxError", "InternalError"]) {
      const make = function (message) {
        const error = keep.Object.create(make.prototype);
        if (message !== undefined) error.message = keep.String(message);
        error.type = type;
        error.stack = "    at [harness]\\n";
        made.add(error);
        return error;
      };
      keep.Object.defineProperty(make.prototype, "toString", {
        value: function () { return this.type + ": " + this.message; },
        configurable: true, writable: true,
      });
      globalThis[type] = errors[type] = make;
    }
    delete errors.Error.prototype.constructor.name;
    const quote = (name) => JSON.stringify(name);
    /** An error of the engine's as the interpreter would have thrown it. */
    const caught = (error) => {
      if (error === null || typeof error !== "object" || made.has(error)) return error;
      if (!(error instanceof keep.Error)) return error;
      const { message } = error;
      let found = /^(\\S+) is not defined$/.exec(message) ?? /^Cannot access '(.*)' before/.exec(message);
      if (found !== null) return errors.ReferenceError(quote(found[1]) + " is not defined");
      if (/^Assignment to constant/.test(message)) return errors.TypeError("Assignment to a constant");
      found = /^Cannot (?:read|set) properties of (null|undefined) \\((?:reading|setting) '(.*)'\\)$/.exec(message);
      if (found !== null) return errors.Error("Can't read property '" + found[2] + "' of " + found[1]);
      found = /(?:^|\\.)([\\w$]+) is not a function$/.exec(message);
      if (found !== null) return errors.Error("Function " + quote(found[1]) + " not found!");
      if (error instanceof keep.RangeError) {
        return errors.Error("Too much recursion - the stack is about to overflow");
      }
      return error instanceof keep.SyntaxError ? errors.SyntaxError(message) : errors.Error(message);
    };
    const natives = new keep.WeakSet();
    for (const name of keep.Object.getOwnPropertyNames(globalThis)) {
      const value = globalThis[name];
      if (typeof value === "function" && value.prototype) natives.add(value);
    }
    delete keep.Function.prototype.name;
    const { keys } = keep.Object;
    const classes = new keep.WeakSet();
    keep.Object.keys = (object) =>
      object === undefined || object === null
        ? []
        : classes.has(object) ? ["prototype", ...keys(object)] : keys(object);
    const { assign } = keep.Object;
    keep.Object.assign = (target, ...sources) => {
      if (typeof target === "function") throw errors.TypeError("Expecting Object, got Function");
      return assign(target, ...sources);
    };
    let current = null;
    const harness = {
      caught,
      bind: (fn, self) => keep.Function.prototype.bind.call(fn, self),
      nameless(fn) {
        delete fn.name;
        return fn;
      },
      setLength(object, length) {
        if (keep.Array.isArray(object)) throw errors.TypeError("Assignment to a constant");
        return object.length = length;
      },
      /** Methods of native classes are not on their prototypes, to look at. */
      prototype(Class) {
        const { prototype } = Class;
        if (!natives.has(Class)) return prototype;
        const shown = {};
        for (const name of keep.Object.getOwnPropertyNames(prototype)) {
          const value = keep.Object.getOwnPropertyDescriptor(prototype, name);
          if (value.enumerable || name === "constructor") shown[name] = prototype[name];
        }
        return shown;
      },
      quietly(fn, failed) {
        try {
          fn();
        } catch (error) {
          if (failed) throw error;
        }
      },
      superOf(self) {
        if (typeof self === "function") {
          const above = keep.Object.getPrototypeOf(self.prototype);
          return above.constructor;
        }
        return keep.Object.getPrototypeOf(keep.Object.getPrototypeOf(self));
      },
      superCall(self, args) {
        const from = current !== null ? current.prototype : keep.Object.getPrototypeOf(self);
        const above = keep.Object.getPrototypeOf(from);
        if (above === keep.Object.prototype || above === null) {
          throw errors.SyntaxError("Calling 'super' outside of class");
        }
        current = above.constructor;
        try {
          return above.constructor.apply(self, args);
        } finally {
          current = null;
        }
      },
      makeClass(Base, parts) {
        let body = Base === null ? null : function () { Base.apply(this, arguments); };
        for (const [name, kind, isStatic, value] of parts) {
          if (name === "constructor" && !isStatic) body = value;
        }
        const Class = function () { return body === null ? undefined : body.apply(this, arguments); };
        if (Base !== null) {
          if (typeof Base !== "function") {
            throw errors.SyntaxError("'extends' argument should be a function");
          }
          // The prototype of a native class is there when somebody has asked for it.
          if (!natives.has(Base) && !keep.Object.values(errors).includes(Base)) {
            keep.Object.setPrototypeOf(Class.prototype, Base.prototype);
          }
        }
        for (const [name, kind, isStatic, value] of parts) {
          const target = isStatic ? Class : Class.prototype;
          if (kind === "get" || kind === "set") {
            keep.Object.defineProperty(target, name, { [kind]: value, configurable: true, enumerable: true,
              ...(kind === "get"
                ? { set: keep.Object.getOwnPropertyDescriptor(target, name)?.set }
                : { get: keep.Object.getOwnPropertyDescriptor(target, name)?.get }) });
          } else if (kind !== "constructor") {
            // A plain property: native names of functions are read only.
            // Methods of classes are found by a loop over an object, as its other properties are.
            keep.Object.defineProperty(target, name, {
              value, configurable: true, enumerable: true, writable: true,
            });
          }
        }
        classes.add(Class);
        delete Class.name;
        return Class;
      },
    };
    keep.Object.defineProperty(globalThis, "$harness", { value: harness });
    return harness;
  })()`;
}
