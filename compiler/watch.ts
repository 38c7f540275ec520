import { dirname } from "node:path";
import { Builder, type BuildOptions, type BuildResult } from "./build_program.ts";
import { CompileError } from "./diagnostic.ts";

/** What came of a build in a watch. */
export type Built = { readonly result: BuildResult } | { readonly error: CompileError };

/** Who hears of a watch, and how it ends. */
export interface WatchOptions {
  /** Is called after every build with the files that had changed; none the first time. */
  onBuild(built: Built, changed: readonly string[]): void | Promise<void>;
  /** Ends the watch. */
  readonly signal: AbortSignal;
}

/** Builds a program whenever one of its files changes, until the signal aborts. Mistakes in it do not end that. */
export async function watchProgram(options: BuildOptions, watch: WatchOptions): Promise<void> {
  const { signal, onBuild } = watch;
  await using builder = new Builder(options);
  using changes = new Changes(signal);
  let inputs: ReadonlySet<string> = new Set([options.program]);
  let changed: readonly string[] = [];
  changes.watch(inputs);
  while (!signal.aborted) {
    const built = await attempt(builder);
    if ("result" in built) inputs = new Set(built.result.inputs);
    changes.watch(inputs);
    await onBuild(built, changed);
    // The cure of a mistake may be a file that is not there yet.
    const anything = "error" in built;
    changed = await changes.next((file) =>
      anything || inputs.has(file) || /[/\\]deno\.jsonc?$/.test(file)
    );
  }
}

async function attempt(builder: Builder): Promise<Built> {
  try {
    return { result: await builder.build() };
  } catch (error) {
    if (error instanceof CompileError) return { error };
    throw error;
  }
}

/** Editors write a file in several steps; those within so many milliseconds are one change. */
const SETTLED = 30;

/** Changes of files, by the folders that they lie in: editors replace a file rather than write into it. */
class Changes implements Disposable {
  private readonly watchers = new Map<string, Deno.FsWatcher>();
  private readonly pending = new Set<string>();
  private wake: () => void = () => {};

  constructor(private readonly signal: AbortSignal) {
    signal.addEventListener("abort", () => this.wake());
  }

  /** Watches the folders of these files besides those that are watched. */
  watch(files: Iterable<string>): void {
    for (const folder of new Set([...files].map((file) => dirname(file)))) {
      if (this.watchers.has(folder)) continue;
      const watcher = Deno.watchFs(folder, { recursive: false });
      this.watchers.set(folder, watcher);
      void this.listen(watcher);
    }
  }

  /** The files that have changed and pass the test; none where the signal aborts. */
  async next(test: (file: string) => boolean): Promise<string[]> {
    const ours = () => [...this.pending].filter(test);
    while (ours().length === 0 && !this.signal.aborted) {
      await new Promise<void>((resolve) => this.wake = resolve);
    }
    if (!this.signal.aborted) await new Promise((resolve) => setTimeout(resolve, SETTLED));
    const files = ours();
    this.pending.clear();
    return files;
  }

  [Symbol.dispose](): void {
    for (const watcher of this.watchers.values()) watcher.close();
  }

  private async listen(watcher: Deno.FsWatcher): Promise<void> {
    for await (const { kind, paths } of watcher) {
      // Our own reading is an access.
      if (kind === "access") continue;
      for (const path of paths) this.pending.add(path);
      this.wake();
    }
  }
}
