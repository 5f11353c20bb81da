/** Sample volumes of cryptsetup's tests, which `scripts/locked-samples.js` fetches; and what a secret opens, without a process. */
import { createHash } from 'node:crypto'
import { closeSync, existsSync, fstatSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Medium } from '../../../src/contracts/image.ts'
import type { Secret, SecretKind } from '../../../src/contracts/lock.ts'
import { fileMedium } from '../../../src/formats/image/content/file-medium.ts'
import type { LockKind, OpenedBy } from '../../../src/formats/locked/common/lock-kind.ts'
import { unlockedMedium } from '../../../src/formats/locked/common/unlocked-medium.ts'

const LOCKED =
  process.env.SEIZED_LOCKED ?? fileURLToPath(new URL('../../../../shared/data/locked', import.meta.url))

export function sampleFolder(name: string): string {
  return join(LOCKED, name)
}

export const HAVE_SAMPLES = existsSync(join(LOCKED, 'bitlk-images/images.conf'))

export function secret(kind: SecretKind, value: string | Buffer, number = 1, pim = 0): Secret {
  return { number, kind, hex: Buffer.from(value).toString('hex'), pim }
}

export function withVolume<T>(file: string, use: (volume: Medium) => T): T {
  const fd = openSync(file, 'r')
  try {
    return use(fileMedium(fd, fstatSync(fd).size))
  } finally {
    closeSync(fd)
  }
}

export function openedBy(kind: LockKind, volume: Medium, secrets: readonly Secret[]): OpenedBy | null {
  for (const one of secrets) {
    const opened = kind.open(volume, one, () => {}, secrets)
    if (opened) return opened
  }
  return secrets.length === 0 ? (kind.openWithout?.(volume) ?? null) : null
}

function sha256Of(volume: Medium): string {
  const hash = createHash('sha256')
  const buffer = Buffer.alloc(1 << 20)
  for (let at = 0; at < volume.sizeBytes; at += buffer.length)
    hash.update(buffer.subarray(0, volume.readInto(buffer, at)))
  return hash.digest('hex')
}

/** SHA-256 of the decrypted volume. Null: nothing opens it. */
export function decryptedSha256(kind: LockKind, volume: Medium, secrets: readonly Secret[]): string | null {
  const opened = openedBy(kind, volume, secrets)
  return opened && sha256Of(unlockedMedium(volume, opened.unlocking))
}
