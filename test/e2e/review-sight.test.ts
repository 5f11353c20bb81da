/** Levels of sight as a person meets them: logged before they are shown, made from the exhibit, said with each decision. */
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { drawVideo } from '../../fixtures/draw-video.ts'
import { drawing, jpeg, png, withThumbnail } from '../../fixtures/pictures.ts'
import { custodyPath, readCustody } from '../../src/ledger/custody/custody.ts'
import { decisionsOf } from '../../src/ledger/custody/decisions.ts'
import { temporaryFolderForFile } from '../ledger/temporary.ts'
import { processesBelow, timesInMemory } from './process-memory.ts'
import { openReview, type RunningReview } from './running-review.ts'
import { type ShownTile, screenOf, screens, tilesIn } from './screens.ts'
import { scanArgs, seized, summaryOf } from './seized.ts'

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const folder = temporaryFolderForFile()
const exhibit = join(folder, 'exhibit')
const ledger = join(folder, 'case.sqlite')
const contents = {} as Record<string, Buffer>
const shaOf = (name: string) => sha256(contents[name]!)

const flat = (grey: number) => drawing({ seed: 1, width: 800, height: 600 }).linear(0, grey).jpeg().toBuffer()

beforeAll(async () => {
  mkdirSync(exhibit)
  for (const [name, bytes] of [
    ['a-listed.jpg', await jpeg({ seed: 1, width: 640, height: 480 })],
    ['b-photo.jpg', await jpeg({ seed: 2, width: 1600, height: 1200 })],
    ['c-drawing.png', await png({ seed: 3, width: 300, height: 500 })],
    ['d-grey.jpg', await drawing({ seed: 4, width: 400, height: 300 }).grayscale().jpeg().toBuffer()],
    // Its thumbnail is white, and the picture is dark.
    [
      'e-thumbnail.jpg',
      withThumbnail(
        await flat(30),
        await drawing({ seed: 1, width: 160, height: 120 }).linear(0, 255).jpeg().toBuffer(),
      ),
    ],
    [
      'f-clip.mp4',
      await drawVideo({
        width: 320,
        height: 180,
        frames: 120,
        framesPerSecond: 5,
        gop: 10,
        options: { preset: 'ultrafast' },
        draw: (frame, x, y) => (x * 3 + y * 5 + frame * 40) % 256,
      }),
    ],
    ['g-broken.jpg', (await jpeg({ seed: 9, width: 640, height: 480 })).subarray(0, 160)],
  ] as const) {
    contents[name] = bytes
    writeFileSync(join(exhibit, name), bytes)
  }
  const list = join(folder, 'list.txt')
  writeFileSync(list, `${createHash('md5').update(contents['a-listed.jpg']!).digest('hex')}\n`)
  summaryOf(seized(scanArgs(exhibit, ledger, [`illegal:${list}`], '--phases', 'inventory,known')))
})

/** A ledger of its own for a test. */
function copyFor(name: string): string {
  const path = join(folder, `${name}.sqlite`)
  copyFileSync(ledger, path)
  copyFileSync(custodyPath(ledger), custodyPath(path))
  return path
}

const review = (path: string, pass: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) =>
  openReview(
    [
      ...[path, '--scale', 'vics-us', '--operator', 'A. Example', '--pass', pass, '--heads', `${path}.heads`],
      ...['--exhibit', exhibit, '--allow-writable-mount', ...args],
    ],
    env,
  )

async function decide({ post }: RunningReview, name: string, category: string) {
  const of = { contents: [shaOf(name)], count: 1 }
  const answer = await post('decide', { act: 'decided', category, note: '', of })
  return { status: answer.status, said: await answer.json() }
}

async function end({ post, ended }: RunningReview): Promise<void> {
  await post('end')
  expect(await ended).toBe(0)
}

