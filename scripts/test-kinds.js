/**
 * Which kind a test file is of, from its name and from what it starts: `npm run test:unit` and its siblings run one kind.
 *
 *   browser   drives Chromium or Firefox            name: *.browser.test.ts
 *   contract  one suite over every member of a kind name: *.contract.test.ts
 *   e2e       runs the program as an examiner does  folder, or starts bin/seized.js
 *   peers     asks a program of another project     starts a tool of a Debian package
 *   long      no process, and takes seconds         LONG: loops over mutants, bounds of size, models
 *   unit      the rest: no process of ours, no tool; all of them in less than a minute
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const KINDS = ['unit', 'contract', 'long', 'e2e', 'peers', 'browser']

/**
 * Limit of one test in milliseconds, by kind: three times and more what the slowest one took on two cores with a load of ten. A test
 * that hangs ends its file in that time; a test with a limit of its own keeps that.
 */
export const TIME_LIMITS_MS = {
  unit: 30_000,
  contract: 120_000,
  long: 180_000,
  e2e: 300_000,
  peers: 180_000,
  browser: 180_000,
}

/**
 * Measured: each takes 1.5 seconds and more by itself, or draws SVG, which a decoder forbids for its whole process. `npm run test:unit`
 * ends with its slowest files, which may belong here.
 */
export const LONG = new Set([
  'child/apple-volumes.test.ts',
  'child/browser-caches.test.ts',
  'child/damaged-containers.test.ts',
  'child/decode-hevc.test.ts',
  'child/hostile-containers.test.ts',
  'child/locked-files.test.ts',
  'child/open.test.ts',
  'child/outliving-pictures.test.ts',
  'child/thumbnail-entries.test.ts',
  'children/limits.test.ts',
  'classify/classifiers.test.ts',
  'classify/conversion.test.ts',
  'classify/face-picture.test.ts',
  'classify/faces.test.ts',
  'classify/hasher.test.ts',
  'classify/parity.test.ts',
  'classify/picture-kind.test.ts',
  'classify/screen.test.ts',
  'formats/artefacts/limits.test.ts',
  'formats/artefacts/sqlite-journal.test.ts',
  'formats/chats/chats.test.ts',
  'formats/locked/mutants.test.ts',
  'formats/locked/samples.test.ts',
  'formats/locked/veracrypt-places.test.ts',
  'formats/words/pages-and-frames.test.ts',
  'formats/words/words-in-picture.test.ts',
  'hash/pdq.test.ts',
  'image/ext/deleted.test.ts',
  'image/ext/live.test.ts',
  'image/ext/mutants.test.ts',
  'image/ext/replay.test.ts',
  'image/mutants.test.ts',
  'image/ntfs/mutants.test.ts',
  'image/ntfs/shadow.test.ts',
  'ledger/digests.test.ts',
  'ledger/snapshot.test.ts',
  'ledger/verify.test.ts',
  'match/compiled-index.test.ts',
  'match/near-index.test.ts',
  'review/finding-ones-way.test.ts',
  'review/passes.test.ts',
  'review/server.test.ts',
  'search/quick.test.ts',
  'sign/forged.test.ts',
  'source/mount-answers.test.ts',
  'source/walk-aside.test.ts',
  'sqlite-file/sound-pages.test.ts',
  'terms/scan-terms.test.ts',
  'terms/terms.test.ts',
  'text/grooming-ordinary.test.ts',
  'text/phrase-notation.test.ts',
])

const root = fileURLToPath(new URL('../test', import.meta.url))
const FOLDERS_E2E = /^(?:e2e|lab|lying|validate|release)\//
/** Starts a process, a pool of ours, or a model: what takes seconds. */
const STARTS =
  /e2e\/seized|\bBIN\b|fork\(|look-pool|Pool\(|startConfined|spawnSync\(process\.execPath|LedgerWriter|createLedger|onnx|large-|made-disks/
const TOOLS =
  /(?:execFileSync|spawnSync|execFile|spawn|run|tool|has|installed)\(\s*'(?:fls|icat|mke2fs|mkfs[.\w]*|mkntfs|ntfs\w*|debugfs|7z\w*|zip|tar|cpio|rpm\w*|dpkg\w*|ewf\w*|qemu-img|openssl|sqlite3|ffmpeg|convert|pdf\w+|qpdf|hashdeep|md5deep|xorriso|mksquashfs|unsquashfs|wim\w+|zstd|gcc|cc|esedb\w*|evtx\w*|sgdisk|sfdisk|fdisk|blkid|antiword|catdoc|strace|tmux|zsh|fish|man|setfattr|getfattr|mount|umount|git)'/

/** Every test file below test/, with its kind. */
export function testFiles() {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .sort()
    .map((file) => ({ file: `test/${file}`, kind: kindOf(file) }))
}

/** @param file relative to test/ */
export function kindOf(file) {
  const text = readFileSync(join(root, file), 'utf8')
  if (file.endsWith('.browser.test.ts')) return 'browser'
  if (file.endsWith('.contract.test.ts')) return 'contract'
  if (FOLDERS_E2E.test(file)) return 'e2e'
  if (TOOLS.test(text)) return 'peers'
  if (STARTS.test(text)) return 'e2e'
  return LONG.has(file) ? 'long' : 'unit'
}

/** Makes sharp read SVG, which a decoder forbids for its whole process. */
const DRAWS = /<svg|\/(?:drawn-face|drawn-hand|drawn-screenshot|written)\.ts'/

/** @param file relative to test/ @returns whether it may share a process with no other file */
export function standsApart(file) {
  return kindOf(file) === 'long' || DRAWS.test(readFileSync(join(root, file), 'utf8'))
}
