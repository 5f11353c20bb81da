import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { photo } from '../../bench/phone-pictures.ts'
import { drawnFaces, FACE_GROUND } from '../../fixtures/drawn-face.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { exported, scanArgs, seized, summaryOf, temporaryFolder } from './seized.ts'

const SIDES = { width: 800, height: 600 }
/** Seeds of drawings that no model finds anything in. */
const SEEDS = [1, 2, 3]
let pictures: ReadonlyMap<string, Buffer>

/** Three photographs, each with a copy saved again and a smaller one; of the third one copy is cut to another shape. */
beforeAll(async () => {
  const made = new Map<string, Buffer>()
  for (const seed of SEEDS) {
    const whole = await (await photo(SIDES, seed, false)).jpeg({ quality: 90 }).toBuffer()
    made.set(`${seed}-a.jpg`, whole)
    made.set(`${seed}-b.jpg`, await sharp(whole).jpeg({ quality: 60 }).toBuffer())
    made.set(`${seed}-c.jpg`, await sharp(whole).resize(600).jpeg({ quality: 80 }).toBuffer())
  }
  made.set('3-c.jpg', await sharp(made.get('3-a.jpg')).resize(600, 600, { fit: 'fill' }).jpeg().toBuffer())
  pictures = made
})

/** A photograph with a face so faint that the detector does not see it, until there is more contrast. */
async function faintFace(): Promise<Buffer> {
  const ground = await (await photo(SIDES, 3, false)).raw().toBuffer()
  const { rgb } = await drawnFaces(SIDES.width, SIDES.height, [{ x: 400, y: 300, radius: 70 }])
  for (let at = 0; at < ground.length; at += 3)
    if (FACE_GROUND.some((value, c) => rgb[at + c] !== value))
      for (let c = 0; c < 3; c++) ground[at + c] = Math.round(ground[at + c]! * 0.87 + rgb[at + c]! * 0.13)
  const raw = { ...SIDES, channels: 3 as const }
  return sharp(ground, { raw }).jpeg({ quality: 90 }).toBuffer()
}

function exhibitIn(folder: string): string {
  const exhibit = join(folder, 'exhibit')
  mkdirSync(exhibit)
  for (const [name, bytes] of pictures) writeFileSync(join(exhibit, name), bytes)
  return exhibit
}

const digestsOf = (summary: { evidenceDigest: string; analysisDigest: string }) => [
  summary.evidenceDigest,
  summary.analysisDigest,
]

/** Of each picture that shares a look, whose; and whether any model scored it. */
function looksIn(path: string) {
  const ledger = openLedger(path)
  try {
    const entries = [...ledger.entries()].filter(({ content }) => content !== null)
    const nameOf = new Map(
      entries.map(({ entry, content }) => [content!.digests.sha256, entry.path.bytes.toString()]),
    )
    return Object.fromEntries(
      entries.map(({ entry, attributes, scores }) => {
        const shared = attributes.find(({ code }) => code === 'look-shared')
        const lender = shared?.code === 'look-shared' ? nameOf.get(shared.params.sha256) : 'itself'
        return [entry.path.bytes.toString(), { by: lender, scored: scores.length > 0 }]
      }),
    )
  } finally {
    ledger.close()
  }
}

/** PDQ of a picture, as it was recorded. */
function hashIn(path: string, name: string): string {
  const ledger = openLedger(path)
  try {
    const views = [...ledger.entries()].filter(({ entry }) => entry.path.bytes.toString() === name)
    return views[0]!.perceptualHashes.find(({ part }) => part === 'original')!.hex
  } finally {
    ledger.close()
  }
}

function sharedIn(path: string): number {
  const ledger = openLedger(path)
  try {
    return ledger.sharedLooks()
  } finally {
    ledger.close()
  }
}

const LOOKED_AT = { by: 'itself', scored: true }
const like = (name: string) => ({ by: name, scored: false })

