/**
 * The parts of the library that the interpreter lacks and an artefact can bring along, as text. Every one is in the
 * dialect that the interpreter reads; methods of the classes that a program does not name are left out.
 *
 * @module
 */

/** What a table says of a name, which may be that of a method of every object. */
export function known<T>(table: { readonly [name: string]: T }, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** Classes and functions that a program calls by a global name. */
export const GLOBALS: { readonly [name: string]: string } = {
  Map: `class Map {
    constructor(entries) {
      this.k = [];
      this.v = [];
      if (entries) {
        var self = this;
        list(entries).forEach(function (entry) { self.set(entry[0], entry[1]); });
      }
    }
    get size() { return this.k.length; }
    has(key) { return this.k.indexOf(key) >= 0; }
    get(key) { return this.v[this.k.indexOf(key)]; }
    set(key, value) {
      var i = this.k.indexOf(key);
      if (i < 0) i = this.k.push(key) - 1;
      this.v[i] = value;
      return this;
    }
    delete(key) {
      var i = this.k.indexOf(key);
      if (i < 0) return false;
      this.k.splice(i, 1);
      this.v.splice(i, 1);
      return true;
    }
    clear() { this.k = []; this.v = []; }
    forEach(visit) {
      var self = this;
      this.k.slice().forEach(function (key) { visit(self.get(key), key, self); });
    }
    keys() { return iteratorOf(this.k.slice()); }
    values() { return iteratorOf(this.v.slice()); }
    entries() {
      var self = this;
      return iteratorOf(this.k.map(function (key, i) { return [key, self.v[i]]; }));
    }
    $iterator() { return this.entries(); }
  }`,
  Set: `class Set {
    constructor(values) {
      this.k = [];
      if (values) {
        var self = this;
        list(values).forEach(function (value) { self.add(value); });
      }
    }
    get size() { return this.k.length; }
    has(value) { return this.k.indexOf(value) >= 0; }
    add(value) {
      if (this.k.indexOf(value) < 0) this.k.push(value);
      return this;
    }
    delete(value) {
      var i = this.k.indexOf(value);
      if (i < 0) return false;
      this.k.splice(i, 1);
      return true;
    }
    clear() { this.k = []; }
    forEach(visit) {
      var self = this;
      this.k.slice().forEach(function (value) { visit(value, value, self); });
    }
    keys() { return iteratorOf(this.k.slice()); }
    values() { return iteratorOf(this.k.slice()); }
    entries() {
      return iteratorOf(this.k.map(function (value) { return [value, value]; }));
    }
    $iterator() { return iteratorOf(this.k.slice()); }
  }`,
  // The value is a property of the key, so that nothing outlives the key.
  WeakMap: `var weakMaps = 0;
  class WeakMap {
    constructor() { this.k = "$w" + ++weakMaps; }
    has(key) { return this.k in key; }
    get(key) { return key[this.k]; }
    set(key, value) { key[this.k] = value; return this; }
    delete(key) { var had = this.k in key; delete key[this.k]; return had; }
  }`,
  WeakSet: `var weakSets = 0;
  class WeakSet {
    constructor() { this.k = "$s" + ++weakSets; }
    has(key) { return this.k in key; }
    add(key) { key[this.k] = 1; return this; }
    delete(key) { var had = this.k in key; delete key[this.k]; return had; }
  }`,
  RangeError: `class RangeError extends ErrorClass {}
  RangeError.prototype.name = "RangeError";`,
  EvalError: `class EvalError extends ErrorClass {}
  EvalError.prototype.name = "EvalError";`,
  URIError: `class URIError extends ErrorClass {}
  URIError.prototype.name = "URIError";`,
  queueMicrotask: `function queueMicrotask(job) { Promise.resolve().then(job); }`,
  setImmediate: `function setImmediate(job) { return setTimeout(job, 0); }`,
};

/** Static functions, by their full name; each becomes a function of the artefact. */
export const STATICS: { readonly [name: string]: string } = {
  "Object.fromEntries": `function f(entries) {
    var made = {};
    list(entries).forEach(function (entry) { made[entry[0]] = entry[1]; });
    return made;
  }`,
  "Object.is": `function f(a, b) { return a === b || (a !== a && b !== b); }`,
  "Object.hasOwn": `function f(object, key) { return object.hasOwnProperty(key); }`,
  "Object.defineProperties": `function f(object, properties) {
    Object.keys(properties).forEach(function (key) {
      Object.defineProperty(object, key, properties[key]);
    });
    return object;
  }`,
  "Number.isInteger":
    `function f(x) { return typeof x == "number" && isFinite(x) && Math.floor(x) === x; }`,
  "Number.isSafeInteger":
    `function f(x) { return typeof x == "number" && Math.floor(x) === x && Math.abs(x) <= 9007199254740991; }`,
  "Number.isFinite": `function f(x) { return typeof x == "number" && isFinite(x); }`,
  "Number.isNaN": `function f(x) { return typeof x == "number" && x !== x; }`,
  "Math.trunc": `function f(x) { return x < 0 ? Math.ceil(x) : Math.floor(x); }`,
  "Math.imul": `function f(a, b) { return ((a >>> 16) * b << 16) + (a & 65535) * b | 0; }`,
  "Math.log10": `function f(x) { return Math.log(x) / Math.LN10; }`,
  "Math.log2": `function f(x) { return Math.log(x) / Math.LN2; }`,
  "Math.cbrt": `function f(x) { return x < 0 ? -Math.pow(-x, 1 / 3) : Math.pow(x, 1 / 3); }`,
  "Math.hypot": `function f() {
    var sum = 0;
    [].slice.call(arguments).forEach(function (x) { sum += x * x; });
    return Math.sqrt(sum);
  }`,
  "Math.fround": `function f(x) { return new Float32Array([x])[0]; }`,
  "Math.clz32": `function f(x) {
    for (var n = 0; n < 32 && !(x >>> 31 - n); n++);
    return n;
  }`,
  "Array.from": `function f(source, map) {
    var made = source.$iterator || typeof source == "string" ? list(source) : source;
    for (var all = [], i = 0; i < made.length; i++) all.push(map ? map(made[i], i) : made[i]);
    return all;
  }`,
  "String.fromCodePoint": `function f() { return String.fromCharCode.apply(String, arguments); }`,
  "String.raw": `function f(strings) {
    var text = strings.raw[0];
    for (var i = 1; i < strings.raw.length; i++) text += arguments[i] + strings.raw[i];
    return text;
  }`,
  "Promise.allSettled": `function f(promises) {
    return Promise.all(list(promises).map(function (each) {
      return Promise.resolve(each).then(function (value) {
        return { status: "fulfilled", value: value };
      }, function (reason) {
        return { status: "rejected", reason: reason };
      });
    }));
  }`,
  "Promise.race": `function f(promises) {
    return new Promise(function (resolve, reject) {
      list(promises).forEach(function (each) { Promise.resolve(each).then(resolve, reject); });
    });
  }`,
  "Promise.any": `function f(promises) {
    return new Promise(function (resolve, reject) {
      var errors = [], left = 0;
      list(promises).forEach(function (each, i) {
        left++;
        Promise.resolve(each).then(resolve, function (error) {
          errors[i] = error;
          if (!--left) reject(errors);
        });
      });
    });
  }`,
  "Reflect.apply": `function f(fn, self, args) { return fn.apply(self, args); }`,
  "Reflect.has": `function f(object, key) { return key in object; }`,
  "Reflect.get": `function f(object, key) { return object[key]; }`,
  "Reflect.set": `function f(object, key, value) { object[key] = value; return true; }`,
  "Reflect.getPrototypeOf": `function f(object) { return Object.getPrototypeOf(object); }`,
  "Reflect.ownKeys": `function f(object) { return Object.keys(object); }`,
  "Reflect.defineProperty":
    `function f(object, key, it) { Object.defineProperty(object, key, it); return true; }`,
  "Reflect.deleteProperty": `function f(object, key) { delete object[key]; return true; }`,
  "performance.now": `function f() { return getTime() * 1000; }`,
};

/** Methods of native classes, each put on their prototypes. */
export const METHODS: { readonly [name: string]: string } = {
  at: `Array.prototype.at = String.prototype.at = function (i) {
    return this[i < 0 ? this.length + i : i];
  };`,
  flat: `Array.prototype.flat = function (depth) {
    var made = [];
    if (depth === undefined) depth = 1;
    this.forEach(function (each) {
      made = made.concat(Array.isArray(each) && depth > 1 ? each.flat(depth - 1) : depth > 0 ? each : [each]);
    });
    return made;
  };`,
  flatMap: `Array.prototype.flatMap = function (map) {
    var made = [];
    this.forEach(function (each, i) { made = made.concat(map(each, i)); });
    return made;
  };`,
  findLast: `Array.prototype.findLast = function (test) {
    for (var i = this.length - 1; i >= 0; i--) if (test(this[i], i)) return this[i];
  };`,
  findLastIndex: `Array.prototype.findLastIndex = function (test) {
    for (var i = this.length - 1; i >= 0; i--) if (test(this[i], i)) return i;
    return -1;
  };`,
  reduceRight: `Array.prototype.reduceRight = function (fold, value) {
    var list = this.slice().reverse();
    return arguments.length > 1 ? list.reduce(fold, value) : list.reduce(fold);
  };`,
  copyWithin: `Array.prototype.copyWithin = function (to, from, end) {
    var part = this.slice(from, end), self = this;
    part.forEach(function (value, i) { self[to + i] = value; });
    return this;
  };`,
  toSorted: `Array.prototype.toSorted = function (compare) { return this.slice().sort(compare); };`,
  toReversed: `Array.prototype.toReversed = function () { return this.slice().reverse(); };`,
  codePointAt: `String.prototype.codePointAt = function (i) { return this.charCodeAt(i); };`,
  localeCompare: `String.prototype.localeCompare = function (other) {
    return this < other ? -1 : this > other ? 1 : 0;
  };`,
  replaceAll:
    `String.prototype.replaceAll = function (what, by) { return this.split(what).join(by); };`,
  search: `String.prototype.search = function (what) {
    var found = what.exec(this);
    return found ? found.index : -1;
  };`,
  trimStart: `String.prototype.trimStart = function () {
    for (var i = 0; i < this.length && !this[i].trim(); i++);
    return this.substr(i);
  };`,
  trimEnd: `String.prototype.trimEnd = function () {
    for (var i = this.length; i > 0 && !this[i - 1].trim(); i--);
    return this.substr(0, i);
  };`,
  finally: `Promise.prototype.finally = function (done) {
    return this.then(function (value) {
      return Promise.resolve(done()).then(function () { return value; });
    }, function (error) {
      return Promise.resolve(done()).then(function () { throw error; });
    });
  };`,
};

/** Values that are missing, by their full name. */
export const CONSTANTS: { readonly [name: string]: number } = {
  "Number.EPSILON": Number.EPSILON,
  "Number.MAX_SAFE_INTEGER": Number.MAX_SAFE_INTEGER,
  "Number.MIN_SAFE_INTEGER": Number.MIN_SAFE_INTEGER,
};

/** What nothing can stand for, with the way out. */
export const REFUSED: { readonly [name: string]: string } = {
  Proxy: "write getters and setters instead",
  WeakRef: "hold the object itself and let go of it where you can",
  FinalizationRegistry: "release what an object holds in a method of it",
  SharedArrayBuffer: "there is one thread; use an ArrayBuffer",
  Atomics: "there is one thread; use plain assignments",
  BigInt: "use a number",
  Intl: "write the text yourself",
  Iterator: "write a generator function",
  structuredClone: "use JSON.parse(JSON.stringify(value))",
  TextEncoder: "use E.toUint8Array(text)",
  TextDecoder: "use E.toString(bytes)",
  URL: "take the text apart yourself",
  fetch: 'use require("http") on a board with a network',
  AbortController: "use timeout() or task.cancel()",
  AbortSignal: "use timeout() or task.cancel()",
  Deno: "it is no part of the language",
  window: "use globalThis",
  self: "use globalThis",
  "Reflect.construct": "use new",
  "Promise.withResolvers": "use new Promise((resolve, reject) => ...)",
  "Object.getOwnPropertySymbols": "there are no symbols",
};
