/** Synthetic pictures for benchmarks: as heavy to decode as photographs, the same on every machine. */
import sharp from 'sharp'

export const SIZES = {
  '1 MP': { width: 1152, height: 864 },
  '12 MP': { width: 4032, height: 3024 },
} as const

export type SizeName = keyof typeof SIZES

/** A JPEG of grain on soft shapes: 0.6 MB at 1 MP, 5 MB at 12 MP. */
export async function photograph(size: SizeName, seed: number): Promise<Buffer> {
  const { width, height } = SIZES[size]
  const grain = { width: 1200, height: 900 }
  const noise = Buffer.alloc(grain.width * grain.height * 3)
  let state = seed * 2654435761 + 1
  for (let i = 0; i < noise.length; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    const soft = 60 * Math.sin(i / 3 / 97 + seed) + 40 * Math.cos(i / 3 / 41_000)
    noise[i] = 128 + soft + ((state >>> 16) % 64) - 32
  }
  return sharp(noise, { raw: { ...grain, channels: 3 } })
    .blur(1.2)
    .resize(width, height, { kernel: 'cubic', fit: 'fill' })
    .jpeg({ quality: 88 })
    .toBuffer()
}
