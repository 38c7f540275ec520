import mega from "node-pixel/firmware/bin/firmata/mega/node_pixel_firmata.ino.hex" with {
  type: "text",
};
import nano from "node-pixel/firmware/bin/firmata/nano/node_pixel_firmata.ino.hex" with {
  type: "text",
};
import uno from "node-pixel/firmware/bin/firmata/uno/node_pixel_firmata.ino.hex" with {
  type: "text",
};

/**
 * Firmata as Intel HEX, by the board's id: the images that the npm package `node-pixel` ships built,
 * Firmata 2.5 with its LED strips beside. 57,600 baud.
 */
export const FIRMATA: { readonly [board: string]: string } = { uno, nano, mega };