describe('near-exact copies', () => {
  it('share the look of the first with --share-looks, for one worker and for three, and after a kill', () => {
    const folder = temporaryFolder()
    const exhibit = exhibitIn(folder)
    const scanned = (name: string, ...more: string[]) => {
      const ledger = join(folder, name)
      const args = scanArgs(exhibit, ledger, [], '--share-looks', ...more)
      return { ledger, digests: digestsOf(summaryOf(seized(args))) }
    }
    const one = scanned('one.sqlite', '--workers', '1')
    const three = scanned('three.sqlite', '--workers', '3')
    expect(three.digests).toEqual(one.digests)
    expect(looksIn(one.ledger)).toEqual({
      '1-a.jpg': LOOKED_AT,
      '1-b.jpg': like('1-a.jpg'),
      '1-c.jpg': like('1-a.jpg'),
      '2-a.jpg': LOOKED_AT,
      '2-b.jpg': like('2-a.jpg'),
      '2-c.jpg': like('2-a.jpg'),
      '3-a.jpg': LOOKED_AT,
      '3-b.jpg': like('3-a.jpg'),
      '3-c.jpg': LOOKED_AT,
    })
    const killed = join(folder, 'killed.sqlite')
    const scan = scanArgs(exhibit, killed, [], '--share-looks', '--workers', '2')
    const env = { SEIZED_CRASH_AT: 'unknown:after-commit:1' }
    expect(seized(scan, env).signal).toBe('SIGKILL')
    const resumed = seized([
      'resume',
      killed,
      '--workers',
      '2',
      '--progress',
      'json',
      '--allow-writable-mount',
    ])
    expect(digestsOf(summaryOf(resumed))).toEqual(one.digests)
  })

  it('keep saying so in a rematch, with what new lists say of them', () => {
    const folder = temporaryFolder()
    const exhibit = exhibitIn(folder)
    for (const name of ['3-a.jpg', '3-b.jpg', '3-c.jpg']) rmSync(join(exhibit, name))
    const [old, made] = ['old', 'new'].map((name) => join(folder, `${name}.sqlite`)) as [string, string]
    summaryOf(seized(scanArgs(exhibit, old, [], '--share-looks')))
    const exact = join(folder, 'exact.txt')
    const sha256 = createHash('sha256').update(pictures.get('1-b.jpg')!).digest('hex')
    writeFileSync(exact, `sha256\n${sha256}\n`)
    const near = join(folder, 'near.txt')
    writeFileSync(near, `${hashIn(old, '2-c.jpg')},100\n`)
    const lists = [exact, near].flatMap((list) => ['--hashset', `illegal:${list}`])
    const { stdout } = seized(['rematch', old, '--ledger', made, ...lists])
    // The near matches are those of 2-a.jpg and of the two that share its look.
    expect(stdout).toContain('4 added, 0 removed')
    const matched = [...stdout.matchAll(/ADDED +(hit|near match) illegal: (\S+)/g)].map(
      ([, kind, path]) => `${kind} ${path}`,
    )
    expect(matched.sort()).toEqual([
      'hit 1-b.jpg',
      'near match 2-a.jpg',
      'near match 2-b.jpg',
      'near match 2-c.jpg',
    ])
    expect(looksIn(made)).toEqual(looksIn(old))
    expect(looksIn(made)).toMatchObject({ '1-b.jpg': like('1-a.jpg'), '2-c.jpg': like('2-a.jpg') })
    const [before, after] = [old, made].map((path) => sharedIn(path))
    expect([before, after]).toEqual([4, 4])
    expect(seized(['verify', made]).status).toBe(0)
    const page = join(folder, 'report.html')
    expect(seized(['report', made, '--format', 'html', '--out', page]).status).toBe(0)
    expect(readFileSync(page, 'utf8')).toContain('only the quick face detector looked at 4 pictures')
  })

  it('are looked at by themselves where they show a face, though the first shows none', async () => {
    const folder = temporaryFolder()
    const [exhibit, ledger] = [join(folder, 'faint'), join(folder, 'case.sqlite')]
    mkdirSync(exhibit)
    const faint = await faintFace()
    writeFileSync(join(exhibit, '1.jpg'), faint)
    writeFileSync(
      join(exhibit, '2.jpg'),
      await sharp(faint).linear(1.2, -26).jpeg({ quality: 90 }).toBuffer(),
    )
    writeFileSync(join(exhibit, '3.jpg'), await sharp(faint).jpeg({ quality: 85 }).toBuffer())
    summaryOf(seized(scanArgs(exhibit, ledger, [], '--share-looks')))
    expect(looksIn(ledger)).toEqual({ '1.jpg': LOOKED_AT, '2.jpg': LOOKED_AT, '3.jpg': like('1.jpg') })
    const withFaces = exported(ledger, folder).filter(({ attributes }) =>
      attributes.some(({ code }: { code: string }) => code === 'face'),
    )
    expect(withFaces.map(({ path }) => path)).toEqual(['2.jpg'])
  })

  it('are each looked at without it', () => {
    const folder = temporaryFolder()
    const ledger = join(folder, 'case.sqlite')
    const exhibit = exhibitIn(folder)
    for (const name of ['2-a.jpg', '2-b.jpg', '2-c.jpg', '3-a.jpg', '3-b.jpg', '3-c.jpg'])
      rmSync(join(exhibit, name))
    summaryOf(seized(scanArgs(exhibit, ledger, [])))
    expect(Object.values(looksIn(ledger))).toEqual([LOOKED_AT, LOOKED_AT, LOOKED_AT])
  })
})
