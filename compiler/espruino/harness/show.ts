/** Values as the interpreter's `print` writes them. */
export function show(value: unknown): string {
  return typeof value === "string" ? value : written(value);
}

function written(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "number":
      return numberText(value);
    case "function":
      return "function () {}";
    case "object": {
      if (value === null) return "null";
      if (Array.isArray(value)) {
        const inner = Array.from(value, written);
        return inner.length === 0 ? "[  ]" : `[ ${inner.join(", ")} ]`;
      }
      // What has a text of its own is written with it, behind the name of its kind.
      const text = (value as { toString?: unknown }).toString;
      if (typeof (value as { type?: unknown }).type === "string" && typeof text === "function") {
        const { type } = value as { type: string };
        return `${type}: ${String(value)}`;
      }
      const entries = Object.entries(value).map(([key, each]) =>
        `${JSON.stringify(key)}: ${written(each)}`
      );
      return entries.length === 0 ? "{  }" : `{ ${entries.join(", ")} }`;
    }
    default:
      return String(value);
  }
}

/** Numbers have twelve digits. */
function numberText(value: number): string {
  if (Number.isInteger(value) || !Number.isFinite(value)) return String(value === 0 ? 0 : value);
  return String(Number(value.toPrecision(12)));
}
