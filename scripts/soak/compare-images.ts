/**
 * Volumes of NTFS, ext4, exFAT and FAT32 with 68,000 files each, as raw and as E01, examined by `seized scan` and by others: find and
 * hashdeep over a mount, fls and icat. Prints a table and each difference; ends with 1 when a live content differs, when fls
 * lists what we do not, or when raw and E01 give different entries.
 *
 * `unshare -m node dist/scripts/soak/compare-images.js [ntfs ext4 exfat fat32] [--scratch FOLDER]`, as root; half an hour.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeTree } from './made-tree.ts'
import { DRIVERS, type MadeVolume, makeFat32, makeVolume, sh } from './made-volumes.ts'
import { type OurEntry, scanned } from './ours.ts'
import { type FlsEntry, flsDeleted, flsLiveCount, icatDigest, type Shown, shownBy } from './peers.ts'

const asked = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const scratch = mkdtempSync(join(tmpdir(), 'seized-compare-'))
let wrong = 0

try {
  const source = join(scratch, 'source')
  mkdirSync(source)
  const bytes = writeTree(source)
  console.log(`68,020 files, ${(bytes / 1e9).toFixed(2)} GB before what each file system adds`)
  for (const kind of ['ntfs', 'ext4', 'exfat', 'fat32']) {
    if (asked.length > 0 && !asked.includes(kind)) continue
    const driver = DRIVERS.find((one) => one.kind === kind)
    const volume = driver ? makeVolume(driver, scratch, source) : makeFat32(scratch, source)
    console.log(`\n## ${kind}: made; refused by the driver: ${volume.refused.join('; ') || 'nothing'}`)
    await compare(volume)
    rmSync(volume.file)
  }
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
process.exitCode = wrong > 0 ? 1 : 0

async function compare(volume: MadeVolume): Promise<void> {
  const shown = volume.kind === 'exfat' ? copied(volume) : mounted(volume)
  const raw = await scanned(volume.file, scratch)
  live(volume, shown, raw.entries)
  deleted(volume, raw.entries)
  const e01 = join(scratch, volume.kind)
  sh('ewfacquire -q -u -f encase6 -c deflate:fast -t "$1" "$2"', e01, volume.file)
  const coded = await scanned(`${e01}.E01`, scratch)
  const lineOf = (entry: OurEntry) => JSON.stringify(entry)
  const same = new Set(raw.entries.map(lineOf))
  const others = coded.entries.map(lineOf).filter((line) => !same.has(line))
  say(
    'raw and E01',
    `${raw.entries.length} and ${coded.entries.length} entries, ${others.length} of them different`,
    others.length === 0 && raw.entries.length === coded.entries.length,
  )
  const shownRaw = join(scratch, 'ewf')
  mkdirSync(shownRaw, { recursive: true })
  sh('ewfmount "$1" "$2" >/dev/null', `${e01}.E01`, shownRaw)
  say(
    'fls of the E01 through ewfmount',
    'the same deleted entries as of the raw',
    JSON.stringify(flsDeleted(join(shownRaw, 'ewf1'))) === JSON.stringify(flsDeleted(volume.file)),
  )
  sh('umount "$1"', shownRaw)
  sh('rm "$1".E*', e01)
}

function mounted(volume: MadeVolume): Shown {
  const point = join(scratch, 'shown')
  mkdirSync(point, { recursive: true })
  volume.show(point)
  const shown = shownBy(point)
  volume.hide(point)
  return shown
}

/** The driver of exFAT lists no folder of 50,000 in an hour: what was copied in stands for what it would show. */
function copied({ deleted }: MadeVolume): Shown {
  const { files, folders } = shownBy(join(scratch, 'source'))
  const gone = new Set(deleted.map(({ path }) => path))
  return { files: new Map([...files].filter(([path]) => !gone.has(path))), folders }
}

