/**
 * Neutral pictures of public collections that nothing here was tuned on, by stratum, for counting leads (docs/evidence/models.md).
 *
 * `node dist/scripts/held-back.js SNAPSHOTS OUT [each=300]`: SNAPSHOTS holds a git directory a collection, `owner+name/repo`, fetched
 * beforehand (`git clone --bare` at the commit below). Pictures are drawn by the SHA-256 of their path and written below OUT/<stratum>/<owner+name>/
 * under their own SHA-256, never two of one content. OUT/manifest.json names each collection's commit, how many, and the SHA-256 over their
 * digests, so that somebody else can draw the same. None of them is ever committed, and nobody looked at them.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'

interface Collection {
  readonly stratum: string
  readonly repository: string
  readonly commit: string
  readonly paths: RegExp
}

const COLLECTIONS: readonly Collection[] = [
  {
    stratum: 'scenes with people',
    repository: 'quantumnaan/sic_translator',
    commit: 'd27da85cff2dbf143fcaf365aece667d66c4298f',
    paths: /^data\/images\/.*\.jpg$/i,
  },
  {
    stratum: 'people, some with masks',
    repository: 'chandrikadeb7/Face-Mask-Detection',
    commit: '7e500749401bad4bb338790fbdb89b58e41ef2d9',
    paths: /\.(jpe?g|png)$/i,
  },
  {
    stratum: 'faces of any age',
    repository: 'muxspace/facial_expressions',
    commit: '5fb9c13afac07c55eae8d25eb6b50af344ad60c9',
    paths: /^images\/.*\.jpe?g$/i,
  },
  {
    stratum: 'clothes, worn and laid out',
    repository: 'dynamic-stacker/clothing-dataset-small',
    commit: '649df16f3426bf210534cbc70f464b78d6733edc',
    paths: /\.(jpe?g|png)$/i,
  },
  {
    stratum: 'animals',
    repository: 'ardamavi/Dog-Cat-Classifier',
    commit: '9e4f1e1b8eb00fb52c7b1f7e271e573cbe5a2d2f',
    paths: /^Data\/Train_Data\/.*\.(jpe?g|png)$/i,
  },
  {
    stratum: 'things: groceries',
    repository: 'marcusklasson/GroceryStoreDataset',
    commit: 'fc80ba90f803d79d0383df52c5a4ac5de99ff6fc',
    paths: /^dataset\/.*\.jpe?g$/i,
  },
  {
    stratum: 'camera samples',
    repository: 'drewnoakes/metadata-extractor-images',
    commit: '4beba640487802442bc9931fb01274e908102d3a',
    paths: /\.jpe?g$/i,
  },
  {
    stratum: 'icons of 16 pixels',
    repository: 'legacy-icons/famfamfam-silk',
    commit: 'd6056f5c28e46c28403888ab7c013aced3928ec8',
    paths: /\.png$/i,
  },
  {
    stratum: 'icons of every size',
    repository: 'KDE/oxygen-icons',
    commit: '810a146a8c702a362cf7cd022d03ff324dd9832e',
    paths: /\.png$/i,
  },
]

const LEAST_BYTES = 100

const [snapshots, out, ...more] = process.argv.slice(2)
if (!snapshots || !out) throw new Error('held-back SNAPSHOTS OUT [each=300]')
const each = Number(more.find((one) => one.startsWith('each='))?.slice(5) ?? 300)
const known = new Set<string>()
const manifest = COLLECTIONS.map(drawn)
writeFileSync(join(out, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
for (const one of manifest) console.log(`${one.stratum}: ${one.pictures} of ${one.repository}, ${one.sha256}`)

function drawn({ stratum, repository, commit, paths }: Collection) {
  const name = repository.replace('/', '+')
  const repo = join(snapshots!, name, 'repo')
  if (!existsSync(repo)) throw new Error(`${repository}: no snapshot at ${repo}`)
  const folder = join(out!, stratum, name)
  mkdirSync(folder, { recursive: true })
  const listed = git(repo, ['ls-tree', '-r', '-z', commit]).toString('utf8').split('\0')
  const files = listed.flatMap((line) => {
    const [, object, path] = /^100\d+ blob (\w+)\t(.*)$/s.exec(line) ?? []
    return object && path && paths.test(path) ? [{ object, path, order: sha256(path) }] : []
  })
  files.sort((a, b) => (a.order < b.order ? -1 : 1))
  const digests: string[] = []
  for (const { object, path } of files) {
    if (digests.length === each) break
    // A snapshot may leave out its largest files.
    if (!isThere(repo, object)) continue
    const bytes = git(repo, ['cat-file', 'blob', object])
    const digest = sha256(bytes)
    if (bytes.length < LEAST_BYTES || known.has(digest)) continue
    known.add(digest)
    digests.push(digest)
    writeFileSync(join(folder, `${digest}${extname(path).toLowerCase()}`), bytes)
  }
  return { stratum, repository, commit, pictures: digests.length, sha256: sha256(digests.sort().join('\n')) }
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
