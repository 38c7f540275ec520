/**
 * Boards as text: a table of them, and one drawn with its pins, for the command line.
 *
 * Everything here is a pure function from a board to a string of lines at most 100 columns wide.
 *
 * @module
 */

import type { BoardSpec, PinSpec, RoleSpec } from "../runtime/io/spec.ts";

/** How to write a board down. */
export interface ShowOptions {
  /** `true` to colour the text with ANSI escape codes. */
  readonly color: boolean;
}

const WIDTH = 100;
const ON_BOARD = "●";
const TO_WIRE = "○";

/**
 * Lists boards in a table: id, name, chip, LEDs, buttons, console and memory (RAM, flash, flash for saved
 * code, blocks for variables).
 *
 * @param boards The boards, a row each.
 * @param options Whether to use colour.
 * @returns The table, without a line end after its last line.
 *
 * @example
 * ```ts
 * import { boards } from "awaitio/boards";
 * import { boardTable } from "./show.ts";
 *
 * console.log(boardTable(Object.values(boards), { color: false }));
 * ```
 */
export function boardTable(boards: readonly BoardSpec[], options: ShowOptions): string {
  const paint = painter(options);
  const columns: readonly Column[] = [
    { title: "ID", style: "name", cell: (board) => board.id },
    { title: "BOARD", cell: (board) => board.name },
    { title: "CHIP", cell: (board) => board.chip },
    { title: "LEDS", style: "part", cell: (board) => marks(board, "LED") },
    { title: "BTNS", style: "part", cell: (board) => marks(board, "BTN") },
    { title: "CONSOLE", cell: consoleLine },
    { title: "RAM", right: true, cell: (board) => size(board.memory.ramKB) },
    { title: "FLASH", right: true, cell: (board) => size(board.memory.flashKB) },
    { title: "SAVED", right: true, cell: (board) => size(board.memory.savedCodeKB) },
    { title: "JSVARS", right: true, cell: (board) => `${board.memory.jsVars ?? "-"}` },
  ];
  const widths = columns.map(({ title, cell }) => widest([title, ...boards.map(cell)]));
  const row = (cells: readonly string[], style?: Style) =>
    columns.map(({ right, style: own }, i) => {
      const text = pad(cells[i] ?? "", widths[i] ?? 0, right ? "left" : "right");
      return paint(style ?? own, text);
    }).join("  ").trimEnd();
  return [
    row(columns.map(({ title }) => title), "heading"),
    ...boards.map((board) => row(columns.map(({ cell }) => cell(board)))),
    "",
    paint("faint", `${ON_BOARD} on the board   ${TO_WIRE} to be wired`),
  ].join("\n");
}

/**
 * Draws a board: its edges with the pins left and right, their other names, roles and lines, and
 * beneath it what else there is to know.
 *
 * @param board The board.
 * @param options Whether to use colour.
 * @returns The drawing, without a line end after its last line.
 *
 * @example
 * ```ts
 * import { uno } from "awaitio/boards";
 * import { boardPinout } from "./show.ts";
 *
 * console.log(boardPinout(uno, { color: false }));
 * ```
 */
export function boardPinout(board: BoardSpec, options: ShowOptions): string {
  const paint = painter(options);
  const { ramKB, flashKB, jsVars, savedCodeKB } = board.memory;
  const facts = [
    board.chip,
    board.speedMHz && `${board.speedMHz} MHz`,
    ramKB && `${kilobytes(ramKB)} RAM`,
    flashKB && `${kilobytes(flashKB)} flash`,
    jsVars && `${jsVars} JsVars${board.saveOnFlash ? ", saveOnFlash" : ""}`,
    savedCodeKB && `${kilobytes(savedCodeKB)} saved`,
    board.console && `console ${consoleName(board)}`,
  ].filter(Boolean).join(", ");
  const sections = [
    [paint("heading", `${board.name} (${board.id})`), paint("faint", facts)],
    drawing(board, paint),
    [
      `${paint("power", "~")} PWM   ${paint("part", ON_BOARD)} part on the board   ` +
      `${paint("wire", TO_WIRE)} part to be wired`,
    ],
    [
      ...section("Inside", insidePins(board), paint),
      ...section("Parts", partLines(board), paint),
      ...section("Serial", serialLines(board), paint),
      ...section("I2C", busLines(board.i2cs, ["sda", "scl"]), paint),
      ...section("SPI", busLines(board.spis, ["sck", "mosi", "miso"]), paint),
      ...section("Can", capabilityLines(board), paint),
    ],
  ];
  return sections.filter((lines) => lines.length > 0).map((lines) => lines.join("\n")).join("\n\n");
}

