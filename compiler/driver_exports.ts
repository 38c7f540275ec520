import { DRIVER_PREFIX, driverNames } from "./coroutines/mod.ts";
import { ownModule } from "./paths.ts";

/**
 * The statement that hands the driver's functions to the coroutine pass: it finds them in the bundle by these exports
 * and takes the exports out.
 */
export function driverExports(): string {
  const names = driverNames.map((name) => `${name} as ${DRIVER_PREFIX}${name}`);
  return `export { ${names.join(", ")} } from ${ownModule("runtime/compiled.ts")};`;
}
