/** Encodes a string as UTF-8; a lone surrogate becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    let point = text.charCodeAt(i);
    if (point >= 0xd800 && point < 0xe000) {
      const low = point < 0xdc00 ? text.charCodeAt(i + 1) : 0;
      if (low >= 0xdc00 && low < 0xe000) {
        point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
        i++;
      } else point = 0xfffd;
    }
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), tail(point, 0));
    else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), tail(point, 6), tail(point, 0));
    else bytes.push(0xf0 | (point >> 18), tail(point, 12), tail(point, 6), tail(point, 0));
  }
  return new Uint8Array(bytes);
}

function tail(point: number, shift: number): number {
  return 0x80 | ((point >> shift) & 0x3f);
}

/** Decodes UTF-8; each byte that is not part of a character becomes U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length;) {
    const first = bytes[i++]!;
    const more = first < 0x80 ? 0 : first < 0xc2 ? -1 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    let point = more === 0 ? first : first & (0x3f >> more);
    let taken = 0;
    while (taken < more && i + taken < bytes.length && (bytes[i + taken]! & 0xc0) === 0x80) {
      point = (point << 6) | (bytes[i + taken]! & 0x3f);
      taken++;
    }
    const lowest = more === 2 ? 0x800 : more === 3 ? 0x10000 : 0;
    const valid = taken === more && first < 0xf5 && point >= lowest && point <= 0x10ffff &&
      !(point >= 0xd800 && point < 0xe000);
    if (!valid) text += "\ufffd";
    else {
      i += taken;
      if (point < 0x10000) text += String.fromCharCode(point);
      else {
        point -= 0x10000;
        text += String.fromCharCode(0xd800 + (point >> 10), 0xdc00 + (point & 0x3ff));
      }
    }
  }
  return text;
}
