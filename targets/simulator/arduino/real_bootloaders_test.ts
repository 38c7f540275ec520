/** Arduino's bootloaders, as Intel HEX, for tests: there where Debian's package arduino-core-avr is. */

/** Where Debian's package arduino-core-avr has Arduino's bootloaders; it brings avr-gcc along. */
const BOOTLOADERS = "/usr/share/arduino/hardware/arduino/avr/bootloaders";

/** An empty program. */
export const ERASED = ":00000001FF\n";

/** Debian's build of the bootloader that Nanos had until 2018; `null` where the package is missing. */
export const OLD_NANO: string | null = read("atmega/ATmegaBOOT_168_atmega328.hex");

/** Debian's build of the Mega's bootloader. */
export const MEGA: string | null = read("stk500v2/stk500boot_v2_mega2560.hex");

/** Optiboot, of the Uno and of newer Nanos. */
export const OPTIBOOT: string | null = await buildOptiboot();

function read(file: string): string | null {
  try {
    return Deno.readTextFileSync(`${BOOTLOADERS}/${file}`);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/**
 * Builds Optiboot from Debian's source, as the Makefile beside it does, but with flags with which this compiler makes it
 * as small as Arduino's: Debian's own image is 20 bytes too long for its section and runs on no chip.
 */
async function buildOptiboot(): Promise<string | null> {
  const source = `${BOOTLOADERS}/optiboot/optiboot.c`;
  if (read("optiboot/optiboot.c") === null) return null;
  const folder = await Deno.makeTempDir();
  try {
    await run(
      "avr-gcc",
      ...["-Os", "-fno-inline-small-functions", "-fno-split-wide-types", "-fno-ivopts", "-w"],
      ...["-fno-tree-scev-cprop", "-fno-tree-loop-optimize", "-fno-move-loop-invariants"],
      ...["-mrelax", "-mmcu=atmega328p", "-DF_CPU=16000000L", "-DLED_START_FLASHES=3"],
      ...["-DBAUD_RATE=115200", "-nostartfiles", "-nostdlib", "-Wl,--relax,--gc-sections"],
      ...["-Wl,--section-start=.text=0x7e00", source, "-o", `${folder}/optiboot.elf`],
    );
    await run(
      ...["avr-objcopy", "-j", ".text", "-O", "ihex"],
      ...[`${folder}/optiboot.elf`, `${folder}/optiboot.hex`],
    );
    return await Deno.readTextFile(`${folder}/optiboot.hex`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function run(command = "", ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, { args }).output();
  if (!success) throw new Error(`${command}: ${new TextDecoder().decode(stderr)}`);
}
