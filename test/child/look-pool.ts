/** A real child for tests of looks: contents in, examinations out. */

import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { Limits } from '../../src/contracts/case.ts'
import type { Content } from '../../src/contracts/content.ts'
import type { Examination } from '../../src/contracts/finding.ts'
import { JobPool } from '../../src/host/decoder/job-pool.ts'
import { lookAt } from '../../src/host/decoder/look-request.ts'
import { DEFAULT_LIMITS } from '../../src/plan.ts'
import type { PreviewPolicy } from '../../src/wire/look.ts'

export const LIMITS: Limits = { ...DEFAULT_LIMITS, pixels: 50_000_000, decodeCpuMs: 30_000 }

export function lookPool(size = 1): JobPool {
  return new JobPool({
    size,
    ops: ['look'],
    dataBytes: 2 ** 31,
    cpuMs: LIMITS.decodeCpuMs,
    childEntry: fileURLToPath(new URL('../../dist/src/confined/decoder/child.js', import.meta.url)),
  })
}

export function contentOf(bytes: Buffer, mediaType: string): Content {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { digests: { md5: '', sha1: '', sha256, blake3: '' }, sizeBytes: BigInt(bytes.length), mediaType }
}

export function look(
  pool: JobPool,
  bytes: Buffer,
  mediaType: string,
  options: { readonly preview?: PreviewPolicy; readonly limits?: Limits; readonly gps?: boolean } = {},
): Promise<Examination> {
  const { preview = 'always', limits = LIMITS, gps = false } = options
  return lookAt(pool, { content: contentOf(bytes, mediaType), source: bytes, preview, gps, limits })
}

/** Parameters by code, with blanks between them. */
export function attributesOf({ findings }: Examination): Record<string, string> {
  return Object.fromEntries(
    findings.flatMap((f) => (f.kind === 'attribute' ? [[f.code, Object.values(f.params).join(' ')]] : [])),
  )
}

export function hashesOf({ findings }: Examination) {
  return findings.filter((finding) => finding.kind === 'perceptual-hash')
}
