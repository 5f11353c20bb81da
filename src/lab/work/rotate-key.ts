/** From a host's signing key to a new one: the old one signs for the new, the laboratory keeps both with their time. */
import { createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { accessSync, constants, existsSync, linkSync, readFileSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { canonicalJson } from '../../base/canonical-json.ts'
import { UsageError } from '../../base/errors.ts'
import type { LabConfig } from '../manifest/host-config.ts'
import type { Asker } from '../queue/database.ts'
import { fingerprintOfKey } from '../queue/finish.ts'
import { publicPem, readKeys } from './host-keys.ts'

/**
 * The new key file replaces the configured one, whose key is kept beside it. After an interruption the same command
 * continues.
 *
 * @param file on the same file system as the configured key @throws UsageError when a file is no key, or no key is
 *   configured
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
  requireReplaceable(signingKey, file)
  const handover = canonicalJson({ host: lab.host, from, to, before: publicPem(before), reason })
  const signature = sign(null, Buffer.from(handover), before).toString('base64')
  await asker.rows('SELECT lab.rotate_key($1, $2, $3, $4)', [publicKey, handover, signature, reason])
  const kept = `${signingKey}.${from.slice(0, 16)}`
  if (!existsSync(kept)) linkSync(signingKey, kept)
  renameSync(file, signingKey)
  return { fingerprint: to, kept }
}

/** Checked before the laboratory is asked. */
function requireReplaceable(signingKey: string, file: string): void {
  const folder = dirname(signingKey)
  try {
    accessSync(folder, constants.W_OK)
  } catch (cause) {
    throw new UsageError(
      `${folder} cannot be written to by this account, and the key in it is to be replaced.`,
      {
        cause,
        code: 'output-unwritable',
      },
    )
  }
  if (statSync(file).dev !== statSync(folder).dev)
    throw new UsageError(`${file} lies on another file system than ${folder}: put it there first.`)
}
