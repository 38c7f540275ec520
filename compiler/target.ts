import type { Footprint } from "./footprint.ts";
import type { MinifyOptions } from "./minify.ts";
import type { BuildReport } from "./report.ts";
import type { Mapped } from "./source_map.ts";

/** A part of the library that an artefact brings along, since the engine lacks it and the program uses it. */
export interface Fill {
  readonly name: string;
  /** About how many bytes it takes. */
  readonly bytes: number;
}

/** What a lowering gives; the map leads from its code to what it was given. */
export interface LoweredCode extends Mapped {
  readonly fills?: readonly Fill[];
}

/** Turns code into what an engine can parse. */
export type Lowering = (code: string) => LoweredCode | Promise<LoweredCode>;

/** What is started when the artefact runs. */
export interface EntryOptions {
  /** The program's path. */
  readonly program: string;
  /** The board's id; `null` on a target without boards. */
  readonly board: string | null;
}

/** What a build has to know of a target. */
export interface Target {
  readonly name: string;
  /** Whether its programs have a board, and so `--board`. */
  readonly boards: boolean;
  /** Its platform, on targets with several. */
  readonly platform?: string;
  /** The platforms to choose from with `--platform`, the usual one first. */
  readonly platforms?: readonly string[];
  /** The same for one of its platforms. */
  forPlatform?(platform: string, coroutines: "compiled" | "native"): Target;
  /** Whether the engine has Node's modules. */
  readonly node: boolean;
  /** Whether functions keep their names, which costs bytes: tasks are called by them. */
  readonly keepNames: boolean;
  /** The module that programs import as `"awaitio"`, in this package; the host's unless given. */
  readonly awaitio?: string;
  /**
   * Whether bytes count more than speed there: what of the runtime a program cannot reach is taken out, and its own
   * names are shortened.
   */
  readonly small?: boolean;
  /** Packages that an artefact goes on to import by name, because they cannot be bundled. */
  readonly external?: readonly string[];
  /** Modules of this package that others take the place of. */
  readonly modules?: ReadonlyMap<string, string>;
  /** A module of this package whose exports stand for the globals of these names. */
  readonly globals?: string;
  /** What has to be done for its engine, in this order. */
  readonly lowerings: readonly Lowering[];
  /** Makes the code small where the engine does not take what the common minifier writes. */
  readonly minify?: (code: string, options: MinifyOptions) => Promise<Mapped>;
  /**
   * Looks at the finished artefact.
   *
   * @throws {CompileError} Where the engine would misread it.
   */
  readonly check?: (code: string, map: string) => void;
  /**
   * Reads in the bundle, before its names are shortened, what the program asks of its platform: for the report.
   *
   * @throws {CompileError} Where the platform does not allow that.
   */
  readonly inspect?: (code: string) => object;
  /** The files that an artefact needs beside it, by their names. */
  readonly files?: (report: BuildReport, artefact: string) => { readonly [name: string]: string };
  /**
   * Estimates what the finished artefact takes of the board's memory.
   *
   * @param coroutines How many bytes every coroutine's code has: each is taken to be suspended once.
   */
  readonly measure?: (code: string, coroutines: readonly number[]) => Footprint;
  /** The same for one of its boards, where these differ. */
  forBoard?(board: string): Target;
  /** The text of the module that an artefact begins with; its imports are absolute paths. */
  entry(options: EntryOptions): string;
}

/** An engine that knows all of JavaScript needs nothing. */
export const modernEngine: readonly Lowering[] = [];
