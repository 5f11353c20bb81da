/** From a host's signing key to a new one: the old one signs for the new, the laboratory keeps both with their time. */
import { createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { existsSync, linkSync, readFileSync, renameSync } from 'node:fs'
import { canonicalJson } from '../../base/canonical-json.ts'
import { UsageError } from '../../base/errors.ts'
import type { LabConfig } from '../manifest/host-config.ts'
import type { Asker } from '../queue/database.ts'
import { fingerprintOfKey } from '../queue/finish.ts'
import { publicPem, readKeys } from './host-keys.ts'

/**
 * The new file takes the place of the configured one, whose key is kept beside it. Cut off in between, the same command goes on.
 *
 * @param file on the same file system as the configured key @throws UsageError when a key is none, or there is none to hand over
 */
export async function rotateKey(
  asker: Asker,
  lab: LabConfig,
  file: string,
  reason: string,
): Promise<{ readonly fingerprint: string; readonly kept: string }> {
  const { signingKey } = lab
  if (signingKey === null)
    throw new UsageError(
      'The configuration names no "signingKey": the first key of a host needs no rotation.',
    )
  const { signing: next, publicKey } = readKeys({ signingKey: file, linksKey: null })
  const before = createPrivateKey(readFileSync(signingKey))
  const [from, to] = [before, next!].map((key) => fingerprintOfKey(createPublicKey(key))) as [string, string]
  if (from === to) throw new UsageError(`${file} holds the key that this host signs with already.`)
  const handover = canonicalJson({ host: lab.host, from, to, before: publicPem(before), reason })
  const signature = sign(null, Buffer.from(handover), before).toString('base64')
  await asker.rows('SELECT lab.rotate_key($1, $2, $3, $4)', [publicKey, handover, signature, reason])
  const kept = `${signingKey}.${from.slice(0, 16)}`
  if (!existsSync(kept)) linkSync(signingKey, kept)
  renameSync(file, signingKey)
  return { fingerprint: to, kept }
}
