/** `seized keys check`: every secret of a keys file on every lock of an image. It reads no file of the exhibit and records nothing. */
import { printText } from '../../base/evidence-path.ts'
import { EXIT } from '../../base/exit-codes.ts'
import { isUsedFor, type Secret } from '../../contracts/lock.ts'
import { requireConfinement } from '../../host/confine/gate.ts'
import { holdImage } from '../../host/held/held-image.ts'
import { secretsOfBackups } from '../../host/held/opened-volumes.ts'
import { describeImage } from '../../host/lister/list-in-process.ts'
import { DEFAULT_LIMITS } from '../../plan.ts'
import { jsonLine } from '../../report/exchange/jsonl.ts'
import { lockName, lockText } from '../../report/model/lock-words.ts'
import type { Given } from '../arguments/option.ts'
import type { KEYS_CHECK } from '../arguments/options-table.ts'
import { readKeysFile } from '../services/keys-file.ts'
import { triedOf } from '../services/opened-locks.ts'

export async function check([file]: readonly string[], given: Given<typeof KEYS_CHECK>): Promise<number> {
  requireConfinement(given.allowUnconfined)
  const secrets = readKeysFile(file!)
  const held = holdImage(given.image)
  try {
    const { locks } = await describeImage(held, DEFAULT_LIMITS.readStallMs, secrets)
    const ofBackups = secretsOfBackups(held)
    const uses = secrets.map((secret) => {
      const use = triedOf(locks, secret)
      return { secret, ...use, is: ofBackups.has(secret.number) ? ('opens' as const) : use.is }
    })
    process.stdout.write(
      given.json
        ? `${jsonLine({ locks, secrets: uses.map(({ secret: { number, kind }, is }) => ({ number, kind, is })) })}\n`
        : `${[...uses.map(({ secret, ...use }) => secretLine(secret, use)), ...locks.map((lock) => printText(lockText(lock)))].join('\n')}\n`,
    )
    if (uses.some(({ is }) => is === 'wrong')) return EXIT.usage
    return locks.every(({ openedBy }) => openedBy.length > 0) ? EXIT.complete : EXIT.incomplete
  } finally {
    held.close()
  }
}

function secretLine(
  { number, kind, ...of }: Secret,
  { is, opens, wrongFor }: ReturnType<typeof triedOf>,
): string {
  const said = {
    opens: `opens ${opens.map(lockName).join(', ') || 'an encrypted iOS backup'}`,
    wrong: `WRONG: opens nothing; tried on ${wrongFor.map(lockName).join(', ')}`,
    unneeded: isUsedFor('files', { kind, ...of })
      ? 'not needed for a volume; a scan tries it on locked files'
      : 'not needed: no lock of the image takes one',
  }
  return `secret ${number} (${kind})  ${printText(said[is])}`
}
