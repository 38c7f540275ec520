import type { Plugin } from "esbuild";
import { extname } from "node:path";
import { writeImportMeta } from "./import_meta.ts";
import { toUrl } from "./paths.ts";

/** What happens to local files as they are read. */
export interface PlacesOptions {
  /** Whether `import.meta.url` is where a module came from. */
  readonly inPlace: boolean;
  /** The file that gets more text, or `null`. */
  readonly appendTo: string | null;
  readonly text: string;
}

/** Reads local files where more is to be done than esbuild does. */
export function placesPlugin({ inPlace, appendTo, text }: PlacesOptions): Plugin {
  return {
    name: "places",
    setup(build) {
      if (!inPlace && appendTo === null) return;
      build.onLoad({ filter: /\.[cm]?[jt]sx?$/, namespace: "file" }, async ({ path }) => {
        const more = path === appendTo ? `\n${text}` : "";
        const contents = await Deno.readTextFile(path);
        if (more === "" && !contents.includes("import.meta")) return undefined;
        const loader = extname(path).slice(1).replace(/^[cm]/, "") as "ts" | "tsx" | "js" | "jsx";
        const url = toUrl(path);
        return { contents: await writeImportMeta(contents, url, loader) + more, loader };
      });
    },
  };
}
