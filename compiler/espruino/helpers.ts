/**
 * Functions of our own that stand for what the language of the interpreter lacks. An artefact has those that it uses.
 *
 * @module
 */

import { type Lowered, type Node, parse, walk } from "./tree.ts";
import { isFunction, type Node as Tree } from "../coroutines/ast.ts";

/** What they are, by name; each may call others. */
const TEXTS: { readonly [name: string]: string } = {
  // A list of whatever can be iterated over.
  list: `function list(source) {
    if (!source.$iterator) return [].slice.call(source);
    var list = [], iterator = source.$iterator(), step;
    while (!(step = iterator.next()).done) list.push(step.value);
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
  UNSET: `var UNSET = {};`,
  initialized: `function initialized(value, name) {
    if (value === UNSET) throw new ReferenceError("Cannot access '" + name + "' before initialization");
    return value;
  }`,
};

/** What the helpers are for, in a report. */
export const helperNames: ReadonlySet<string> = new Set(Object.keys(TEXTS));

/** Adds the functions that the program wants, before everything else. */
export function addHelpers(lowered: Lowered): Node[] {
  const added: Node[] = [];
  const done = new Set<string>();
  for (let more = true; more;) {
    more = false;
    for (const [name, chosen] of [...lowered.wanted]) {
      if (done.has(name)) continue;
      done.add(name);
      more = true;
      const text = TEXTS[name];
      if (text === undefined) {
        lowered.refuse(`Cannot lower a generator that needs "${name}" on Espruino`, lowered.program);
      }
      added.push(...named(lowered, parse(text).body, name, chosen.name));
    }
  }
  return added;
}

/** Gives what a helper declares names that the program does not have. */
function named(lowered: Lowered, body: Node[], name: string, chosen: string): Node[] {
  const renamed = new Map<string, string>([[name, chosen]]);
  for (const each of body) {
    const declared = each.id?.name ?? each.declarations?.[0].id.name;
    if (declared !== undefined && declared !== name) renamed.set(declared, lowered.fresh(declared));
  }
  for (const each of body) {
    walk(each, (node, parent) => {
      node.loc = null;
      if (node.type !== "Identifier") return;
      const isKey = (parent?.type === "MemberExpression" && parent.property === node && !parent.computed) ||
        ((parent?.type === "Property" || parent?.type === "MethodDefinition") && parent.key === node);
      if (isKey) return;
      const other = renamed.get(node.name);
      if (other !== undefined) node.name = other;
      else if (TEXTS[node.name] !== undefined && !isOwn(body, node.name)) {
        node.name = lowered.helper(node.name).name;
      }
    });
  }
  return body;
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
