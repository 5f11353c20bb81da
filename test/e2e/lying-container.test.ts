/** A decoder that a container has taken over, in a whole program of its own: it plants no member that a list speaks of. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { digestsOf } from '../../src/hash/digest.ts'
import { zipOf } from '../child/archives.ts'
import { breakPart, installation, run } from './installation.ts'
import { exported, scanArgs, summaryOf, temporaryFolder } from './seized.ts'

const MIB = 1 << 20
/** It lies nowhere on this exhibit. */
const LISTED = digestsOf(Buffer.from('listed and not here\n'))

/** Whichever process opens or verifies, it was taken over: each parses the same container. */
const lyingDecoder = (root: string, sizeBytes: number) => `
import { OPS } from '${root}/dist/src/confined/decoder/ops.js'
import { serve } from '${root}/dist/src/confined/decoder/serve.js'
const NOTHING = Buffer.alloc(0)
const member = {
  type: 'member', target: '', kind: 'member', name: 'planted', entryKind: 'file', sizeBytes: '${sizeBytes}',
  modified: null, linkTarget: null, read: { result: 'done' }, digests: ${JSON.stringify(LISTED)}, mediaType: 'image/jpeg',
}
const open = {
  name: 'open',
  prepare: async (config) => {
    const honest = await OPS.find(({ name }) => name === 'open').prepare(config)
    // No other container has taken it over.
    return (job) => (job.header.mediaType === 'application/zip' ? lying(job) : honest(job))
  },
}
async function lying({ header, emit }) {
    const [target] = header.targets
    if (header.mode === 'list') {
      emit({ ...member, target }, NOTHING)
      emit({ type: 'opened', target, result: { result: 'done' }, members: 1, appendedAt: null }, NOTHING)
    } else if (header.mode === 'bytes') emit({ type: 'bytes', target }, Buffer.alloc(Math.min(${sizeBytes}, header.heldBytes)))
    else {
      for (let left = ${sizeBytes}; left > 0; left -= ${MIB}) emit({ type: 'piece', target }, Buffer.alloc(Math.min(left, ${MIB})))
      emit({ type: 'whole', target }, NOTHING)
    }
    return { header: null, bytes: NOTHING }
}
await serve([...OPS.filter(({ name }) => name !== 'open'), open])
`

let folder: string
let program: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'seized-lying-container-'))
  program = installation(join(folder, 'program'))
  mkdirSync(join(folder, 'exhibit'))
  writeFileSync(join(folder, 'list.txt'), `${LISTED.sha256}\n`)
}, 180_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it.each([
  ['700 MiB in a ZIP of 62 kB', 62_000, 700 * MIB, 'decoder-crashed'],
  ['600 MiB in a ZIP of 1 MB, whose bytes no process holds', 1_000_000, 600 * MIB, 'children-disagree'],
  ['1 MiB in a ZIP of 62 kB', 62_000, MIB, 'children-disagree'],
])(
  'a member that no list holds, said to be listed, is no hit: %s',
  (_, packed, sizeBytes, reason) => {
    writeFileSync(join(folder, 'exhibit/a.zip'), zipOf({ noise: randomBytes(packed) }))
    const ledger = join(folder, `${packed}-${sizeBytes}.sqlite`)
    const mend = breakPart(program, 'dist/program/child.js', () => lyingDecoder(program, sizeBytes))
    const args = scanArgs(join(folder, 'exhibit'), ledger, [`illegal:${join(folder, 'list.txt')}`])
    const result = run(program, [...args, '--phases', 'inventory,known'])
    mend()
    expect([result.status, result.stderr]).toEqual([3, ''])
    expect(summaryOf(result)).toMatchObject({ hits: 0, complete: false })
    const lines = exported(ledger, temporaryFolder())
    expect(lines.filter(({ path }) => path.includes('planted'))).toEqual([])
    expect(lines.find(({ path }) => path === 'a.zip').stages.opened).toMatchObject({
      result: 'not-done',
      reason,
    })
  },
  120_000,
)
