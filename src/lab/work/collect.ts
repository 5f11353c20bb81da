/**
 * Copies a sealed ledger into the laboratory's collection: copied, read back, made durable, then renamed to its final
 * name.
 */
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { custodyPath } from '../../ledger/custody/custody.ts'
import { textIndexPath } from '../../search/text-index-file.ts'
import { readSha256 } from '../scan/order.ts'

/** A copy has another digest than its original: the network, the disk, or somebody else's hand. */
export class CollectFailed extends Error {
  constructor(
    file: string,
    why = 'it could not be copied into the collection without a change, three times',
  ) {
    super(`${file}: ${why}.`)
    this.name = 'CollectFailed'
  }
}

const ATTEMPTS = 3

/**
 * @param sha256 SHA-256 of the ledger at the end of its run
 * @returns path of the ledger in the collection; the host keeps its own copy
 */
export function collect(ledger: string, sha256: string, folder: string): string {
  mkdirSync(folder, { recursive: true })
  for (const file of [custodyPath(ledger), textIndexPath(ledger)])
    if (existsSync(file)) copyWhole(file, join(folder, basename(file)), readSha256(file))
  const target = join(folder, basename(ledger))
  copyWhole(ledger, target, sha256)
  return target
}

function copyWhole(from: string, to: string, sha256: string): void {
  // A collected file is never replaced: it may be the record of another attempt.
  if (existsSync(to)) {
    if (readSha256(to) === sha256) return
    throw new CollectFailed(to, 'another file of that name is in the collection')
  }
  const partial = `${to}.partial`
  for (let i = 0; i < ATTEMPTS; i++) {
    copyFileSync(from, partial)
    synced(partial)
    if (readSha256(partial) === sha256) {
      renameSync(partial, to)
      synced(join(to, '..'))
      return
    }
    rmSync(partial)
  }
  throw new CollectFailed(from)
}

function synced(path: string): void {
  const fd = openSync(path, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
