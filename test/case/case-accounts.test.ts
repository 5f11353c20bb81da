/** Accounts over the exhibits of a case: two telephones that wrote to each other, one with no basis for text, one privileged chat. */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { ANDROID_MESSAGES_SCHEMA, WHATSAPP_CHATS_SCHEMA } from '../../fixtures/device/stores.ts'
import { scanArgs, seized } from '../e2e/seized.ts'
import { databaseOf } from '../formats/sample.ts'
import { temporaryFolderForFile } from '../ledger/temporary.ts'

const AT = Date.UTC(2026, 9, 14, 12)
const LISTED = Buffer.from('a drawing of a lake\n'.repeat(30))
const OTHER = Buffer.from('a drawing of a heron\n'.repeat(30))
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const [FIVE, SIX, LAWYER] = ['37060000005', '37060000006', '37060000009']

/** A chat with one number: `sent`, then `received`, each a file. */
function whatsapp(other: string, sent: Buffer, received: Buffer): Buffer {
  const media = (row: number, name: string, bytes: Buffer) =>
    `INSERT INTO message_media VALUES (${row}, 1, 'Media/${name}', ${bytes.length}, 'text/plain', NULL, NULL, '${createHash('sha256').update(bytes).digest('base64')}');`
  return databaseOf(
    WHATSAPP_CHATS_SCHEMA,
    `INSERT INTO jid VALUES (4, '${other}', 's.whatsapp.net', '${other}@s.whatsapp.net'), (5, '${LAWYER}', 's.whatsapp.net', '${LAWYER}@s.whatsapp.net');
     INSERT INTO chat VALUES (1, 4, 0, NULL), (2, 5, 0, NULL);
     INSERT INTO message VALUES (1, 1, 1, 'K1', 0, 0, ${AT}, 0, 1, NULL, 1), (2, 1, 0, 'K2', 0, 0, ${AT + 60_000}, 0, 1, NULL, 2),
       (3, 1, 0, 'K3', 0, 0, ${AT + 90_000}, 0, 0, 'the heron came back', 3), (4, 2, 0, 'K4', 0, 0, ${AT + 99_000}, 0, 0, 'your appointment', 4);
     ${media(1, 'sent.txt', sent)} ${media(2, 'received.txt', received)}`,
  )
}

