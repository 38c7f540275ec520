/**
 * Functions of our own that stand for what the language of the interpreter lacks. An artefact has those that it uses.
 *
 * @module
 */

import { GLOBALS, known, METHODS, STATICS } from "./fill_texts.ts";
import { errorFills } from "./fills.ts";
import { isFunction, isKey, type Node as Tree } from "../ast.ts";
import { parseModule } from "../syntax.ts";
import { type Lowered, type Node, walk } from "./tree.ts";

/** What they are, by name; each may call others. */
const TEXTS: { readonly [name: string]: string } = {
  // A list of whatever can be iterated over.
  list: `function list(source) {
    if (!source.$iterator) return [].slice.call(source);
    var list = [], iterator = source.$iterator(), step;
    while (!(step = iterator.next()).done) list.push(step.value);
    return list;
  }`,
  // The first values of whatever can be iterated over, for an array pattern.
  take: `function take(source, count) {
    if (!source.$iterator) return source;
    var list = [], iterator = source.$iterator(), step;
    while (list.length < count) {
      step = iterator.next();
      if (step.done) return list;
      list.push(step.value);
    }
    if (iterator.return) iterator.return();
    return list;
  }`,
  // The iterator of whatever can be iterated over.
  iterate: `function iterate(source) {
    var i = 0;
    return source.$iterator ? source.$iterator() : {
      next: function () {
        return i < source.length ? { value: source[i++], done: false } : { done: true };
      },
    };
  }`,
  // An iterator over an array.
  iteratorOf: `function iteratorOf(list) {
    var i = 0;
    return {
      next: function () {
        return i < list.length ? { value: list[i++], done: false } : { done: true };
      },
      $iterator: function () { return this; },
    };
  }`,
  keysOf: `function keysOf(source) {
    if (source.keys) return source.keys();
    for (var made = [], i = 0; i < source.length; i++) made.push(i);
    return iteratorOf(made);
  }`,
  valuesOf: `function valuesOf(source) {
    return source.values ? source.values() : iteratorOf(source);
  }`,
  entriesOf: `function entriesOf(source) {
    if (source.entries) return source.entries();
    for (var made = [], i = 0; i < source.length; i++) made.push([i, source[i]]);
    return iteratorOf(made);
  }`,
  // For who asks an array for its iterator.
  arrayIterator:
    `Array.prototype.$iterator = String.prototype.$iterator = Uint8Array.prototype.$iterator =
    function () { return iteratorOf(this); };`,
  // list.length = n
  setLength: `function setLength(list, length) {
    if (!Array.isArray(list)) list.length = length;
    else if (length < list.length) list.splice(length, list.length);
    else while (list.length < length) list.push(undefined);
    return length;
  }`,
  // Object.assign, which takes no functions.
  assignTo: `function assignTo(target) {
    for (var i = 1; i < arguments.length; i++) {
      var source = arguments[i];
      Object.keys(source).forEach(function (key) { target[key] = source[key]; });
    }
    return target;
  }`,
  // new Class(...args)
  construct: `function construct(Class, args) {
    var made = Object.create(Class.prototype);
    var given = Class.apply(made, args);
    return given === undefined ? made : given;
  }`,
  // What of an object is none of the keys.
  restOf: `function restOf(source, keys) {
    var rest = {};
    Object.keys(source).forEach(function (key) {
      if (keys.indexOf(key) < 0) rest[key] = source[key];
    });
    return rest;
  }`,
  // Static members of a class that is not known when building.
  inherit: `function inherit(Class, Parent) {
    Object.keys(Parent).forEach(function (key) {
      if (!(key in Class)) Class[key] = Parent[key];
    });
  }`,
  // What extends a native error: the constructors of these cannot be called for an object of another class.
  ErrorClass: `class ErrorClass {
    constructor(message) {
      this.message = message === undefined ? "" : message;
    }
    toString() {
      return (this.name || "Error") + ": " + this.message;
    }
  }
  ErrorClass.prototype.__proto__ = Error.prototype;`,
  // An iterator that a generator function gives: the state machine of a coroutine, stepped by who asks for the next.
  start: `class Generator {
    constructor(step, a, b, c, d, e, f, g, i) {
      this.at = this.h = 0;
      this.step = step;
      this.a = a;
      this.b = b;
      this.c = c;
      this.d = d;
      this.e = e;
      this.f = f;
      this.g = g;
      this.i = i;
    }
    next(value) {
      this.v = value;
      return this.go();
    }
    go() {
      var given, at;
      while ((at = this.at) >= 0) {
        this.at = -1;
        try {
          given = this.step(this, at, this.a, this.b, this.c);
        } catch (error) {
          if (!this.h) throw error;
          this.at = this.h;
          this.v = error;
          continue;
        }
        return { value: given, done: this.at < 0 };
      }
      return { done: true };
    }
    $iterator() {
      return this;
    }
  }
  Generator.prototype.return = function (value) {
    if (this.at > 0 && this.h) {
      this.at = this.h;
      this.v = this.over = {};
      try {
        this.go();
      } catch (error) {
        if (error !== this.over) throw error;
      }
    }
    this.at = -1;
    return { value: value, done: true };
  };
  Generator.prototype.throw = function (error) {
    if (this.at <= 0 || !this.h) {
      this.at = -1;
      throw error;
    }
    this.at = this.h;
    this.v = error;
    return this.go();
  };
  function start(step, a, b, c, d, e, f, g, i) {
    return new Generator(step, a, b, c, d, e, f, g, i);
  }`,
  // Symbol("name")
  newSymbol: `var symbols = 0;
  function newSymbol(name) {
    return "$" + (name || "") + "$" + ++symbols;
  }`,
  // What a generator function gives whose parameters throw.
  reject: `function reject(error) { throw error; }`,
  UNSET: `var UNSET = {};`,
  initialized: `function initialized(value, name) {
    if (value === UNSET) throw new ReferenceError("Cannot access '" + name + "' before initialization");
    return value;
  }`,
};

