import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setAttributeSync } from '@napi-rs/xattr'
import { expect, it } from 'vitest'
import { jpeg } from '../../fixtures/pictures.ts'
import { exported, scanArgs, seized, summaryOf, temporaryFolder } from './seized.ts'

const CAN_SET = (() => {
  const probe = mkdtempSync(join(tmpdir(), 'seized-xattr-'))
  try {
    setAttributeSync(probe, 'user.probe', '1')
    return true
  } catch {
    return false
  } finally {
    rmSync(probe, { recursive: true })
  }
})()

it.skipIf(!CAN_SET)(
  'a listed picture in an extended attribute is a hit, whatever the workers (skipped where /tmp keeps none)',
  async () => {
    const out = temporaryFolder()
    const exhibit = join(out, 'exhibit')
    mkdirSync(exhibit)
    for (const name of ['a.txt', 'b.txt', 'c.txt']) writeFileSync(join(exhibit, name), name)
    const picture = await jpeg({ seed: 3, width: 32, height: 24 })
    setAttributeSync(join(exhibit, 'b.txt'), 'user.hidden.jpg', picture)
    const list = join(out, 'list.txt')
    const sha256 = createHash('sha256').update(picture).digest('hex')
    writeFileSync(list, `sha256\n${sha256}\n`)
    const scan = (name: string, workers: string) =>
      summaryOf(seized(scanArgs(exhibit, join(out, name), [`illegal:${list}`], '--workers', workers)))
    const [one, two] = [scan('one.sqlite', '1'), scan('two.sqlite', '2')]
    expect(two.evidenceDigest).toBe(one.evidenceDigest)
    const stream = exported(join(out, 'one.sqlite'), out).find(({ path }) => path.includes('stream'))
    expect(stream).toMatchObject({
      path: 'b.txt » stream hidden.jpg',
      mediaType: 'image/jpeg',
      hits: [{ meaning: 'illegal' }],
    })
    const searched = seized(['search', join(out, 'one.sqlite'), 'hit:illegal'])
    expect(searched.stdout).toContain('b.txt » stream hidden.jpg')
  },
)