describe('a screen of the first pass', () => {
  it('is blurred, small, grey and marked, made from the picture itself; its event comes first, and each decision says what was seen', async () => {
    const path = copyFor('first')
    const running = await review(path, 'first')
    const tiles = await tilesIn(await screenOf(running))
    const of = (name: string) => tiles.find((tile) => tile.sha256 === shaOf(name))
    // A digest needs no eyes: its cells at most, and here it has no preview.
    expect(of('a-listed.jpg')).toBeUndefined()
    for (const [name, width, height] of [
      ['b-photo.jpg', 224, 168],
      ['c-drawing.png', 134, 224],
      ['d-grey.jpg', 224, 168],
      ['e-thumbnail.jpg', 224, 168],
      ['f-clip.mp4', 224, 126],
    ] as const) {
      expect([name, of(name)?.level, of(name)?.without, of(name)?.frames]).toEqual([
        name,
        'blurred',
        null,
        [{ width, height }],
      ])
    }
    expect(of('g-broken.jpg')).toMatchObject({ without: 'decode-failed', frames: [] })
    const median = (pixels: Buffer) => [...pixels].sort((a, b) => a - b)[pixels.length >> 1]!
    expect(median(of('e-thumbnail.jpg')!.pixels)).toBeLessThan(60)
    // The mark stands in a flat picture.
    const dark = of('e-thumbnail.jpg')!.pixels
    expect(dark.filter((one) => one > 80).length).toBeGreaterThan(200)
    const [asked] = screens(path)
    expect(asked).toMatchObject({ act: 'asked', level: 'blurred', treatment: 'blur' })
    expect(asked!.contents!.toSorted()).toEqual(
      Object.keys(contents)
        .filter((name) => name !== 'a-listed.jpg')
        .map(shaOf)
        .toSorted(),
    )
    expect((await decide(running, 'b-photo.jpg', '2')).status).toBe(200)
    expect((await decide(running, 'a-listed.jpg', '1')).said).toMatchObject({
      unseen: { list: 1, unseen: 0 },
    })
    expect((await decide(running, 'g-broken.jpg', '0')).said).toMatchObject({
      unseen: { list: 0, unseen: 1 },
    })
    await running.post('covered', { turn: 1000 })
    const shown = screens(path).at(-1)!
    expect(shown).toMatchObject({ act: 'shown', asked: asked!.number, by: 'page' })
    expect(shown.seconds!.filter((one) => one === '-').length).toBe(1)
    expect(shown.seconds!.filter((one) => /^\d+(\.\d)?$/.test(one)).length).toBe(5)
    await end(running)
    const made = decisionsOf(readCustody(path))
    const seenOf = (name: string) => made.get(shaOf(name))!.map(({ seen, seenMs }) => [seen, seenMs !== null])
    expect(seenOf('b-photo.jpg')).toEqual([['blurred', true]])
    expect(seenOf('a-listed.jpg')).toEqual([['nothing', false]])
    expect(seenOf('g-broken.jpg')).toEqual([['nothing', false]])
    expect(seized(['verify', path, '--heads', `${path}.heads`]).status).toBe(0)
    const [day] = JSON.parse(seized(['exposure', path, '--format', 'json']).stdout).days
    expect(day).toMatchObject({ operator: 'A. Example', screens: { blurred: { contents: 5, atMost: 0 } } })
    expect(day.screens.grey).toBeUndefined()
  })

  it('shows nothing clearer than blurred as a screen, one tile in grey while it is held, and no colour', async () => {
    const path = copyFor('held')
    const running = await review(path, 'first')
    const asked = await tilesIn(await screenOf(running, { level: 'grey' }))
    expect([...new Set(asked.map(({ level }) => level))]).toEqual(['blurred'])
    let turn = 0
    const lift = async (name: string, want = 'tile') =>
      running.post('lift', { sha256: shaOf(name), level: null, treatment: 'blur', want, turn: ++turn })
    const [grey] = await tilesIn(await lift('b-photo.jpg'))
    expect(grey).toMatchObject({ level: 'grey', without: null })
    await decide(running, 'b-photo.jpg', '2')
    await running.post('lower', { turn })
    const strip = await tilesIn(await lift('f-clip.mp4', 'strip'))
    expect([strip[0]!.level, strip[0]!.frames.length]).toEqual(['blurred', 9])
    await running.post('lower', { turn })
    expect((await lift('b-photo.jpg', 'strip')).status).toBe(409)
    // What was lifted before has gone from the page, whatever becomes of the next.
    await tilesIn(await lift('c-drawing.png'))
    const ended = () => screens(path).filter(({ act }) => act === 'shown').length
    const before = ended()
    expect((await lift('b-photo.jpg', 'strip')).status).toBe(409)
    expect(ended()).toBe(before + 1)
    await end(running)
    expect(screens(path).map(({ act, level }) => [act, level])).toEqual([
      ['asked', 'blurred'],
      ['asked', 'grey'],
      ['shown', undefined],
      ['asked', 'blurred'],
      ['shown', undefined],
      ['asked', 'grey'],
      ['shown', undefined],
      ['shown', undefined],
    ])
    expect(decisionsOf(readCustody(path)).get(shaOf('b-photo.jpg'))!.at(-1)!.seen).toBe('grey')
  })

  it('is drawn where the person chose that, and says so', async () => {
    const path = copyFor('drawn')
    const running = await review(path, 'first')
    const blurred = await tilesIn(await screenOf(running))
    const drawn = await tilesIn(await screenOf(running, { treatment: 'drawn' }))
    await end(running)
    const pixelsOf = (tiles: typeof drawn) =>
      tiles.find((tile) => tile.sha256 === shaOf('b-photo.jpg'))!.pixels
    expect(pixelsOf(drawn).equals(pixelsOf(blurred))).toBe(false)
    expect(screens(path).flatMap(({ treatment }) => treatment ?? [])).toEqual(['blur', 'drawn'])
  })
})