/** A part of the library that an artefact brings along. */
export interface Helper {
  readonly name: string;
  readonly nodes: readonly Node[];
}

/** The functions that the program wants, each behind those that it needs. */
export function helpersOf(lowered: Lowered): Helper[] {
  const helpers: Helper[] = [];
  const done = new Set<string>();
  const used = propertyNames(lowered.program);
  // What is iterated over in these ways has the methods for it.
  for (const name of ["keys", "values", "entries"]) {
    if (lowered.wanted.has(`${name}Of`)) used.add(name);
  }
  const add = (name: string): void => {
    if (done.has(name)) return;
    done.add(name);
    const body = parseModule(textOf(lowered, name)).body as Node[];
    for (const each of body) if (each.type === "ClassDeclaration") leaveOut(each, used);
    const before = new Set(lowered.wanted.keys());
    const nodes = named(lowered, body, name, lowered.wanted.get(name)?.name ?? "");
    for (const other of lowered.wanted.keys()) if (!before.has(other)) add(other);
    // It may have been wanted before, and not been added yet.
    for (const other of needs(nodes, lowered)) add(other);
    helpers.push({ name, nodes });
  };
  for (const name of [...lowered.wanted.keys()]) add(name);
  const errors = errorFills(lowered.fills);
  if (errors !== null) {
    helpers.push({ name: "names and classes of errors", nodes: parseModule(errors).body });
  }
  return helpers;
}

function textOf(lowered: Lowered, name: string): string {
  const text = known(TEXTS, name) ?? known(GLOBALS, name) ?? known(METHODS, name.slice(1));
  if (text !== undefined) return text;
  const fn = known(STATICS, name);
  if (fn !== undefined) return fn;
  return lowered.refuse(
    `Cannot lower a generator that needs "${name}" on Espruino`,
    lowered.program,
  );
}

function needs(nodes: readonly Node[], lowered: Lowered): string[] {
  const names = new Map([...lowered.wanted].map(([name, node]) => [node.name as string, name]));
  const found: string[] = [];
  for (const each of nodes) {
    walk(each, (node) => {
      const name = node.type === "Identifier" ? names.get(node.name) : undefined;
      if (name !== undefined) found.push(name);
    });
  }
  return found;
}

/** Every name of a property that a program uses. */
function propertyNames(program: Node): Set<string> {
  const names = new Set<string>([
    "constructor",
    "next",
    "go",
    "$iterator",
    "toString",
    "entries",
    "get",
    "set",
    "add",
  ]);
  walk(program, (node) => {
    if (node.type === "MemberExpression" && !node.computed) names.add(node.property.name);
    if (node.type === "Property" && !node.computed) names.add(node.key.name);
  });
  return names;
}

/** Drops the methods of a class that nobody calls. */
function leaveOut(node: Node, used: ReadonlySet<string>): void {
  node.body.body = node.body.body.filter(({ key }: Node) => used.has(key.name));
}

/** Gives what a helper declares names that the program does not have. */
function named(lowered: Lowered, body: Node[], name: string, chosen: string): Node[] {
  const renamed = new Map<string, string>([[name, chosen]]);
  for (const each of body) {
    const declared = each.id?.name ?? each.declarations?.[0].id.name;
    if (declared === undefined || declared === name) continue;
    renamed.set(declared, known(STATICS, name) === undefined ? lowered.fresh(declared) : chosen);
  }
  for (const each of body) {
    walk(each, (node, parent) => {
      node.loc = null;
      if (node.type !== "Identifier" || (parent !== null && isKey(node, parent))) return;
      const other = renamed.get(node.name);
      if (other !== undefined) node.name = other;
      else if (isHelper(node.name) && !isOwn(body, node.name)) {
        node.name = lowered.helper(node.name).name;
      }
    });
  }
  return body;
}

function isHelper(name: string): boolean {
  return known(TEXTS, name) !== undefined || known(GLOBALS, name) !== undefined;
}

/** Whether a helper has a variable of this name itself. */
function isOwn(body: readonly Tree[], name: string): boolean {
  let found = false;
  for (const each of body) {
    walk(each, (node) => {
      if (node.type === "VariableDeclarator" && node.id.name === name) found = true;
      if (isFunction(node) && node.params.some((param: Node) => param.name === name)) found = true;
    });
  }
  return found;
}
