/** `seized lab run-one --shard`: analyses the contents of one shard, and writes the signed bundle. */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, dirname, resolve } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { EXIT } from '../../base/exit-codes.ts'
import { ShardFolder } from '../../host/shards/shard-folder.ts'
import { readHostConfig } from '../../lab/manifest/host-config.ts'
import { readKeys, signedBy } from '../../lab/work/host-keys.ts'
import { ImplausibleReply } from '../../wire/implausible.ts'
import type { SignedBundle } from '../../wire/look-shard.ts'
import type { Given } from '../arguments/option.ts'
import type { LAB_RUN_ONE } from '../arguments/options-table.ts'
import { acceleratorOf } from '../services/accelerator.ts'
import { pauseOnSignals } from '../services/pause.ts'
import { runShard } from '../services/run-shard.ts'

const TOUCH_MS = 5_000

export async function shard(given: Given<typeof LAB_RUN_ONE> & { readonly shard: string }): Promise<number> {
  const file = resolve(given.shard)
  const name = basename(file).replace(/\.shard\.json$/, '')
  if (!existsSync(file) || name === basename(file))
    throw new UsageError(`${file}: there is no such shard; its name ends with .shard.json.`)
  const [from, to] = [new ShardFolder(dirname(file)), new ShardFolder(resolve(given.out))]
  if (!from.take(name)) {
    process.stdout.write(`${JSON.stringify({ event: 'taken', shard: name })}\n`)
    return EXIT.complete
  }
  const touching = setInterval(() => from.touch(name), TOUCH_MS)
  const pausing = pauseOnSignals()
  try {
    const text = readFileSync(file, 'utf8')
    const { host, keys, accelerator } = ownName(given.config)
    const { text: signed, confinement } = await runShard({
      text,
      host,
      workers: given.workers,
      accelerator,
      signal: pausing.signal,
    })
    const bundle: SignedBundle = {
      signed,
      signature: signedBy(keys, signed).signature,
      publicKey: keys.publicKey,
    }
    to.answer(name, JSON.stringify(bundle))
    process.stdout.write(`${JSON.stringify({ event: 'bundle', shard: name, confinement })}\n`)
    return EXIT.complete
  } catch (error) {
    from.release(name)
    if (error instanceof ImplausibleReply)
      throw new UsageError(`${file} is no shard of this version: ${error.message}.`, { cause: error })
    throw error
  } finally {
    clearInterval(touching)
    pausing.dispose()
  }
}

/** Name, key and accelerator of the host where its configuration has them; else the machine's name, without a signature. */
function ownName(config: string) {
  const read = existsSync(config) ? readHostConfig(config) : null
  const accelerator = acceleratorOf(read?.accelerator ?? undefined)
  if (read?.lab) {
    const keys = readKeys({ signingKey: read.lab.signingKey, linksKey: null })
    return { host: read.lab.host, keys, accelerator }
  }
  const host =
    hostname()
      .replaceAll(/[^\w.-]/g, '-')
      .slice(0, 64) || randomBytes(4).toString('hex')
  return { host, keys: { signing: null, publicKey: null, links: null }, accelerator }
}
