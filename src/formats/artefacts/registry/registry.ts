/**
 * Reads the values of a registry hive that record an opened file, a typed address or a search: RecentDocs, the lists
 * of open and save dialogues, TypedURLs and TypedPaths, WordWheelQuery, UserAssist, searches of Ares, and recent
 * files of players. A key has only the time of its last change, so only the newest value of a list has that time.
 *
 * Deleted keys and values are read from free cells, as far as nothing was written over them. A hive that was not closed is
 * completed from its logs.
 *
 * @see libyal, winreg-kb (RecentDocs, "Most Recently Used", UserAssist); Mobius, p2p.ares; clsid2/mpc-hc,
 *   AppSettings.cpp
 */
import { definedOnly } from '../../../base/defined-only.ts'
import { attribute } from '../../../contracts/attribute.ts'
import type { WireRecord } from '../../../wire/records-reply.ts'
import { fileTime, millisecondTime } from '../../bytes/times.ts'
import type { ArtefactReader, GivenRecord, RecordCollector } from '../../records/artefact.ts'
import { RegistryFile, type RegistryValue } from '../../stores/registry-file.ts'
import { FreeCells } from '../../stores/registry-free.ts'
import { isHiveLog, isWithoutEntries, replayed } from '../../stores/registry-log.ts'
import { addRecords, type HiveRecords, hiveNotes } from './hive-records.ts'
import { lastShellName, wideName, wideText } from './value-names.ts'

type Time = WireRecord['when']
/** Takes the records of one key. */
type Sink = Pick<RecordCollector, 'add'>

interface Reader {
  /** Names of the last keys in the path. */
  readonly ends: readonly string[]
  /** The keys directly below are also read. */
  readonly below?: boolean
  readonly read: (values: readonly RegistryValue[], written: Time, sink: Sink, name: string) => void
}

const READERS: readonly Reader[] = [
  { ends: ['explorer', 'recentdocs'], below: true, read: readList('recent-docs', wideName) },
  { ends: ['comdlg32', 'opensavepidlmru'], below: true, read: readList('open-save', lastShellName) },
  { ends: ['comdlg32', 'opensavemru'], below: true, read: readLetters('open-save') },
  { ends: ['explorer', 'wordwheelquery'], read: readWords },
  { ends: ['internet explorer', 'typedurls'], read: readTyped('url') },
  { ends: ['explorer', 'typedpaths'], read: readTyped('path') },
  { ends: ['mediaplayer', 'player', 'recentfilelist'], read: readNumbered('windows-media-player') },
  { ends: ['mpc-hc', 'recent file list'], read: readNumbered('mpc-hc') },
  { ends: ['mpc-hc', 'mediahistory'], below: true, read: readMediaHistory },
  { ends: ['count'], read: readPrograms },
  { ends: ['ares', 'search.history'], below: true, read: readAresSearches },
]

/** More than a stage takes of one content. */
const MOST_GIVEN = 1_000_000

export const registry: ArtefactReader = {
  id: 'registry',
  mediaTypes: ['application/x-ft-windows-registry-hive'],
  read(given, sink, { log, journal }) {
    if (isHiveLog(given)) {
      sink.isNotBuilt = !isWithoutEntries(given)
      return [attribute('hive-log', {})]
    }
    const { bytes, how } = replayed(
      given,
      [log, journal].filter((one) => one !== null),
    )
    const now = stateOf(bytes, sink)
    const before = how.state === 'applied' ? stateOf(given, null) : null
    addRecords(now, before, sink)
    return hiveNotes(how, sink)
  },
}

/** @param sink counts what could not be read; null: the state before the log, which may be half written */
function stateOf(bytes: Buffer, sink: RecordCollector | null): HiveRecords {
  const file = new RegistryFile(bytes)
  const free = new FreeCells(bytes)
  const live: GivenRecord[] = []
  const removed: GivenRecord[] = []
  for (const { path, key } of file.keys())
    for (const read of readersAt(path)) {
      read(file.values(key), fileTime(key.written), taking(live, sink), key.name)
      // The time of the key may be that of the deletion.
      const values = free.valuesAt(file.offsetsBehind(key))
      if (values.length > 0) read(values, null, taking(removed, sink), key.name)
    }
  for (const key of free.keys())
    for (const read of readersAt(key.path))
      read(free.values(key), fileTime(key.written), taking(removed, sink), key.name)
  sink?.leave(file.left)
  if (sink && free.isCut) sink.isSearchCut = true
  if (file.damaged > 0) sink?.spoiled(file.firstDamagedAt!, file.damaged)
  return { live, removed }
}

/** Many keys may name one long list of values. */
function taking(records: GivenRecord[], sink: RecordCollector | null): Sink {
  return {
    add(given) {
      if (records.length < MOST_GIVEN) records.push(given)
      else sink?.leave(1)
    },
  }
}

function readersAt(path: readonly string[]): readonly Reader['read'][] {
  const names = path.map((name) => name.toLowerCase())
  return READERS.filter(
    ({ ends, below }) => isAt(names, ends) || (below && isAt(names.slice(0, -1), ends)),
  ).map(({ read }) => read)
}

function isAt(names: readonly string[], ends: readonly string[]): boolean {
  return ends.length <= names.length && ends.every((name, i) => names.at(i - ends.length) === name)
}

