/** What becomes of a review when the program is killed, or the disk of its custody log is full: a sentence, and nothing decided is lost. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { reviewContent } from '../../fixtures/ledgers/review.ts'
import { custodyPath, readCustody } from '../../src/ledger/custody/custody.ts'
import { decisionsOf } from '../../src/ledger/custody/decisions.ts'
import { temporaryFolder, verifyAlone } from '../ledger/temporary.ts'
import { reviewLedgerIn } from '../review/review-server.ts'
import { BIN } from './seized.ts'

interface Asked {
  readonly status: number
  readonly said: Record<string, unknown>
}

/** Its page, as a program asks it. */
async function opened(child: ChildProcessWithoutNullStreams) {
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  let text = ''
  child.stderr.on('data', (piece: Buffer) => {
    text += piece
  })
  const url = await new Promise<URL>((resolve, reject) => {
    child.stdout.on('data', (piece: Buffer) => {
      text += piece
      const found = /http:\/\/127\.0\.0\.1:\d+\/#[\w-]+/.exec(text)
      if (found) resolve(new URL(found[0]))
    })
    child.once('exit', () => reject(new Error(text)))
  })
  let key = url.hash.slice(1)
  const post = async (what: string, body: object = {}): Promise<Asked> => {
    const response = await fetch(`${url.origin}/api/${what}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` },
      body: JSON.stringify(body),
    })
    return { status: response.status, said: (await response.json()) as Record<string, unknown> }
  }
  key = String((await post('hello')).said.key)
  const decide = (number: number, category = '1') =>
    post('decide', {
      act: 'decided',
      category,
      note: 'n'.repeat(1500),
      of: { contents: [reviewContent(number).digests.sha256], count: 1 },
    })
  return { post, decide }
}

const asked = (path: string) => [
  ...['review', path, '--operator', 'A. Example', '--scale', 'vics-us'],
  ...['--heads', `${path}.heads`],
]

describe('a review', () => {
  it('opens through a file of its own when it is asked to, and no command line has its key', async () => {
    const folder = temporaryFolder()
    const path = reviewLedgerIn(folder, 3)
    const [bin, kept] = [join(folder, 'bin'), join(folder, 'kept.html')]
    mkdirSync(bin)
    // What opens it keeps what it was given, as a browser would read it.
    const script = `#!/bin/sh\n[ "$1" = --version ] || { stat -c %a "$1" > ${kept}.mode; echo "$@" > ${kept}.given; cp "$1" ${kept}; }\n`
    writeFileSync(join(bin, 'xdg-open'), script, { mode: 0o755 })
    const env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, TMPDIR: folder }
    const child = spawn(process.execPath, [BIN, ...asked(path), '--open'], { env })
    const { post } = await opened(child)
    await expect.poll(() => existsSync(kept), { timeout: 60_000 }).toBe(true)
    expect(readFileSync(`${kept}.mode`, 'utf8').trim()).toBe('600')
    expect(readFileSync(kept, 'utf8')).toMatch(/url=http:\/\/127\.0\.0\.1:\d+\/#[\w-]{43}"/)
    const given = readFileSync(`${kept}.given`, 'utf8').trim()
    expect(given).toMatch(/review\.html$/)
    await post('end')
    expect((await once(child, 'exit'))[0]).toBe(0)
    expect(existsSync(given)).toBe(false)
  })

  it('that is killed has lost nothing of what it said was decided, and is gone on with', async () => {
    const path = reviewLedgerIn(temporaryFolder(), 12)
    const child = spawn(process.execPath, [BIN, ...asked(path)])
    const { decide } = await opened(child)
    for (let number = 0; number < 5; number++) expect((await decide(number)).status).toBe(200)
    const last = decide(5).then(
      ({ status }) => status,
      () => 0,
    )
    // The program that was started may have started the one that serves: both end.
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
    const answered = await last
    const made = decisionsOf(readCustody(path)).size
    expect([5, 6]).toContain(made)
    if (answered === 200) expect(made).toBe(6)
    expect(verifyAlone(path).problems).toEqual([])
    const again = spawn(process.execPath, [BIN, ...asked(path)])
    const { post } = await opened(again)
    expect((await post('beat')).said).toMatchObject({ left: 12 - made, total: 12 })
    await post('end')
    expect((await once(again, 'exit'))[0]).toBe(0)
  })

  it.skipIf(process.getuid?.() !== 0)(
    'on a full disk decides nothing that it cannot log, says so, and goes on when there is room',
    async () => {
      const folder = temporaryFolder()
      const from = reviewLedgerIn(folder, 60)
      const small = join(folder, 'small')
      mkdirSync(small)
      const kilobytes = Math.ceil((statSync(from).size + statSync(custodyPath(from)).size) / 1024) + 256
      // In a namespace of its own: what is mounted there goes with the last process in it.
      const script = `mount -t tmpfs -o size=${kilobytes}k tmpfs "$1" && cp "$2" "$1/case.sqlite" && cp "$3" "$1/case.sqlite.custody.sqlite" && shift 3 && exec "$@"`
      const path = join(small, 'case.sqlite')
      const command = [process.execPath, BIN, ...asked(path), '--heads', join(folder, 'heads')]
      const child = spawn('unshare', [
        '-m',
        'sh',
        '-c',
        script,
        'sh',
        small,
        from,
        custodyPath(from),
        ...command,
      ])
      const { decide, post } = await opened(child)
      const inside = `/proc/${child.pid}/root${small}`
      expect((await decide(0)).status).toBe(200)
      const filler = join(inside, 'filler')
      expect(() => writeFileSync(filler, Buffer.alloc(kilobytes * 1024))).toThrow(/ENOSPC/)
      let decided = 1
      let refused: Asked | null = null
      for (let number = 1; number < 60 && refused === null; number++) {
        const answer = await decide(number)
        if (answer.status === 200) decided++
        else refused = answer
      }
      expect(refused).toMatchObject({
        status: 409,
        said: { refused: expect.stringContaining('custody log could not be used') },
      })
      const logged = () => {
        const copy = join(folder, 'copy.sqlite')
        copyFileSync(join(inside, 'case.sqlite'), copy)
        copyFileSync(join(inside, 'case.sqlite.custody.sqlite'), custodyPath(copy))
        expect(verifyAlone(copy).problems).toEqual([])
        return decisionsOf(readCustody(copy)).size
      }
      expect(logged()).toBe(decided)
      expect((await post('beat')).said).toMatchObject({ left: 60 - decided })
      truncateSync(filler, 0)
      rmSync(filler)
      expect((await decide(59)).status).toBe(200)
      expect(logged()).toBe(decided + 1)
      await post('end')
      expect((await once(child, 'exit'))[0]).toBe(0)
    },
  )
})