/**
 * Writes a board down for another program.
 *
 * @param board The board.
 * @returns The whole {@linkcode BoardSpec} as indented JSON.
 *
 * @example
 * ```ts
 * import { uno } from "awaitio/boards";
 * import { boardJson } from "./show.ts";
 *
 * console.log(JSON.parse(boardJson(uno)).chip); // ATmega328P
 * ```
 */
export function boardJson(board: BoardSpec): string {
  return JSON.stringify(board, null, 2);
}

// --- the drawing ---

/** What stands beside one edge position, from the board outwards. */
interface Edge {
  readonly name: string;
  readonly pwm: boolean;
  readonly part: string;
  readonly external: boolean;
  readonly details: string;
  readonly isPin: boolean;
}

/** How many columns the longest name and the longest side of the drawing take. */
interface SideWidths {
  readonly name: number;
  readonly all: number;
}

function drawing(board: BoardSpec, paint: Paint): string[] {
  const rows = (board.pinout ?? []).map(([left, right]) =>
    [
      left === null ? undefined : edgeAt(board, left),
      right === null ? undefined : edgeAt(board, right),
    ] as const
  );
  if (rows.length === 0) return [];
  const lefts = sideWidths(rows.flatMap(([left]) => left ?? []));
  const rights = sideWidths(rows.flatMap(([, right]) => right ?? []));
  const label = [...new Set([board.name, board.chip])];
  const inner = Math.max(18, widest(label) + 4);
  const labelAt = Math.floor((rows.length - label.length) / 2);
  const blank = " ".repeat(lefts.all);

  return [
    `${blank} ┌${"─".repeat(inner)}┐`,
    ...rows.map(([left, right], i) =>
      (left === undefined ? `${blank} │` : `${sideText(left, "left", lefts, paint)} ┤`) +
      paint(i === labelAt ? "heading" : "faint", centre(label[i - labelAt] ?? "", inner)) +
      (right === undefined ? "│" : `├ ${sideText(right, "right", rights, paint)}`)
    ),
    `${blank} └${"─".repeat(inner)}┘`,
  ];
}

function edgeAt(board: BoardSpec, name: string): Edge {
  const pin = board.pins[name];
  if (pin === undefined) {
    const other = Object.keys(board.pins).find((key) => board.pins[key]?.also?.includes(name));
    const details = other === undefined ? "" : `= ${other}`;
    return { name, pwm: false, part: "", external: false, details, isPin: false };
  }
  const role = roleAt(board, name);
  const lines = linesAt(board, name);
  const also = (pin.also ?? []).filter((other) =>
    !lines.some((line) => line.endsWith(` ${other.toLowerCase()}`))
  );
  return {
    name,
    pwm: pin.can.includes("pwm"),
    part: role === undefined ? "" : role[0],
    external: role?.[1].external === true,
    details: [...restrictions(pin), ...also, ...lines].join(", "),
    isPin: true,
  };
}

/** In what a pin differs from one that reads and writes levels, in words. */
function restrictions({ can }: PinSpec): string[] {
  if (can.length === 0) return ["in use"];
  const words: string[] = [];
  if (!can.includes("input") && !can.includes("output")) return [`${can.join(" and ")} only`];
  if (!can.includes("output")) words.push("input only");
  if (!can.includes("input")) words.push("output only");
  if (can.includes("analog")) words.push("analog");
  if (can.includes("dac")) words.push("DAC");
  return words;
}

