/**
 * Neutral pictures of public collections by stratum, for counting leads (docs/evidence/models.md); those that thresholds were chosen on are
 * marked so.
 *
 * `node dist/scripts/held-back.js SNAPSHOTS OUT [each=220]`: SNAPSHOTS holds a git directory a collection, `owner+name/repo`, fetched
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
  /** Thresholds of explicitness were chosen on pictures of it. */
  readonly isTunedOn?: boolean
  readonly paths: RegExp
  /** Over the digests of the pictures that are drawn when each collection gives as many as DRAWN. */
  readonly sha256: string
}

const COLLECTIONS: readonly Collection[] = [
  {
    stratum: 'scenes with people',
    repository: 'quantumnaan/sic_translator',
    commit: 'd27da85cff2dbf143fcaf365aece667d66c4298f',
    isTunedOn: true,
    paths: /^data\/images\/.*\.jpg$/i,
    sha256: '1330c92604db97cfb185f49c20c12766b4f9f661ce225085dd5d75b8c048e60d',
  },
  {
    stratum: 'people, some with masks',
    repository: 'chandrikadeb7/Face-Mask-Detection',
    commit: '7e500749401bad4bb338790fbdb89b58e41ef2d9',
    isTunedOn: true,
    paths: /\.(jpe?g|png)$/i,
    sha256: 'f3326c79fab4dc26ff1e4e1ec23aaf9c22f46cc1dc617c9b3eab2dbdb305c33d',
  },
  {
    stratum: 'faces of any age',
    repository: 'muxspace/facial_expressions',
    commit: '5fb9c13afac07c55eae8d25eb6b50af344ad60c9',
    paths: /^images\/.*\.jpe?g$/i,
    sha256: '0a92f0e9b776c302ef7263a5e9fdbd19fe07ed595ba1baa74e6d230fc9086c8c',
  },
  {
    stratum: 'clothes, worn and laid out',
    repository: 'dynamic-stacker/clothing-dataset-small',
    commit: '649df16f3426bf210534cbc70f464b78d6733edc',
    paths: /\.(jpe?g|png)$/i,
    sha256: '56a456c42174ba12fc0337ea79c765b36663f561336ef2c7e1ce6f61e04df3ce',
  },
  {
    stratum: 'animals',
    repository: 'ardamavi/Dog-Cat-Classifier',
    commit: '9e4f1e1b8eb00fb52c7b1f7e271e573cbe5a2d2f',
    paths: /^Data\/Train_Data\/.*\.(jpe?g|png)$/i,
    sha256: '7144207d5561fe0232c5342742123431d23370f693b05a35ef6764c671170fce',
  },
  {
    stratum: 'things: groceries',
    repository: 'marcusklasson/GroceryStoreDataset',
    commit: 'fc80ba90f803d79d0383df52c5a4ac5de99ff6fc',
    paths: /^dataset\/.*\.jpe?g$/i,
    sha256: '2b5d058a3683fb908e26ae145e60dcab0534e72368e32a329c7a6edae1e8fc7a',
  },
  {
    stratum: 'camera samples',
    repository: 'drewnoakes/metadata-extractor-images',
    commit: '4beba640487802442bc9931fb01274e908102d3a',
    paths: /\.jpe?g$/i,
    sha256: 'c7874e1d8df9f9c416fb9fa1844a932a7a106f3d95f954a5533edf94f572d433',
  },
  {
    stratum: 'icons of 16 pixels',
    repository: 'legacy-icons/famfamfam-silk',
    commit: 'd6056f5c28e46c28403888ab7c013aced3928ec8',
    paths: /\.png$/i,
    sha256: '270aefe935ea42c0d8793bd62c3b069e7fa1757d73c1f128452e337c6e89537c',
  },
  {
    stratum: 'icons of every size',
    repository: 'KDE/oxygen-icons',
    commit: '810a146a8c702a362cf7cd022d03ff324dd9832e',
    paths: /\.png$/i,
    sha256: 'eb9d7b8402c3a27179e248534b13090ee76b40926ee7febc1e771b35903608f7',
  },
]

const DRAWN = 220
const LEAST_BYTES = 100

const [snapshots, out, ...more] = process.argv.slice(2)
if (!snapshots || !out) throw new Error('held-back SNAPSHOTS OUT [each=220]')
const each = Number(more.find((one) => one.startsWith('each='))?.slice(5) ?? DRAWN)
const known = new Set<string>()
const manifest = COLLECTIONS.map(drawn)
writeFileSync(join(out, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
for (const one of manifest) console.log(`${one.stratum}: ${one.pictures} of ${one.repository}, ${one.sha256}`)

function drawn({ stratum, repository, commit, paths, sha256: expected, isTunedOn = false }: Collection) {
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
  const made = sha256(digests.sort().join('\n'))
  if (each === DRAWN && made !== expected)
    throw new Error(`${repository}: ${made} was drawn, not ${expected}: the snapshot holds other files`)
  return { stratum, repository, commit, isTunedOn, pictures: digests.length, sha256: made }
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
