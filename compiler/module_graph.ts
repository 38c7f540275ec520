import { dirname } from "node:path";
import { isUrl, toPath } from "./paths.ts";

/** A module as `deno info --json` tells it. */
export interface GraphModule {
  readonly specifier: string;
  readonly kind?: string;
  /** Where its text lies, also for modules from elsewhere: Deno's cache. */
  readonly local?: string;
  readonly mediaType?: string;
  readonly npmPackage?: string;
  readonly error?: string;
  readonly dependencies?: readonly {
    readonly specifier: string;
    readonly code?: { readonly specifier?: string; readonly error?: string };
    readonly type?: { readonly specifier?: string; readonly error?: string };
  }[];
}

/** A package of npm, in Deno's cache or in `node_modules`. */
export interface GraphPackage {
  readonly name: string;
  readonly version: string;
  /** Names with versions. */
  readonly dependencies: readonly string[];
  readonly localPath: string;
}

/** What an import means: a specifier, or why it means nothing. */
export type Meaning = { readonly specifier: string } | { readonly error: string };

interface Told {
  readonly modules: readonly GraphModule[];
  readonly redirects: { readonly [specifier: string]: string };
  readonly npmPackages?: { readonly [id: string]: GraphPackage };
}

/**
 * What Deno knows about a program: what its imports mean by its own `deno.json`, and where the modules lie. One
 * call of `deno info`, which fetches what is not in Deno's cache, takes 30 ms when all is there.
 */
export class ModuleGraph {
  private readonly byName = new Map<string, GraphModule>();
  private readonly imports = new Map<string, Map<string, Meaning>>();

  private constructor(private readonly told: Told) {
    for (const module of told.modules) {
      this.byName.set(module.specifier, module);
      const meanings = new Map<string, Meaning>();
      for (const { specifier, code, type } of module.dependencies ?? []) {
        const meant = code ?? type;
        if (meant?.specifier !== undefined) {
          meanings.set(specifier, { specifier: meant.specifier });
        } else if (meant?.error !== undefined) meanings.set(specifier, { error: meant.error });
      }
      this.imports.set(module.specifier, meanings);
    }
  }

  /**
   * Asks Deno.
   *
   * @param entry A file, whose own `deno.json` counts, or the specifiers that are wanted.
   * @param config The configuration that counts instead.
   * @throws `Error` where Deno cannot tell.
   */
  static async of(entry: string | readonly string[], config?: string): Promise<ModuleGraph> {
    const root = typeof entry === "string"
      ? entry
      : `data:application/typescript,${
        encodeURIComponent(entry.map((each) => `import ${JSON.stringify(each)};`).join("\n"))
      }`;
    // With a configuration that is not its own, a program's packages are no business of that one's lock file.
    const by = config === undefined ? [] : ["--config", config, "--no-lock"];
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", "--allow-import", ...by, root],
      ...(isUrl(root) ? {} : { cwd: dirname(root) }),
      env: { NO_COLOR: "1" },
      stdin: "null",
    }).output();
    const text = new TextDecoder();
    if (code !== 0) {
      const why = text.decode(stderr).trim().split("\n").filter((line) => !/^Download/.test(line));
      throw new Error(`Cannot tell where modules lie: ${why.join(" ").replace(/^error: /, "")}`);
    }
    return new ModuleGraph(JSON.parse(text.decode(stdout)) as Told);
  }

  /** What `specifier` means in the module `importer`; `undefined` where Deno has not seen that import. */
  meaning(importer: string, specifier: string): Meaning | undefined {
    return this.imports.get(importer)?.get(specifier);
  }

  /** Whether the module is in the graph. */
  has(specifier: string): boolean {
    return this.byName.has(specifier);
  }

  /** The module that a specifier leads to. */
  module(specifier: string): GraphModule | undefined {
    let name = specifier;
    for (let hop = 0; this.told.redirects[name] !== undefined && hop < 20; hop++) {
      name = this.told.redirects[name]!;
    }
    return this.byName.get(name);
  }

  /** A package by its name with version. */
  package(id: string): GraphPackage | undefined {
    return this.told.npmPackages?.[id];
  }

  /** The package that a file belongs to, by the longest path. */
  packageOf(file: string): GraphPackage | undefined {
    let found: GraphPackage | undefined;
    for (const each of Object.values(this.told.npmPackages ?? {})) {
      const inside = file.startsWith(`${each.localPath}/`) ||
        file.startsWith(`${each.localPath}\\`);
      if (inside && each.localPath.length > (found?.localPath.length ?? 0)) found = each;
    }
    return found;
  }

  /** The text of a module from elsewhere, as it is in Deno's cache. */
  async text(module: GraphModule): Promise<string> {
    const text = await Deno.readTextFile(toPath(module.local!));
    return text.replace(/\n\/\/ denoCacheMetadata=.*\s*$/, "\n");
  }
}