function live(volume: MadeVolume, shown: Shown, entries: readonly OurEntry[]): void {
  const ours = new Map(entries.filter(({ record }) => record === null).map((entry) => [entry.path, entry]))
  const missing = [...shown.files.keys(), ...shown.folders].filter((path) => !ours.has(path))
  const different = [...shown.files].filter(
    ([path, digest]) => ours.has(path) && ours.get(path)?.sha256 !== digest,
  )
  const streams = volume.streams.filter(({ path, sha256 }) => ours.get(path)?.sha256 !== sha256)
  const more = [...ours.keys()].filter(
    (path) =>
      !shown.files.has(path) && !shown.folders.has(path) && !volume.streams.some((one) => one.path === path),
  )
  say(
    'live',
    `${shown.files.size} files and ${shown.folders.size} folders of find; ours ${ours.size}; fls ${flsLiveCount(volume.file)}`,
    true,
  )
  say('live, missing', `${missing.length}`, missing.length === 0, missing)
  say(
    'live, other content than hashdeep',
    `${different.length}`,
    different.length === 0,
    different.map(
      ([path, digest]) => `${path} ${digest} ${ours.get(path)?.sha256} ${ours.get(path)?.notRead}`,
    ),
  )
  say(
    'streams, missing or different',
    `${streams.length} of ${volume.streams.length}`,
    streams.length === 0,
    streams.map(({ path }) => path),
  )
  say('live, not shown by the mount', `${more.length}`, true, more)
}

function deleted(volume: MadeVolume, entries: readonly OurEntry[]): void {
  const gone = entries.filter(({ record }) => record !== null)
  const paths = new Set(gone.map(({ path }) => path))
  const records = new Set(gone.map(({ record }) => record?.split(/[-.]/)[0]))
  const fls = flsDeleted(volume.file)
  // Records are numbered alike; clusters are not.
  const byRecord = volume.kind === 'ntfs' || volume.kind === 'ext4'
  const unlisted = fls.filter(
    ({ path, inode }) => !paths.has(path) && !(byRecord && records.has(inode.split('-')[0])),
  )
  const lineOf = ({ path, inode, type }: FlsEntry) => `${type} ${inode} ${path}`
  const never = unlisted.filter((entry) => wasNever(volume.kind, entry))
  const lacking = unlisted.filter((entry) => !never.includes(entry))
  say('deleted', `fls ${fls.length}, ours ${gone.length}`, true)
  say('deleted, of fls, never there', `${never.length}`, true, never.map(lineOf))
  say('deleted, of fls but not of ours', `${lacking.length}`, lacking.length === 0, lacking.map(lineOf))
  const digests = new Set(gone.map(({ sha256 }) => sha256))
  const theirs = new Set(
    fls.flatMap(({ inode, type }) => (type.endsWith('r') ? [icatDigest(volume.file, inode)] : [])),
  )
  for (const age of ['old', 'recent'] as const) {
    const all = volume.deleted.filter((one) => one.age === age)
    const lost = all.filter(({ sha256 }) => !digests.has(sha256))
    const lostByThem = all.filter(({ sha256 }) => !theirs.has(sha256))
    const why = (path: string) =>
      gone.filter((entry) => entry.path.endsWith(path.slice(-10))).map(({ notRead }) => notRead)
    say(
      `deleted contents, ${age}`,
      `ours ${all.length - lost.length}, icat ${all.length - lostByThem.length} of ${all.length}`,
      lost.length <= lostByThem.length,
      lost.map(({ path }) => `${path}: ${why(path).join(', ') || 'no entry'}`),
    )
  }
}

/**
 * Entries that fls takes for removed files and that never existed: names read from the hash tree of a large folder, and
 * the records of NTFS that are kept free and have no name.
 */
function wasNever(kind: string, { path, inode }: FlsEntry): boolean {
  const record = Number(inode.split('-')[0])
  if (kind === 'ntfs') return path.startsWith('$OrphanFiles/') && record >= 16 && record < 24
  return path.startsWith('MANY/') && !/^MANY\/F\d{7}\.TXT$/.test(path)
}

function say(what: string, words: string, right: boolean, list: readonly string[] = []): void {
  if (!right) wrong++
  console.log(`${right ? '  ' : '!!'} ${what}: ${words}`)
  for (const line of list.slice(0, 30)) console.log(`       ${JSON.stringify(line)}`)
  if (list.length > 30) console.log(`       … and ${list.length - 30} more`)
}
