/**
 * Functions of our own that stand for what the language of the interpreter lacks. An artefact has those that it uses.
 *
 * @module
 */

/** What they are, by name; each may call others. */
export const HELPERS: { readonly [name: string]: string } = {
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
