/** Which secrets a decoder is sent, and what the main process believes of its answer about them. */
import { describe, expect, it } from 'vitest'
import { childPath, filePath } from '../../src/base/evidence-path.ts'
import type { Secret } from '../../src/contracts/lock.ts'
import { keepSecrets, secretsFor } from '../../src/host/decoder/file-keys.ts'
import type { JobPool } from '../../src/host/decoder/job-pool.ts'
import { Answers, type Target } from '../../src/host/decoder/open-answers.ts'
import { openPart } from '../../src/wire/open-part.ts'

const secret = (number: number, kind: Secret['kind'], more: Partial<Secret> = {}): Secret => ({
  number,
  kind,
  hex: 'ab',
  pim: 0,
  ...more,
})
const SECRETS = [
  secret(1, 'password'),
  secret(2, 'backup-key'),
  secret(3, 'raw-key'),
  secret(4, 'password', { for: 'volumes' }),
]
const TAR = 'application/x-tar'
const AB = 'application/x-android-backup'

describe('a decoder', () => {
  const pool = {} as JobPool
  keepSecrets(pool, SECRETS)
  const outer = filePath(Buffer.from('a'))
  const inside = childPath(outer, 'member', Buffer.from('b'))
  const deeper = childPath(inside, 'member', Buffer.from('c'))
  const sent = (
    mediaType: string,
    types: Readonly<Record<string, string>>,
    paths = [deeper],
    isOpened = true,
  ) =>
    secretsFor(
      pool,
      { path: outer, content: { mediaType }, typeAt: (path) => types[path.toString('latin1')] ?? null },
      paths,
      isOpened,
    ).map(({ number }) => number)
  const at = (path: typeof outer) => path.bytes.toString('latin1')

  it('is sent the secrets that a locked file on the way takes, and none that are for volumes', () => {
    expect(sent(AB, {})).toEqual([1])
    expect(sent(TAR, { [at(inside)]: AB })).toEqual([1])
    expect(sent(TAR, { [at(deeper)]: 'application/x-whatsapp-backup' })).toEqual([2])
    expect(sent(AB, { [at(inside)]: 'application/x-signal-backup' })).toEqual([1, 2])
    expect(sent(TAR, { [at(inside)]: AB }, [deeper], false)).toEqual([1])
    expect(sent(TAR, { [at(deeper)]: AB }, [deeper], false)).toEqual([])
  })

  it('is sent none for other contents', () => {
    expect(sent(TAR, { [at(inside)]: 'image/jpeg', [at(deeper)]: 'image/png' })).toEqual([])
    expect(secretsFor({} as JobPool, { path: outer, content: { mediaType: AB } }, [outer], true)).toEqual([])
  })
})

describe('an answer about a locked file', () => {
  const target = {
    path: filePath(Buffer.from('a')),
    budget: { entries: 1, bytes: 1, ratio: 1 },
    packedBytes: 1,
  } as Target
  const said = (secretNumber: number | null, tried: readonly number[]) => {
    const answers = new Answers(new Map([['', target]]), 0, new Map([[2, 'password']]))
    answers.take(
      openPart({
        type: 'opened',
        target: '',
        result: { result: 'done' },
        members: 0,
        lock: { secret: secretNumber, check: 'key', tried: [...tried], isLeft: false, form: null },
      }),
    )
    return answers.all()[0]!.lock
  }

  it('names a secret that was sent, with its kind', () => {
    expect(said(2, [2])).toMatchObject({ secret: 2, by: 'password', check: 'key' })
    expect(said(null, [2])).toMatchObject({ secret: null, by: null })
  })

  it('that names another secret is not believed', () => {
    expect(() => said(3, [2])).toThrow('a secret that it was not sent')
    expect(() => said(null, [1])).toThrow('a secret that it was not sent')
  })
})
