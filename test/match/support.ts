/** Lists and contents for the tests of matching. Every digest is of neutral generated text. */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import type { Digests } from '../../src/contracts.ts'

const folder = mkdtempSync(join(tmpdir(), 'seized-match-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let files = 0

/** A temporary file; its name says nothing of its content. */
export function listFile(content: string | Buffer, name = `list-${++files}`): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

export function temporaryPath(name: string): string {
  return join(folder, `${++files}-${name}`)
}

/** Digests of a generated content. BLAKE3 is not in Node: any 32 bytes that depend on the text will do. */
export function digestsOf(text: string): Digests {
  const hex = (algorithm: string, input = text) => createHash(algorithm).update(input).digest('hex')
  return { md5: hex('md5'), sha1: hex('sha1'), sha256: hex('sha256'), blake3: hex('sha256', `b3${text}`) }
}

export function sizeOf(text: string): bigint {
  return BigInt(Buffer.byteLength(text))
}

/** A VICS document. `media` as it stands in the JSON. */
export function vicsDocument(media: readonly object[], marker = 'US'): string {
  return JSON.stringify({
    '@odata.context': `http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/${marker}/$metadata#Media`,
    value: media,
  })
}
