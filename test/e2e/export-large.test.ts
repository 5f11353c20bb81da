/**
 * An export beyond four gigabytes, of which one content is larger than that: 7-Zip reads both. It takes ten gigabytes of disk and
 * minutes, so it runs where `SEIZED_LARGE` is set.
 */
import { spawnSync } from 'node:child_process'
import { closeSync, ftruncateSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolderForFile } from '../ledger/temporary.ts'
import { scanArgs, seized, summaryOf } from './seized.ts'

const GIGABYTE = 1 << 30
const PASSPHRASE = 'a passphrase of the desk'
const folder = temporaryFolderForFile()

/** Sparse, with a few bytes of its own at its beginning and its end. */
function sparse(file: string, sizeBytes: number, text: string): void {
  const fd = openSync(file, 'w')
  ftruncateSync(fd, sizeBytes)
  writeSync(fd, text, 0)
  writeSync(fd, text, sizeBytes - text.length)
  closeSync(fd)
}

describe.runIf(process.env.SEIZED_LARGE)('an export of more than four gigabytes', () => {
  it('has what lies beyond, and a content that is larger than that', () => {
    const [exhibit, ledger, zip] = ['exhibit', 'case.sqlite', 'x.zip'].map((one) => join(folder, one)) as [
      string,
      string,
      string,
    ]
    mkdirSync(exhibit)
    sparse(join(exhibit, 'large.bin'), 4 * GIGABYTE + 7, 'large')
    sparse(join(exhibit, 'middling.bin'), GIGABYTE / 4 + 5, 'middling')
    writeFileSync(join(exhibit, 'small.bin'), 'small')
    summaryOf(seized(scanArgs(exhibit, ledger, [], '--phases', 'inventory,known')))
    writeFileSync(join(folder, 'passphrase'), `${PASSPHRASE}\n`)
    const asked = [
      ...[
        'export',
        ledger,
        '--exhibit',
        exhibit,
        '--allow-writable-mount',
        '--query',
        'name:bin',
        '--out',
        zip,
      ],
      ...['--basis', 'order 3/2026', '--operator', 'A. Example', '--heads', join(folder, 'heads')],
      ...['--passphrase-file', join(folder, 'passphrase')],
    ]
    // Killed once behind its first content, which is whole: it is not read again.
    seized(asked, { SEIZED_CRASH_AT: 'export:content:1' })
    const made = seized(asked)
    expect([made.status, made.stdout]).toEqual([0, expect.stringMatching(/^3 contents in/)])
    const input = `${PASSPHRASE}\n`
    const tested = spawnSync('7z', ['t', zip], { input, encoding: 'utf8' })
    expect([tested.status, tested.stdout]).toEqual([0, expect.stringContaining('Everything is Ok')])
    const read = spawnSync('sh', ['-c', '7z x -so "$1" "media/*" | sha256sum', 'sh', zip], {
      input,
      encoding: 'utf8',
    })
    const sums = spawnSync('7z', ['x', '-so', zip, 'SHA256SUMS'], { input, encoding: 'utf8' }).stdout
    const inOrder = sums.split('\n').flatMap((line) => line.split('  ')[0]!.slice(0, 64) || [])
    const whole = spawnSync(
      'sh',
      [
        '-c',
        'cd "$1"; for one in $2; do for file in *; do [ "$(sha256sum < $file | cut -c1-64)" = $one ] && cat $file; done; done | sha256sum',
        'sh',
        exhibit,
        inOrder.join(' '),
      ],
      { encoding: 'utf8' },
    )
    expect(inOrder.length).toBe(3)
    expect(read.stdout).toBe(whole.stdout)
  }, 1_200_000)
})
