/** Logs of a hive that end early: what they cannot give is said. */
import { describe, expect, it } from 'vitest'
import { below, registryHive, wide } from '../../../../fixtures/device/registry.ts'
import { dirty, newLog } from '../../../../fixtures/device/registry-log.ts'
import { replayed } from '../../../../src/formats/stores/registry-log.ts'

function typed(...words: readonly string[]): Buffer {
  const values = words.map((word, i) => ({
    name: `url${i + 1}`,
    type: 1,
    bytes: wide(`https://${word}.example/`),
  }))
  return registryHive({ name: 'ROOT', keys: [below(['Internet Explorer'], { name: 'TypedURLs', values })] })
}

describe('the log of a hive', () => {
  const states = [[], ['lake'], ['lake', 'pond'], ['lake', 'pond', 'hill']].map((words) => typed(...words))
  const log = newLog(states)
  const second = 512 + log.readUInt32LE(512 + 4)
  const how = (bytes: Buffer) => replayed(dirty(states[0]!), [bytes]).how

  it('is applied whole, or up to the entry whose mark is lost', () => {
    expect(how(log)).toMatchObject({ state: 'applied', entries: 3, why: null })
    const damaged = Buffer.from(log)
    damaged.fill(0, second, second + 4)
    expect(how(damaged)).toMatchObject({ state: 'applied', entries: 1, why: 'sequence' })
    damaged.fill(0, second, second + 512)
    expect(how(damaged)).toMatchObject({ state: 'applied', entries: 1, why: 'sequence' })
  })

  it('ends inside an entry also where less than its head is left', () => {
    expect(how(log.subarray(0, second + 20))).toMatchObject({ state: 'applied', entries: 1, why: 'cut' })
  })

  it('ends before what an earlier log left behind it', () => {
    const stale = newLog(states.slice(0, 2), 1).subarray(512)
    expect(how(Buffer.concat([log, Buffer.alloc(512), stale]))).toMatchObject({ entries: 3, why: null })
  })
})
