/** A program of which a part is broken says so, in every place where it would else be taken for a fact about the exhibit. */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { EXIT } from '../../src/base/exit-codes.ts'
import { smallPicture, smallTar } from '../../src/base/small-files.ts'
import { PROGRAM_ROOT } from '../../src/base/version.ts'
import { temporaryFolderForFile } from '../ledger/temporary.ts'
import { breakPart, installation, run } from './installation.ts'
import { type Result, scanArgs, seized, temporaryFolder } from './seized.ts'

/** One for all: whatever a test breaks in it is mended when the test ends. */
const root = installation(join(temporaryFolderForFile(), 'program'))

/** @returns mends it, before the test ends */
function broken(part: string, how?: Parameters<typeof breakPart>[2]): () => void {
  const mend = breakPart(root, part, how)
  onTestFinished(mend)
  return mend
}

function exhibit(): string {
  const folder = join(temporaryFolder(), 'exhibit')
  mkdirSync(folder)
  writeFileSync(join(folder, 'a.png'), smallPicture(1))
  // No text and no format that we know: the library of signatures is asked.
  const unknown = Buffer.from(Array.from({ length: 64 }, (_, i) => (i * 41 + 130) % 256))
  writeFileSync(join(folder, 'unknown'), unknown)
  const text = Buffer.from('Nothing that matters to anybody.\n'.repeat(9))
  const inside = smallTar([
    ['c.txt', text],
    ['d', Buffer.concat([unknown, unknown])],
  ])
  writeFileSync(join(folder, 'b.tar'), inside)
  return folder
}

const lastLine = ({ stdout }: Result) => JSON.parse(stdout.trim().split('\n').at(-1)!)

function pageOne(ledger: string): string {
  const out = join(temporaryFolder(), 'report.html')
  expect(seized(['report', ledger, '--format', 'html', '--out', out]).status).toBe(0)
  const page = readFileSync(out, 'utf8')
  return page.slice(0, page.indexOf('id="counts"'))
}

describe('a broken installation', () => {
  it('in which no reader reads is told from an exhibit that cannot be read, and a run goes on once it is mended', () => {
    const mend = broken('node_modules/file-type/core.js')
    const ledger = join(temporaryFolder(), 'l.sqlite')
    const result = run(root, scanArgs(exhibit(), ledger, [], '--phases', 'known'))
    expect(result.status, result.stderr).toBe(EXIT.tryAgain)
    const error = lastLine(result)
    expect(error).toMatchObject({ event: 'error', code: 'installation-broken', exitCode: EXIT.tryAgain })
    expect(error.message).toMatch(
      /^This installation of seized is broken: the process that reads files fails .*its last words: .*SyntaxError/,
    )
    expect(result.stderr).toContain(error.message)
    const summary = seized(['summary', ledger, '--json'])
    expect(summary.status).toBe(EXIT.interrupted)
    expect(lastLine(summary).installation).toEqual([
      expect.stringMatching(/that reads files failed.*SyntaxError/),
    ])
    expect(seized(['summary', ledger]).stdout).toMatch(/installation of seized was broken[\s\S]*PARTIAL/)
    expect(pageOne(ledger)).toMatch(/installation of seized was broken.*says nothing about the exhibit/)
    mend()
    const resumed = run(root, ['resume', ledger, '--progress', 'json', '--allow-writable-mount'])
    expect(lastLine(resumed)).toMatchObject({ event: 'summary', incomplete: ['no-list'] })
    expect(pageOne(ledger)).toMatch(/installation of seized was broken.*was gone on with afterwards/)
  })

  it('in which nothing is listed says so, and leaves no ledger that looks like an empty exhibit', () => {
    const mend = broken(nativePart('@napi-rs/xattr-linux'))
    const ledger = join(temporaryFolder(), 'l.sqlite')
    const folder = exhibit()
    const listed = run(root, scanArgs(folder, ledger, [], '--phases', 'inventory'))
    expect([listed.status, lastLine(listed).code]).toEqual([EXIT.tryAgain, 'installation-broken'])
    mend()
    broken('dist/program/walk-child.js')
    const other = join(temporaryFolder(), 'l.sqlite')
    const walked = run(root, scanArgs(folder, other, [], '--phases', 'inventory'))
    expect([walked.status, lastLine(walked).code]).toEqual([EXIT.tryAgain, 'installation-broken'])
    expect(lastLine(walked).message).toContain('the process that lists the files of a mount')
    expect(seized(['summary', other]).stdout).toContain('PARTIAL')
  })

  it('of which a native part does not load ends with a sentence, and doctor finds what a scan finds', () => {
    broken('node_modules/pdfjs-dist/legacy/build/pdf.mjs')
    const ledger = join(temporaryFolder(), 'l.sqlite')
    const opened = run(root, scanArgs(exhibit(), ledger, []))
    expect([opened.status, lastLine(opened).code]).toEqual([EXIT.tryAgain, 'child-cannot-start'])
    expect(pageOne(ledger)).toMatch(/the process that opens containers could not be started.*SyntaxError/)
    broken('node_modules/file-type/core.js')
    broken(nativePart('@img/sharp-linux'))
    const native = run(root, scanArgs(exhibit(), join(temporaryFolder(), 'l.sqlite'), []))
    expect([native.status, lastLine(native).code]).toEqual([EXIT.tryAgain, 'installation-broken'])
    const doctor = run(root, ['doctor', '--json', '--dir', temporaryFolder()])
    expect(doctor.status).not.toBe(0)
    const found = doctor.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ name, state }) => name === 'child' && state === 'todo')
      .map((check) => check.found)
    // As root every child loads what it may not be able to read later, and fails with it.
    expect(found).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/reads files does not work: .*SyntaxError/),
        expect.stringMatching(/reads files does not work: .*SyntaxError/),
        expect.stringMatching(/looks at pictures and videos does not start: .*sharp/),
        expect.stringMatching(/opens containers does not start: .*SyntaxError/),
        expect.stringMatching(/reads text does not start: .*SyntaxError/),
        expect.stringMatching(/shows a picture in review does not start: .*sharp/),
      ]),
    )
  })
})

