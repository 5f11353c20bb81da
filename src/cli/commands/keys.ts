/**
 * `seized keys check`: every secret of a keys file on every locked volume of an image, and on its locked files of usual names. It
 * records nothing.
 */
import { printText } from '../../base/evidence-path.ts'
import { EXIT } from '../../base/exit-codes.ts'
import { isUsedFor, type Lock, type Secret } from '../../contracts/lock.ts'
import { requireConfinement } from '../../host/confine/gate.ts'
import { holdImage } from '../../host/held/held-image.ts'
import { secretsOfBackups } from '../../host/held/opened-volumes.ts'
import { describeImage } from '../../host/lister/list-in-process.ts'
import { DEFAULT_LIMITS } from '../../plan.ts'
import { jsonLine } from '../../report/exchange/jsonl.ts'
import { type ImageKey, sayOfImage } from '../../report/model/image-words.ts'
import { lockName, lockText } from '../../report/model/lock-words.ts'
import type { Given } from '../arguments/option.ts'
import type { KEYS_CHECK } from '../arguments/options-table.ts'
import { type CheckedFile, checkFiles } from '../services/check-files.ts'
import { readKeysFile } from '../services/keys-file.ts'
import { triedOf, type Use } from '../services/opened-locks.ts'

export async function check([file]: readonly string[], given: Given<typeof KEYS_CHECK>): Promise<number> {
  requireConfinement(given.allowUnconfined)
  const secrets = readKeysFile(file!)
  const held = holdImage(given.image)
  try {
    const { locks } = await describeImage(held, DEFAULT_LIMITS.readStallMs, secrets)
    const ofBackups = secretsOfBackups(held)
    const { files, left } = await checkFiles(held, secrets, given.allowUnconfined)
    const uses = secrets.map((secret) => useOf(locks, files, left, ofBackups, secret))
    process.stdout.write(
      given.json
        ? `${jsonLine({ locks, files, filesLeft: left, secrets: uses.map(({ secret: { number, kind }, is }) => ({ number, kind, is })) })}\n`
        : `${[...uses.map(secretLine), ...locks.map((lock) => printText(lockText(lock))), ...files.map(fileLine), ...leftLine(left)].join('\n')}\n`,
    )
    if (uses.some(({ is }) => is === 'wrong')) return EXIT.usage
    const isOpen =
      locks.every(({ openedBy }) => openedBy.length > 0) && files.every(({ secret }) => secret !== null)
    return isOpen && left === 0 ? EXIT.complete : EXIT.incomplete
  } finally {
    held.close()
  }
}

interface SecretUse extends Use {
  readonly secret: Secret
  readonly files: readonly CheckedFile[]
  /** Locked files on which it was tried in vain. */
  readonly inVain: number
}

function useOf(
  locks: readonly Lock[],
  checked: readonly CheckedFile[],
  left: number,
  ofBackups: ReadonlySet<number>,
  secret: Secret,
): SecretUse {
  const use = triedOf(locks, secret)
  const files = checked.filter((one) => one.secret === secret.number)
  const inVain = checked.filter(
    (one) => one.secret !== secret.number && one.tried.includes(secret.number),
  ).length
  const opens = use.is === 'opens' || files.length > 0 || ofBackups.has(secret.number)
  // Of files that were left out it may be the secret.
  const isWrong = (use.is === 'wrong' || inVain > 0) && !(left > 0 && isUsedFor('files', secret))
  return { ...use, secret, files, inVain, is: opens ? 'opens' : isWrong ? 'wrong' : 'unneeded' }
}

const lockSaid = (lock: Lock) => printText(lockName(lock))

function secretLine({ secret, is, opens, wrongFor, files, inVain }: SecretUse): string {
  const opened = [...opens.map(lockSaid), ...files.map(({ path }) => path)].join(', ')
  const tried = [...wrongFor.map(lockSaid), ...(inVain > 0 ? [`${inVain} locked files`] : [])].join(', ')
  const said = {
    opens: `opens ${opened || 'an encrypted iOS backup'}`,
    wrong: `WRONG: opens nothing; tried on ${tried}`,
    unneeded: isUsedFor('files', secret)
      ? `not needed for a volume; ${tried === '' ? 'a scan tries it on locked files' : `it opens none of ${tried}; a scan tries it on all`}`
      : 'not needed: no lock of the image takes one',
  }
  return `secret ${secret.number} (${secret.kind})  ${said[is]}`
}

function fileLine({ path, format, secret, wanted }: CheckedFile): string {
  const name = sayOfImage(`file-lock-${format}` as ImageKey)
  return secret === null
    ? `${path} (${name}) stays closed; it would be opened by: ${wanted.join(', ')}`
    : `${path} (${name}) opens with secret ${secret}`
}

function leftLine(left: number): string[] {
  return left === 0
    ? []
    : [`${left} more files may be locked by their names and were not tried: a scan tries them.`]
}
