/** `seized review` as a person starts it: reveals from the exhibit, and what the custody log and `seized exposure` say of them. */

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { zipSync } from 'fflate'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { writeDiskImage } from '../../fixtures/disk-image.ts'
import { drawVideo } from '../../fixtures/draw-video.ts'
import { drawing, jpeg } from '../../fixtures/pictures.ts'
import { custodyPath, readCustody } from '../../src/ledger/custody/custody.ts'
import { hasTool, run } from '../image/container/helpers.ts'
import { temporaryFolderForFile } from '../ledger/temporary.ts'
import { BROWSERS } from '../review/browsers.ts'
import { chromiumTab, HAS_CHROMIUM } from '../review/chromium.ts'
import { countOf, look, says, until } from '../review/tab.ts'
import { processesBelow, timesInMemory } from './process-memory.ts'
import { openReview, reveals, shown, startReview } from './running-review.ts'
import { screens } from './screens.ts'
import { BIN, scanArgs, seized, summaryOf } from './seized.ts'

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const folder = temporaryFolderForFile()
const exhibit = join(folder, 'exhibit')
const ledger = join(folder, 'case.sqlite')
let photo: Buffer
let inside: Buffer
/** Stands in the write-ahead log of a database alone. */
let logged: Buffer

/** Copies of one ledger go on in several ways: to one journal of heads that would be a forgery. */
const asked = (path: string, args: readonly string[]) => [
  ...[path, '--scale', 'vics-us', '--operator', 'A. Example', '--pass', 'second', '--heads', `${path}.heads`],
  ...(args.includes('--image') ? args : ['--exhibit', exhibit, '--allow-writable-mount', ...args]),
]

