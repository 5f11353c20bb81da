/**
 * Locked files of five kinds, and the secrets in hand: each opens to the bytes that were written into it; with none and with wrong
 * ones all stay closed.
 */
import { randomBytes, randomInt } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { androidBackup } from '../../../fixtures/locked/android-backup.ts'
import { signalBackup } from '../../../fixtures/locked/signal-backup.ts'
import { sqlcipherDatabase } from '../../../fixtures/locked/sqlcipher.ts'
import { WHATSAPP_ROOT, whatsappBackup } from '../../../fixtures/locked/whatsapp-backup.ts'
import { tarOf } from '../../../fixtures/mail.ts'
import { noise } from '../../../fixtures/pictures.ts'
import { AesZip } from '../../pack/aes-zip.ts'
import { digest } from '../exhibits/planted.ts'
import { Checks } from '../model/observation.ts'
import type { Bench, ExportedEntry, Scenario } from '../model/scenario.ts'
import { secretsNowhere } from './secrets-nowhere.ts'

/** A locked file, and the content that its secret opens. */
interface LockedFile {
  readonly path: string
  readonly member: Buffer
}

const WRONG = 'the password of another exhibit'

export const lockedFiles: Scenario = {
  id: 'locked-files',
  title: 'locked files of five kinds: with their secrets, with none, and with wrong ones',
  speaksOf: ['files-open', 'secrets-nowhere'],
  weight: { quick: 8, full: 10 },
  async run(bench) {
    const [password, rawKey, passphrase] = [
      `pass ${randomBytes(9).toString('base64url')}`,
      randomBytes(32),
      Array.from({ length: 6 }, () => String(randomInt(100_000)).padStart(5, '0')).join(' '),
    ]
    const files = plant(bench, { password, rawKey, passphrase })
    const exhibit = bench.at('exhibit')
    const list = bench.at('locked-files.txt')
    writeFileSync(list, files.map(({ member }) => `${sha256(member)}\n`).join(''))
    const scan = (name: string, secrets: readonly string[]) => {
      const keys = bench.at(`${name}.keys`)
      writeFileSync(keys, `${secrets.join('\n')}\n`, { mode: 0o600 })
      const given = secrets.length === 0 ? [] : ['--keys', keys, '--basis', 'validation']
      return bench.scan(exhibit, bench.at(`${name}.sqlite`), '--hashset', `illegal:${list}`, ...given)
    }
    const opens = new Checks(
      'files-open',
      `seized scan of ${files.length} locked files: backups of Android, WhatsApp and Signal, a store of SQLCipher, encrypted ZIPs`,
      'with their secrets the bytes that were written are entries and hits; with none or wrong ones each file is not done, and a wrong secret is named by its number',
    )
    const right = [
      `password: ${WRONG}`,
      `password: ${password}`,
      `raw-key: ${rawKey.toString('hex')}`,
      `backup-key: ${WHATSAPP_ROOT}`,
      `backup-key: ${passphrase}`,
    ]
    const open = scan('open', right)
    const entries = bench.entries(bench.at('open.sqlite'))
    for (const { path, member } of files) {
      const found = entries.find((one) => one.path.startsWith(`${path} » `) && one.sha256 === sha256(member))
      opens.see(found !== undefined && found.hits.length > 0, () => `${path} has no member that was written`)
      opens.equal(lockCode(entries, path), 'file-lock-opened', path)
    }
    opens.equal(
      entries.filter(isClosed).map(({ path }) => path),
      [],
      'still encrypted with their secrets',
    )
    opens.see(open.out.includes(wrongSaid(1)), () => 'the wrong secret 1 is not named')
    const none = scan('none', [])
    const wrong = scan('wrong', [`password: ${WRONG}`, `raw-key: ${randomBytes(32).toString('hex')}`])
    for (const [name, ran] of [['none', none] as const, ['wrong', wrong] as const]) {
      opens.equal(ran.code, 3, `exit code with ${name}`)
      const closed = bench.entries(bench.at(`${name}.sqlite`))
      for (const { path } of files) {
        opens.equal(lockCode(closed, path), 'file-lock-closed', `${path} with ${name}`)
        opens.see(
          closed.some((one) => one.path.startsWith(path) && isClosed(one)),
          () => `${path} with ${name} is not said to be encrypted`,
        )
      }
    }
    for (const number of [1, 2])
      opens.see(wrong.out.includes(wrongSaid(number)), () => `the wrong secret ${number} is not named`)
    return [
      opens.observation,
      secretsNowhere(
        bench,
        [password, rawKey.toString('hex'), passphrase, WHATSAPP_ROOT, WRONG],
        [open, none, wrong].flatMap(({ out, err }) => [out, err]),
      ),
    ]
  },
}

function plant(
  bench: Bench,
  of: { readonly password: string; readonly rawKey: Buffer; readonly passphrase: string },
): readonly LockedFile[] {
  const member = (i: number) => noise(bench.seed * 7_001 + i, 20_000 + i * 977)
  const files: LockedFile[] = []
  const put = (path: string, bytes: Buffer, inside: Buffer) => {
    mkdirSync(dirname(bench.at('exhibit', path)), { recursive: true })
    writeFileSync(bench.at('exhibit', path), bytes)
    files.push({ path, member: inside })
  }
  const { password, rawKey, passphrase } = of
  put('phone.ab', androidBackup(tarOf('apps/x/f/a.bin', member(1)), { password }), member(1))
  const attachments = [member(2)]
  put('signal.backup', signalBackup({ passphrase, version: 1, statements: [], attachments }), member(2))
  const words = "CREATE TABLE words (word TEXT); INSERT INTO words VALUES ('heron')"
  const chats = sqlcipherDatabase(randomBytes(32), words).plain
  put('msgstore.db.crypt15', whatsappBackup(chats, { form: 'crypt15' }), chats)
  const store = sqlcipherDatabase(rawKey, words)
  put('home/a/.config/Signal/sql/db.sqlite', store.locked, store.plain)
  for (let i = 0; i < bench.of(2, 20); i++) {
    const path = `papers-${i}.zip`
    const zip = AesZip.create(bench.at('exhibit', path), password)
    zip.add('paper.bin', member(3 + i))
    zip.finish()
    files.push({ path, member: member(3 + i) })
  }
  return files
}

function lockCode(entries: readonly ExportedEntry[], path: string): string | undefined {
  const entry = entries.find((one) => one.path === path)
  return entry?.attributes.find(({ code }) => code.startsWith('file-lock-'))?.code
}

/** A file that did not open, or a member of one. */
function isClosed({ stages }: ExportedEntry): boolean {
  return Object.values(stages).some(({ reason }) => reason === 'encrypted' || reason === 'encrypted-member')
}

const wrongSaid = (number: number) => `Secret ${number} of the keys file opened no locked file`

const sha256 = (bytes: Buffer) => digest('sha256', bytes)