/** Everything is decided by another person: a second pass has it all. */
function decideAll(path: string): void {
  const list = join(folder, 'decisions.csv')
  writeFileSync(
    list,
    `sha256,category\n${Object.keys(contents)
      .map((name) => `${shaOf(name)},2`)
      .join('\n')}\n`,
  )
  const made = seized(['decide', path, '--from', list, '--scale', 'vics-us', '--operator', 'B. Example'])
  if (made.status !== 0) throw new Error(made.stderr)
}

/** The hit has cells in the ledger. */
async function withPreviews(): Promise<string> {
  const path = join(folder, 'previews.sqlite')
  const lists = [`illegal:${join(folder, 'list.txt')}`]
  summaryOf(
    seized(scanArgs(exhibit, path, lists, '--preview-illegal', '--phases', 'inventory,known,unknown')),
  )
  return path
}

/** What is asked for when the program is killed: the level, the place in the code, and how often it was passed by then. */
const KILLED = [
  { level: 'cells', what: 'a screen', at: 'screen:cells:1', pass: 'first' },
  { level: 'blurred', what: 'a screen', at: 'screen:blurred:1', pass: 'first' },
  { level: 'grey', what: 'a screen', at: 'screen:grey:1', pass: 'second' },
  { level: 'grey', what: 'a held tile', at: 'screen:grey:1', pass: 'first' },
  { level: 'blurred', what: 'a strip', at: 'screen:blurred:2', pass: 'first' },
  { level: 'blurred', what: 'a sheet', at: 'screen:blurred:2', pass: 'first' },
  { level: 'grey', what: 'a sheet', at: 'screen:grey:2', pass: 'second' },
  { level: 'colour', what: 'a reveal', at: 'reveal:before-pixels:1', pass: 'second' },
] as const

