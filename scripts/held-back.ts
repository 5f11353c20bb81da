/**
 * Draws neutral pictures of public collections by part and stratum, for counting leads (docs/evidence/models.md).
 *
 * `node dist/scripts/held-back.js SNAPSHOTS OUT [unchecked]`: SNAPSHOTS holds a git directory a collection, `owner+name/repo`, fetched
 * beforehand (`git clone --bare` at the commit below). Pictures are drawn by the SHA-256 of their path and written below OUT/<part>/<stratum>/<owner+name>/
 * under their own SHA-256, never two of one content. OUT/manifest.json names each collection's commit, how many, and the SHA-256 over their
 * digests, so that somebody else can draw the same; `unchecked` draws without comparing it. None of them is ever committed, and nobody looked at them.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { type Captioned, COLLECTIONS, type Collection } from './held-back-collections.ts'

const LEAST_BYTES = 100

const [snapshots, out, ...more] = process.argv.slice(2)
if (!snapshots || !out) throw new Error('held-back SNAPSHOTS OUT [unchecked]')
const isUnchecked = more.includes('unchecked')
const known = new Set<string>()
const manifest = COLLECTIONS.map(drawn)
writeFileSync(join(out, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
for (const one of manifest) console.log(`${one.stratum}: ${one.pictures} of ${one.repository}, ${one.sha256}`)

function drawn({
  part,
  stratum,
  repository,
  commit,
  paths,
  captioned,
  pictures,
  sha256: expected,
}: Collection) {
  const name = repository.replace('/', '+')
  const repo = join(snapshots!, name, 'repo')
  if (!existsSync(repo)) throw new Error(`${repository}: no snapshot at ${repo}`)
  const folder = join(out!, part, stratum, name)
  mkdirSync(folder, { recursive: true })
  const says = captioned ? captionsOf(repo, commit, captioned) : () => true
  const listed = git(repo, ['ls-tree', '-r', '-z', commit]).toString('utf8').split('\0')
  const files = listed.flatMap((line) => {
    const [, object, path] = /^100\d+ blob (\w+)\t(.*)$/s.exec(line) ?? []
    return object && path && paths.test(path) && says(basename(path))
      ? [{ object, path, order: sha256(path) }]
      : []
  })
  files.sort((a, b) => (a.order < b.order ? -1 : 1))
  const digests: string[] = []
  for (const { object, path } of files) {
    if (digests.length === pictures) break
    // A snapshot may leave out its largest files.
    if (!isThere(repo, object)) continue
    const bytes = git(repo, ['cat-file', 'blob', object])
    const digest = sha256(bytes)
    if (bytes.length < LEAST_BYTES || known.has(digest)) continue
    known.add(digest)
    digests.push(digest)
    writeFileSync(join(folder, `${digest}${extname(path).toLowerCase()}`), bytes)
  }
  const made = sha256(digests.sort().join('\n'))
  if (expected !== made && !isUnchecked)
    throw new Error(`${repository}: ${made} was drawn, not ${expected}: the snapshot holds other files`)
  return { part, stratum, repository, commit, pictures: digests.length, sha256: made }
}

/** @returns whether the captions of a picture are as wanted */
function captionsOf(repo: string, commit: string, { file, named, never }: Captioned) {
  const captions = new Map<string, string[]>()
  for (const line of git(repo, ['show', `${commit}:${file}`])
    .toString('utf8')
    .split('\n')) {
    const [, name, caption] = /^(\w+\.jpg)[,#\t]\d*,?\s*(.*)$/.exec(line) ?? []
    if (name) captions.set(name, [...(captions.get(name) ?? []), caption!.toLowerCase()])
  }
  return (name: string) => {
    const of = captions.get(name) ?? []
    return of.filter((one) => named.test(one)).length >= 2 && !of.some((one) => never.test(one))
  }
}

function isThere(repo: string, object: string): boolean {
  return spawnSync('git', ['--git-dir', repo, 'cat-file', '-e', object]).status === 0
}

function git(repo: string, args: readonly string[]): Buffer {
  const { status, stdout, stderr } = spawnSync('git', ['--git-dir', repo, ...args], { maxBuffer: 1 << 30 })
  if (status !== 0) throw new Error(`git ${args[0]}: ${stderr.toString()}`)
  return stdout
}

function sha256(of: string | Buffer): string {
  return createHash('sha256').update(of).digest('hex')
}
