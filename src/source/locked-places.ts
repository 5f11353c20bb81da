/**
 * Where messengers keep databases that are encrypted as a whole (SQLCipher): nothing in them says what they are, only their place does.
 *
 * @see ALEAPP, iLEAPP (Signal, Threema, Session, Wickr, Telegram)
 */
import { printText } from '../base/evidence-path.ts'
import type { Content } from '../contracts/content.ts'
import type { EvidencePath } from '../contracts/entry.ts'
import { UNRECOGNISED } from '../media-types/index.ts'

const PLACES: readonly (readonly [program: string, ending: RegExp])[] = [
  ['signal', /(^|\/)org\.thoughtcrime\.securesms\/databases\/signal\.db$/],
  ['signal', /(^|\/)grdb\/signal\.sqlite$/],
  ['signal-database', /(^|\/)Signal\/sql\/db\.sqlite$/i],
  ['threema', /(^|\/)ch\.threema\.app(\.\w+)?\/databases\/threema4?\.db$/],
  ['session', /(^|\/)network\.loki\.messenger(\.\w+)?\/databases\/(signal|session)(_v4)?\.db$/],
  ['wickr', /(^|\/)com\.(mywickr\.wickr2|wickr\.pro)\/databases\/[^/]{1,100}\.db$/],
  ['telegram', /(^|\/)telegram-data\/account-\d{1,30}\/postbox\/db\/db_sqlite$/],
]

/** Pages of SQLCipher: 1,024 bytes up to version 3, 4,096 from 4 on. */
const PAGE_BYTES = 1024n

/** @returns the messenger; null: another place, or a content that says itself what it is */
export function lockedPlace({ steps }: EvidencePath, { mediaType, sizeBytes }: Content): string | null {
  if (mediaType !== UNRECOGNISED || sizeBytes === 0n || sizeBytes % PAGE_BYTES !== 0n) return null
  const name = printText(steps.at(-1)!.name.toString('utf8'))
  return PLACES.find(([, ending]) => ending.test(name))?.[0] ?? null
}