describe('accounts of a case', { timeout: 240_000 }, () => {
  const folder = temporaryFolderForFile()
  const dir = join(folder, 'case')
  const of = (...args: string[]) => seized(args, { XDG_STATE_HOME: join(folder, 'state') })
  const ledger = (exhibit: string) => join(folder, `${exhibit}.sqlite`)

  beforeAll(() => {
    const list = join(folder, 'list.csv')
    writeFileSync(list, `sha256\n${sha256(LISTED)}\n`)
    const privileged = join(folder, 'privileged.txt')
    writeFileSync(privileged, `address:+${LAWYER}\n`)
    const scan = (exhibit: string, files: Readonly<Record<string, Buffer>>, ...more: string[]) => {
      for (const [name, bytes] of Object.entries(files)) {
        mkdirSync(join(folder, exhibit, name, '..'), { recursive: true })
        writeFileSync(join(folder, exhibit, name), bytes)
      }
      const args = scanArgs(
        join(folder, exhibit),
        ledger(exhibit),
        [`illegal:${list}`],
        '--workers',
        '1',
        ...more,
      )
      const { status, stderr } = of(...args.map((one, i) => (args[i - 1] === '--exhibit' ? exhibit : one)))
      if (![0, 3, 10, 13].includes(status ?? -1)) throw new Error(`${exhibit}: ${status} ${stderr}`)
    }
    const basis = ['--text', '--basis', 'warrant 7/2026']
    const store = 'data/data/com.whatsapp/databases/msgstore.db'
    const sms = databaseOf(
      ANDROID_MESSAGES_SCHEMA,
      `INSERT INTO sms (_id, thread_id, address, date, type, body) VALUES (1, 7, '+370 600 00006', ${AT}, 1, 'bring the thermos')`,
    )
    const closed = ['--privileged', privileged]
    scan(
      'LTU-05',
      {
        [store]: whatsapp(SIX, OTHER, LISTED),
        'data/user_de/0/com.android.providers.telephony/databases/mmssms.db': sms,
        'Media/sent.txt': OTHER,
      },
      ...basis,
      ...closed,
    )
    scan('LTU-06', { [store]: whatsapp(FIVE, LISTED, OTHER), 'Media/sent.txt': LISTED }, ...basis, ...closed)
    scan('LTU-07', { [store]: whatsapp(FIVE, LISTED, OTHER), 'a.txt': OTHER })
    const from = ['LTU-05', 'LTU-06', 'LTU-07'].flatMap((one) => ['--from', ledger(one)])
    expect(of('case', 'init', 'T-1', '--dir', dir, ...from).status).toBe(0)
  }, 240_000)

  function written(format: string) {
    const out = join(folder, `accounts.${format}`)
    const made = of('case', 'accounts', dir, '--format', format, '--out', out, '--operator', 'A. Example')
    expect([made.status, made.stderr]).toEqual([0, expect.any(String)])
    expect(made.stdout).toContain('No legal basis for text, so nothing was read of: LTU-07')
    return readFileSync(out, 'utf8')
  }

  it('says which account is on which exhibit, and who sent what to whom and where it lies', () => {
    const said = JSON.parse(written('json'))
    expect(said.exhibits.map((one: { basis: string | null }) => one.basis)).toEqual([
      'warrant 7/2026',
      'warrant 7/2026',
      null,
    ])
    const accounts = Object.fromEntries(said.accounts.map((one: { account: string }) => [one.account, one]))
    expect(Object.keys(accounts).sort()).toEqual([`tel:${FIVE}`, `tel:${SIX}`])
    // Two programs name one number: one account, with both recordings.
    expect(accounts[`tel:${SIX}`]).toMatchObject({
      programs: expect.arrayContaining(['whatsapp']),
      on: [{ exhibit: 'LTU-05' }],
    })
    expect(accounts[`tel:${SIX}`].recordedAs).toHaveLength(2)
    const transfers = said.transfers.map(
      ({ sha256: digest, exhibit, direction, account, list, liesOn }: Record<string, unknown>) => [
        digest === sha256(LISTED) ? 'listed' : 'other',
        exhibit,
        direction,
        account,
        list !== null,
        liesOn,
      ],
    )
    expect(transfers).toEqual([
      ['other', 'LTU-05', 'sent', `tel:${SIX}`, false, ['LTU-05', 'LTU-07']],
      ['listed', 'LTU-05', 'received', `tel:${SIX}`, true, ['LTU-06']],
      ['listed', 'LTU-06', 'sent', `tel:${FIVE}`, true, ['LTU-06']],
      ['other', 'LTU-06', 'received', `tel:${FIVE}`, false, ['LTU-05', 'LTU-07']],
    ])
  })

  it('writes the same as CSV, as nodes of CASE and as a page without a script; the privileged number is in none', () => {
    const csv = written('csv')
    expect(csv.match(/^"account",/gm)).toHaveLength(2)
    expect(csv.match(/^"transfer",/gm)).toHaveLength(4)
    expect(csv).toContain('none: not read')
    const nodes = JSON.parse(written('case'))['@graph'] as Record<string, unknown>[]
    const kinds = nodes.filter((one) => one['@type'] === 'uco-observable:ObservableRelationship')
    const ids = new Set(nodes.map((one) => one['@id']))
    expect(ids.size).toBe(nodes.length)
    for (const one of kinds)
      for (const end of ['uco-core:source', 'uco-core:target'])
        expect(ids).toContain((one[end] as { '@id': string })['@id'])
    const phone = nodes.filter((one) => one['@type'] === 'uco-observable:PhoneAccountFacet')
    expect(phone.map((one) => one['uco-observable:phoneNumber']).sort()).toEqual([`+${FIVE}`, `+${SIX}`])
    const page = written('html')
    expect(page).not.toMatch(/<script|javascript:|\son\w+=/i)
    expect(page.match(/<line /g)).toHaveLength(2)
    for (const text of [
      `tel:${FIVE}`,
      sha256(LISTED),
      'no legal basis for text was given',
      'sent from LTU-06',
    ])
      expect(page).toContain(text)
    for (const text of [csv, JSON.stringify(nodes), page]) expect(text).not.toContain(LAWYER)
    const verified = of('case', 'verify', dir)
    expect([verified.status, verified.stdout]).toEqual([0, expect.stringContaining('VERIFIED')])
    expect(of('case', 'accounts', dir, '--format', 'csv', '--out', join(folder, 'accounts.csv')).status).toBe(
      2,
    )
  })
})
