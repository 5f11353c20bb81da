/** A real child for tests of looks: contents in, examinations out. */
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { Content, Examination, Limits } from '../../src/contracts.ts'
import { lookAt, type PreviewPolicy } from '../../src/extract/look-request.ts'
import { JobPool } from '../../src/isolate/job-pool.ts'
import { DEFAULT_LIMITS } from '../../src/plan.ts'

export const LIMITS: Limits = { ...DEFAULT_LIMITS, pixels: 50_000_000, decodeCpuMs: 30_000 }

export function lookPool(size = 1): JobPool {
  return new JobPool({
    size,
    ops: ['look'],
    dataBytes: 2 ** 31,
    cpuMs: LIMITS.decodeCpuMs,
    childEntry: fileURLToPath(new URL('../../dist/src/isolate/child.js', import.meta.url)),
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

export function attributesOf({ findings }: Examination): Record<string, string> {
  return Object.fromEntries(findings.flatMap((f) => (f.kind === 'attribute' ? [[f.name, f.value]] : [])))
}

export function hashesOf({ findings }: Examination) {
  return findings.filter((finding) => finding.kind === 'perceptual-hash')
}
