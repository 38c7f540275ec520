/**
 * What the lowering is held to: each snippet prints the same when it is lowered as it does in an engine that has all of
 * JavaScript. `tell` writes values the same everywhere.
 *
 * @module
 */

/** Snippets by what they are about. */
export const snippets: { readonly [what: string]: string } = {
  "fields, private members, statics and accessors of classes":
    'class A{x=1;static s=2;#p=3;m(){return this.#p+this.x} get g(){return this.#p} static t(){return this.s} catch(){return "c"} ["a"+1](){return 9}} const a=new A(); tell(a.m(),a.g,A.t(),a.catch(),a.a1()); class B extends A{y=this.x+1; m(){return super.m()*2}} tell(new B().m(),new B().y,B.t(),B.s)',
  "super where classes extend each other twice":
    "class A{m(){return 1}} class B extends A{m(){return super.m()+1}} class C extends B{m(){return super.m()+1}} tell(new C().m())",
  "classes that extend Error":
    'class E1 extends Error{constructor(m){super(m);this.k=1} get name(){return "E1"}} class E2 extends E1{} try{throw new E2("hi")}catch(e){tell(e instanceof E1,e instanceof Error,e.message,e.name,e.k,String(e))}',
  "parameters with defaults, patterns and rest":
    'function f(a=1,{b=2,c:[d,...e]}={c:[3,4,5]},...r){return [a,b,d,e,r]} tell(f(),f(5,{b:6,c:"xyz"},7,8))',
  "destructuring with defaults, rest and a swap":
    "const {a,b:{c=5}={},...rest}={a:1,x:2,y:3}; tell(a,c,rest); let [p,,q=4]=[1,2]; [p,q]=[q,p]; tell(p,q)",
  "functions used above their declaration":
    "tell(f()); function f(){return g()} function g(){return 1}",
  "a function of a block used above its declaration": "{ tell(h()); function h(){return 2} }",
  "variables of loop heads that functions keep":
    "const q=[]; for(let i=0;i<3;i++) q.push(()=>i); for(const x of [7,8]) q.push(()=>x); for(const k in {a:1,b:2}) q.push(()=>k); tell(q.map(f=>f()))",
  "turns of a loop that change their variable":
    "const q=[]; for(let i=0;i<6;i++){ if(i==1) continue; i++; q.push(()=>i); if(i>4) break } tell(q.map(f=>f()))",
  "labels of loops and blocks":
    "outer: for(let i=0;i<3;i++){ for(let j=0;j<3;j++){ if(j==1) continue outer; if(i==2) break outer; tell(i,j) } } blk: { tell(1); if(1) break blk; tell(2) }",
  "labels around a switch":
    'outer: for(const a of [1,2,3]){ switch(a){ case 1: continue outer; case 2: for(;;){ break outer } } tell("never") } tell("end")',
  "default before other cases":
    'function f(x){ switch(x){ default: return "d"; case 1: return "one"; case 2: { let z="two"; return z } } } tell(f(1),f(2),f(3)); function g(x){ let r=""; switch(x){ case 0: r+="0"; default: r+="d"; case 1: r+="1"; break; case 2: r+="2" } return r } tell(g(0),g(1),g(2),g(3))',
  "finally that throws, returns and jumps":
    'function f(){try{return 1}finally{tell("fin");f.x()}} f.x=()=>{}; tell(f()); function g(){try{}finally{return 2} return 3} tell(g()); function h(){ try{ throw 1 }finally{ g(); throw 2 } } try{h()}catch(e){tell(e)} for(const i of [1,2,3]){ try{ if(i==1) continue; if(i==2) break; tell(i)} finally { tell("f",i) } }',
  "objects with spread, computed keys and methods":
    'const o={a:1,...{b:2},["c"+1]:3,get d(){return 4},m(){return this.a},"x-y":5}; tell(o.b,o.c1,o["x-y"],o.d,o.m(),{...o,a:9}.a)',
  "spread in calls, arrays and new":
    "tell(Math.max(...[1,5,2]), [0,...[1,2],...[3]], ((...a)=>a.length)(1,2,3)); class P{constructor(...a){this.a=a}} tell(new P(...[1,2]).a); const o={f(...a){return this===o&&a}}; tell(o.f(...[1]))",
  "optional chains":
    'let a; tell(a?.b, a?.b.c(), a?.[1], a ?? 3); a??=4; a||=5; a&&=6; tell(a, 2**10); const o={f(){return this.x},x:1}; tell(o?.f(), o.g?.(), o["f"]?.())',
  "templates and tags":
    'function tag(s,...v){return s.join("|")+v.join()+s.raw[0]} tell(tag`a${1}b${2}\\n`); const x=2; tell(`a${x}b${x+1}`, `${x}${x}`, `}${"}"}`)',
  "this and arguments in arrow functions":
    "class A{constructor(){this.x=1} f(){return [1].map(v=>[this.x,()=>v]).length+[1].map(v=>this.x+v)[0]} g(){return (()=>`${this.x}`)()}} tell(new A().f(), new A().g()); function f(){return (()=>arguments[0])(9)} tell(f(5))",
  "new.target":
    "function F(){return new.target===F} tell(F(), new (class{constructor(){this.t=new.target!==undefined}})().t)",
  "classes in expressions":
    "const C=true?class{m(){return 1}}:0; const D=false?class{}:2; tell(new C().m(),D); const mk=()=>class{n(){return 3}}; tell(new (mk())().n())",
  "generators":
    'function* g(n){ for(let i=0;i<n;i++){ const r=yield i; if(r) tell("got",r) } return 9 } tell([...g(3)]); for(const x of g(5)){ if(x>2) break; tell(x) } const it=g(2); tell(it.next(),it.next("r"),it.next(),it.next())',
  "an iterable class":
    "class T{*[Symbol.iterator](){ yield 1; yield 2 }} tell([...new T()]); const [a,b]=new T(); tell(a,b); tell(Math.max(...new T()))",
  "words as names, do, delete":
    "const of=1; let static_=2; tell(of+static_); var i=0; do if(i<3){i++}while(i<3); tell(i); const o={a:{b:1}}; function f(){return o} tell(delete f().a.b, JSON.stringify(o))",
  "patterns of catch and of loops":
    "try{ throw {m:1,n:2} }catch({m,n}){ tell(m,n) } for(const [k,v] of Object.entries({a:1,b:2})) tell(k,v); for(const {x} of [{x:1}]) tell(x)",
  "private methods and static blocks":
    "class A{static #c=0; static inc(){return ++A.#c} #m(){return 5} n(){return this.#m()} static has(o){return #m in o} static{ this.z=this.inc() }} tell(A.inc(),new A().n(),A.has(new A()),A.z)",
  "arrays that change while they are iterated over":
    "const a=[1,2,3,4]; for(const x of a){ tell(x); if(x==2) a.splice(1,1) } const s=[1,2]; for(const x of s){ if(s.length<4) s.push(x*10) } tell(s)",
  "names that hide others":
    "let x=1; { let x=2; { let x=3; tell(x) } tell(x) } tell(x); function f(x){ { let x=5; tell(x) } return x } tell(f(1)); switch(1){case 1: let x=7; tell(x)} tell(x)",
  "functions and classes of every turn":
    "const fs=[]; for(const n of [1,2]){ function k(){return n} class K{v(){return n}} fs.push(k,()=>new K().v()) } tell(fs.map(f=>f()))",
  "maps and sets":
    'const m=new Map([["a",1]]); m.set("b",2); tell(m.size,m.get("a"),m.has("z"),[...m],[...m.keys()],[...m.values()]); for(const [k,v] of m) tell(k,v); m.delete("a"); tell(m.size); m.forEach((v,k)=>tell(k,v)); const s=new Set([1,2,2]); tell(s.size,[...s],s.has(2)); s.add(5); for(const x of s) tell(x)',
  "weak maps and what numbers and arrays lack":
    'const w=new WeakMap(); const k={}; w.set(k,5); tell(w.get(k),w.has({})); tell(Object.freeze({a:1}).a, Number.isInteger(5), Number.isInteger(5.5), Math.trunc(-2.5), Array.from({length:3},(_, i)=>i*2), Array.from("abc"), [1,[2,[3]]].flat(), [1,2].at(-1), "abc".at(-1), Number.MAX_SAFE_INTEGER)',
  "errors of the language":
    'try{ throw new RangeError("r") }catch(e){ tell(e instanceof RangeError, e instanceof Error, e.name, e.message) } try{ null.x }catch(e){ tell(e instanceof Error) } try { undefinedThing } catch(e) { tell(e instanceof ReferenceError, e instanceof Error, e.name) }',
  "lengths that are assigned, methods taken from prototypes":
    'const a=[1,2,3]; a.length=1; tell(a); a.length=0; tell(a.length); const o={length:1}; o.length=5; tell(o.length); tell(Array.prototype.slice.call([1,2],1), Object.prototype.hasOwnProperty.call({a:1},"a"))',
  "entries, and more that arrays and texts lack":
    'for(const [i,v] of ["x","y"].entries()) tell(i,v); tell([..."ab"].map(c=>c+c), Object.fromEntries([["a",1]]), "a-b-c".replaceAll("-","+"), " x ".trimStart(), [3,1,2].toSorted())',
  "division behind increments and words":
    "var a=4,g=2,i=1; tell(a/g/i); tell(a++/2, (g--)/1); const o={default:8}; tell(o.default/2/i); tell({a:3}.a/1)",
  "delete of what a call gave":
    "function f(){return o} const o={a:1,b:2}; function d(){ const p=f(); delete p.a; return JSON.stringify(o) } tell(d())",
  "commas in indexes and cases":
    'let i=0; const a=[5,6,7]; tell(a[(i++,i)]); switch(1){case (i++,1): tell("one")} tell(typeof zz==="undefined")',
  "classes that are returned":
    "function f(c){ if(c){ const K=class{m(){return 1}}; return K } return null } tell(f(0), new (f(1))().m()); function g(c){ if(c) return class{n(){return 2}}; return 5 } tell(g(0), new (g(1))().n()); const h=()=>class{o(){return 3}}; tell(new (h())().o())",
  "a constructor that makes another object of a subclass":
    "class A{constructor(){this.m=new B()}} class P{constructor(){this.p=1}} class B extends P{constructor(){super()}} class Q extends A{constructor(){super()}} tell(new Q().m.p)",
  "a method of super that is given what another gives":
    "class A{constructor(){this.x=3} f(a){return a+this.x} g(){return this.x}} class B extends A{f(){return super.f(super.g())}} tell(new B().f())",
  "text beyond ASCII":
    'const f=(x)=>x*2, names="\u00e9\u20ac\ud83d\ude00\\n\\t"; tell(f(2), names.length>3, "\\u{41}", \'a"b\', 1e21>1, .5+.25)',
  "finally that assigns":
    'let t=0; function f(){ try { return t } finally { t=5 } } tell(f(),t); function g(){ for(const x of [1,2]) try { if(x==1) continue; return x } finally { tell("f",x); [].push(1) } } tell(g()); function h(){ try { throw new Error("a") } catch(e) { return e.message } finally { tell("fin"); JSON.stringify(1) } } tell(h())',
  "finally around errors and labels":
    'try { try { throw 1 } finally { tell("in"); [1].map(x=>x) } } catch(e) { tell("c",e) } lab: try { break lab } finally { tell("x"); [].slice() } tell("after")',
  "assignments that may not happen":
    'let a; tell(a?.b, a?.b.c(), a?.[1], a ?? 3); a??=4; a||=5; a&&=6; tell(a, 2**10); const o={f(){return this.x},x:1,n:{g(){return this===o.n}}}; tell(o?.f(), o.g?.(), o["f"]?.(), o.n?.g(), o.n.g?.(), o?.n?.g?.()); o.y??=7; o.x**=2; o["z"]||=o.y; tell(o.y,o.x,o.z, delete o?.y, o.y)',
  "optional chains in default values":
    'function f(x=o?.n?.k("p")){return x} const o={n:{k(p){return this===o.n?p:"no"}}}; tell(f()); let c=0; const mk=()=>{c++; return {v:null}}; mk().v??=1; tell(c); const arr=[1]; let i=0; arr[i++]??=5; arr[i++]??=6; tell(arr,i)',
  "functions that are made before the variables of their block":
    "{ var q=[]; q.push(()=>x+y); let x=3, y=4; tell(q[0]()) } { const f=[()=>z]; f.push(1); const z=5; tell(f[0]()) }",
  "yield* and generators that are ended early":
    "function* a(){ yield 1; yield 2 } function* b(){ yield 0; yield* a(); yield 3 } tell([...b()]); function* c(){ try { yield 1; yield 2 } finally { tell('closed') } } for (const x of c()) { tell(x); break } const d = c(); d.next(); tell(d.return(7)); const e = c(); e.next(); try { e.throw('oops') } catch (x) { tell(x) }",
  "an array pattern takes no more than it names":
    "function* endless() { try { for (let i = 0;; i++) yield i } finally { tell('closed') } } const [a, , b] = endless(); tell(a, b); let [] = endless(); const [c, ...d] = new Set([1, 2, 3]); tell(c, d)",
  "powers that are assigned to computed places":
    "let n = 0; const o = { a: 3 }; const f = () => { n++; return o }; f()['a' + ''] **= 2; f().a **= 2; tell(o.a, n, Object.prototype.propertyIsEnumerable.call(o, 'a'))",
};
