/**
 * The privilege list: items that the examination must not read (legal professional privilege and the like). Items on it
 * are counted as `not-done privileged`, and never opened, quoted, searched or exported until a person releases them.
 *
 * One item a line, with its kind before a colon; empty lines and lines that begin with `#` are ignored:
 *   address:lawyer@example.org   domain:lawfirm.example   sha256:… (md5:, sha1:)   path:Users/a/Counsel/**
 */

import { createHash } from 'node:crypto'
import picomatch from 'picomatch'
import { UsageError } from '../base/errors.ts'
import { listedName, printPath } from '../base/evidence-path.ts'
import type { Digests } from '../contracts/content.ts'
import type { EvidencePath } from '../contracts/entry.ts'
import type { PrivilegedSenders } from '../contracts/privilege.ts'

export interface PrivilegeList {
  /** Of the file as given; stands in the plan. */
  readonly sha256: string
  /** As given; stands in the ledger, so that reports and resumed runs need no file. */
  readonly source: string
  readonly senders: PrivilegedSenders
  /** Checks path and digests. Senders are checked when mail is opened. */
  readonly covers: (path: EvidencePath, digests: Digests | null) => boolean
}

const DIGEST_LENGTHS: Readonly<Record<string, number>> = { md5: 32, sha1: 40, sha256: 64 }

/** @throws UsageError naming the line */
export function parsePrivilegeList(source: string, file: string): PrivilegeList {
  const addresses: string[] = []
  const domains: string[] = []
  const digests = new Set<string>()
  const paths: ((path: string) => boolean)[] = []
  for (const [i, raw] of source.split(/\r?\n/).entries()) {
    const line = raw.replace(/^\ufeff/, '').trim()
    if (line === '' || line.startsWith('#')) continue
    const [, kind = '', value = ''] = /^([a-z0-9]+):\s*(.+)$/i.exec(line) ?? []
    const name = kind.toLowerCase()
    if (name === 'address' && value.includes('@')) addresses.push(value.toLowerCase())
    else if (name === 'address') addresses.push(value.toLowerCase())
    else if (name === 'domain') domains.push(value.toLowerCase().replace(/^@/, ''))
    else if (name === 'path') paths.push(picomatch(value.replace(/^\//, ''), { dot: true, nonegate: true }))
    else if (DIGEST_LENGTHS[name] === value.length && /^[0-9a-f]+$/i.test(value))
      digests.add(value.toLowerCase())
    else
      throw new UsageError(
        `--privileged ${file}: line ${i + 1} is none of address:, domain:, md5:, sha1:, sha256: and path:.`,
      )
  }
  return {
    sha256: createHash('sha256').update(source).digest('hex'),
    source,
    senders: { addresses, domains },
    covers: (path, of) =>
      (of !== null && [of.md5, of.sha1, of.sha256].some((hex) => digests.has(hex))) ||
      paths.some((matches) => matches(listedName(path).toString('utf8')) || matches(printPath(path))),
  }
}

/**
 * Is one of these mail addresses (or chat senders) on the list? A domain covers its subdomains. Telephone numbers are
 * the same where their last eight digits are: one list has the code of the country, the other not, and closing too much
 * can be undone.
 */
export function isPrivilegedSender(senders: PrivilegedSenders, addresses: readonly string[]): boolean {
  return addresses.some((given) => {
    const address = given.trim().toLowerCase()
    const domain = address.slice(address.lastIndexOf('@') + 1)
    const digits = numberOf(address)
    return (
      senders.addresses.includes(address) ||
      (digits !== null && senders.addresses.some((one) => numberOf(one) === digits)) ||
      (address.includes('@') && senders.domains.some((one) => domain === one || domain.endsWith(`.${one}`)))
    )
  })
}

const NUMBER_DIGITS = 8
/** Addresses of messengers that are made of a telephone number. */
const OF_NUMBER = /@(s\.whatsapp\.net|c\.us)$/

/** Last digits of a telephone number; null for any other text. */
function numberOf(address: string): string | null {
  const bare = address.replace(OF_NUMBER, '')
  if (!/^\+?[\d\s().-]{8,24}$/.test(bare)) return null
  const digits = bare.replace(/\D/g, '')
  return digits.length < NUMBER_DIGITS ? null : digits.slice(-NUMBER_DIGITS)
}
