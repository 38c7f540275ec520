import type { ImportKind, OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from "esbuild";
import { builtinModules } from "node:module";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { ModuleGraph } from "./module_graph.ts";
import { OWN_CONFIG, ownFile, ownMeaning, publicNames } from "./names.ts";
import { isInside, ROOT, toPath, toUrl } from "./paths.ts";

/** Where modules come from. */
export interface ResolveOptions {
  /** The program's file; its own `deno.json` counts. */
  readonly entry: string;
  /** Whether the target has Node's modules. */
  readonly node: boolean;
  /** What stays an import: these specifiers and what lies below them. */
  readonly external?: readonly string[];
  /** The path of what is imported as `"awaitio"`; the host's unless given. */
  readonly awaitio?: string | undefined;
  /** Whether the coroutines are compiled: then the runtime's driver is another. */
  readonly compiled: boolean;
  /** Modules that have another in their place, by path. */
  readonly modules?: ReadonlyMap<string, string>;
  /** Modules by other names than those that are imported by. */
  readonly imports?: { readonly [name: string]: string };
}

/** Modules that come from elsewhere, by URL. */
const REMOTE = "remote";
/** Node's modules for those who `require` them. */
const REQUIRED = "required";
/** Their default exports. */
const DEFAULT = "default";
/** A question that the plugin asks esbuild and must not answer itself. */
const OURS = Symbol("asked by the plugin");

const COMPILED_HOST = join(ROOT, "targets", "host", "compiled_platform.ts");
/** Modules that have another in their place where coroutines are compiled. */
const COMPILED: ReadonlyMap<string, string> = new Map([
  [join(ROOT, "runtime", "native.ts"), join(ROOT, "runtime", "compiled.ts")],
  [join(ROOT, "targets", "host", "platform.ts"), COMPILED_HOST],
  [join(ROOT, "targets", "edge", "platform.ts"), COMPILED_HOST],
]);
const PURE = ["runtime", "boards", "targets", "compiler"].map((folder) => join(ROOT, folder));
const builtins = new Set(builtinModules);

/** Lets esbuild resolve and load what Deno can: `npm:`, `jsr:`, `https:`, import maps, and this package by its name. */
export function resolvePlugin(options: ResolveOptions): Plugin {
  return {
    name: "awaitio",
    setup(build) {
      const resolver = new Resolver(build, options);
      build.onStart(() => resolver.forget());
      build.onResolve({ filter: /.*/ }, (args) => resolver.resolve(args));
      build.onLoad({ filter: /.*/, namespace: REMOTE }, (args) => resolver.load(args.path));
      // Who requires "events" wants the class itself and no namespace with a `default`.
      build.onLoad({ filter: /.*/, namespace: REQUIRED }, ({ path }) => ({
        contents: `module.exports = require(${JSON.stringify(path)}).value;`,
        loader: "js",
      }));
      build.onLoad({ filter: /.*/, namespace: DEFAULT }, ({ path }) => ({
        contents: `export { default as value } from ${JSON.stringify(path)};`,
        loader: "js",
      }));
    },
  };
}

class Resolver {
  private program: Promise<ModuleGraph> | null = null;
  private readonly extra = new Map<string, Promise<ModuleGraph>>();
  /** Graphs that have been read, for those who have a module of one. */
  private graphs: ModuleGraph[] = [];

  constructor(private readonly build: PluginBuild, private readonly options: ResolveOptions) {}

  /** Before every build: the program's imports may have changed. What this package imports stays. */
  async forget(): Promise<void> {
    this.program = null;
    this.graphs = await Promise.all(this.extra.values());
  }

  async resolve(args: OnResolveArgs): Promise<OnResolveResult | undefined> {
    const { path, kind, namespace, importer } = args;
    if (args.pluginData === OURS || kind === "entry-point") return undefined;
    const instead = this.options.imports?.[path];
    if (instead !== undefined) return this.file(instead, path);
    if (namespace === REQUIRED) return { path, namespace: DEFAULT };
    if (namespace === DEFAULT) return { path, external: true };
    if (this.options.external?.some((it) => path === it || path.startsWith(`${it}/`))) {
      return { path, external: true };
    }
    if (path.startsWith("node:")) return this.builtin(path, kind);
    const own = path === "awaitio" ? this.options.awaitio ?? ownFile(path) : ownFile(path);
    if (own !== undefined) return this.file(own, path);
    if (/^awaitio(\/|$)/.test(path)) {
      return failed(`Cannot import "${path}": there is ${publicNames.join(", ")}`);
    }
    if (namespace === REMOTE) return await this.meant(importer, args);
    if (isAbsolute(path)) return this.file(path, path);
    if (/[/\\]node_modules[/\\]/.test(importer)) {
      return builtins.has(path) ? this.builtin(`node:${path}`, kind) : undefined;
    }
    const inPackage = this.graphs.find((graph) => graph.packageOf(importer) !== undefined);
    if (inPackage !== undefined) return await this.fromPackage(inPackage, args);
    if (PURE.some((folder) => isInside(importer, folder))) return await this.fromOurselves(args);
    return await this.meant(toUrl(importer), args);
  }

  async load(
    url: string,
  ): Promise<{ contents: string; loader: "ts" | "tsx" | "js" | "jsx" | "json" }> {
    const graph = this.graphs.find((each) => each.module(url)?.local !== undefined)!;
    const module = graph.module(url)!;
    const loaders = { TypeScript: "ts", Mts: "ts", TSX: "tsx", JSX: "jsx", Json: "json" } as const;
    const type = module.mediaType as keyof typeof loaders;
    return { contents: await graph.text(module), loader: loaders[type] ?? "js" };
  }

  /** By what Deno says about the program, or else by this package's own names. */
  private async meant(importer: string, args: OnResolveArgs): Promise<OnResolveResult | undefined> {
    const { path } = args;
    const program = await this.programGraph();
    const home = [program, ...this.graphs].find((graph) =>
      graph.meaning(importer, path) !== undefined
    );
    const meaning = home?.meaning(importer, path);
    if (home !== undefined && meaning !== undefined && "specifier" in meaning) {
      return await this.at(home, meaning.specifier, args);
    }
    const own = ownMeaning(path) ?? (/^(npm|jsr|https?):/.test(path) ? path : undefined);
    if (own !== undefined) return await this.at(await this.extraGraph(own), own, args);
    if (isRelative(path)) {
      return args.namespace === REMOTE
        ? undefined
        : this.file(resolve(args.resolveDir, path), path);
    }
    if (builtins.has(path)) return this.builtin(`node:${path}`, args.kind);
    // A package of a `node_modules` folder.
    return await this.ask(path, args.resolveDir, args.kind) ?? failed(
      `Cannot import "${path}": nothing has this name; add it to "imports" in the program's ` +
        `deno.json, or write for example "npm:${path}"`,
    );
  }

  /** The module at a specifier that is none of a file's name any more. */
  private async at(
    graph: ModuleGraph,
    specifier: string,
    args: OnResolveArgs,
  ): Promise<OnResolveResult | undefined> {
    if (specifier.startsWith("node:")) return this.builtin(specifier, args.kind);
    const module = graph.module(specifier);
    if (specifier.startsWith("file:") && module?.error === undefined) {
      return this.file(toPath(specifier), args.path);
    }
    if (specifier.startsWith("data:")) return undefined;
    if (module?.npmPackage !== undefined) {
      const { name, version, localPath } = graph.package(module.npmPackage)!;
      const below = module.specifier.slice(`npm:/${name}@${version}`.length).replace(/^\//, "");
      const found = await this.inPackage(name, localPath, below, args.kind);
      return found ?? failed(`Cannot import "${args.path}": the package has no such module`);
    }
    if (module?.local !== undefined) {
      const { specifier: url } = module;
      return url.startsWith("file:")
        ? this.file(toPath(url), args.path)
        : { path: url, namespace: REMOTE };
    }
    return failed(`Cannot import "${args.path}": ${reason(module?.error)}`);
  }

  /** An import in this package, whose configuration is known. */
  private async fromOurselves(args: OnResolveArgs): Promise<OnResolveResult | undefined> {
    const { path, resolveDir } = args;
    if (isRelative(path)) return await this.file(resolve(resolveDir, path), path);
    const name = ownMeaning(path) ?? path;
    return await this.at(await this.extraGraph(name), name, args);
  }

  /** An import in a package of npm. */
  private async fromPackage(
    graph: ModuleGraph,
    { path, kind, importer, resolveDir }: OnResolveArgs,
  ): Promise<OnResolveResult | undefined> {
    if (isRelative(path)) return undefined;
    if (builtins.has(path)) return this.builtin(`node:${path}`, kind);
    const [, name = "", below = ""] = /^((?:@[^/]+\/)?[^/]+)\/?(.*)$/.exec(path) ?? [];
    for (const id of graph.packageOf(importer)!.dependencies) {
      const dependency = graph.package(id);
      if (dependency?.name !== name) continue;
      return await this.inPackage(name, dependency.localPath, below, kind);
    }
    return await this.ask(path, resolveDir, kind);
  }

  /**
   * A module in a package. Deno's cache has no `node_modules` folders, but a package may import itself by its name,
   * which goes by its own "exports"; one without any is looked into like a folder.
   */
  private async inPackage(
    name: string,
    folder: string,
    below: string,
    kind: ImportKind,
  ): Promise<OnResolveResult | undefined> {
    return await this.ask(below === "" ? name : `${name}/${below}`, folder, kind) ??
      await this.ask(below === "" ? "." : `./${below}`, folder, kind);
  }

  /** What esbuild itself finds. */
  private async ask(
    path: string,
    resolveDir: string,
    kind: ImportKind,
  ): Promise<OnResolveResult | undefined> {
    const found = await this.build.resolve(path, { resolveDir, kind, pluginData: OURS });
    if (found.errors.length > 0) return undefined;
    const { path: file, external, sideEffects, suffix, namespace } = found;
    return { path: file, external, sideEffects, suffix, namespace };
  }

  private builtin(path: string, kind: ImportKind): OnResolveResult {
    if (!this.options.node) {
      return failed(`Cannot import "${path}": the target has none of Node's modules`);
    }
    return kind === "require-call" || kind === "require-resolve"
      ? { path, namespace: REQUIRED }
      : { path, external: true };
  }

  /** A local file; `name` is what the import calls it. */
  private async file(path: string, name: string): Promise<OnResolveResult> {
    const actual = this.options.modules?.get(path) ??
      (this.options.compiled ? COMPILED.get(path) : undefined) ?? path;
    const found = await Deno.stat(actual).then((info) => info.isFile, () => false);
    if (!found) return failed(`Cannot import "${name}": no such file`);
    // An unused module of this package need not run, except what installs a target.
    const pure = PURE.some((folder) => isInside(actual, folder)) &&
      !/_test\.ts$|[/\\]conformance[/\\]tests\.ts$|[/\\]targets[/\\][^/\\]+[/\\]mod\.ts$/.test(
        actual,
      );
    return pure ? { path: actual, sideEffects: false } : { path: actual };
  }

  private programGraph(): Promise<ModuleGraph> {
    return this.program ??= (async () => {
      const { entry } = this.options;
      const own = await hasConfig(dirname(entry));
      return this.keep(await ModuleGraph.of(entry, own ? undefined : OWN_CONFIG));
    })();
  }

  /** The graph of a specifier that the program's graph does not have: what this package itself imports. */
  private extraGraph(specifier: string): Promise<ModuleGraph> {
    let graph = this.extra.get(specifier);
    if (graph === undefined) {
      graph = ModuleGraph.of([specifier], OWN_CONFIG).then((it) => this.keep(it));
      this.extra.set(specifier, graph);
    }
    return graph;
  }

  private keep(graph: ModuleGraph): ModuleGraph {
    this.graphs.push(graph);
    return graph;
  }
}

/** Whether a folder, or one above it, has a configuration. */
async function hasConfig(folder: string): Promise<boolean> {
  for (let at = folder;; at = dirname(at)) {
    for (const name of ["deno.json", "deno.jsonc", "package.json"]) {
      if (await Deno.stat(join(at, name)).then((info) => info.isFile, () => false)) return true;
    }
    if (dirname(at) === at) return false;
  }
}

function isRelative(path: string): boolean {
  return /^\.\.?(\/|$)/.test(path);
}

function failed(text: string): OnResolveResult {
  return { errors: [{ text }] };
}

/** Deno's words, without what is already said. */
function reason(error: string | undefined): string {
  if (error === undefined) return "Deno does not know where it lies";
  return error.replace(/^Module not found "[^"]*"\.?$/, "no such file").replace(/\.$/, "");
}
