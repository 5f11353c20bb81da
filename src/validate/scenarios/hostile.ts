/** Damaged, unknown and encrypted files: each is named, none affects another, and the run is not complete. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import Database from 'better-sqlite3'
import { zipSync } from 'fflate'
import { tarOf } from '../../../fixtures/mail.ts'
import { jpeg, noise, png } from '../../../fixtures/pictures.ts'
import { digest } from '../exhibits/planted.ts'
import { Checks } from '../model/observation.ts'
import { type Bench, type Scenario, summaryOf } from '../model/scenario.ts'

export const hostile: Scenario = {
  id: 'hostile',
  title: 'damaged containers and pictures, unknown databases, locked archives, beside good files',
  speaksOf: ['damage-said', 'unread-is-not-done', 'one-costs-none', 'exit-codes'],
  weight: { quick: 5, full: 10 },
  async run(bench) {
    const damaged = new Checks(
      'damage-said',
      'seized scan of damaged containers and pictures',
      'a result that says so: done-with-warnings or not-done in a stage',
    )
    const unread = new Checks(
      'unread-is-not-done',
      'seized scan of one file that cannot be read in full, alone',
      'not-done with a reason, not complete, exit code 3',
    )
    const others = new Checks(
      'one-costs-none',
      'good files beside the damaged ones',
      'each file and each member of a whole archive has its digest and its hit; each whole picture was looked at',
    )
    const codes = new Checks(
      'exit-codes',
      'what was asked and what was found',
      '0, 3, 10, 13, 2 as README says',
    )
    const root = bench.at('exhibit')
    mkdirSync(root)
    const good = Array.from({ length: bench.of(12, 60) }, (_, i) => noise(bench.seed * 31 + i, 900 + i))
    for (const [i, bytes] of good.entries()) writeFileSync(bench.at('exhibit', `good-${i}.bin`), bytes)
    const members = beside(bench)
    const pictures = ['a-whole.jpg', 'z-whole.jpg']
    for (const [i, name] of pictures.entries())
      writeFileSync(
        bench.at('exhibit', name),
        await jpeg({ seed: bench.seed + 40 + i, width: 320, height: 240 }),
      )
    const list = bench.at('list.txt')
    writeFileSync(list, [...good, ...members].map((bytes) => `${digest('sha256', bytes)}\n`).join(''))
    const files = await damagedFiles(bench)
    for (const [name, bytes] of files) writeFileSync(bench.at('exhibit', name), bytes)
    const ledger = bench.at('hostile.sqlite')
    const ran = bench.scan(root, ledger, '--hashset', `illegal:${list}`)
    codes.equal(ran.code, 13, 'hits and damage')
    const entries = bench.entries(ledger)
    for (const [name, , whole] of files) {
      const inside = entries.filter(({ path }) => path === name || path.startsWith(`${name} » `))
      // The container's own result names the damage, independent of its members.
      const own = Object.values(inside.find(({ path }) => path === name)?.stages ?? {})
      const said = own.some(({ result }) => result === 'not-done' || result === 'done-with-warnings')
      damaged.see(said, () => `${name} is read without a word`)
      const known = new Set(whole.map((bytes) => digest('sha256', bytes)))
      for (const { path, sha256, stages } of inside.filter((one) => one.path !== name && one.sha256 !== null))
        damaged.see(
          stages.read?.result !== 'done' || known.has(sha256!),
          () => `${path} is read without a word, and its bytes are others`,
        )
    }
    for (const bytes of [...good, ...members]) {
      const entry = entries.find(({ sha256 }) => sha256 === digest('sha256', bytes))
      others.see(entry !== undefined && entry.hits.length === 1, () => `a good file of ${bytes.length} bytes`)
    }
    for (const name of pictures) {
      const entry = entries.find(({ path }) => path === name)
      others.see(
        entry?.stages['looked-at']?.result === 'done' && entry.attributes.length > 0,
        () => `${name} was not looked at as it would be alone`,
      )
    }
    unreadAlone(bench, unread, list)
    exitCodes(bench, codes, list)
    return [damaged, unread, others, codes].map(({ observation }) => observation)
  },
}

/** Whole archives before and after the damaged ones, in every order of names. @returns their members */
function beside(bench: Bench): readonly Buffer[] {
  return ['a-whole', 'cut-whole', 'z-whole'].map((name, i) => {
    const member = noise(bench.seed * 37 + i, 5000 + i)
    const bytes = i === 1 ? tarOf('m.bin', member) : Buffer.from(zipSync({ 'm.bin': member }))
    writeFileSync(bench.at('exhibit', `${name}.${i === 1 ? 'tar' : 'zip'}`), bytes)
    return member
  })
}

type Damaged = readonly [name: string, bytes: Buffer, members: readonly Buffer[]]

