/**
 * Reads jump lists of Windows 7 and later: files that a program opened, with path, machine and time of the last
 * opening, and the times of the file that its shortcut in the same list stores. Only the lists of the system are read (a
 * compound file with the stream `DestList`).
 *
 * @see libyal, "Jump lists format" (dtformats)
 */
import { definedOnly } from '../../../base/defined-only.ts'
import { sourceOfBuffer } from '../../bytes/byte-source.ts'
import { fileTime } from '../../bytes/times.ts'
import { CompoundDamaged, CompoundFile } from '../../compound/compound-file.ts'
import {
  type ArtefactReader,
  type KindedTime,
  NotAnArtefact,
  type RecordCollector,
  timesOfRecord,
} from '../../records/artefact.ts'
import { HEADER as SHORTCUT_HEADER, targetTimes } from '../shortcut/shortcut.ts'

const HEADER = 32

export const jumpList: ArtefactReader = {
  id: 'jump-list',
  mediaTypes: ['application/x-ms-jumplist'],
  read(bytes, sink) {
    const file = compoundOf(bytes)
    const list = file?.stream('DestList')?.bytes ?? null
    if (file === null || list === null || list.length < HEADER) throw new NotAnArtefact()
    readEntries(list, file, sink)
    return []
  },
}

function compoundOf(bytes: Buffer): CompoundFile | null {
  try {
    return new CompoundFile(sourceOfBuffer(bytes))
  } catch (error) {
    if (error instanceof CompoundDamaged) return null
    throw error
  }
}

/** Times that the shortcut of an entry stores; none where its stream is missing or damaged. */
function shortcutTimes(file: CompoundFile, entry: number): readonly KindedTime[] {
  try {
    const shortcut = file.stream(entry.toString(16))?.bytes
    return shortcut && shortcut.length >= SHORTCUT_HEADER ? targetTimes(shortcut) : []
  } catch (error) {
    if (error instanceof CompoundDamaged) return []
    throw error
  }
}

function readEntries(list: Buffer, file: CompoundFile, sink: RecordCollector): void {
  const version = list.readUInt32LE(0)
  const stated = list.readUInt32LE(4)
  const fixed = version === 1 ? 114 : 130
  const lengthAt = fixed - 2
  let read = 0
  for (let at = HEADER; read < stated; ) {
    if (at + fixed > list.length) {
      sink.spoiled(at, stated - read)
      return
    }
    const characters = list.readUInt16LE(at + lengthAt)
    const end = at + fixed + characters * 2
    if (end > list.length) {
      sink.spoiled(at, stated - read)
      return
    }
    const machine = list.toString('latin1', at + 72, at + 88).split('\0', 1)[0]
    const times = version === 1 ? Math.round(list.readFloatLE(at + 96)) : list.readUInt32LE(at + 116)
    sink.add({
      what: {
        code: 'file-opened',
        params: definedOnly({
          list: 'jump-list',
          path: list.toString('utf16le', at + fixed, end),
          machine: machine === '' ? undefined : machine,
        }),
      },
      times: Number.isSafeInteger(times) && times > 0 ? times : null,
      ...timesOfRecord(
        ['opened', fileTime(list.readBigUInt64LE(at + 100))],
        ...shortcutTimes(file, list.readUInt32LE(at + 88)),
      ),
    })
    read++
    // Since Windows 10 four more bytes follow.
    at = end + (version === 1 ? 0 : 4)
  }
}
