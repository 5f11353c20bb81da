/**
 * Copies a sealed ledger into the laboratory's collection: copied, read back, made durable, then renamed to its final
 * name.
 */
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
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

const SETGID = 0o2000
/** Folder of a case or an exhibit: the group writes, the sticky bit protects entries of other accounts. */
const SHARED_MODE = 0o3770
/** Folder of an attempt: its account writes, the group reads. */
const ATTEMPT_MODE = 0o2750
const FILE_MODE = 0o440

/**
 * @param sha256 SHA-256 of the ledger at the end of its run
 * @param collection folder of the laboratory. If its group is inherited (setgid), its group may read collected files,
 *   and only the account that wrote a file may remove it.
 * @param below names of the folders for case, exhibit and attempt
 * @returns path of the ledger in the collection; the host keeps its own copy
 */
export function collect(
  ledger: string,
  sha256: string,
  collection: string,
  below: readonly string[],
): string {
  mkdirSync(collection, { recursive: true })
  const isShared = (statSync(collection).mode & SETGID) !== 0
  const folder = madeFolder(collection, below, isShared)
  for (const file of [custodyPath(ledger), textIndexPath(ledger)])
    if (existsSync(file)) copyWhole(file, join(folder, basename(file)), readSha256(file), isShared)
  const target = join(folder, basename(ledger))
  copyWhole(ledger, target, sha256, isShared)
  return target
}

/** Hosts make folders below those of another host; the sticky bit protects existing files from removal. */
function madeFolder(collection: string, below: readonly string[], isShared: boolean): string {
  let folder = collection
  for (const [i, name] of below.entries()) {
    folder = join(folder, name)
    if (existsSync(folder)) continue
    try {
      mkdirSync(folder)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue
      throw error
    }
    if (isShared) chmodSync(folder, i === below.length - 1 ? ATTEMPT_MODE : SHARED_MODE)
  }
  return folder
}

function copyWhole(from: string, to: string, sha256: string, isShared: boolean): void {
  // A collected file is never replaced: it may be the record of another attempt.
  if (existsSync(to)) {
    if (readSha256(to) === sha256) return
    throw new CollectFailed(to, 'another file of that name is in the collection')
  }
  const partial = `${to}.partial`
  for (let i = 0; i < ATTEMPTS; i++) {
    copyFileSync(from, partial)
    if (isShared) chmodSync(partial, FILE_MODE)
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
