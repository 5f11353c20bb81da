/**
 * Locks that the secrets of a keys file opened, in words for an operator, and the refusal of a secret that opens no
 * lock.
 */
import { UsageError } from '../../base/errors.ts'
import { isUsedFor, type Lock, type Secret } from '../../contracts/lock.ts'
import { lockName } from '../../report/model/lock-words.ts'

/**
 * @throws UsageError before anything is read, when a secret was tried and opens nothing: it was written down wrongly, or is of
 *   another exhibit
 */
export function refuseWrongSecrets(
  locks: readonly Lock[],
  secrets: readonly Secret[],
  ofBackups: ReadonlySet<number>,
): void {
  const wrong = secrets.filter(
    (secret) => !ofBackups.has(secret.number) && triedOf(locks, secret).is === 'wrong',
  )
  if (wrong.length === 0) return
  throw new UsageError(
    `${wrong.map((secret) => wrongSaid(locks, secret)).join(' ')} Nothing was examined. Correct what is wrong, or take it out of the keys file (seized keys check tries every secret on every lock); a secret of a backup, store or document inside a volume has "for": "files".`,
    { code: 'key-wrong' },
  )
}

export interface Use {
  /** `unneeded`: no lock of the image takes a secret of its kind. */
  readonly is: 'opens' | 'wrong' | 'unneeded'
  readonly opens: readonly Lock[]
  readonly wrongFor: readonly Lock[]
}

export function triedOf(locks: readonly Lock[], { number }: Secret): Use {
  const opens = locks.filter(({ openedBy }) => openedBy.some(({ secret }) => secret === number))
  const wrongFor = locks.filter(({ wrong }) => wrong.includes(number))
  return { is: opens.length > 0 ? 'opens' : wrongFor.length > 0 ? 'wrong' : 'unneeded', opens, wrongFor }
}

function wrongSaid(locks: readonly Lock[], secret: Secret): string {
  const tried = triedOf(locks, secret).wrongFor.map(lockName)
  return `Secret ${secret.number} of the keys file (${secret.kind}) is wrong: it was tried on ${tried.join(', ')} and opens nothing.`
}

/** Its header took a secret, and the volume stays closed. */
function isOfOldTrueCrypt(locks: readonly Lock[]): boolean {
  return locks.some(({ format, obstacle }) => format === 'truecrypt' && obstacle === 'cipher-not-built')
}

/**
 * One line for each secret that no volume of the image takes.
 * @param ofBackups secrets that opened a backup on it
 */
export function unneededSaid(
  locks: readonly Lock[],
  secrets: readonly Secret[],
  ofBackups: ReadonlySet<number>,
): string[] {
  return secrets
    .filter((secret) => !ofBackups.has(secret.number))
    .filter(
      (secret) =>
        isUsedFor('volumes', secret) && !isOfOldTrueCrypt(locks) && triedOf(locks, secret).is === 'unneeded',
    )
    .map(
      (secret) =>
        `Secret ${secret.number} of the keys file (${secret.kind}) was not needed: no lock of the image takes one.${isUsedFor('files', secret) ? ' It is tried on locked files.' : ''}`,
    )
}

/** Event of a ledger: volumes that were open when the run began. One entry a volume; no secret and nothing made of one. */
export const VOLUMES_OPENED = 'volumes-opened'

export function openedEvent(locks: readonly Lock[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    locks.flatMap(({ volume, format, id, openedBy: [first] }) =>
      first === undefined
        ? []
        : [
            [
              `volume ${volume}`,
              `${format} ${id} ${first.protector.kind} ${first.protector.id}`.replace(/ +/g, ' ').trim(),
            ],
          ],
    ),
  )
}
