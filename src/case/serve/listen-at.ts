/** The address that a case is served on, as `--listen` gives it. */
import { isIP } from 'node:net'
import { UsageError } from '../../base/errors.ts'
import type { Listening } from './listener.ts'

const ALL_ADDRESSES: readonly string[] = ['0.0.0.0', '::']

/** `10.1.2.3:8443`, `[2001:db8::1]:8443`. @throws UsageError for a name, for all addresses, for no port */
export function parseListen(text: string): Listening {
  const [, six, four, port] = /^(?:\[([0-9a-f:]+)\]|([0-9.]+)):(\d{1,5})$/i.exec(text) ?? []
  const address = (six ?? four ?? '').toLowerCase()
  if (isIP(address) === 0 || Number(port) > 65_535)
    throw new UsageError(
      `--listen takes one address and a port, such as 10.1.2.3:8443 or [2001:db8::1]:8443, not "${text}".`,
    )
  if (ALL_ADDRESSES.includes(address))
    throw new UsageError(
      `--listen ${text} would serve the case on every network of this machine: name one address.`,
    )
  return { address, port: Number(port) }
}

/** A host name as browsers send it: lower case. @throws UsageError */
export function parseHost(text: string): string {
  const name = text.toLowerCase()
  if (!/^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/.test(name))
    throw new UsageError(`--name takes a host name, not "${text}".`)
  return name
}

/** What browsers send as `Host`. */
export function authorityOf({ address }: Listening, name: string | undefined, port: number): string {
  const host = name ?? (isIP(address) === 6 ? `[${address}]` : address)
  return port === 443 ? host : `${host}:${port}`
}
