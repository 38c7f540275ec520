/** Words that the interpreter reads as such wherever they stand. */
export const WORDS: ReadonlySet<string> = new Set(
  ("if else do while for break continue function return var let const this throw try catch " +
    "finally true false null undefined new in instanceof switch case default delete typeof void " +
    "debugger class extends super static of").split(" "),
);

/** Words behind which a `/` divides all the same. */
const VALUES: ReadonlySet<string> = new Set(["true", "false", "null", "undefined"]);

/** Whether the interpreter takes a `/` behind this text for the beginning of a regular expression. */
export function beginsRegExp(before: string): boolean {
  const text = before.trimEnd();
  if (/(?:\+\+|--|\})$/.test(text)) return true;
  const word = /[A-Za-z_$][\w$]*$/.exec(text)?.[0];
  return word !== undefined && WORDS.has(word) && !VALUES.has(word);
}

/** Short names that mean something on boards: pins, buses, the console's `E`. */
export function boardNames(): string[] {
  const names = ["E", "g", "NRF", "LED", "LED1", "LED2", "LED3", "BTN", "BTN1", "BTN2", "BTN3"];
  names.push("MOS", "SDA", "SCL", "RX", "TX", "IR", "FET", "Pin", "SPI", "I2C", "USB", "IR_ANODE");
  for (const port of "ABCDEFGH") for (let i = 0; i < 16; i++) names.push(`${port}${i}`);
  for (let i = 16; i < 50; i++) names.push(`D${i}`);
  return names;
}