const review = (path: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  openReview(asked(path, args), env)

const wanted = (bytes: Buffer) => ({
  sha256: sha256(bytes),
  reason: 'unclear',
  words: '',
  colour: false,
  blur: 0,
})

/** Of twenty-four seconds, every frame another. */
const clip = () =>
  drawVideo({
    width: 320,
    height: 180,
    frames: 120,
    framesPerSecond: 5,
    gop: 10,
    options: { preset: 'ultrafast' },
    draw: (frame, x, y) => (x * 3 + y * 5 + frame * 40) % 256,
  })

/** A ledger of its own for a test: what is revealed of one is not counted for another. */
function copyFor(name: string): string {
  const path = join(folder, `${name}.sqlite`)
  copyFileSync(ledger, path)
  copyFileSync(custodyPath(ledger), custodyPath(path))
  return path
}

beforeAll(async () => {
  mkdirSync(join(exhibit, 'DCIM'), { recursive: true })
  photo = await jpeg({ seed: 3, width: 1600, height: 1200 })
  inside = await drawing({ seed: 9, width: 300, height: 500 }).png().toBuffer()
  writeFileSync(join(exhibit, 'DCIM/IMG_1.jpg'), photo)
  writeFileSync(join(exhibit, 'broken.jpg'), photo.subarray(0, 160))
  writeFileSync(join(exhibit, 'files.zip'), zipSync({ 'inside/drawing.png': inside }))
  logged = await jpeg({ seed: 12, width: 320, height: 240 })
  const db = new Database(join(folder, 'thumbs.db'))
  db.pragma('journal_mode = WAL')
  db.exec('CREATE TABLE thumbs (picture BLOB)')
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.prepare('INSERT INTO thumbs VALUES (?)').run(logged)
  for (const end of ['', '-wal'])
    copyFileSync(join(folder, `thumbs.db${end}`), join(exhibit, `thumbs.db${end}`))
  db.close()
  const args = scanArgs(exhibit, ledger, [], '--phases', 'inventory,known')
  summaryOf(seized(args))
  const list = join(folder, 'decisions.csv')
  const digests = [photo, inside, logged, photo.subarray(0, 160)].map(sha256)
  writeFileSync(list, `sha256,category\n${digests.map((digest) => `${digest},2`).join('\n')}\n`)
  const made = seized(['decide', ledger, '--from', list, '--scale', 'vics-us', '--operator', 'B. Example'])
  if (made.status !== 0) throw new Error(made.stderr)
})

describe.each(BROWSERS)('a reveal in $name ($path)', ({ name, isHere, open }) => {
  const canvas = (is: 'there' | 'gone') =>
    `(document.querySelector('#reveal') ${is === 'there' ? '!==' : '==='} null)`

  it.skipIf(!isHere)(
    'is shown while the key or a finger is held and no longer, and needs a reason',
    async () => {
      const path = copyFor(`browser-${name}`)
      const { url, child, ended } = await startReview(asked(path, ['--reveal-seconds', '20']))
      const tab = await open(url.href, { touch: true })
      await says(tab, '#said', 'shown')
      await tab.press('/')
      await tab.type('name:IMG_1.jpg')
      await tab.press('Enter')
      await says(tab, '#said', '1 shown')
      await tab.press(' ')
      await says(tab, '#said', 'Choose the reason')
      expect(reveals(path)).toEqual([])
      await tab.run("void (document.querySelector('#reason').value = 'report')")
      const times = (count: number) =>
        expect
          .poll(() => reveals(path).filter(({ act }) => act === 'shown').length, { timeout: 60_000 })
          .toBe(count)
      await tab.down(' ')
      await until(tab, canvas('there'))
      expect(await tab.run("document.querySelector('#reveal').width")).toBe(768)
      await look(tab, `${name}-reveal`)
      await tab.up(' ')
      await until(tab, canvas('gone'))
      await times(1)
      await tab.down(' ')
      await until(tab, canvas('there'))
      await tab.press('Escape')
      await until(tab, canvas('gone'))
      await tab.up(' ')
      await times(2)
      await tab.down(' ')
      await until(tab, canvas('there'))
      // As when another window comes before it.
      await tab.run("void dispatchEvent(new Event('blur'))")
      await until(tab, canvas('gone'))
      await tab.up(' ')
      await tab.run("void dispatchEvent(new Event('focus'))")
      await times(3)
      await tab.touch('#hold', undefined, () => until(tab, canvas('there')))
      await until(tab, canvas('gone'))
      await times(4)
      // Keys that were let go before the facts of the content came show nothing, and nothing is logged.
      const [revealed, seen] = [reveals(path).length, screens(path).length]
      await tab.run(`void (() => {
        const { fetch } = window
        window.fetch = async (what, given) => {
          const answer = await fetch(what, given)
          if (String(what).endsWith('/tiles')) {
            await new Promise((resolve) => { window.letGo = resolve })
            setTimeout(() => { window.came = true }, 300)
          }
          return answer
        }
        document.querySelector('#filter').requestSubmit()
      })()`)
      await until(tab, 'window.letGo !== undefined')
      for (const key of [' ', 'v']) {
        await tab.down(key)
        await tab.up(key)
      }
      await tab.run('window.letGo()')
      await until(tab, 'window.came === true')
      expect(await tab.run(canvas('gone'))).toBe(true)
      expect(reveals(path).length).toBe(revealed)
      expect(screens(path).filter(({ level }, at) => at >= seen && level !== 'blurred')).toEqual([])
      expect(await countOf(tab, 'img, video, picture, iframe')).toBe(0)
      expect(tab.heard).toEqual([])
      child.kill('SIGINT')
      expect(await ended).toBe(0)
      expect(
        reveals(path)
          .filter(({ act }) => act === 'shown')
          .map(({ by, reason }) => [by, reason]),
      ).toEqual(['key', 'escape', 'blur', 'key'].map((by) => [by, 'report']))
    },
    180_000,
  )
})

describe.skipIf(!HAS_CHROMIUM)('a browser that dies while a reveal is on its screen', () => {
  it('has seen it for the whole time, and the review ends with a sentence', async () => {
    const path = copyFor('lost')
    const { url, said, ended } = await startReview(asked(path, ['--reveal-seconds', '1']))
    const tab = await chromiumTab(url.href)
    await says(tab, '#said', 'shown')
    await tab.press('/')
    await tab.type('name:IMG_1.jpg')
    await tab.press('Enter')
    await says(tab, '#said', '1 shown')
    await tab.run("void (document.querySelector('#reason').value = 'report')")
    await tab.run(
      `void new MutationObserver(() => { if (document.querySelector('#reveal')) for (;;); }).observe(document.body, { childList: true })`,
    )
    await tab.down(' ')
    // Its page hangs with the picture on it, and then it is gone: neither says anything.
    await expect
      .poll(() => reveals(path).filter(({ act }) => act === 'shown'), { timeout: 60_000 })
      .toMatchObject([{ by: 'lost', shownMs: 1000 }])
    await tab.close()
    expect(await ended).toBe(0)
    expect(said()).toContain('The browser fell silent: the review has ended.')
    expect(readCustody(path).at(-1)).toMatchObject({
      event: 'review-closed',
      detail: { how: 'silent', reveals: '1' },
    })
    const [day] = JSON.parse(seized(['exposure', path, '--format', 'json']).stdout).days
    expect(day).toMatchObject({ reveals: 1, atMost: 1, seconds: 1 })
  }, 180_000)
})

describe('a reveal', () => {
  it('is logged before its pixels, small, grey and marked; what was shown reconciles with seized exposure', async () => {
    const path = copyFor('shown')
    const running = await review(path, [])
    const first = await shown(await running.post('reveal', wanted(photo)))
    expect(first.head.channels).toBe(1)
    const [{ width, height }] = first.head.frames as [{ width: number; height: number }]
    expect([width, first.pixels.length]).toEqual([768, width * height])
    // The strip below the picture is black with light letters: the mark is there.
    const strip = first.pixels.subarray(576 * 768)
    expect([
      strip.length > 768 * 20,
      strip.includes(235),
      strip.filter((one) => one === 0).length > strip.length / 2,
    ]).toEqual([true, true, true])
    const another = await running.post('reveal', wanted(inside))
    expect([another.status, await another.json()]).toEqual([
      409,
      { refused: 'Another content is revealed: one at a time.', word: 'refused-another', params: {} },
    ])
    await running.post('hidden', { by: 'key' })
    const typed = { reason: 'other', words: ' the court asked ' }
    const second = await shown(await running.post('reveal', { ...wanted(inside), ...typed, colour: true }))
    expect([second.head.channels, second.head.frames[0]!.width]).toEqual([3, 300])
    // A page that dies says nothing: Ctrl-C hides and counts.
    running.child.kill('SIGINT')
    expect(await running.ended).toBe(0)
    const log = reveals(path)
    expect(log.map(({ event, by, why }) => [event, by ?? why])).toEqual([
      ['reveal-asked', undefined],
      ['reveal-refused', 'another'],
      ['reveal-shown', 'key'],
      ['reveal-asked', undefined],
      ['reveal-shown', 'ended'],
    ])
    expect(log[2]).toMatchObject({ asked: log[0]!.number, sha256: sha256(photo), treatment: 'grey' })
    // A code, whatever the language of the page, and beside it what the person typed.
    expect(
      readCustody(path).flatMap(({ event, detail: { reason, words } }) =>
        event === 'reveal-asked' ? [[reason, words]] : [],
      ),
    ).toEqual([
      ['unclear', undefined],
      ['other', 'the court asked'],
    ])
    const days = JSON.parse(seized(['exposure', path, '--format', 'json']).stdout).days
    const logged = log.reduce((sum, { shownMs }) => sum + (shownMs ?? 0), 0)
    expect(days).toMatchObject([
      { operator: 'A. Example', reveals: 2, pictures: 2, contents: 2, seconds: logged / 1000 },
    ])
    expect(seized(['verify', path, '--heads', `${path}.heads`]).status).toBe(0)
  })

  it('has its event when the program is killed before a pixel is made, and counts in full', async () => {
    const path = copyFor('killed')
    const running = await review(path, [], { SEIZED_CRASH_AT: 'reveal:before-pixels:1' })
    await expect(running.post('reveal', wanted(photo))).rejects.toThrow()
    await running.ended
    expect(reveals(path).map(({ event }) => event)).toEqual(['reveal-asked'])
    const csv = seized(['exposure', path, '--format', 'csv']).stdout.replaceAll('"', '').split('\r\n')
    expect(csv[0]).toBe(
      'operator,day,reveals,pictures,contents,seconds,atMost,refused,byTreatment,byCategory,screens',
    )
    expect(csv[1]).toContain('A. Example')
    expect(csv[1]).toMatch(/,1,1,1,6\.000,1,0,grey: 1,undecided: 1/)
    expect(seized(['verify', path, '--heads', `${path}.heads`]).status).toBe(0)
  })

  it.skipIf(process.getuid?.() !== 0)(
    'is in no memory of the program once it was sent, neither pixels nor what they were made of, and its children are gone',
    async () => {
      const path = copyFor('memory')
      const running = await review(path, [])
      const before = processesBelow(running.child.pid!).length
      const beats = setInterval(() => void running.post('beat').catch(() => {}), 1000)
      onTestFinished(() => clearInterval(beats))
      for (const bytes of [photo, inside]) {
        const { pixels, head } = await shown(await running.post('reveal', { ...wanted(bytes), colour: true }))
        const { width, height } = head.frames[0]!
        // A stretch that the mark does not cross; and one that nobody else has of what it was made of.
        const row = Buffer.from(
          pixels.subarray(width * 3 * (height >> 1) + 60, width * 3 * (height >> 1) + 140),
        )
        const made = bytes.subarray(bytes.length >> 1, (bytes.length >> 1) + 48)
        await running.post('hidden', { by: 'key' })
        await expect
          .poll(() => processesBelow(running.child.pid!).length, { timeout: 60_000 })
          .toBeLessThanOrEqual(before)
        const processes = processesBelow(running.child.pid!)
        const found = await Promise.all(
          processes.map((pid) => timesInMemory(pid, [row, made, Buffer.from('A. Example')])),
        )
        expect(found.map(([pixels, original]) => [pixels, original])).toEqual(processes.map(() => [0, 0]))
        // The search finds what is there.
        expect(found.some(([, , operator]) => operator! > 0)).toBe(true)
      }
      clearInterval(beats)
      await running.post('end')
      await running.ended
    },
  )

  it('is refused, and the refusal logged: another exhibit, no picture, the limit of the day, a first pass, no reason', async () => {
    const path = copyFor('refused')
    const running = await review(path, ['--max-reveals', '1'])
    const refused = async (bytes: Buffer, more: object = {}) => {
      const response = await running.post('reveal', { ...wanted(bytes), ...more })
      return [response.status, ((await response.json()) as { refused: string }).refused]
    }
    for (const why of [
      { reason: ' ' },
      // In nobody's language: only codes are reasons, and words only with the one that asks for them.
      { reason: 'the preview does not tell' },
      { reason: 'none' },
      { reason: 'unclear', words: 'and more' },
      { reason: 'other', words: ' ' },
      { reason: 'other', words: 'w'.repeat(501) },
    ])
      expect([why, ...(await refused(photo, why))]).toEqual([
        why,
        409,
        expect.stringContaining('makes no sense'),
      ])
    expect(await refused(photo.subarray(0, 160))).toEqual([
      409,
      expect.stringContaining('could not be decoded'),
    ])
    expect(await refused(Buffer.from('unknown'))).toEqual([
      409,
      expect.stringContaining('not among the contents'),
    ])
    await shown(await running.post('reveal', wanted(photo)))
    await running.post('hidden', { by: 'timer' })
    expect(await refused(inside)).toEqual([409, expect.stringContaining('limit of this day')])
    await running.post('end')
    expect(await running.ended).toBe(0)
    expect(
      reveals(path)
        .filter(({ act }) => act === 'refused')
        .map(({ why }) => why),
    ).toEqual(['decode-failed', 'limit'])

    const changed = copyFor('changed')
    const other = await review(changed, [])
    const original = readFileSync(join(exhibit, 'DCIM/IMG_1.jpg'))
    const altered = Buffer.from(original)
    altered[altered.length - 100] = altered[altered.length - 100]! ^ 1
    writeFileSync(join(exhibit, 'DCIM/IMG_1.jpg'), altered)
    onTestFinished(() => writeFileSync(join(exhibit, 'DCIM/IMG_1.jpg'), original))
    const response = await other.post('reveal', wanted(photo))
    expect([response.status, ((await response.json()) as { refused: string }).refused]).toEqual([
      409,
      expect.stringMatching(/exhibit differs|could not be read/),
    ])
    expect(reveals(changed).map(({ event }) => event)).toEqual(['reveal-refused'])
  })

  it('counts what the person sees of other ledgers meanwhile, and does not begin where one of them does not verify', async () => {
    const [path, other] = [copyFor('counting'), copyFor('counted')]
    const limited = ['--max-reveals', '1', '--count-also', other]
    const [running, beside] = [await review(path, limited), await review(other, [])]
    await shown(await beside.post('reveal', wanted(inside)))
    const refused = await running.post('reveal', wanted(logged))
    expect([refused.status, await refused.json()]).toEqual([
      409,
      {
        refused: 'The limit of this day is reached: nothing more is revealed to you today.',
        word: 'refused-limit',
        params: {},
      },
    ])
    for (const { post, ended } of [running, beside]) {
      await post('end')
      await ended
    }
    expect(reveals(path)).toMatchObject([{ event: 'reveal-refused', why: 'limit' }])
    // Its chain is whole; it is not the log of this ledger.
    const foreign = join(folder, 'foreign.sqlite')
    const bytes = readFileSync(ledger)
    writeFileSync(foreign, bytes.fill(0x20, bytes.length - 64))
    copyFileSync(custodyPath(ledger), custodyPath(foreign))
    const args = ['review', path, '--scale', 'vics-us', '--operator', 'A. Example', '--exhibit', exhibit]
    const { status, stdout, stderr } = seized([
      ...args,
      ...['--allow-writable-mount', '--heads', `${foreign}.heads`, '--count-also', foreign],
    ])
    expect([status, stdout]).toEqual([4, ''])
    expect(stderr).toContain(`No figures are made. ${foreign} does not verify`)
  })

  it.skipIf(process.getuid?.() !== 0)(
    'is not possible where nothing can be logged: the review does not begin',
    () => {
      const path = copyFor('unwritable')
      chmodSync(folder, 0o755)
      chmodSync(path, 0o444)
      chmodSync(custodyPath(path), 0o444)
      const args = ['review', path, '--operator', 'A. Example', '--scale', 'vics-us', '--heads', '/dev/null']
      const env = { ...process.env, XDG_STATE_HOME: join(folder, 'none') }
      const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], {
        encoding: 'utf8',
        uid: 65534,
        gid: 65534,
        env,
      })
      expect([status, stdout]).toEqual([2, ''])
      expect(stderr).toContain('the custody log could not be used')
    },
  )

  it('shows a picture of a database that stands in its write-ahead log', async () => {
    const running = await review(copyFor('log'), [])
    const { head } = await shown(await running.post('reveal', wanted(logged)))
    expect(head.frames[0]!.width).toBe(320)
    await running.post('end')
    await running.ended
  })

  it('leaves nothing on disk', async () => {
    const path = copyFor('disk')
    const temporary = join(folder, 'temporary')
    mkdirSync(temporary)
    const running = await review(path, [], { TMPDIR: temporary })
    const { pixels } = await shown(await running.post('reveal', wanted(inside)))
    const row = pixels.subarray(300 * 200, 300 * 200 + 64)
    await running.post('hidden', { by: 'key' })
    await running.post('end')
    await running.ended
    const left = readdirSync(temporary, { recursive: true, encoding: 'utf8' })
    expect(left.filter((name) => /\.(jpe?g|png|raw)$/.test(name))).toEqual([])
    for (const file of [path, custodyPath(path)]) expect(readFileSync(file).includes(row)).toBe(false)
  })

  it.skipIf(!hasTool('ewfacquire'))(
    'reads a content from the E01 that was scanned, a deleted one too, and of a video frames alone (skipped without ewf-tools)',
    async () => {
      const at = join(folder, 'disk')
      mkdirSync(at)
      const gone = await jpeg({ seed: 5, width: 640, height: 480 })
      const video = await clip()
      writeDiskImage(join(at, 'disk.raw'), [
        [{ name: 'A.TXT', bytes: Buffer.from('words') }],
        [
          { name: 'LIVE.JPG', bytes: photo },
          { name: 'GONE.JPG', bytes: gone, state: 'deleted' },
          { name: 'CLIP.MP4', bytes: video },
        ],
      ])
      run('ewfacquire', ['-u', '-q', '-f', 'encase6', '-c', 'fast', '-t', 'disk', 'disk.raw'], at)
      const image = join(at, 'disk.E01')
      const path = join(at, 'case.sqlite')
      summaryOf(seized(scanArgs(image, path, [], '--phases', 'inventory,known')))
      const list = join(at, 'decisions.csv')
      writeFileSync(
        list,
        `sha256,category\n${[photo, gone, video].map((one) => `${sha256(one)},2`).join('\n')}\n`,
      )
      const made = seized(['decide', path, '--from', list, '--scale', 'vics-us', '--operator', 'B. Example'])
      expect(made.status, made.stderr).toBe(0)
      const running = await review(path, ['--image', image])
      for (const [bytes, frames, width, height] of [
        [photo, 1, 768, 576],
        [gone, 1, 640, 480],
        [video, 9, 320, 180],
      ] as const) {
        const { head, pixels } = await shown(await running.post('reveal', wanted(bytes)))
        expect([head.channels, head.frames.length, head.frames[0]!.width]).toEqual([1, frames, width])
        // Grey pixels of the frames, each with its strip below, and not one byte of anything else: no sound.
        const sizes = head.frames.map((one) => one.width * one.height)
        expect(pixels.length).toBe(sizes.reduce((sum, size) => sum + size, 0))
        expect(head.frames.every((one) => one.height > height)).toBe(true)
        // Frames of different times: each its own picture.
        const pictures = head.frames.map((_, i) =>
          sha256(pixels.subarray(i * sizes[0]!, i * sizes[0]! + width * height)),
        )
        expect(new Set(pictures).size).toBe(frames)
        await running.post('hidden', { by: 'key' })
      }
      await running.post('end')
      expect(await running.ended).toBe(0)
      expect(reveals(path).map(({ event }) => event)).toEqual(
        Array(3).fill(['reveal-asked', 'reveal-shown']).flat(),
      )
      const [day] = JSON.parse(seized(['exposure', path, '--format', 'json']).stdout).days
      expect(day).toMatchObject({ reveals: 3, pictures: 11, contents: 3 })
    },
    180_000,
  )
})

