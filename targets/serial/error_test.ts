import { assertEquals, assertStringIncludes } from "@std/assert";
import { openError } from "./error.ts";

Deno.test("openError tells what to do, for errors of Deno, Node and serialport", () => {
  const says = (error: Error): string => openError("/dev/ttyACM0", error).message;
  assertStringIncludes(says(new Deno.errors.PermissionDenied("no")), "dialout");
  assertStringIncludes(says(new Error("Error: Permission denied, cannot open x")), "dialout");
  assertStringIncludes(
    says(new Error("Error: No such file or directory, cannot open x")),
    "plugged",
  );
  assertStringIncludes(
    says(new Error("Error Resource temporarily unavailable Cannot lock port")),
    "close",
  );
  assertEquals(openError("x", new Deno.errors.NotFound("no")).code, "ENOENT");
});