describe('the program, killed between an event and its pixels', () => {
  it.each(KILLED)('leaves no pixel without its event, and the event: $level, $what', async (one) => {
    const { level, what, at, pass } = one
    const path = level === 'cells' ? await withPreviews() : copyFor(`killed-${KILLED.indexOf(one)}`)
    if (pass === 'second') decideAll(path)
    const running = await review(path, pass, [], { SEIZED_CRASH_AT: at })
    const asked = level === 'colour' ? null : level
    const screen = () => screenOf(running, { level: asked }).then(tilesIn)
    const [kind, of] =
      {
        'a held tile': ['tile', 'b-photo.jpg'],
        'a strip': ['strip', 'f-clip.mp4'],
        'a sheet': ['sheet', 'f-clip.mp4'],
      }[what as string] ?? []
    if (kind === 'strip' || kind === 'sheet') await screen()
    const lift = { level: kind === 'tile' ? null : asked, treatment: 'blur', want: kind, turn: 1 }
    const pixels = async () => {
      if (level === 'colour') {
        const reveal = { reason: 'unclear', words: '', colour: true, blur: 0 }
        return (await running.post('reveal', { sha256: shaOf('b-photo.jpg'), ...reveal })).arrayBuffer()
      }
      return kind === undefined
        ? screen()
        : tilesIn(await running.post('lift', { sha256: shaOf(of!), ...lift }))
    }
    await expect(pixels()).rejects.toThrow()
    await running.ended
    const [day] = JSON.parse(seized(['exposure', path, '--format', 'json']).stdout).days
    expect(seized(['verify', path, '--heads', `${path}.heads`]).status).toBe(0)
    if (level === 'colour') {
      expect(day).toMatchObject({ reveals: 1, atMost: 1 })
      expect(
        readCustody(path)
          .filter(({ event }) => event.startsWith('reveal'))
          .map(({ event }) => event),
      ).toEqual(['reveal-asked'])
      return
    }
    // The last event is the one whose pixels never came: it counts, in full, and none says that they were shown.
    const log = screens(path)
    expect(log.at(-1)).toMatchObject({ act: 'asked', level })
    if (of !== undefined) expect(log.at(-1)!.contents).toEqual([shaOf(of)])
    expect(log.some(({ act, asked: number }) => act === 'shown' && number === log.at(-1)!.number)).toBe(false)
    expect(day.screens[level].atMost).toBeGreaterThanOrEqual(1)
  })
})

describe('a policy', () => {
  it('lowers the level when the limit of a day is reached, refuses a decision without the sight it asks for, and stands in the log', async () => {
    const path = copyFor('policy')
    const file = join(folder, 'policy.json')
    const policy = JSON.stringify({ policy: 1, day: { blurred: { tiles: 3 } }, needs: { first: 'blurred' } })
    writeFileSync(file, policy)
    const running = await review(path, 'first', ['--policy', file])
    const refused = await decide(running, 'b-photo.jpg', '2')
    expect([refused.status, JSON.stringify(refused.said)]).toEqual([
      409,
      expect.stringContaining('without sight'),
    ])
    const tiles = await tilesIn(await screenOf(running))
    expect(tiles.filter(({ level }) => level === 'blurred').length).toBeGreaterThan(2)
    expect((await decide(running, 'b-photo.jpg', '2')).status).toBe(200)
    await running.post('covered', { turn: 1000 })
    // Five were seen: of three the day is full, and there are no cells either.
    expect((await tilesIn(await screenOf(running))).filter(({ level }) => level === 'blurred')).toEqual([])
    await end(running)
    // The day goes on: the next review of this person begins at the limit, and another person has a day of their own.
    const blurredFor = async (operator: string) => {
      const next = await review(path, 'first', ['--policy', file, '--operator', operator])
      const seen = (await tilesIn(await screenOf(next))).filter(({ level }) => level === 'blurred')
      await end(next)
      return seen.length
    }
    expect(await blurredFor('A. Example')).toBe(0)
    expect(await blurredFor('C. Example')).toBeGreaterThan(2)
    const opened = readCustody(path).find(({ event }) => event === 'review-opened')!
    expect(opened.detail.policySha256).toBe(sha256(Buffer.from(policy)))
  })

  it('says which levels a pass may use: a screen begins where it says, and neither a screen nor a held tile is clearer', async () => {
    const path = copyFor('policy-levels')
    const file = join(folder, 'policy-levels.json')
    const other = { start: 'cells', screen: 'blurred', held: 'blurred' }
    writeFileSync(file, JSON.stringify({ policy: 1, sight: { second: { other } } }))
    // Something to look at again: the second pass has what a category was given to.
    const first = await review(path, 'first', ['--policy', file])
    await tilesIn(await screenOf(first))
    expect((await decide(first, 'b-photo.jpg', '2')).status).toBe(200)
    await end(first)
    const second = await review(path, 'second', ['--policy', file])
    const levelsOf = async (level: string | null) =>
      new Set((await tilesIn(await screenOf(second, { level, count: 1 }))).map((one) => one.level))
    // This ledger has no cells: of that level nothing is sent.
    expect(await levelsOf(null)).toEqual(new Set())
    expect(await levelsOf('blurred')).toEqual(new Set(['blurred']))
    expect(await levelsOf('grey')).toEqual(new Set(['blurred']))
    const lift = { sha256: shaOf('b-photo.jpg'), level: 'blurred', treatment: 'blur', want: 'tile', turn: 99 }
    expect((await second.post('lift', lift)).status).toBe(409)
    await end(second)
    expect(screens(path).some(({ level }) => level === 'grey' || level === 'colour')).toBe(false)
  })
})

