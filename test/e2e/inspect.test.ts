/** `SEIZED_INSPECT`: a developer stops a process of one kind for a debugger; an examiner's installation refuses. */
import { once } from 'node:events'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeDiskImage } from '../../fixtures/disk-image.ts'
import { png } from '../../fixtures/pictures.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { installation, run } from './installation.ts'
import { scanArgs, seized, start, temporaryFolder } from './seized.ts'

/** A whole line: a piece of standard error may end within an address. */
const ADDRESS = /^inspect (\w+) \(process \d+\) waits for a debugger: (ws:\/\/127\.0\.0\.1:\d+\/\S+)\n/gm

/**
 * Attaches to a stopped process and lets it go on.
 * @returns address of the first file of the program that it has read; empty for a process that the scan ended before, because it needed it no more
 */
async function letGoOn(address: string): Promise<string> {
  const socket = new WebSocket(address)
  let id = 0
  let resumeId = 0
  const send = (method: string) => {
    socket.send(JSON.stringify({ id: ++id, method }))
    return id
  }
  return new Promise((resolve) => {
    let file = ''
    // Asked again and again: Node loses the request when it comes before the process has begun to wait.
    let asking: NodeJS.Timeout | undefined
    socket.addEventListener('message', ({ data }) => {
      const message = JSON.parse(String(data))
      if (message.method === 'Debugger.scriptParsed' && message.params.url.includes('/dist/program/'))
        file ||= message.params.url
      else if (message.method === 'Debugger.paused') {
        clearInterval(asking)
        resumeId = send('Debugger.resume')
      } else if (resumeId !== 0 && message.id === resumeId) socket.close()
    })
    socket.addEventListener('open', () => {
      send('Debugger.enable')
      asking = setInterval(() => send('Runtime.runIfWaitingForDebugger'), 200)
    })
    socket.addEventListener('close', () => {
      clearInterval(asking)
      resolve(file)
    })
  })
}

async function scannedWithDebugger(kind: string, exhibit: string, ledger: string) {
  const args = scanArgs(exhibit, ledger, [], '--workers', '1', '--allow-unconfined')
  const scan = start(args, { SEIZED_INSPECT: kind })
  const stops: Promise<string>[] = []
  let said = ''
  let attached = 0
  scan.stdout.resume()
  scan.stderr.on('data', (text: Buffer) => {
    said += text.toString()
    const addresses = [...said.matchAll(ADDRESS)]
    for (const [, of, address] of addresses.slice(attached)) {
      expect(of).toBe(kind)
      stops.push(letGoOn(address!))
    }
    attached = addresses.length
  })
  const [status] = await once(scan, 'close')
  return { status, files: (await Promise.all(stops)).filter((file) => file !== '') }
}

describe('SEIZED_INSPECT', () => {
  it.each([
    ['walker', 'walk-child.js'],
    ['reader', 'reader-child.js'],
    ['child', 'child.js'],
    ['lister', 'image-lister.js'],
  ])('stops each %s at its first line, lets it work on, and the ledger says so', async (kind, entry) => {
    const folder = temporaryFolder()
    const picture = await png({ seed: 3, width: 320, height: 240 })
    const exhibit = join(folder, kind === 'lister' ? 'disk.img' : 'exhibit')
    if (kind === 'lister') writeDiskImage(exhibit, [[{ name: 'IMG_0001.PNG', bytes: picture }]])
    else {
      mkdirSync(exhibit)
      writeFileSync(join(exhibit, '1.png'), picture)
    }
    const path = join(folder, 'case.sqlite')
    const { status, files } = await scannedWithDebugger(kind, exhibit, path)
    expect([3, 13]).toContain(status)
    expect(files.length).toBeGreaterThan(0)
    expect(new Set(files.map((file) => file.slice(file.lastIndexOf('/') + 1)))).toEqual(new Set([entry]))
    const ledger = openLedger(path)
    try {
      expect([...ledger.entries()].some(({ content }) => content?.mediaType === 'image/png')).toBe(true)
      expect(ledger.events().filter(({ event }) => event === 'processes-inspected')).toHaveLength(1)
    } finally {
      ledger.close()
    }
  })

  it('is refused without --allow-unconfined, and for a kind that does not exist: nothing is begun', () => {
    const folder = temporaryFolder()
    const ledger = join(folder, 'case.sqlite')
    const args = scanArgs(folder, ledger, [])
    const refused = seized(args, { SEIZED_INSPECT: 'reader' })
    expect([refused.status, refused.stderr]).toEqual([
      2,
      expect.stringContaining('a process with a debugger cannot be confined. Say --allow-unconfined'),
    ])
    const unknown = seized([...args, '--allow-unconfined'], { SEIZED_INSPECT: 'writer' })
    expect([unknown.status, unknown.stderr]).toEqual([
      2,
      expect.stringContaining('"writer", which is none of child, lister, reader, walker.'),
    ])
    expect(existsSync(ledger)).toBe(false)
  })

  it('is refused by an installed program, whatever is allowed', () => {
    const folder = temporaryFolder()
    const ledger = join(folder, 'case.sqlite')
    const root = installation(join(folder, 'installed'))
    const { status, stderr } = run(root, [...scanArgs(folder, ledger, []), '--allow-unconfined'], {
      SEIZED_INSPECT: 'child',
    })
    expect([status, stderr]).toEqual([2, expect.stringContaining('works only in a checkout of the source')])
    expect(existsSync(ledger)).toBe(false)
  })
})
