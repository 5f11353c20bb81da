/** The facts that a laboratory needs to repeat a run: versions of all parts, processor features, the command line. */
import { readFileSync } from 'node:fs'
import { cpus, type as osType, release } from 'node:os'
import Database from 'better-sqlite3'
import { VERSION } from '../../base/version.ts'
import { NOT_USED, type ToolInfo, type ToolPart } from '../../contracts/ledger.ts'
import type { PartsDigest } from '../../parts/digest-parts.ts'
import { decoderVersions } from './decoder-versions.ts'

/** @param decodes true when this run decodes contents: the decoders' versions are then recorded */
export async function describeTool({
  decodes,
  parts,
}: {
  readonly decodes: boolean
  readonly parts: PartsDigest
}): Promise<ToolInfo> {
  const db = new Database(':memory:')
  const sqlite = db.prepare('SELECT sqlite_version() AS v').get() as { v: string }
  db.close()
  const decoders = decodes ? await decoderVersions() : null
  return {
    seized: VERSION,
    node: process.version,
    nodeSha256: parts.nodeSha256,
    partsSha256: parts.sha256,
    partsFiles: String(parts.files),
    partsBytes: String(parts.bytes),
    openssl: process.versions.openssl ?? '',
    os: `${osType()} ${release()} ${process.arch}`,
    sqlite: sqlite.v,
    sharp: decoders?.sharp ?? NOT_USED,
    libvips: decoders?.vips ?? NOT_USED,
    processor: cpus()[0]?.model ?? '',
    processorFeatures: processorFeatures(),
    commandLine: process.argv.slice(2).join(' '),
    clockZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    clockOffsetMinutes: String(-new Date().getTimezoneOffset()),
  }
}

/** The facts about the parts that the ledger records with each start. */
export function toolParts({ sha256, files, bytes, nodeSha256 }: PartsDigest): readonly ToolPart[] {
  return [
    { kind: 'all-files', name: `${files} files`, version: VERSION, sha256, bytes },
    { kind: 'runtime', name: 'node', version: process.version, sha256: nodeSha256, bytes: null },
  ]
}

/** Only features that change how numeric code is dispatched; scores are guaranteed for the same set. */
export function processorFeatures(): string {
  if (process.platform !== 'linux') return ''
  const flags = /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]?.split(' ') ?? []
  return flags
    .filter((flag) => /^(sse4_2|avx|avx2|fma|avx512|amx)/.test(flag))
    .sort()
    .join(' ')
}