describe('a reveal from an image', () => {
  it('shows live and deleted pictures and a strip of a video as they lie in it', async () => {
    const at = join(folder, 'image-raw')
    mkdirSync(at)
    const image = join(at, 'disk.img')
    const deleted = await jpeg({ seed: 21, width: 640, height: 480 })
    const video = await clip()
    writeDiskImage(image, [
      [
        { name: 'DCIM/IMG_0001.JPG', bytes: inside },
        { name: 'DCIM/IMG_0002.JPG', bytes: deleted, state: 'deleted' },
        { name: 'CLIP.MP4', bytes: video },
      ],
    ])
    const path = join(at, 'case.sqlite')
    const scanned = seized(scanArgs(image, path, [], '--phases', 'inventory,known'))
    expect([3, 13]).toContain(scanned.status)
    const list = join(at, 'decisions.csv')
    writeFileSync(
      list,
      `sha256,category\n${[inside, deleted, video].map((one) => `${sha256(one)},2`).join('\n')}\n`,
    )
    const made = seized([
      'decide',
      path,
      '--from',
      list,
      '--scale',
      'vics-us',
      '--operator',
      'B. Example',
      '--heads',
      `${path}.heads`,
    ])
    expect([made.status, made.stderr]).toEqual([0, expect.anything()])
    const running = await review(path, ['--image', image])
    for (const [bytes, frames, width] of [
      [inside, 1, 300],
      [deleted, 1, 640],
      [video, 9, 320],
    ] as const) {
      const { head } = await shown(await running.post('reveal', wanted(bytes)))
      expect([head.frames.length, head.frames[0]!.width]).toEqual([frames, width])
      await running.post('hidden', { by: 'key' })
    }
    await running.post('end')
    expect(await running.ended).toBe(0)
    expect(reveals(path).map(({ event }) => event)).toEqual(
      Array.from({ length: 3 }, () => ['reveal-asked', 'reveal-shown']).flat(),
    )
    const [day] = JSON.parse(seized(['exposure', path, '--format', 'json']).stdout).days
    expect(day).toMatchObject({ reveals: 3, pictures: 11, contents: 3 })
  }, 120_000)
})
