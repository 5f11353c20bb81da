/** Remaining names of files whose record has another name, or belongs to another file by now. */
import type { RecoveryBasis, VolumeEntry } from '../../../../contracts/image.ts'
import type { VolumeTimes } from '../../../../contracts/volume-times.ts'
import type { Folder } from './folders.ts'
import type { Gathered } from './gather.ts'
import { inUse, isRecord, type Reference, sequenceOf } from './record.ts'

export interface Leftover {
  /** Null where it was overwritten. */
  readonly reference: Reference | null
  readonly parent: Reference
  readonly name: Buffer
  readonly directory: boolean
  readonly basis: RecoveryBasis
  readonly sizeBytes: number
  readonly allocatedBytes: number | null
  readonly times: VolumeTimes
}

export interface Records {
  readonly recordOf: (number: number) => Buffer | null
  readonly gathered: (number: number, record: Buffer) => Gathered
  readonly folder: (reference: Reference) => Folder
}

/** Most names of one volume; each is reported once. */
const MAX_TOLD = 200_000

export class Leftovers {
  readonly #records: Records
  readonly #told = new Set<number>()
  readonly #deleted = new Set<number>()
  full = false

  constructor(records: Records) {
    this.#records = records
  }

  /** Adds the name of a deleted record. */
  deleted(parent: Reference, name: Buffer): void {
    if (this.#deleted.size < MAX_TOLD) this.#deleted.add(hashOf({ reference: null, parent, name }))
  }

  /** The entry of a name that no record has; null where a record has it, or it was reported before. */
  entryOf(left: Leftover): VolumeEntry | null {
    const state = this.#stateOf(left)
    if (state === 'held') return null
    if (state === 'reference-lost' && this.#deleted.has(hashOf({ ...left, reference: null }))) return null
    const key = hashOf(left)
    if (this.#told.has(key)) return null
    if (this.#told.size >= MAX_TOLD) {
      this.full = true
      return null
    }
    this.#told.add(key)
    const folder = this.#records.folder(left.parent)
    return {
      path: [...folder.path, left.name],
      stream: null,
      kind: left.directory ? 'directory' : 'file',
      status: folder.lost ? 'orphan' : 'deleted',
      basis: left.basis,
      // Without a reference, the folder's record locates the name.
      record: left.reference?.number ?? left.parent.number,
      sequence: left.reference?.sequence ?? null,
      links: null,
      sizeBytes: left.sizeBytes,
      allocatedBytes: left.allocatedBytes,
      times: left.times,
      nameTimes: null,
      mode: null,
      uid: null,
      gid: null,
      linkTarget: null,
      place: { kind: 'none', reason: 'not-recorded', detail: state },
      notes: state === 'record-reused' ? [] : [state],
    }
  }

  /**
   * `renamed`: the record still belongs to the same file, with other names. A number beyond the table is no reference,
   * because the head of the entry was overwritten; then it is unknown whether a record has the name.
   */
  #stateOf({ reference, parent, name }: Leftover): 'held' | 'renamed' | 'record-reused' | 'reference-lost' {
    if (!reference) return 'reference-lost'
    const record = this.#records.recordOf(reference.number)
    if (!record) return 'held'
    if (!isRecord(record)) return 'record-reused'
    const sequence = sequenceOf(record)
    const same = sequence === reference.sequence || (!inUse(record) && sequence === reference.sequence + 1)
    if (!same) return 'record-reused'
    const { names } = this.#records.gathered(reference.number, record)
    return names.some((held) => held.parent.number === parent.number && held.name.equals(name))
      ? 'held'
      : 'renamed'
  }
}

/** 53 bits of name and references: one in 10^9 that two of a full set are alike. */
function hashOf({ reference, parent, name }: Pick<Leftover, 'reference' | 'parent' | 'name'>): number {
  let low = reference ? Math.imul(reference.number ^ (reference.sequence << 16), 0x9e3779b1) : 1
  let high = Math.imul(parent.number ^ (parent.sequence << 16), 0x85ebca6b)
  for (const byte of name) {
    low = Math.imul(low ^ byte, 0x01000193)
    high = Math.imul(high ^ (byte + (low >>> 24)), 0x5bd1e995)
  }
  return (low >>> 0) + (high & 0x1fffff) * 2 ** 32
}
