/** A VMDK in several files: a confined lister reads its descriptor, and the main process opens what lies beside it and nothing else. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeDiskImage } from '../../fixtures/disk-image.ts'
import { EXIT } from '../../src/base/exit-codes.ts'
import { parseDescriptor } from '../../src/formats/image/container/vmdk/descriptor.ts'
import { ledgerOf, lyingInstallation, run, tellIt } from './lied-to.ts'
import { LIES } from './lies.mjs'

const folder = mkdtempSync(join(tmpdir(), 'seized-extents-'))
const at = (name: string) => join(folder, 'images', name)
let root: string

const descriptor = (name: string) =>
  [
    '# Disk DescriptorFile',
    'version=1',
    'CID=fffffffe',
    'parentCID=ffffffff',
    'createType="monolithicFlat"',
    `RW ${statSync(at('disk-flat.vmdk')).size / 512} FLAT "${name}" 0`,
    '',
  ].join('\n')

beforeAll(() => {
  mkdirSync(join(folder, 'images'))
  writeDiskImage(at('disk-flat.vmdk'), [[{ name: 'A.TXT', bytes: Buffer.from('a text on the disk\n') }]])
  writeFileSync(at('größe-flat.vmdk'), readFileSync(at('disk-flat.vmdk')))
  writeFileSync(join(folder, 'secret'), 'x')
  writeFileSync(at('disk.vmdk'), descriptor('disk-flat.vmdk'))
  writeFileSync(at('größe.vmdk'), descriptor('größe-flat.vmdk'))
  writeFileSync(at('outside.vmdk'), descriptor('../secret'))
  writeFileSync(join(folder, 'list.txt'), `${'f'.repeat(64)}\n`)
  root = lyingInstallation(join(folder, 'program'), 'image-lister')
  tellIt(root, 'image-lister', 'a frame that never comes', 'honest')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function scan(image: string) {
  const ledger = join(folder, `${image}.sqlite`)
  const who = ['--case', 'C', '--exhibit', 'E', '--examiner', 'X', '--ledger', ledger, '--progress', 'json']
  const how = ['--phases', 'inventory,known', '--hashset', `illegal:${join(folder, 'list.txt')}`]
  return { ...run(root, ['scan', at(image), ...who, ...how]), ledger }
}

it.each(['disk.vmdk', 'größe.vmdk'])('%s is examined with its extent', (image) => {
  const { status, ledger } = scan(image)
  expect(status).toBe(EXIT.complete)
  const { problems, lines } = ledgerOf(ledger)
  expect(problems).toEqual([])
  expect(lines.get('volume 1 » A.TXT')).toMatchObject({ mediaType: 'text/plain' })
})

it('a descriptor that names a file elsewhere is refused by a sentence', () => {
  const { status, stdout } = scan('outside.vmdk')
  expect(status).toBe(EXIT.usage)
  expect(stdout).toContain('names an extent outside of its folder')
})

describe.each(Object.keys(LIES.extents!))('a lister that says %s', (lie) => {
  it('opens nothing elsewhere, and the program ends by a sentence', () => {
    tellIt(root, 'image-lister', lie, 'extents')
    const { status, stdout, stderr } = run(root, ['image', at('disk.vmdk')])
    // A second answer that comes when the program has ended the lister is not read: the first one was honest.
    if (lie === 'its names twice' && status === EXIT.complete) {
      tellIt(root, 'image-lister', 'a frame that never comes', 'honest')
      expect(stdout).toBe(run(root, ['image', at('disk.vmdk')]).stdout)
      return
    }
    expect([EXIT.usage, EXIT.tryAgain]).toContain(status)
    expect(stdout).toBe('')
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stderr).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f]/)
  })
})

it('a megabyte of empty lines is parsed in one go', () => {
  // A pattern over the whole text took half a minute for 64 KiB of them, and its time grows with the square.
  expect(parseDescriptor(Buffer.from(`# Disk DescriptorFile${'\n'.repeat(1 << 20)}CID=1`))?.identifier).toBe(
    '1',
  )
  expect(
    parseDescriptor(Buffer.from(`# Disk DescriptorFile\nCID=${' '.repeat(1 << 20)}"x"y`))?.identifier,
  ).toBe('')
})