describe('a 7-Zip that is damaged', () => {
  const WASM = 'node_modules/7z-wasm/7zz.wasm'
  /** A good container that only 7-Zip opens (ar(5)). */
  const ARCHIVE = Buffer.from(
    `!<arch>\n${'letter.txt/'.padEnd(16)}${'0'.padEnd(12)}0     0     100644  22        \`\nThe ferry leaves now.\n`,
  )

  it.each([
    ['is cut off', (whole: Buffer) => whole.subarray(0, whole.length >> 1)],
    ['has a stretch of zeros', (whole: Buffer) => Buffer.from(whole).fill(0, 400_000, 404_096)],
  ])('is never told as damage of a container: it %s', (_, damage) => {
    const folder = join(temporaryFolder(), 'exhibit')
    mkdirSync(folder)
    writeFileSync(join(folder, 'a.a'), ARCHIVE)
    const mend = broken(WASM, damage)
    // Of another version than is known here: else the run does not begin.
    broken('node_modules/7z-wasm/package.json', (text) => `${text}`.replace('"1.2.0"', '"1.2.1"'))
    const ledger = join(temporaryFolder(), 'l.sqlite')
    const result = run(root, scanArgs(folder, ledger, [], '--phases', 'known'))
    expect(result.status, result.stderr).toBe(EXIT.tryAgain)
    expect(lastLine(result)).toMatchObject({ event: 'error', exitCode: EXIT.tryAgain })
    expect(lastLine(result).message).toContain('7z-wasm/7zz.wasm is damaged')
    mend()
    const resumed = run(root, ['resume', ledger, '--progress', 'json', '--allow-writable-mount'])
    expect(lastLine(resumed)).toMatchObject({ event: 'summary', incomplete: ['no-list'] })
    expect(lastLine(resumed).stages.opened).toMatchObject({ done: 1, 'done-with-warnings': 0, 'not-done': 0 })
  })
})

describe('a part in which one byte is another one', () => {
  it('that nothing fails on is told before anything is examined, by a scan and by doctor', () => {
    const of = exhibit()
    const env = { XDG_CACHE_HOME: temporaryFolder() }
    const scan = (ledger: string) => run(root, scanArgs(of, ledger, [], '--phases', 'known'), env)
    expect(lastLine(scan(join(temporaryFolder(), 'l.sqlite')))).toMatchObject({ incomplete: ['no-list'] })
    // A letter of a text that it prints: it loads and works as before.
    const mend = broken('node_modules/7z-wasm/7zz.wasm', (bytes) => {
      const other = Buffer.from(bytes)
      other[other.indexOf('Everything is Ok')] = 0x65
      return other
    })
    const ledger = join(temporaryFolder(), 'l.sqlite')
    const refused = scan(ledger)
    expect(refused.status, refused.stderr).toBe(EXIT.tryAgain)
    expect(lastLine(refused)).toMatchObject({ event: 'error', code: 'installation-broken' })
    expect(lastLine(refused).message).toContain('7z-wasm/7zz.wasm is damaged')
    expect(existsSync(ledger)).toBe(false)
    const doctor = run(root, ['doctor', '--json', '--dir', temporaryFolder()], env)
    expect(doctor.stdout).toMatch(/"name":"parts","state":"todo","found":"7z-wasm\/7zz\.wasm: /)
    expect(doctor.status).toBe(EXIT.tryAgain)
    mend()
    expect(lastLine(scan(ledger))).toMatchObject({ incomplete: ['no-list'] })
  })
})

describe.skipIf(process.getuid?.() !== 0)('a program that only root can enter', () => {
  it('reads what it reads elsewhere, although its children become nobody', () => {
    const folder = temporaryFolder()
    chmodSync(folder, 0o700)
    const own = installation(join(folder, 'program'))
    const of = exhibit()
    const digests = [PROGRAM_ROOT, own].map((program) => {
      const ledger = join(temporaryFolder(), 'l.sqlite')
      const result = run(program, scanArgs(of, ledger, [], '--text', '--basis', 'synthetic'))
      const { evidenceDigest, analysisDigest, stages } = lastLine(result)
      expect(stages['text-read']).toMatchObject({ done: 1, 'not-done': 0 })
      return [evidenceDigest, analysisDigest]
    })
    expect(digests[1]).toEqual(digests[0])
    const image = scanArgs(join(of, 'b.tar'), join(temporaryFolder(), 'l.sqlite'), [], '--phases', 'known')
    expect(lastLine(run(own, image)).stages.read).toMatchObject({ done: 2, 'not-done': 0 })
  })
})

/** @param name beginning of a package's, before the platform */
function nativePart(name: string): string {
  const [scope, beginning] = name.split('/') as [string, string]
  const packages = readdirSync(join(root, 'node_modules', scope)).filter((one) => one.startsWith(beginning))
  for (const folder of packages.map((one) => join('node_modules', scope, one)))
    for (const inside of [folder, join(folder, 'lib')]) {
      const found = existsSync(join(root, inside))
        ? readdirSync(join(root, inside)).find((file) => file.endsWith('.node'))
        : undefined
      if (found) return join(inside, found)
    }
  throw new Error(`${name} has no native part here`)
}
