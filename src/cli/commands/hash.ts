/** `seized hash`: digests and PDQ of single files, one line each. Decoding runs in a child process, as in a scan. */

import { filePath, printPath } from '../../base/evidence-path.ts'
import { digestsOf, ed2kDigest } from '../../hash/digest.ts'
import type { ChildPool } from '../../host/decoder/pool.ts'
import type { Given } from '../arguments/option.ts'
import type { HASH } from '../arguments/options-table.ts'
import { lookAtOne, readOne, startChildren } from '../services/one-file.ts'

export async function hash(files: readonly string[], given: Given<typeof HASH>): Promise<number> {
  const { json, allowUnconfined } = given
  let children: ChildPool | null = null
  let failed = 0
  try {
    for (const file of files) {
      const path = filePath(Buffer.from(file))
      const read = await readOne(file)
      if (!read.read) {
        failed++
        process.stderr.write(`${printPath(path)}: could not be read (${read.errno})\n`)
        continue
      }
      const { mediaType } = read.content
      const digests = digestsOf(read.bytes, ed2kDigest())
      let pdq: { hex: string; quality: number; flavour: string } | null = null
      if (mediaType.startsWith('image/')) {
        children ??= await startChildren(1, allowUnconfined, [])
        const { findings } = await lookAtOne(children, file, read)
        const found = findings.find(
          (f) => f.kind === 'perceptual-hash' && f.algorithm === 'pdq' && f.part === 'original',
        )
        if (found?.kind === 'perceptual-hash')
          pdq = { hex: found.hex, quality: found.quality, flavour: found.flavour }
      }
      const { md5, sha1, sha256, blake3, ed2kRed, ed2kBlue } = digests
      const ed2k = ed2kRed === ed2kBlue ? ed2kRed : { red: ed2kRed, blue: ed2kBlue }
      const line = { path: printPath(path), mediaType, md5, sha1, sha256, blake3, ed2k, pdq }
      process.stdout.write(json ? `${JSON.stringify(line)}\n` : inWords(line))
    }
    return failed === 0 ? 0 : 3
  } finally {
    await children?.close()
  }
}

function inWords(line: Record<string, unknown>): string {
  const { path, pdq, ...rest } = line
  const hashed = pdq as { hex: string; quality: number; flavour: string } | null
  const lines = Object.entries(rest).map(
    ([key, value]) => `  ${key.padEnd(10)}${typeof value === 'object' ? JSON.stringify(value) : value}`,
  )
  if (hashed) lines.push(`  ${'pdq'.padEnd(10)}${hashed.hex}  quality ${hashed.quality}, ${hashed.flavour}`)
  return `${path}\n${lines.join('\n')}\n`
}
