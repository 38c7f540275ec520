import type { BuildReport } from "../../compiler/report.ts";

/** The compatibility date of workerd that this version is tested with. */
export const COMPATIBILITY_DATE = "2026-10-01";

/**
 * The files that make an artefact's folder run as it is, by their names.
 *
 * @param file The artefact's name.
 */
export function configurationOf(
  report: BuildReport,
  file: string,
): { readonly [name: string]: string } {
  const details = report.edge as { platform: string; schedules: readonly string[] };
  const name = file.replace(/\.js$/, "").replace(/[^\w-]|_/g, "-").toLowerCase();
  return details.platform === "workers"
    ? workersFiles(name, file, details.schedules, report.coroutines === "native")
    : denoFiles(file, details.schedules);
}

function denoFiles(
  file: string,
  schedules: readonly string[],
): { readonly [name: string]: string } {
  const unstable = ["no-legacy-abort", ...(schedules.length > 0 ? ["cron"] : [])];
  return {
    "deno.json": json({
      unstable,
      tasks: { start: `deno serve --allow-net --allow-env ${file}` },
      deploy: { runtime: { mode: "dynamic", entrypoint: file }, include: [file, "deno.json"] },
    }),
  };
}

function workersFiles(
  name: string,
  file: string,
  schedules: readonly string[],
  native: boolean,
): { readonly [name: string]: string } {
  const flags = ["enable_request_signal", ...(native ? ["nodejs_als"] : [])];
  return {
    "wrangler.json": json({
      name,
      main: file,
      no_bundle: true,
      compatibility_date: COMPATIBILITY_DATE,
      compatibility_flags: flags,
      observability: { enabled: true },
      ...(schedules.length === 0 ? {} : { triggers: { crons: [...new Set(schedules)] } }),
    }),
    "workerd.capnp": `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "${file}", esModule = embed "${file}")],
      compatibilityDate = "${COMPATIBILITY_DATE}",
      compatibilityFlags = [${flags.map((flag) => `"${flag}"`).join(", ")}],
      globalOutbound = "internet",
    )),
    (name = "internet", network = (allow = ["public", "private"], tlsOptions = (trustBrowserCas = true))),
  ],
  sockets = [(name = "http", address = "127.0.0.1:8080", http = (), service = "main")],
);
`,
  };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
