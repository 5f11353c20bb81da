/** The review of a case with two locked images: the keys come from a folder, each from the file of its exhibit. */
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { lockPartition } from '../../fixtures/bitlocker.ts'
import { writeDiskImage } from '../../fixtures/disk-image.ts'
import { jpeg } from '../../fixtures/pictures.ts'
import { openReview, shown } from '../e2e/running-review.ts'
import { scanArgs, seized } from '../e2e/seized.ts'
import { temporaryFolder, temporaryFolderForFile } from '../ledger/temporary.ts'
import { Laboratory } from './persons.ts'
import { Person, serveCase } from './serving.ts'

const IDS = ['LTU-01', 'LTU-02'] as const
const PASSWORD = 'nine herons over the reed bed'
const WRONG = 'eight herons over the reed bed'

describe('a case of locked exhibits', { timeout: 240_000 }, () => {
  const folder = temporaryFolderForFile()
  const state = { XDG_STATE_HOME: join(folder, 'state') }
  const dir = join(folder, 'case')
  const keys = join(folder, 'keys')
  const image = (id: string) => join(folder, `${id}.img`)
  const ledger = (id: string) => join(folder, `${id}.sqlite`)
  const atHand = IDS.flatMap((id) => ['--exhibit-at', `${id}=${image(id)}`])
  const digests: string[] = []

  beforeAll(async () => {
    mkdirSync(keys)
    for (const [i, id] of IDS.entries()) {
      const picture = await jpeg({ seed: 31 + i, width: 320, height: 240 })
      digests.push(createHash('sha256').update(picture).digest('hex'))
      writeDiskImage(image(id), [[], [{ name: 'IMG_0001.JPG', bytes: picture }]])
      const file = join(keys, `${id}.txt`)
      const { startupKey } = lockPartition(image(id), 1, { password: PASSWORD })
      writeFileSync(join(keys, `${id}.BEK`), startupKey)
      writeFileSync(file, i === 0 ? `startup-key: ${id}.BEK\n` : `password: ${PASSWORD}\n`)
      const more = ['--phases', 'inventory,known', '--keys', file, '--basis', 'a test']
      const args = scanArgs(image(id), ledger(id), [], ...more)
      const { status, stderr } = seized(
        args.map((one, j) => (args[j - 1] === '--exhibit' ? id : one)),
        state,
      )
      if (![0, 3, 10, 13].includes(status ?? -1)) throw new Error(`${id}: ${status} ${stderr}`)
      const list = join(folder, `${id}.csv`)
      writeFileSync(list, `sha256,category\n${digests[i]},2\n`)
      const graded = ['decide', ledger(id), '--from', list, '--scale', 'vics-us', '--operator', 'B. Example']
      expect(seized(graded, state).status).toBe(0)
    }
    const from = IDS.flatMap((id) => ['--from', ledger(id)])
    expect(seized(['case', 'init', 'T-1', '--dir', dir, ...from], state).status).toBe(0)
  }, 240_000)

  const asked = (...more: string[]) => [
    ...[dir, '--scale', 'vics-us', '--operator', 'A. Example', '--pass', 'second'],
    ...more,
  ]

  it('needs the keys again, and those of the exhibit', () => {
    const said = (...more: string[]) => seized(['review', ...asked(...more)], state).stderr
    expect(said(...atHand)).toContain('give --keys again')
    expect(said('--keys', keys)).toContain('name them with --exhibit-at')
    expect(said(...atHand, '--keys', join(keys, 'LTU-01.txt'))).toContain('is wrong')
  })

  it('shows originals of both exhibits', async () => {
    const review = await openReview(asked(...atHand, '--keys', keys), state)
    for (const sha256 of digests) {
      const wanted = { sha256, reason: 'unclear', words: '', colour: true, blur: 0 }
      const { head } = await shown(await review.post('reveal', wanted))
      expect(head.channels).toBe(3)
      await review.post('hidden', { by: 'key' })
    }
    await review.post('end')
    expect(await review.ended).toBe(0)
    expect(seized(['case', 'verify', dir], state).status).toBe(0)
  })

  it('serves originals of both to persons of the case; the keys are read once and stand nowhere', async () => {
    const laboratory = new Laboratory(temporaryFolder())
    const persons = ['A. Example', 'C. Example'] as const
    for (const name of persons) {
      laboratory.issue(name)
      expect(seized(['case', 'person', dir, name, '--role', 'grade'], state).status).toBe(0)
    }
    const serve = (...more: string[]) => serveCase(dir, laboratory, [...atHand, ...more], state)
    await expect(serve()).rejects.toThrow('give --keys again')
    const wrong = join(folder, 'wrong')
    mkdirSync(wrong)
    for (const id of IDS) writeFileSync(join(wrong, `${id}.txt`), `password: ${WRONG}\n`)
    const refused = await serve('--keys', wrong).then(
      () => '',
      (error: Error) => error.message,
    )
    expect(refused).toContain('is wrong: it was tried on')
    expect(refused).not.toContain(WRONG)

    const own = join(folder, 'own-keys')
    cpSync(keys, own, { recursive: true })
    const server = await serve('--keys', own)
    // Another person may come an hour later.
    rmSync(own, { recursive: true })
    for (const name of persons) {
      const issued = { cert: laboratory.file(`${name}.pem`), key: laboratory.file(`${name}.key`) }
      const person = new Person(server, laboratory, issued)
      const hello = await person.hello('second')
      expect([hello.status, hello.json.operator]).toEqual([200, name])
      for (const sha256 of digests) {
        const wanted = { sha256, reason: 'unclear', words: '', colour: true, blur: 0 }
        const answer = await person.post('reveal', wanted)
        expect([name, answer.status, answer.bytes.length > 320 * 240]).toEqual([name, 200, true])
        await person.post('hidden', { by: 'key' })
      }
      await person.post('end')
    }
    server.child.kill('SIGTERM')
    expect(await server.ended).toBe(0)
    const kept = [server.stderr(), ...written(dir), ...written(folder, false)]
    const startupKey = readFileSync(join(keys, 'LTU-01.BEK'))
    // The last bytes of the file are the key itself.
    const secrets = [Buffer.from(PASSWORD), Buffer.from(PASSWORD, 'utf16le'), startupKey.subarray(-32)]
    for (const secret of secrets)
      for (const text of [
        secret,
        Buffer.from(secret.toString('hex')),
        Buffer.from(secret.toString('base64')),
      ])
        expect(kept.filter((one) => Buffer.from(one).includes(text))).toEqual([])
    expect(seized(['case', 'verify', dir], state).status).toBe(0)
  })
})

/** Ledgers, their logs, and what lies in the folder of the case. */
function written(folder: string, deep = true): Buffer[] {
  return readdirSync(folder, { recursive: deep, withFileTypes: true })
    .filter((one) => one.isFile() && (deep || /\.sqlite|\.custody/.test(one.name)))
    .map((one) => readFileSync(join(one.parentPath, one.name)))
}