/** Numbers of the list entries, newest first. */
function orderOf(values: readonly RegistryValue[]): readonly number[] {
  const list = values.find(({ name }) => name.toLowerCase() === 'mrulistex')?.bytes ?? Buffer.alloc(0)
  const order: number[] = []
  for (let at = 0; at + 4 <= list.length && list.readUInt32LE(at) !== 0xffffffff; at += 4)
    order.push(list.readUInt32LE(at))
  return order
}

function opened(sink: Sink, list: string, path: string, when: Time): void {
  sink.add({ what: { code: 'file-opened', params: { list, path } }, when })
}

function readList(list: string, nameIn: (bytes: Buffer) => string | null): Reader['read'] {
  return (values, written, sink) => {
    const [newest] = orderOf(values)
    for (const { name, bytes } of values) {
      if (!/^\d{1,9}$/.test(name)) continue
      const path = nameIn(bytes)
      if (path !== null) opened(sink, list, path, Number(name) === newest ? written : null)
    }
  }
}

/** Windows XP: each entry has a letter, and the order is a text of letters. */
function readLetters(list: string): Reader['read'] {
  return (values, written, sink) => {
    const order = values.find(({ name }) => name.toLowerCase() === 'mrulist')
    const newest = order ? wideText(order.bytes)[0] : undefined
    for (const { name, type, bytes } of values)
      if (/^[a-z]$/.test(name) && type === 1)
        opened(sink, list, wideText(bytes), name === newest ? written : null)
  }
}

function readWords(values: readonly RegistryValue[], written: Time, sink: Sink): void {
  const [newest] = orderOf(values)
  for (const { name, bytes } of values) {
    const words = /^\d{1,9}$/.test(name) ? wideText(bytes) : ''
    if (words === '') continue
    const when = Number(name) === newest ? written : null
    sink.add({ what: { code: 'words-searched', params: { program: 'windows-explorer', words } }, when })
  }
}

function readTyped(kind: 'url' | 'path'): Reader['read'] {
  return (values, written, sink) => {
    for (const { name, bytes } of values) {
      const text = /^url\d{1,9}$/i.test(name) ? wideText(bytes) : ''
      if (text === '') continue
      // The first value is the last typed one.
      const when = name.toLowerCase() === 'url1' ? written : null
      if (kind === 'path') opened(sink, 'typed-paths', text, when)
      else
        sink.add({
          what: { code: 'page-visited', params: { program: 'internet-explorer', url: text, typed: 1 } },
          when,
        })
    }
  }
}

/** `File0` or `File1` is the newest value, depending on the program; `File1,2` was opened together with `File1`. */
function readNumbered(list: string): Reader['read'] {
  return (values, written, sink) => {
    const numberOf = (name: string) => Number(/^file(\d{1,4})(?:,\d{1,4})?$/i.exec(name)?.[1] ?? Number.NaN)
    const numbers = values.map(({ name }) => numberOf(name)).filter((number) => !Number.isNaN(number))
    const newest = Math.min(...numbers)
    for (const { name, bytes } of values) {
      const number = numberOf(name)
      const path = Number.isNaN(number) ? '' : wideText(bytes)
      if (path !== '') opened(sink, list, path, number === newest ? written : null)
    }
  }
}

/**
 * One key for each file, or for several files opened together. The program writes the time of the last opening. It
 * rewrites the key during playback, and some versions write no time.
 */
function readMediaHistory(values: readonly RegistryValue[], written: Time, sink: Sink): void {
  const last = values.find(({ name }) => name.toLowerCase() === 'lastopened')
  const ms = last === undefined ? Number.NaN : Date.parse(wideText(last.bytes))
  const when = Number.isNaN(ms) ? written : millisecondTime(ms)
  for (const { name, bytes } of values) {
    const path = /^filename(\d{3})?$/i.test(name) ? wideText(bytes) : ''
    if (path !== '') opened(sink, 'mpc-hc', path, when)
  }
}

const USER_ASSIST_BYTES = 72

/** UserAssist since Windows 7: names are encoded with ROT13. */
function readPrograms(values: readonly RegistryValue[], _written: Time, sink: Sink): void {
  for (const { name, bytes } of values) {
    if (bytes.length !== USER_ASSIST_BYTES) continue
    const path = rotated(name)
    const when = fileTime(bytes.readBigUInt64LE(60))
    if (when === null || path.startsWith('UEME_')) continue
    const times = bytes.readUInt32LE(4)
    sink.add({ what: { code: 'program-run', params: definedOnly({ path, times }) }, times, when })
  }
}

/** The names of the values contain the search words in hex. */
function readAresSearches(values: readonly RegistryValue[], _written: Time, sink: Sink): void {
  for (const { name } of values) {
    if (!/^([0-9a-f]{2}){1,200}$/i.test(name)) continue
    const words = Buffer.from(name, 'hex').toString('utf8')
    sink.add({ what: { code: 'words-searched', params: { program: 'ares', words } } })
  }
}

function rotated(name: string): string {
  return name.replace(/[a-z]/gi, (letter) => {
    const base = letter <= 'Z' ? 65 : 97
    return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base)
  })
}
