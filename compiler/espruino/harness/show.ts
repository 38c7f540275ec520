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
