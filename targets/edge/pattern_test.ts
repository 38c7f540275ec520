import { assertEquals } from "@std/assert";
import { matchPath } from "./pattern.ts";

Deno.test("pattern: paths are matched as URLPattern does, plain patterns and others", () => {
  const patterns = [
    "/",
    "/users/:id",
    "/a.b/:x/c-d/:y_1",
    "/files/*",
    "/n/:n(\\d+)",
    "/opt/:a?",
    "/users/:id/",
  ];
  const paths = [
    "/",
    "/users/7",
    "/users/",
    "/users/7/",
    "/users/a%20b",
    "/users/%C3%A9",
    "/users/a:b",
    "/a.b/1/c-d/2",
    "/axb/1/c-d/2",
    "/files/a/b",
    "/n/12",
    "/n/x",
    "/opt",
    "/opt/1",
  ];
  for (const pattern of patterns) {
    for (const path of paths) {
      for (const rest of ["", "?q=/users/9", "#/users/9", "?a#b"]) {
        const url = new URL(`http://host:1${path}${rest}`).href;
        const expected = new URLPattern({ pathname: pattern }).exec(url)?.pathname.groups ?? null;
        const found = matchPath(pattern, url);
        assertEquals(found && { ...found }, expected && { ...expected }, `${pattern} ${url}`);
      }
    }
  }
});
