/** `seized image` shows what a lister says of an image: nothing of it reaches the terminal as it is. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeDiskImage } from '../../fixtures/disk-image.ts'
import { EXIT } from '../../src/base/exit-codes.ts'
import { lyingInstallation, run, tellIt } from './lied-to.ts'
import { LIES } from './lies.mjs'

/** Controls but the line feed, and what turns the direction of letters. */
const MOVES = /[\0-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]/

const folder = mkdtempSync(join(tmpdir(), 'seized-described-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const path = join(folder, 'disk.img')
let root: string
beforeAll(() => {
  writeDiskImage(path, [[{ name: 'A.TXT', bytes: Buffer.from('a text\n') }]])
  root = lyingInstallation(join(folder, 'program'), 'image-lister')
})

describe.each(Object.entries(LIES.describing!))('a lister that says %s', (lie, { refused }) => {
  it.each([[['image', path]], [['image', path, '--json']]])('moves no cursor by %j', (args) => {
    tellIt(root, 'image-lister', lie, 'describing')
    const { status, stdout, stderr } = run(root, args)
    expect(stdout).not.toMatch(MOVES)
    expect(stderr).not.toMatch(MOVES)
    if (refused) {
      expect([status, stdout]).toEqual([EXIT.usage, ''])
      expect(stderr.trim().split('\n')).toHaveLength(1)
      return
    }
    expect([EXIT.complete, EXIT.incomplete]).toContain(status)
    // Escaped, not left out; and a line is a line.
    expect(stdout).toContain(args.includes('--json') ? '\\u202e' : '\\u{202e}')
    expect(stdout).not.toMatch(/^volume 9/m)
  })
})
