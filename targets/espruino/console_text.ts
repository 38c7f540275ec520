/** A character of several bytes. */
const ENCODED = /[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}/g;
/** One that is not whole yet. */
const BEGUN = /(?:[\xc2-\xf4]|[\xe0-\xf4][\x80-\xbf]|[\xf0-\xf4][\x80-\xbf]{2})$/;

/**
 * What the interpreter's console says, as text. The interpreter sends a character a byte, so that "°" of
 * an artefact comes as 0xb0; a program that was written as UTF-8 has strings of UTF-8's bytes.
 */
export class ConsoleDecoder {
  /** The beginning of a character. */
  #begun = "";

  /** Decodes what has come; a character that is not whole yet comes with the next. */
  push(bytes: Uint8Array): string {
    const text = this.#begun + Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
    this.#begun = BEGUN.exec(text)?.[0] ?? "";
    return text.slice(0, text.length - this.#begun.length).replace(ENCODED, decoded);
  }
}

/** A character from its bytes. */
function decoded(encoded: string): string {
  return new TextDecoder().decode(Uint8Array.from(encoded, (char) => char.charCodeAt(0)));
}
