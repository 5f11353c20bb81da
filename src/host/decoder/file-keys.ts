/**
 * Secrets for locked files, for the pools whose children open containers. They stand here and in the messages of jobs
 * that open a locked file: a child that opens other contents is sent none.
 */

import type { EvidencePath } from '../../contracts/entry.ts'
import { fileLockOf } from '../../contracts/file-lock.ts'
import { isUsedFor, type Secret, type SecretKind } from '../../contracts/lock.ts'
import type { JobPool } from './job-pool.ts'

/** A top-level file, and what the ledger knows of the contents inside. */
interface LockedOn {
  readonly path: EvidencePath
  readonly content: { readonly mediaType: string }
  readonly typeAt?: (path: Buffer) => string | null
}

const kept = new WeakMap<JobPool, readonly Secret[]>()

export function keepSecrets(pool: JobPool, secrets: readonly Secret[]): void {
  kept.set(
    pool,
    secrets.filter((secret) => isUsedFor('files', secret)),
  )
}

/**
 * Secrets of the kinds that the locked files on these paths take: the top-level file, and the containers on the way.
 * @param isOpened each path is opened itself; otherwise its bytes are asked for, which need no secret of its own
 */
export function secretsFor(
  pool: JobPool,
  outer: LockedOn,
  paths: readonly EvidencePath[],
  isOpened: boolean,
): readonly Secret[] {
  const secrets = kept.get(pool) ?? []
  if (secrets.length === 0) return []
  const kinds = new Set<SecretKind>()
  for (const type of typesOn(outer, paths, isOpened))
    for (const kind of fileLockOf(type)?.takes ?? []) kinds.add(kind)
  return secrets.filter(({ kind }) => kinds.has(kind))
}

/** Secrets that a content of this type takes. */
export function secretsForType(pool: JobPool, mediaType: string): readonly Secret[] {
  const takes: readonly SecretKind[] = fileLockOf(mediaType)?.takes ?? []
  return (kept.get(pool) ?? []).filter(({ kind }) => takes.includes(kind))
}

function typesOn(
  { path: outer, content, typeAt }: LockedOn,
  paths: readonly EvidencePath[],
  isOpened: boolean,
): Set<string> {
  const types = new Set([content.mediaType])
  const asked = new Set<string>()
  for (const { bytes } of paths)
    for (
      let end = isOpened ? bytes.length : bytes.lastIndexOf(0);
      end > outer.bytes.length;
      end = bytes.lastIndexOf(0, end - 1)
    ) {
      const key = bytes.toString('latin1', 0, end)
      if (asked.has(key)) break
      asked.add(key)
      const type = typeAt?.(bytes.subarray(0, end)) ?? null
      if (type !== null) types.add(type)
    }
  return types
}
