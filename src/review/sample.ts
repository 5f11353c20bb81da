/** The sample of a peer pass: contents that others decided on, drawn by a seed that another person can repeat. */
import { createHash } from 'node:crypto'
import { UsageError } from '../base/errors.ts'

export interface Sample {
  readonly seed: string
  /** Share of the contents that others decided on, in percent. */
  readonly percent: number
}

/** `SEED:PERCENT`. @throws UsageError */
export function parseSample(text: string): Sample {
  const [, seed = '', share = ''] = /^(.+):(\d{1,3}(?:\.\d+)?)$/.exec(text) ?? []
  const percent = Number(share)
  if (seed === '' || percent <= 0 || percent > 100)
    throw new UsageError(`--sample takes SEED:PERCENT, such as 2026-114:10, not "${text}".`)
  return { seed, percent }
}

/** Sampling by digest, so that another person can repeat it: the first 32 bits of SHA-256(seed, zero byte, digest). */
export function isDrawn({ seed, percent }: Sample, sha256: Buffer): boolean {
  const drawn = createHash('sha256').update(seed).update('\0').update(sha256).digest().readUInt32BE(0)
  return drawn < (percent / 100) * 2 ** 32
}
