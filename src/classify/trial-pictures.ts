/** Pictures on which a model or hasher is tried before it is taken. */
import type { Pixels } from '../contracts/content.ts'

/** Small, wide, tall, dark, light and noisy: no picture of anything. Painted on each call: most processes never try a model. */
export function trialPictures(): readonly Pixels[] {
  return [
    paint(1, 1, () => 128),
    paint(640, 3, (x) => x & 255),
    paint(3, 640, (_x, y) => y & 255),
    paint(320, 240, () => 0),
    paint(320, 240, () => 255),
    paint(200, 300, (x, y, c) => (x * 7 + y * 13 + c * 29 + ((x * y) >> 3)) & 255),
  ]
}

function paint(
  width: number,
  height: number,
  value: (x: number, y: number, channel: number) => number,
): Pixels {
  const rgb = new Uint8Array(width * height * 3)
  for (let at = 0; at < rgb.length; at++) {
    const pixel = Math.floor(at / 3)
    rgb[at] = value(pixel % width, Math.floor(pixel / width), at % 3)
  }
  return { width, height, rgb }
}
