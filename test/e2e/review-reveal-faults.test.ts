/**
 * What becomes of a review with a picture on the screen when something goes wrong: it ends with a sentence, what was revealed is counted,
 * nothing that was decided is lost, and nothing that was undone counts.
 */
import { execFile, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { jpeg } from '../../fixtures/pictures.ts'
import { custodyPath, readCustody } from '../../src/ledger/custody/custody.ts'
import { decisionsOf, standing } from '../../src/ledger/custody/decisions.ts'
import { temporaryFolderForFile } from '../ledger/temporary.ts'
import { openReview, type RunningReview, reveals, shown } from './running-review.ts'
import { scanArgs, seized, summaryOf } from './seized.ts'

const run = promisify(execFile)
const folder = temporaryFolderForFile()
const exhibit = join(folder, 'exhibit')
const ledger = join(folder, 'case.sqlite')
const contents: string[] = []
const CURL = spawnSync('curl', ['--version']).status === 0

beforeAll(async () => {
  mkdirSync(exhibit)
  for (const seed of [1, 2, 3]) {
    const bytes = await jpeg({ seed, width: 320, height: 240 })
    writeFileSync(join(exhibit, `IMG_${seed}.jpg`), bytes)
    contents.push(createHash('sha256').update(bytes).digest('hex'))
  }
  summaryOf(seized(scanArgs(exhibit, ledger, [], '--phases', 'inventory,known')))
  const list = join(folder, 'decisions.csv')
  writeFileSync(list, `sha256,category\n${contents.map((one) => `${one},2`).join('\n')}\n`)
  const made = seized(['decide', ledger, '--from', list, '--scale', 'vics-us', '--operator', 'B. Example'])
  if (made.status !== 0) throw new Error(made.stderr)
})

function copyFor(name: string): string {
  const path = join(folder, `${name}.sqlite`)
  copyFileSync(ledger, path)
  copyFileSync(custodyPath(ledger), custodyPath(path))
  return path
}

const asked = (path: string, heads = `${path}.heads`) => [
  ...[path, '--scale', 'vics-us', '--operator', 'A. Example', '--pass', 'second', '--heads', heads],
  ...['--exhibit', exhibit, '--allow-writable-mount'],
]

async function decide({ post }: RunningReview, number: number, category: string, note = '') {
  const of = { contents: [contents[number]], count: 1 }
  const answer = await post('decide', { act: 'decided', category, note, of })
  return { status: answer.status, said: JSON.stringify(await answer.json()) }
}

/** One content is decided, another decided and undone, a third is on the screen. */
async function atWork(...given: Parameters<typeof openReview>): Promise<RunningReview> {
  const running = await openReview(...given)
  expect((await decide(running, 0, '1')).status).toBe(200)
  expect((await decide(running, 1, '1')).status).toBe(200)
  expect((await running.post('undo')).status).toBe(200)
  const wanted = { sha256: contents[2], reason: 'unclear', words: '', colour: false, blur: 0 }
  await shown(await running.post('reveal', wanted))
  return running
}

/** @param end how the look ended; null: nobody could say, so it counts in full */
function expectKept(path: string, end: string | null): void {
  const mine = [...decisionsOf(readCustody(path))].flatMap(([sha256, all]) =>
    standing(all).flatMap(({ operator, category }) =>
      operator === 'A. Example' ? [[sha256, category]] : [],
    ),
  )
  expect(mine).toEqual([[contents[0], '1']])
  const log = reveals(path)
  expect(log.map(({ act, by }) => [act, by])).toEqual([
    ['asked', undefined],
    ...(end === null ? [] : [['shown', end]]),
  ])
  const seconds = (log.at(-1)!.shownMs ?? 6000) / 1000
  const { status, stdout } = seized(['exposure', path, '--format', 'json', '--heads', `${path}.heads`])
  expect(status).toBe(0)
  const atMost = end === null || end === 'lost' ? 1 : 0
  expect(JSON.parse(stdout).days).toMatchObject([
    { operator: 'A. Example', reveals: 1, contents: 1, seconds, atMost },
  ])
  expect(seized(['verify', path, '--heads', `${path}.heads`]).status).toBe(0)
}

describe('a review with a picture on the screen', () => {
  it('two sessions of one person: the first ends and says so, the second goes on', async () => {
    const path = copyFor('two-sessions')
    const first = await atWork(asked(path))
    const second = await openReview(asked(path))
    const answer = await first.post('beat')
    expect([answer.status, await answer.json()]).toEqual([
      409,
      {
        refused: expect.stringContaining('A. Example opened another review of this ledger'),
        word: 'refused-other-review',
        params: { operator: 'A. Example', utc: expect.any(String) },
        ended: true,
      },
    ])
    expect(await first.ended).toBe(75)
    expect(first.said()).toContain('A. Example opened another review of this ledger')
    expect(await (await second.post('beat')).json()).toMatchObject({ left: 2 })
    await second.post('end')
    expect(await second.ended).toBe(0)
    expectKept(path, 'ended')
  })

  it('a lost browser: it was seen for the whole time; meanwhile, a message that it was hidden, which comes late, ends no later look', async () => {
    const lost = copyFor('lost-browser')
    const silent = await atWork(asked(lost))
    // Another review, while the first one waits for its browser.
    const path = copyFor('late-message')
    const running = await openReview(asked(path))
    const wanted = { sha256: contents[2], reason: 'unclear', words: '', colour: false, blur: 0 }
    const first = await shown(await running.post('reveal', wanted))
    const log = () => reveals(path).map(({ act, by }) => [act, by])
    await expect.poll(log, { timeout: 60_000 }).toContainEqual(['shown', 'lost'])
    const second = await shown(await running.post('reveal', wanted))
    await running.post('hidden', { by: 'key', number: first.head.number })
    expect(log().at(-1)).toEqual(['asked', undefined])
    await running.post('hidden', { by: 'key', number: second.head.number })
    expect(log().at(-1)).toEqual(['shown', 'key'])
    await running.post('end')
    await running.ended

    expect(await silent.ended).toBe(0)
    expect(silent.said()).toContain('The browser fell silent: the review has ended.')
    expectKept(lost, 'lost')
  }, 180_000)

  it('an end while it is still being read: nothing is asked for after the end', async () => {
    const path = copyFor('ended-early')
    const running = await openReview(asked(path))
    const wanted = { sha256: contents[2], reason: 'unclear', words: '', colour: false, blur: 0 }
    const revealing = running.post('reveal', wanted).catch(() => null)
    await running.post('end')
    await revealing
    await running.ended
    const events = readCustody(path).map(({ event }) => event)
    expect(events.at(-1)).toBe('review-closed')
    expect(events.filter((event) => event.startsWith('reveal'))).toEqual([])
  })

  it('a killed server: it was seen for the whole time at most, and the next review goes on', async () => {
    const path = copyFor('killed-server')
    const running = await atWork(asked(path))
    running.child.kill('SIGKILL')
    await running.ended
    await expect(running.post('beat')).rejects.toThrow()
    expectKept(path, null)
    const next = await openReview(asked(path))
    expect(await (await next.post('beat')).json()).toMatchObject({ left: 2, total: 3 })
    await next.post('end')
    expect(await next.ended).toBe(0)
  })

  it.skipIf(process.getuid?.() !== 0)(
    'a full disk: nothing more is decided or revealed, and what was seen counts in full',
    async () => {
      const small = join(folder, 'small')
      mkdirSync(small)
      const kilobytes = Math.ceil((statSync(ledger).size + statSync(custodyPath(ledger)).size) / 1024) + 256
      // In a namespace of its own: what is mounted there goes with the last process in it.
      const script = `mount -t tmpfs -o size=${kilobytes}k tmpfs "$1" && cp "$2" "$1/case.sqlite" && cp "$3" "$1/case.sqlite.custody.sqlite" && shift 3 && exec "$@"`
      const before = ['unshare', '-m', 'sh', '-c', script, 'sh', small, ledger, custodyPath(ledger)]
      const path = join(small, 'case.sqlite')
      const running = await atWork(asked(path, join(folder, 'small.heads')), {}, before)
      const inside = `/proc/${running.child.pid}/root${small}`
      expect(() => writeFileSync(join(inside, 'filler'), Buffer.alloc(kilobytes * 1024))).toThrow(/ENOSPC/)
      let refused: Awaited<ReturnType<typeof decide>> | null = null
      for (let tries = 0; tries < 100 && refused === null; tries++) {
        const answer = await decide(running, 0, '1', 'n'.repeat(1500))
        if (answer.status !== 200) refused = answer
      }
      expect(refused).toMatchObject({
        status: 409,
        said: expect.stringContaining('custody log could not be used'),
      })
      expect((await running.post('hidden', { by: 'key' })).status).toBe(409)
      const again = await running.post('reveal', {
        ...{ sha256: contents[1], reason: 'unclear', words: '', colour: false, blur: 0 },
      })
      expect([again.status, again.headers.get('content-type')]).toEqual([
        409,
        expect.stringContaining('application/json'),
      ])
      const copy = join(folder, 'full-disk.sqlite')
      copyFileSync(join(inside, 'case.sqlite'), copy)
      copyFileSync(join(inside, 'case.sqlite.custody.sqlite'), custodyPath(copy))
      running.child.kill('SIGINT')
      expect(await running.ended).toBe(75)
      expect(running.said()).toContain('The end of the review is not in the custody log')
      expectKept(copy, null)
    },
  )

  it('a ledger replaced meanwhile: the review ends and says so', async () => {
    const path = copyFor('replaced')
    const running = await atWork(asked(path))
    copyFileSync(path, `${path}.other`)
    renameSync(`${path}.other`, path)
    const answer = await decide(running, 1, '2')
    expect(answer).toMatchObject({ status: 409, said: expect.stringContaining('was replaced or changed') })
    expect(await running.ended).toBe(75)
    expect(running.said()).toContain('was replaced or changed while it was reviewed: open it again.')
    expectKept(path, 'ended')
  })

  it.skipIf(!CURL)(
    'a forged request of another process (curl): each is refused and counted, and the review goes on (skipped without curl)',
    async () => {
      const path = copyFor('forged')
      const running = await atWork(asked(path))
      const { origin, port, hash } = running.url
      const curl = (args: readonly string[], at = `${origin}/api/beat`) =>
        run('curl', ['-s', '-m', '10', '-o', '/dev/null', '-w', '%{http_code}', ...args, at]).then(
          ({ stdout }) => stdout,
          () => 'none',
        )
      const json = ['-H', 'Content-Type: application/json', '-d', '{}']
      const known = [...json, '-H', `Authorization: Bearer ${running.key}`]
      const token = ['-H', `Authorization: Bearer ${hash.slice(1)}`]
      const large = join(folder, 'large.json')
      writeFileSync(large, JSON.stringify({ query: 'a'.repeat(70_000) }))
      const attacks: readonly [status: string, args: readonly string[], at?: string][] = [
        // 2: another name
        ['403', [...known, '-H', 'Host: attacker.example']],
        [
          '403',
          [...known, '--resolve', `attacker.example:${port}:127.0.0.1`],
          `http://attacker.example:${port}/api/beat`,
        ],
        ['403', [...known, '-4'], `http://localhost:${port}/api/beat`],
        // 3: another page
        ['403', [...known, '-H', 'Origin: http://attacker.example']],
        ['403', [...known, '-H', 'Origin: null']],
        ['403', [...known, '-H', 'Sec-Fetch-Site: cross-site']],
        ['403', [...known, '-H', 'Sec-Fetch-Site: same-site']],
        ['403', [...known, '-H', 'Sec-Fetch-Dest: image']],
        // 4: without the key, with another, with cookies
        ['401', json],
        ['401', json, `${origin}/api/hidden`],
        ['401', json, `${origin}/api/end`],
        ['401', [...json, '-H', `Authorization: Bearer ${'A'.repeat(43)}`], `${origin}/api/decide`],
        ['401', [...json, ...token], `${origin}/api/tiles`],
        ['401', [...json, '-H', `Cookie: key=${running.key}`]],
        // 5: the address a second time
        ['403', [...json, ...token], `${origin}/api/hello`],
        // 7: form, too large, paths, methods
        ['415', ['-d', 'a=b', '-H', `Authorization: Bearer ${running.key}`]],
        ['413', [...known, '--data-binary', `@${large}`], `${origin}/api/view`],
        ['404', ['--path-as-is'], `${origin}/../../etc/passwd`],
        ['404', ['--path-as-is'], `${origin}/%2e%2e/package.json`],
        ['405', ['-X', 'OPTIONS', '-H', 'Access-Control-Request-Method: POST']],
        ['405', ['-X', 'PUT', '-d', 'x']],
        ['405', ['-X', 'TRACE']],
      ]
      for (const [status, args, at] of attacks)
        expect([args.join(' '), at, await curl(args, at)]).toEqual([args.join(' '), at, status])
      // 1: nothing listens elsewhere
      for (const host of ['[::1]', '127.0.0.2'])
        expect(await curl(known, `http://${host}:${port}/api/beat`)).toBe('none')
      expect((await running.post('hidden', { by: 'key' })).status).toBe(200)
      expect((await running.post('end')).status).toBe(200)
      expect(await running.ended).toBe(0)
      expectKept(path, 'key')
      const events = readCustody(path)
      const why = events.flatMap(({ event, detail }) =>
        event === 'review-request-refused' ? [detail.why] : [],
      )
      expect(why.toSorted()).toEqual([
        'destination',
        'host',
        'method',
        'origin',
        'site',
        'size',
        'token',
        'type',
      ])
      expect(events.filter(({ event }) => event === 'review-second-client').length).toBe(1)
      expect(events.find(({ event }) => event === 'review-closed')).toMatchObject({
        detail: {
          ...{ how: 'ended', reveals: '1', 'refused-host': '3', 'refused-origin': '2', 'refused-site': '2' },
          ...{ 'refused-destination': '1', 'refused-token': '6', 'refused-type': '1', 'refused-size': '1' },
          ...{ 'refused-path': '2', 'refused-method': '3' },
        },
      })
    },
    180_000,
  )
})
