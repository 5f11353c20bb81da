/** Registry recovery by the areas of NIST's CFTT: typed addresses of a hive, live, deleted as values, and deleted with their key. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { freeCell, freeValue, registryHive, wide } from '../../../fixtures/device/registry.ts'
import type { Bench } from '../model/scenario.ts'
import { range } from './case.ts'
import { type GroupReader, type Planted, recordsOf, rowsOf, scanned } from './group.ts'
import { output, versionOf } from './readers.ts'
import type { CfttRow } from './row.ts'

const CASES = [
  ['RG-live', 'values that are live'],
  ['RG-value', 'values deleted, their key live'],
  ['RG-key', 'a key deleted with its values'],
] as const
export const REGISTRY_CASES = CASES.map(([id]) => id)

export const REGISTRY_READERS: readonly GroupReader[] = [
  { id: 'seized (registry)', way: 'registry', version: (bench) => bench.seized('--version').out.trim() },
  {
    id: 'reglookup + recover',
    way: 'registry',
    version: () => (versionOf('reglookup-recover', []) === null ? null : 'of the package reglookup'),
  },
]

const VALUES = 8
const DELETED_VALUES = 4
const HEADER_BYTES = 4096

export function registryRows(bench: Bench): CfttRow[] {
  const planted: Planted[] = []
  const [ours, theirs]: [string[], string[]] = [[], []]
  const hasPeer = REGISTRY_READERS[1]?.version(bench) != null
  for (const [id, title] of CASES) {
    const folder = bench.at(id)
    mkdirSync(folder, { recursive: true })
    const hive = `${folder}/NTUSER.DAT`
    writeFileSync(hive, hiveOf(id))
    const asked = id === 'RG-value' ? range(DELETED_VALUES).map((n) => VALUES - 1 - n) : range(VALUES)
    for (const n of asked) planted.push({ case: id, title, on: 'NTUSER.DAT', token: addressOf(id, n) })
    planted.push({ case: id, title, on: 'NTUSER.DAT', token: addressOf(id, 99), isControl: true })
    const ledger = `${folder}.sqlite`
    scanned(bench, folder, ledger, '--phases', 'inventory,known', '--text', '--basis', 'validation')
    ours.push(recordsOf(bench, ledger))
    if (hasPeer)
      for (const program of ['reglookup', 'reglookup-recover'])
        theirs.push(output(program, [hive]).toString('latin1'))
  }
  const found = new Map([
    ['seized (registry)', ({ token }: Planted) => ours.some((text) => text.includes(token))],
  ])
  // Texts of deleted values are printed byte by byte.
  const printed = (token: string) =>
    [...Buffer.from(token, 'utf16le').toString('latin1')].map((c) => (c === '\0' ? '%00' : c)).join('')
  if (hasPeer)
    found.set('reglookup + recover', ({ token }) =>
      theirs.some(
        (text) => text.includes(token) || text.toLowerCase().includes(printed(token).toLowerCase()),
      ),
    )
  return rowsOf(planted, found)
}

function addressOf(id: string, n: number): string {
  return `http://${id.toLowerCase()}.example/typed${n}.html`
}

function hiveOf(id: (typeof CASES)[number][0]): Buffer {
  const typed = {
    name: 'TypedURLs',
    writtenMs: Date.UTC(2026, 2, 1),
    values: range(VALUES).map((n) => ({ name: `url${n + 1}`, type: 1, bytes: wide(addressOf(id, n)) })),
  }
  const other = { name: 'Main', values: [{ name: 'Start', type: 1, bytes: wide('about:blank') }] }
  const above = ['Software', 'Microsoft']
  const root = above.reduceRight((inner, name) => ({ name, keys: [inner] }), {
    name: 'Internet Explorer',
    keys: [typed, other],
  } as object)
  const hive = registryHive({ name: 'CMI-CreateHive', keys: [root] } as Parameters<typeof registryHive>[0])
  const key = hive.indexOf('TypedURLs', 0, 'latin1') - 76
  if (id === 'RG-value') {
    for (const n of range(DELETED_VALUES)) freeValue(hive, `url${VALUES - n}`)
    hive.writeUInt32LE(VALUES - DELETED_VALUES, key + 36)
  } else if (id === 'RG-key') {
    for (const n of range(VALUES)) freeValue(hive, `url${n + 1}`)
    freeCell(hive, HEADER_BYTES + hive.readUInt32LE(key + 40))
    freeCell(hive, key - 4)
    // The list of its parent: the other key is moved to its place.
    const list = hive.indexOf(Buffer.from('lf\x02\0', 'latin1'))
    hive.writeUInt16LE(1, list + 2)
    hive.copy(hive, list + 4, list + 12, list + 20)
    const parent = hive.indexOf('Internet Explorer', 0, 'latin1') - 76
    hive.writeUInt32LE(1, parent + 20)
    // A key states the one above it, as Windows writes it.
    hive.writeUInt32LE(parent - 4 - HEADER_BYTES, key + 16)
  }
  madeSound(hive)
  return hive
}

/** What drivers and readers ask of a hive beside its keys: sequence numbers, the flags of the root, a bin to its end, a checksum. */
function madeSound(hive: Buffer): void {
  for (const at of [4, 8, 20, 32, 44]) hive.writeUInt32LE(1, at)
  hive.writeUInt32LE(5, 24)
  hive.writeUInt16LE(0x2c, HEADER_BYTES + hive.readUInt32LE(36) + 6)
  hive.writeUInt32LE(hive.readUInt32LE(40), HEADER_BYTES + 8)
  for (let at = HEADER_BYTES + 32; at < hive.length; ) {
    const size = Math.abs(hive.readInt32LE(at))
    if (size === 0) {
      hive.writeInt32LE(hive.length - at, at)
      break
    }
    // No volatile keys, no security, no class.
    if (hive.toString('latin1', at + 4, at + 6) === 'nk')
      for (const field of [32, 44, 48]) hive.writeUInt32LE(0xffffffff, at + 4 + field)
    at += size
  }
  let sum = 0
  for (let at = 0; at < 508; at += 4) sum = (sum ^ hive.readUInt32LE(at)) >>> 0
  hive.writeUInt32LE(sum, 508)
}