describe('the exhibit of a review', () => {
  it('is refused at the start where it is another one', async () => {
    const other = join(folder, 'other')
    mkdirSync(other, { recursive: true })
    for (const name of Object.keys(contents))
      writeFileSync(join(other, name), await jpeg({ seed: 77, width: 320, height: 240 }))
    const path = copyFor('other-exhibit')
    const args = [path, '--scale', 'vics-us', '--operator', 'A. Example', '--heads', `${path}.heads`]
    const { status, stderr } = seized(['review', ...args, '--exhibit', other, '--allow-writable-mount'])
    expect([status, stderr]).toEqual([2, expect.stringContaining('is not the exhibit of this ledger')])
    expect(readCustody(path).some(({ event }) => event === 'review-opened')).toBe(false)
  })
})

/** A stretch of a tile that its mark does not cross, and one of the content that it was made of. */
function stretches(tiles: readonly ShownTile[]): Buffer[] {
  return tiles.flatMap(({ sha256: of, pixels }) => {
    const original = Object.values(contents).find((bytes) => sha256(bytes) === of)
    if (pixels.length === 0 || original === undefined) return []
    const middle = original.length >> 1
    return [pixels.subarray(2000, 2048), original.subarray(middle, middle + 48)]
  })
}

const isRoot = process.getuid?.() === 0

describe('pixels of tiles', () => {
  it.skipIf(!isRoot)(
    'and what they were made of are in no memory of the program after the screen but where tiles are kept, and nowhere after the end',
    async () => {
      const path = copyFor('memory')
      const limits = ['prlimit', '--core=unlimited']
      const running = await openReview(
        [
          ...[path, '--scale', 'vics-us', '--operator', 'A. Example', '--pass', 'first'],
          ...['--heads', `${path}.heads`, '--exhibit', exhibit, '--allow-writable-mount'],
        ],
        {},
        limits,
      )
      const tiles = await tilesIn(await screenOf(running, { ahead: 40 }))
      await running.post('covered', { turn: 1000 })
      const server = running.child.pid!
      const originals = stretches(tiles).filter((one, i) => i % 2 === 1 && new Set(one).size > 16)
      expect(originals.length).toBeGreaterThan(3)
      const mine = await timesInMemory(server, [...originals, Buffer.from('A. Example')])
      expect(mine.slice(0, -1)).toEqual(originals.map(() => 0))
      expect(mine.at(-1)).toBeGreaterThan(0)
      // A crash of any of them writes nothing of it to disk, whatever the limit of the shell was.
      const processes = processesBelow(server)
      expect(processes.map((one) => coreLimitOf(one))).toEqual(processes.map(() => '0'))
      await end(running)
      await expect.poll(() => processes.filter((one) => existsSync(`/proc/${one}`))).toEqual([])
    },
  )

  it('stand in no file, and end with the review', async () => {
    const path = copyFor('disk')
    const temporary = join(folder, 'temporary')
    mkdirSync(temporary)
    const running = await review(path, 'first', [], { TMPDIR: temporary })
    const tiles = await tilesIn(await screenOf(running, { ahead: 40 }))
    const pid = running.child.pid!
    const processes = processesBelow(pid)
    expect(processes.length).toBeGreaterThan(1)
    await end(running)
    await expect.poll(() => processes.filter((one) => existsSync(`/proc/${one}`))).toEqual([])
    const rows = tiles.flatMap(({ pixels }) => (pixels.length > 0 ? [pixels.subarray(2000, 2048)] : []))
    const left = readdirSync(temporary, { recursive: true, encoding: 'utf8' })
    for (const file of [path, custodyPath(path), ...left.map((name) => join(temporary, name))]) {
      const bytes = readFileSync(file)
      expect([file, rows.some((row) => bytes.includes(row))]).toEqual([file, false])
    }
  })
})

/** Bytes of a core file that the kernel would write of a process. */
function coreLimitOf(pid: number): string | undefined {
  return /^Max core file size +(\S+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'latin1'))?.[1]
}