/** One side of a row: the name beside the board, then the part, then the details. */
function sideText(edge: Edge, side: Side, { name, all }: SideWidths, paint: Paint): string {
  const part = partText(edge, side);
  const space = " ".repeat(name - edge.name.length);
  const tilde = edge.pwm ? paint("power", "~") : " ";
  const named = tilde + paint(edge.isPin ? "name" : "power", edge.name);
  const texts = [
    side === "left" ? space + named : named + space,
    ...(part === "" ? [] : [paint(edge.external ? "wire" : "part", part)]),
    ...(edge.details === "" ? [] : [paint("faint", edge.details)]),
  ];
  if (side === "right") return texts.join("  ").trimEnd();
  return " ".repeat(all - sideLength(edge, name)) + texts.toReversed().join("  ");
}

function sideWidths(edges: readonly Edge[]): SideWidths {
  const name = Math.max(0, ...edges.map((edge) => edge.name.length));
  return { name, all: Math.max(0, ...edges.map((edge) => sideLength(edge, name))) };
}

function sideLength(edge: Edge, name: number): number {
  return ["~" + " ".repeat(name), partText(edge, "left"), edge.details]
    .filter((text) => text !== "").join("  ").length;
}

function partText({ part, external }: Edge, side: Side): string {
  if (part === "") return "";
  const mark = external ? TO_WIRE : ON_BOARD;
  return side === "left" ? `${part} ${mark}` : `${mark} ${part}`;
}

// --- what stands beneath it ---

function insidePins(board: BoardSpec): string[] {
  const edge = new Set((board.pinout ?? []).flat());
  const items = Object.entries(board.pins).filter(([name]) => !edge.has(name)).map(
    ([name, pin]) => {
      const role = roleAt(board, name);
      const part = role === undefined
        ? []
        : [`${role[1].external ? TO_WIRE : ON_BOARD} ${role[0]}`];
      const details = [...part, ...pin.also ?? [], ...linesAt(board, name)].join(", ");
      return details === "" ? name : `${name} ${details}`;
    },
  );
  return wrap(items, "   ");
}

function partLines(board: BoardSpec): string[] {
  const roles = Object.entries(board.roles);
  const name = widest(roles.map(([role]) => role));
  const pin = widest(roles.map(([, part]) => part.pin));
  return roles.map(([role, part]) => {
    const words = [part.external ? `${TO_WIRE} to be wired` : `${ON_BOARD} on the board`];
    if (part.active === 0) words.push("active low");
    if (part.pull !== undefined) words.push(`pull-${part.pull}`);
    return `${pad(role, name)}  ${pad(part.pin, pin)}  ${words.join(", ")}`;
  });
}

function serialLines({ serials }: BoardSpec): string[] {
  return Object.entries(serials).map(([name, { note, ...wires }]) => {
    const pins = Object.entries(wires).map(([wire, pin]) => `${wire} ${pin}`).join("  ");
    return `${name}  ${pins}${note === undefined ? "" : `  (${note})`}`;
  });
}

function busLines<Wire extends string>(
  buses: { readonly [name: string]: { readonly [W in Wire]: string } },
  wires: readonly Wire[],
): string[] {
  return Object.entries(buses).map(([name, bus]) =>
    `${name}  ${wires.map((wire) => `${wire} ${bus[wire]}`).join("  ")}`
  );
}

function capabilityLines(board: BoardSpec): string[] {
  const pinsByCapability = new Map<string, string[]>();
  for (const [name, pin] of Object.entries(board.pins)) {
    for (const capability of pin.can) {
      pinsByCapability.set(capability, [...pinsByCapability.get(capability) ?? [], name]);
    }
  }
  const capabilitiesByPins = new Map<string, string[]>();
  for (const [capability, pins] of pinsByCapability) {
    const text = ranges(pins).join(", ");
    capabilitiesByPins.set(text, [...capabilitiesByPins.get(text) ?? [], capability]);
  }
  const lines = [...capabilitiesByPins].map(([pins, capabilities]) => {
    const volts = capabilities.includes("analog") ? ` (0 to ${board.analogVolts} V)` : "";
    return [capabilities.join(", "), `${pins}${volts}`] as const;
  });
  const width = widest(lines.map(([capabilities]) => capabilities));
  return lines.flatMap(([capabilities, pins]) =>
    wrap(pins.split(", "), ", ", width + 2).map((part, i) =>
      `${pad(i === 0 ? capabilities : "", width)}  ${part}`
    )
  );
}

