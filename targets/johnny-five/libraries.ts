import firmata from "firmata-io";
import five from "johnny-five";
import type { Libraries } from "./io.ts";

/** Johnny-Five and firmata-io. */
export const libraries: Libraries = { five, firmata } as unknown as Libraries;
