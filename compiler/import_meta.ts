import * as esbuild from "esbuild";
import { dirname } from "node:path";
import { toPath } from "./paths.ts";

/** A module's text with what it asks of `import.meta` written in, as it would be where the module lies. */
export async function writeImportMeta(
  text: string,
  url: string,
  loader: esbuild.Loader,
): Promise<string> {
  if (!text.includes("import.meta")) return text;
  const filename = toPath(url);
  const { code } = await esbuild.transform(text, {
    loader,
    target: "esnext",
    format: "esm",
    define: {
      "import.meta.url": JSON.stringify(url),
      "import.meta.filename": JSON.stringify(filename),
      "import.meta.dirname": JSON.stringify(dirname(filename)),
    },
    sourcemap: "inline",
    sourcefile: filename,
    tsconfigRaw: TSCONFIG,
    logLevel: "silent",
  });
  return code;
}

/** What Deno takes TypeScript to mean, whatever `tsconfig.json` lies beside a module. */
export const TSCONFIG = JSON.stringify({
  compilerOptions: { target: "esnext", useDefineForClassFields: true },
});