/** Containers that were made whole and then cut or changed in a critical place, with their original members. */
async function damagedFiles(bench: Bench): Promise<readonly Damaged[]> {
  const draw = (seed: number) => ({ seed: bench.seed + seed, width: 320, height: 240 })
  const picture = await jpeg(draw(1))
  const member = noise(bench.seed + 9, 40_000)
  const second = noise(bench.seed + 10, 9000)
  const zip = Buffer.from(zipSync({ 'a.bin': member, 'b.bin': second }, { level: 6 }))
  const tar = tarOf('a.bin', member)
  // Two members; the end mark of the first archive is left out.
  const tars = Buffer.concat([tar.subarray(0, -1024), tarOf('b.bin', second)])
  const cut = (bytes: Buffer, share: number) => bytes.subarray(0, Math.floor(bytes.length * share))
  const changed = (bytes: Buffer, share: number) => {
    const copy = Buffer.from(bytes)
    const at = Math.floor(copy.length * share)
    copy[at] = copy[at]! ^ 0x55
    return copy
  }
  return [
    ['cut.zip', cut(zip, 0.6), [member, second]],
    ['changed.zip', changed(zip, 0.3), [member, second]],
    ['cut.tar', cut(tars, 0.95), [member, second]],
    ['cut.tar.gz', cut(gzipSync(tar), 0.5), [tar, member]],
    ['changed.gz', changed(gzipSync(member), 0.5), [member]],
    ['cut.gz', cut(gzipSync(member), 0.4), [member]],
    ['cut.jpg', cut(picture, 0.4), []],
    ['cut.png', cut(await png(draw(2)), 0.5), []],
    ['changed.png', changed(await png(draw(3)), 0.5), []],
  ]
}

/**
 * Each in a folder of its own, so that the result of one cannot hide behind another, and compared with a list that knows none of them:
 * without a list no examination is complete.
 */
function unreadAlone(bench: Bench, checks: Checks, list: string): void {
  const alone: [string, Buffer | null][] = [
    ['unknown.sqlite', null],
    ['locked.zip', lockedZip()],
    // It ends inside the header of its second member: the first is whole.
    ['short.tar', Buffer.concat([tarOf('a.bin', noise(6, 900)).subarray(0, -1024), Buffer.alloc(200, 0x61)])],
    ['disk.vmdk', Buffer.concat([Buffer.from('KDMV\u0001\0\0\0', 'latin1'), Buffer.alloc(4096)])],
    ['mailbox.pst', Buffer.concat([Buffer.from('!BDN', 'latin1'), Buffer.alloc(8192, 7)])],
  ]
  for (const [name, bytes] of alone) {
    const root = bench.at(`alone-${name}`)
    mkdirSync(root)
    if (bytes === null) unknownDatabase(bench.at(`alone-${name}`, name))
    else writeFileSync(bench.at(`alone-${name}`, name), bytes)
    const ledger = bench.at(`alone-${name}.sqlite`)
    const summary = summaryOf(bench.scan(root, ledger, '--hashset', `illegal:${list}`))
    checks.equal([summary.complete, summary.exitCode], [false, 3], `complete and exit code with ${name}`)
    const entry = bench.entries(ledger).find(({ path }) => path === name)
    const reasons = Object.values(entry?.stages ?? {}).filter(
      ({ result, reason }) =>
        (result === 'not-done' && reason !== 'no-hash-sets') || result === 'done-with-warnings',
    )
    checks.see(reasons.length > 0, () => `${name} has no stage that says so`)
  }
}

/** Of no program that anyone knows. */
function unknownDatabase(file: string): void {
  const database = new Database(file)
  database.exec(`CREATE TABLE nobody_knows (a, b); INSERT INTO nobody_knows VALUES ('x', 1)`)
  database.close()
}

/** A ZIP whose member is marked as encrypted (APPNOTE 4.4.4, bit 0), in its headers alone. */
function lockedZip(): Buffer {
  const bytes = Buffer.from(zipSync({ 'a.bin': noise(5, 500) }, { level: 0 }))
  const central = bytes.indexOf(Buffer.from('PK\u0001\u0002', 'latin1'))
  bytes[6] = bytes[6]! | 1
  bytes[central + 8] = bytes[central + 8]! | 1
  return bytes
}

function exitCodes(bench: Bench, checks: Checks, list: string): void {
  const root = bench.at('plain')
  mkdirSync(root)
  writeFileSync(bench.at('plain', 'note.bin'), noise(77, 800))
  checks.equal(
    bench.scan(root, bench.at('plain-0.sqlite'), '--hashset', `illegal:${list}`).code,
    0,
    'complete and nothing found',
  )
  const own = bench.at('own.txt')
  writeFileSync(own, `${digest('sha256', noise(77, 800))}\n`)
  checks.equal(
    bench.scan(root, bench.at('plain-10.sqlite'), '--hashset', `illegal:${own}`).code,
    10,
    'complete and a hit',
  )
  checks.equal(
    bench.scan(
      root,
      bench.at('plain-known.sqlite'),
      '--hashset',
      `known:${own}`,
      '--hashset',
      `illegal:${list}`,
    ).code,
    0,
    'a known file alone is no finding',
  )
  checks.equal(
    bench.scan(root, bench.at('plain-3.sqlite'), '--hashset', `known:${own}`).code,
    3,
    'compared with no list of illegal material or of interest',
  )
  checks.equal(
    bench.scan(bench.at('alone-short.tar'), bench.at('plain-part.sqlite'), '--hashset', `illegal:${list}`)
      .code,
    3,
    'an archive that ends early, and nothing found',
  )
  checks.equal(bench.scan(root, bench.at('plain-0.sqlite')).code, 2, 'a ledger that exists')
  const empty = bench.at('empty.txt')
  writeFileSync(empty, '')
  checks.equal(
    bench.scan(root, bench.at('plain-2.sqlite'), '--hashset', `illegal:${empty}`).code,
    2,
    'an empty list',
  )
  checks.equal(
    bench.scan(bench.at('nowhere'), bench.at('plain-75.sqlite')).code,
    75,
    'an exhibit that is not there',
  )
}
