/**
 * What the interpreter prints, snippet by snippet: 2v29, its build for Linux. The harness has to print the same, and so
 * has the interpreter where there is one.
 *
 * @module
 */

/** One snippet. */
export interface Row {
  readonly what: string;
  readonly snippet: string;
  /** The lines that it prints. */
  readonly prints: readonly string[];
  /** Whether the harness ends the run instead: acting it out would be of no use to anybody. */
  readonly refused?: true;
}

/** All of them. */
export const rows: readonly Row[] = [
  {
    what: "function hoisting, top level",
    snippet: "print(f()); function f(){return 1}",
    prints: ['Uncaught ReferenceError: "f" is not defined'],
  },
  {
    what: "function hoisting, inside a function",
    snippet: "function o(){ return g(); function g(){return 1} } print(o())",
    prints: ['Uncaught ReferenceError: "g" is not defined'],
  },
  {
    what: "var hoisting",
    snippet: "print(typeof v); var v=1",
    prints: ["undefined"],
  },
  {
    what: "let / const block scope",
    snippet: "let a=1; { let a=2; } const c=3; print(a,c)",
    prints: ["1 3"],
  },
  {
    what: "let per-iteration closure in for head",
    snippet: "var q=[]; for(let i=0;i<2;i++) q.push(()=>i); print(q[0](),q[1]())",
    prints: ["2 2"],
  },
  {
    what: "let in loop body per iteration",
    snippet: "var q=[]; for(var i=0;i<2;i++){ let j=i; q.push(()=>j); } print(q[0](),q[1]())",
    prints: ["0 1"],
  },
  {
    what: "const in for-of head per iteration",
    snippet: "var q=[]; for(const x of [1,2]) q.push(()=>x); print(q[0](),q[1]())",
    prints: ["2 2"],
  },
  {
    what: "arrow functions",
    snippet: "print((x=>x*2)(4), ((a,b)=>{return a+b})(1,2))",
    prints: ["8 3"],
  },
  {
    what: "template literals",
    snippet: "var x=2; print(`a${x}b`)",
    prints: ["a2b"],
  },
  {
    what: "tagged template",
    snippet: "function t(s){return s[0]} print(t`x`)",
    prints: ["Uncaught SyntaxError: Got String:'x' expected ','"],
  },
  {
    what: "default parameters",
    snippet: "function f(a=1){return a} print(f())",
    prints: ["Uncaught SyntaxError: Got '=' expected ','"],
  },
  {
    what: "rest parameters",
    snippet: "function f(...a){return a.length} print(f(1,2))",
    prints: ["Uncaught SyntaxError: Got '.' expected ID"],
  },
  {
    what: "spread in call",
    snippet: "print(Math.max(...[1,2]))",
    prints: ["Uncaught SyntaxError: Got '.' expected EOF"],
  },
  {
    what: "spread in array",
    snippet: "print([...[1,2]])",
    prints: ["Uncaught SyntaxError: Got '.' expected EOF"],
  },
  {
    what: "spread in object",
    snippet: "print({...{a:1}}.a)",
    prints: ["Uncaught SyntaxError: Got '.' expected ID"],
  },
  {
    what: "object destructuring",
    snippet: "var {a}={a:1}; print(a)",
    prints: ['Uncaught ReferenceError: "a" is not defined'],
  },
  {
    what: "array destructuring",
    snippet: "var [a]=[1]; print(a)",
    prints: ['Uncaught ReferenceError: "a" is not defined'],
  },
  {
    what: "computed property names",
    snippet: 'var o={["a"+1]:2}; print(o.a1)',
    prints: ["Uncaught SyntaxError: Got '[' expected ID"],
  },
  {
    what: "shorthand properties and methods",
    snippet: "var a=1,o={a,m(){return 2}}; print(o.a,o.m())",
    prints: ["1 2"],
  },
  {
    what: "getters and setters",
    snippet: "var o={get x(){return 3},set x(v){}}; print(o.x)",
    prints: ["3"],
  },
  {
    what: "label and labelled break",
    snippet: 'l: for(;;){break l} print("ok")',
    prints: ['Uncaught ReferenceError: "l" is not defined'],
  },
  {
    what: "exponent operator",
    snippet: "print(2**3)",
    prints: ["Uncaught SyntaxError: Got '*' expected EOF"],
  },
  {
    what: "optional chaining",
    snippet: "var a; print(a?.b)",
    prints: ["Uncaught SyntaxError: Got ID:b expected ':'"],
  },
  {
    what: "nullish coalescing",
    snippet: "print(null??1)",
    prints: ["1"],
  },
  {
    what: "logical assignment",
    snippet: "var x; x??=2; print(x)",
    prints: ["Uncaught SyntaxError: Got '=' expected EOF"],
  },
  {
    what: "optional catch binding",
    snippet: 'try{throw 1}catch{print("ok")}',
    prints: ["ok"],
  },
  {
    what: "numeric separator",
    snippet: "print(1_000)",
    prints: ["1000"],
  },
  {
    what: "class with method, getter, static",
    snippet:
      "class A{constructor(){this.x=1} m(){return this.x} get g(){return 2} static s(){return 3}} print(new A().m(),new A().g,A.s())",
    prints: ["1 2 3"],
  },
  {
    what: "class extends, super call and super method",
    snippet:
      "class A{constructor(a){this.a=a} m(){return 1}} class B extends A{constructor(){super(5)} m(){return super.m()+1}} print(new B().m(),new B().a)",
    prints: ["2 5"],
  },
  {
    what: "static method through subclass",
    snippet: "class A{static s(){return 1}} class B extends A{} print(B.s())",
    prints: ['Uncaught Error: Function "s" not found!'],
  },
  {
    what: "class fields",
    snippet: "class A{x=1} print(new A().x)",
    prints: ["1"],
  },
  {
    what: "private fields",
    snippet: "class A{#x=1; g(){return this.#x}} print(new A().g())",
    prints: ["Uncaught SyntaxError: Got '#' expected '}'"],
  },
  {
    what: "class extends Error with super(message)",
    snippet: 'class A extends Error{constructor(m){super(m)}} print(new A("b").message)',
    prints: ["Uncaught SyntaxError: Calling 'super' outside of class"],
  },
  {
    what: "class expression assigned to var",
    snippet: "var A=class{m(){return 1}}; print(new A().m())",
    prints: ["1"],
  },
  {
    what: "function subclass of Error by Object.create",
    snippet:
      'function C(m){this.message=m} C.prototype=Object.create(Error.prototype); C.prototype.constructor=C; C.prototype.name="C"; var c=new C("z"); print(c instanceof Error,c instanceof C,c.message,c.name)',
    prints: ["true true z C"],
  },
  {
    what: "generator",
    snippet: "function* g(){yield 1} print(1)",
    prints: ["Uncaught SyntaxError: Got '*' expected ID"],
  },
  {
    what: "async function",
    snippet: "async function f(){} print(1)",
    prints: ['Uncaught ReferenceError: "async" is not defined'],
  },
  {
    what: "switch with fallthrough",
    snippet:
      'switch(1){case 0: case 1: print("a"); case 2: print("b"); break; default: print("c")}',
    prints: ["a", "b"],
  },
  {
    what: "switch, case after default",
    snippet: 'switch(1){default: print("d"); break; case 1: print("one")}',
    prints: ["d", "Uncaught SyntaxError: CASE after DEFAULT unsupported"],
  },
  {
    what: "while(1) switch, continue inside switch",
    snippet:
      'var n=0; while(1){ switch(n){ case 0: n=2; continue; case 2: n=9; break } if(n==9) break } print("ok",n)',
    prints: ["ok 9"],
  },
  {
    what: "for(;;) switch, return from it",
    snippet:
      "function f(s){for(;;)switch(s.n){case 0:s.n=2;break;case 1:return 1;case 2:s.n=1}} print(f({n:0}))",
    prints: ["1"],
  },
  {
    what: "try finally with return",
    snippet: 'function f(){try{return 1}finally{print("fin")}} print(f())',
    prints: ["fin", "1"],
  },
  {
    what: "break out of loop through finally",
    snippet: 'for(;;){try{break}finally{print("fin")}} print("out")',
    prints: ["fin", "out"],
  },
  {
    what: "rethrow in catch runs finally",
    snippet: 'try{try{throw 1}catch(e){throw 2}finally{print("fin")}}catch(e){print(e)}',
    prints: ["fin", "2"],
  },
  {
    what: "comma and conditional",
    snippet: "var a=(1,2); print(a,a?1:0)",
    prints: ["2 1"],
  },
  {
    what: "typeof undeclared",
    snippet: "print(typeof nope)",
    prints: ["undefined"],
  },
  {
    what: "in / instanceof / delete / void",
    snippet: 'var o={a:1}; print("a" in o); delete o.a; print("a" in o, void 0)',
    prints: ["true", "false undefined"],
  },
  {
    what: "named function expression calls itself",
    snippet: "var f=function g(n){return n?g(n-1):7}; print(f(2))",
    prints: ["7"],
  },
  {
    what: "arguments object",
    snippet: "print((function(){return arguments.length})(1,2,3))",
    prints: ["3"],
  },
  {
    what: "this in plain function call",
    snippet: "print(typeof (function(){return this})())",
    prints: ["object"],
  },
  {
    what: "new.target",
    snippet: "function F(){return new.target} print(typeof F)",
    prints: ["function"],
  },
  {
    what: "return then newline",
    snippet: "function f(){return\n42} print(f())",
    prints: ["42"],
  },
  {
    what: "missing semicolons",
    snippet: "var a=1\nvar b=2\nprint(a+b)",
    prints: ["3"],
  },
  {
    what: "identifier named of",
    snippet: "var of=1; print(of)",
    prints: ["Uncaught SyntaxError: Got of expected EOF"],
  },
  {
    what: "for in over array",
    snippet: "for(var i in [7,8]) print(i)",
    prints: ["0", "1"],
  },
  {
    what: "nested closure keeps variable",
    snippet: "function c(){var n=0; return function(){return ++n}} var f=c(); f(); print(f())",
    prints: ["2"],
  },
  {
    what: "globalThis",
    snippet: "print(typeof globalThis)",
    prints: ["object"],
  },
  {
    what: "Symbol Map Set WeakMap WeakRef Proxy Reflect",
    snippet:
      "print(typeof Symbol,typeof Map,typeof Set,typeof WeakMap,typeof WeakRef,typeof Proxy,typeof Reflect)",
    prints: ["undefined undefined undefined undefined undefined undefined undefined"],
  },
  {
    what: "Promise statics",
    snippet:
      "print(typeof Promise.resolve,typeof Promise.all,typeof Promise.race,typeof Promise.prototype.finally)",
    prints: ["function function undefined undefined"],
  },
  {
    what: "queueMicrotask setImmediate AbortController TextEncoder",
    snippet:
      "print(typeof queueMicrotask,typeof setImmediate,typeof AbortController,typeof TextEncoder)",
    prints: ["undefined undefined undefined undefined"],
  },
  {
    what: "typed arrays",
    snippet:
      "print(new Uint8Array(3).length,new ArrayBuffer(4).byteLength,typeof DataView,typeof Float64Array)",
    prints: ["3 4 function function"],
  },
  {
    what: "Array methods",
    snippet:
      "print([3,1,2].sort((a,b)=>a-b).join(),[1].concat([2]).length,[1,2].find(x=>x>1),[1,2].includes(2),typeof Array.from,typeof [].flat)",
    prints: ["1,2,3 2 2 true undefined undefined"],
  },
  {
    what: "Array push/pop/shift/unshift/splice/fill",
    snippet:
      "var a=[1,2,3]; a.shift(); a.unshift(9); a.splice(1,1); a.push(4); a.pop(); print(a.join())",
    prints: ["9,3"],
  },
  {
    what: "array length = 0",
    snippet: "var a=[1,2]; a.length=0; print(a.length)",
    prints: ["Uncaught TypeError: Assignment to a constant"],
  },
  {
    what: "Object statics",
    snippet:
      "print(typeof Object.keys,typeof Object.assign,typeof Object.entries,typeof Object.create,typeof Object.defineProperty,typeof Object.freeze)",
    prints: ["function function function function function undefined"],
  },
  {
    what: "Number and Math helpers",
    snippet:
      "print(typeof Number.isInteger,typeof Math.trunc,typeof Math.imul,Math.max(1,2),Math.floor(1.5))",
    prints: ["undefined undefined undefined 2 1"],
  },
  {
    what: "String methods",
    snippet:
      'print("abc".startsWith("a"),"abc".includes("b"),"a".repeat(2),"abc".padStart(5),"a-b".split("-").length,typeof "".at)',
    prints: ["true true aa   abc 2 undefined"],
  },
  {
    what: "JSON",
    snippet: 'print(JSON.stringify({a:[1,{b:2}]}),JSON.parse("[1]")[0])',
    prints: ['{"a":[1,{"b":2}]} 1'],
  },
  {
    what: "Error name and stack",
    snippet: 'var e=new Error("m"); print(e.message,e.name,typeof e.stack)',
    prints: ["m undefined string"],
  },
  {
    what: "Date.now and getTime",
    snippet: "print(Date.now()>0,getTime()>0)",
    prints: ["true true"],
  },
  {
    what: "clearTimeout(undefined)",
    snippet: 'try{clearTimeout(undefined);print("ok")}catch(e){print("throws")}',
    prints: ["throws"],
  },
  {
    what: "clearTimeout() with no argument cancels every timer",
    snippet: 'setTimeout(()=>print("kept"),5); clearTimeout(); setTimeout(()=>print("end"),9)',
    prints: ["end"],
  },
  {
    what: "two timers due together, promise between",
    snippet:
      'setTimeout(()=>{print("t1");Promise.resolve().then(()=>print("p1"))},1); setTimeout(()=>{print("t2");Promise.resolve().then(()=>print("p2"))},1)',
    prints: ["t1", "p1", "t2", "p2"],
  },
  {
    what: "uncaught throw in a timer, next timer still runs",
    snippet: 'setTimeout(()=>{throw new Error("x")},1); setTimeout(()=>print("next"),5)',
    prints: ["Uncaught Error: x", "next"],
  },
  {
    what: "recursion depth 200",
    snippet: 'function r(n){return n?r(n-1):"ok"} print(r(200))',
    prints: ["ok"],
  },
  {
    what: "setWatch exists, pins, LED, Serial",
    snippet:
      "print(typeof setWatch,typeof D1,typeof Serial1,typeof LoopbackA,typeof I2C1,typeof SPI1)",
    prints: ["function number object object object object"],
  },
  {
    what: "statics are own properties of a class",
    snippet: "class A{static s(){return 1}} print(Object.keys(A).join())",
    prints: ["prototype,s"],
  },
  {
    what: "a constructor that makes another object of a subclass",
    snippet:
      "class A{constructor(){this.d=new D()}} class E1{constructor(){this.e=1}} class D extends E1{constructor(){super()}} class B extends A{constructor(){super()}} print(new B().d.e)",
    prints: ["Uncaught SyntaxError: Calling 'super' outside of class"],
  },
  {
    what: "return in finally",
    snippet: "function f(){try{}finally{return 2} return 3} print(f())",
    prints: ["3"],
  },
  {
    what: "throw in finally",
    snippet: "function f(){try{}finally{throw 2} return 3} try{print(f())}catch(e){print('c',e)}",
    prints: ["3"],
  },
  {
    what: "the operator in where a for begins",
    snippet: "var o={a:1}; for(var i=('a' in o);i;i=0) print('ok',i)",
    prints: ["Uncaught SyntaxError: Got in expected ','"],
  },
  {
    what: "do with an if",
    snippet: "var i=0; do if(i<3){i++}while(i<3); print(i)",
    prints: ["Uncaught SyntaxError: Got while expected ';'"],
  },
  {
    what: "a comma in an index",
    snippet: "var a=[5,6]; print(a[0,1])",
    prints: ["Uncaught SyntaxError: Got ',' expected ']'"],
  },
  {
    what: "this before a function in an arrow function's expression",
    snippet:
      "function F(){this.a=1} F.prototype.g=function(){return (x=>[this.a,(()=>1)()])()}; print(new F().g()[0])",
    prints: ["undefined"],
  },
  {
    what: "this before a function in an arrow function's block",
    snippet:
      "function F(){this.a=1} F.prototype.g=function(){return (x=>{return [this.a,(()=>1)()]})()}; print(new F().g()[0])",
    prints: ["1"],
  },
  {
    what: "arguments in an arrow function",
    snippet: "(function(){ var g=()=>arguments[0]; print(g(5)) })(7)",
    prints: ["5"],
  },
  {
    what: "this in a template in an arrow function",
    snippet: "class A{constructor(){this.x=1} f(){return (()=>`${this.x}`)()}} print(new A().f())",
    prints: ["undefined"],
  },
  {
    what: "a method named like a word",
    snippet: "class A{catch(){return 1}} print(new A().catch())",
    prints: ["Uncaught SyntaxError: Got catch expected '}'"],
  },
  {
    what: "a method of an object named like a word",
    snippet: "var o={catch(){return 1}}; print(o.catch())",
    prints: ["1"],
  },
  {
    what: "an accessor named like a word",
    snippet: "var o={get if(){return 3}}; print(o.if)",
    prints: ["Uncaught SyntaxError: Got if expected ':'"],
  },
  {
    what: "a division behind ++",
    snippet: "var a=4; print(a++/2)",
    prints: ["Uncaught SyntaxError: Got UNFINISHED REGEX expected ','"],
  },
  {
    what: "a field without a value",
    snippet: "class Z{b;c(){return 1}} print(new Z().c())",
    prints: ["Uncaught SyntaxError: Got ';' expected '='"],
  },
  {
    what: "a static field",
    snippet: "class Z{static a=5; static b(){return this.a}} print(Z.b(), Z.a)",
    prints: ["5 5"],
  },
  {
    what: "a function declared in a block",
    refused: true,
    snippet: "var q=[]; for(var i=0;i<2;i++){ function f(){return i} q.push(f)} print(q[0]===q[1])",
    prints: ["true"],
  },
  {
    what: "a method called through brackets",
    snippet: "var o={f(){return this===o}}; print(o.f(), o['f'](), (0,o.f)())",
    prints: ["true true false"],
  },
  {
    what: "what a conditional with a chain gives",
    snippet: "var x=1; print(x>0?x>1?'big':'one':'neg')",
    prints: ["one"],
  },
  {
    what: "operators by precedence",
    snippet: "print(1+2*3-4/2, 7&3|8, 1<2===true, !0&&1||2, -2+ +'3', 5-3-1)",
    prints: ["5 11 true 1 1 1"],
  },
  {
    what: "shifts and large integers",
    snippet: "print(1<<31, -1>>>0, 2147483647+1, 5e9|0, -8>>>28, 0x80000000)",
    prints: ["-2147483648 4294967295 2147483648 705032704 15 2147483648"],
  },
  {
    what: "numbers that are none, and no negative zero",
    snippet: "print(0/0, 1/0, -1/0, 1/-0)",
    prints: ["NaN Infinity -Infinity Infinity"],
  },
  {
    what: "escapes in strings",
    snippet: "print('\\x41\\u0042\\t|'.length, 'a\\\\b'.length)",
    prints: ["4 3"],
  },
  {
    what: "what typeof tells",
    snippet:
      "print(typeof null, typeof 1, typeof 's', typeof {}, typeof [], typeof print, typeof true)",
    prints: ["object number string object object function boolean"],
  },
  {
    what: "loose equality",
    snippet: "print(null==undefined, 1=='1', NaN==NaN, null==0, ''==0)",
    prints: ["true true false false true"],
  },
  {
    what: "delete of a path",
    snippet: "var o={a:{b:1}}; print(delete o.a.b, JSON.stringify(o))",
    prints: ['true {"a":{}}'],
  },
  {
    what: "return in a switch in a loop",
    snippet:
      "function f(x){for(;;){switch(x){case 1:return 'a';case 2:x=1;continue;default:return 'd'}}} print(f(1),f(2),f(3))",
    prints: ["a a d"],
  },
  {
    what: "continue in try with finally",
    snippet: "for(var i=0;i<3;i++){try{if(i==1)continue;print(i)}finally{print('f'+i)}}",
    prints: ["0", "f0", "f1", "2", "f2"],
  },
  {
    what: "the variable of catch is its own",
    snippet: "var e=5; try{throw 1}catch(e){e=2} print(e)",
    prints: ["5"],
  },
  {
    what: "a constructor that returns an object",
    snippet: "class A{constructor(){return {z:1}}} print(new A().z)",
    prints: ["1"],
  },
  {
    what: "accessors with assignment operators",
    snippet: "var o={get x(){return this._x||1}, set x(v){this._x=v}}; o.x+=4; o.x++; print(o.x)",
    prints: ["6"],
  },
  {
    what: "methods of native classes looked at on the prototype",
    snippet: "print(typeof Array.prototype.slice, typeof [].slice)",
    prints: ["undefined function"],
  },
  {
    what: "native errors and Error",
    snippet: "try{nope}catch(e){print(e instanceof ReferenceError, e instanceof Error)}",
    prints: ["true false"],
  },
  {
    what: "reading a property of null throws an Error",
    snippet: "try{null.x}catch(e){print(e instanceof TypeError, e instanceof Error)}",
    prints: ["false true"],
  },
  {
    what: "RangeError EvalError URIError AggregateError",
    snippet: "print(typeof RangeError, typeof EvalError, typeof URIError, typeof AggregateError)",
    prints: ["undefined undefined undefined undefined"],
  },
  {
    what: "setTimeout gives numbers, from 1",
    snippet: "print(setTimeout(function(){},1), setTimeout(function(){},1))",
    prints: ["1 2"],
  },
  {
    what: "timers that end themselves",
    snippet: "var n=0; var t=setInterval(function(){ print(++n); if(n==2) clearInterval(t) },5)",
    prints: ["1", "2"],
  },
  {
    what: "arguments of a timer",
    snippet: "setTimeout(print,5,'a','b')",
    prints: ["a b"],
  },
  {
    what: "splice empties an array",
    snippet: "var a=[1,2,3]; a.splice(0); print(a.length)",
    prints: ["0"],
  },
  {
    what: "apply and bind",
    snippet:
      "print((function(a,b){return a+b}).apply(null,[1,2]), (function(a,b){return a+b}).bind(null,1)(3))",
    prints: ["3 4"],
  },
  {
    what: "names and lengths of functions",
    snippet: "function f(a,b){} print(f.length, f.name)",
    prints: ["2 undefined"],
  },
  {
    what: "a promise that fails",
    snippet: "Promise.reject(3).catch(e=>print('c',e)); print('sync')",
    prints: ["sync", "c 3"],
  },
  {
    what: "Object.assign takes no functions",
    snippet: "try{Object.assign(function(){},{a:1})}catch(e){print(e instanceof TypeError)}",
    prints: ["true"],
  },
  {
    what: "map, filter and reduce",
    snippet: "print([1,2,3].map(x=>x*2).filter(x=>x>2).reduce((a,b)=>a+b,0))",
    prints: ["10"],
  },
];
