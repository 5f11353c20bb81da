/**
 * Four digests of one content in one pass: MD5 and SHA-1 because lists carry them, SHA-256 as the identity of a content,
 * BLAKE3 for speed elsewhere. Small contents take the one-shot functions: three calls cost less than three objects.
 */
import { createHash, hash } from 'node:crypto'
import type { Digests } from '../contracts/content.ts'
import { hash as blake3, createHash as createBlake3 } from './blake3.ts'
import { Ed2k } from './ed2k.ts'

/** Further digests made in the same pass (eDonkey); what `finish` returns is merged into the result. */
export interface ExtraDigest {
  update(chunk: Uint8Array): void
  finish(): Partial<Digests>
}

export interface Digester {
  /** The chunk is used before the call returns: its buffer can be reused. */
  update(chunk: Uint8Array): void
  /** Can be called once. */
  finish(): Digests
}

/** Digests of a content that is wholly in memory. */
export function digestsOf(content: Uint8Array, extra?: ExtraDigest): Digests {
  const digests = {
    md5: hash('md5', content, 'hex'),
    sha1: hash('sha1', content, 'hex'),
    sha256: hash('sha256', content, 'hex'),
    blake3: blake3(content).toString('hex'),
  }
  if (extra === undefined) return digests
  extra.update(content)
  return { ...digests, ...extra.finish() }
}

/** Digests of a content that comes in chunks. */
export function newDigester(extra?: ExtraDigest): Digester {
  const [md5, sha1, sha256, b3] = [
    createHash('md5'),
    createHash('sha1'),
    createHash('sha256'),
    createBlake3(),
  ]
  return {
    update(chunk) {
      md5.update(chunk)
      sha1.update(chunk)
      sha256.update(chunk)
      b3.update(chunk)
      extra?.update(chunk)
    },
    finish() {
      return {
        md5: md5.digest('hex'),
        sha1: sha1.digest('hex'),
        sha256: sha256.digest('hex'),
        blake3: b3.digest().toString('hex'),
        ...extra?.finish(),
      }
    },
  }
}

/** The two eDonkey digests as an extra of the same pass. */
export function ed2kDigest(): ExtraDigest {
  const ed2k = new Ed2k()
  return {
    update: (chunk) => void ed2k.update(chunk),
    finish: () => {
      const { red, blue } = ed2k.digest()
      return { ed2kRed: red, ed2kBlue: blue }
    },
  }
}