/** Puts neighbouring names together: `D2, D3, D4, A0` is `D2..D4, A0`. */
function ranges(names: readonly string[]): string[] {
  const runs: { first: string; last: string }[] = [];
  for (const name of names) {
    const run = runs.at(-1);
    if (run !== undefined && successor(run.last) === name) run.last = name;
    else runs.push({ first: name, last: name });
  }
  return runs.flatMap(({ first, last }) =>
    first === last ? first : successor(first) === last ? [first, last] : `${first}..${last}`
  );
}

function successor(name: string): string {
  return name.replace(/\d+$/, (digits) => `${Number(digits) + 1}`);
}

// --- looking into a board ---

function roleAt(board: BoardSpec, pin: string): readonly [string, RoleSpec] | undefined {
  return Object.entries(board.roles).find(([, role]) => role.pin === pin);
}

/** The lines a pin belongs to, for example `["Serial1 tx"]`. */
function linesAt({ serials, i2cs, spis }: BoardSpec, pin: string): string[] {
  return Object.entries({ ...serials, ...i2cs, ...spis }).flatMap(([name, wires]) =>
    Object.entries(wires).filter(([wire, at]) => wire !== "note" && at === pin)
      .map(([wire]) => `${name} ${wire}`)
  );
}

function marks({ roles }: BoardSpec, prefix: string): string {
  return Object.entries(roles).filter(([role]) => role.startsWith(prefix))
    .map(([, { external }]) => external ? TO_WIRE : ON_BOARD).join("");
}

/** The console as a program would call it, with its speed. */
function consoleName(board: BoardSpec): string {
  const { baudRate } = board.console ?? {};
  return baudRate === undefined ? consoleLine(board) : `${consoleLine(board)} ${baudRate}`;
}

/** The console as a program would call it: `EV_SERIAL1` is `Serial1`, `EV_USBSERIAL` is `USB`. */
function consoleLine({ console }: BoardSpec): string {
  if (console === undefined) return "-";
  return CONSOLES[console.device] ?? console.device.replace(/^EV_SERIAL/, "Serial");
}

/** Consoles that are no serial line. */
const CONSOLES: { readonly [device: string]: string } = {
  EV_BLUETOOTH: "Bluetooth",
  EV_TERMINAL: "screen",
  EV_USBSERIAL: "USB",
};

/** A size for a narrow column. */
function size(kilobytes: number | undefined): string {
  if (kilobytes === undefined) return "-";
  return kilobytes % 1024 === 0 ? `${kilobytes / 1024}M` : `${kilobytes}K`;
}

function kilobytes(size: number | undefined): string {
  return size === undefined ? "-" : `${size} KB`;
}

// --- text ---

type Side = "left" | "right";
type Style = "heading" | "faint" | "name" | "power" | "part" | "wire";
type Paint = (style: Style | undefined, text: string) => string;

interface Column {
  readonly title: string;
  readonly style?: Style;
  readonly right?: boolean;
  readonly cell: (board: BoardSpec) => string;
}

const CODES: { readonly [S in Style]: number } = {
  heading: 1, // bold
  faint: 2,
  name: 36, // cyan
  power: 33, // yellow
  part: 32, // green
  wire: 35, // magenta
};

function painter({ color }: ShowOptions): Paint {
  return (style, text) =>
    !color || style === undefined || text.trim() === ""
      ? text
      : `\x1b[${CODES[style]}m${text}\x1b[0m`;
}

function section(title: string, lines: readonly string[], paint: Paint): string[] {
  return lines.map((line, i) => `${paint("heading", pad(i === 0 ? title : "", 7))} ${line}`);
}

/** Fills lines with `items`, so that they and an indent fit beside a section's title. */
function wrap(items: readonly string[], separator: string, indent = 0): string[] {
  const lines: string[] = [];
  for (const item of items) {
    const line = lines.at(-1);
    const longer = `${line}${separator}${item}`;
    if (line !== undefined && 8 + indent + longer.length < WIDTH) lines[lines.length - 1] = longer;
    else lines.push(item);
  }
  return lines;
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => text.length));
}

function pad(text: string, width: number, side: Side = "right"): string {
  return side === "right" ? text.padEnd(width) : text.padStart(width);
}

function centre(text: string, width: number): string {
  return text.padStart(Math.floor((width + text.length) / 2)).padEnd(width);
}
