/**
 * The programs that have a file open, as `screen (4711)`; those of other users stay unknown. Linux
 * only: elsewhere nothing is found.
 */
export async function holders(path: string): Promise<string[]> {
  const found: string[] = [];
  const file = await Deno.realPath(path).catch(() => path);
  for (const id of await names("/proc")) {
    if (!/^\d+$/.test(id) || Number(id) === Deno.pid) continue;
    for (const descriptor of await names(`/proc/${id}/fd`)) {
      const target = await Deno.readLink(`/proc/${id}/fd/${descriptor}`).catch(() => "");
      if (target !== file) continue;
      const name = await Deno.readTextFile(`/proc/${id}/comm`).catch(() => "a program");
      found.push(`${name.trim()} (${id})`);
      break;
    }
  }
  return found;
}

async function names(folder: string): Promise<string[]> {
  try {
    return await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  } catch {
    return [];
  }
}
