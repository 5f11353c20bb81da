/**
 * The events of Windows logs that become records: logons of persons, accounts, devices on USB, remote desktops, logs that
 * were cleared, and clocks that were changed. Every other event is passed over.
 *
 * Services and the system's own accounts log on thousands of times a day; these logons are passed over too.
 *
 * @see Microsoft, "Advanced security audit policy settings" (4624 to 6416); OTRF/OSSEM, data dictionaries (Partition 1006,
 *   Kernel-PnP 400 and 410, TerminalServices 21 to 25 and 1149)
 */
import { definedOnly } from '../../../base/defined-only.ts'
import type { RecordParams } from '../../../contracts/record.ts'

/** Values of an event by name: of EventData by their attribute, of UserData by their element. */
export type EventValues = ReadonlyMap<string, string>

type Params = RecordParams<'windows-event'>
type Own = Omit<Params, 'event' | 'number' | 'record' | 'channel' | 'computer'>
type Said = { readonly [K in keyof Own]?: Own[K] | undefined } & {
  readonly event: string
  readonly person?: string | undefined
}

interface EventRow {
  readonly provider: string
  readonly number: number
  /** @returns null for an event that says nothing about a person or a device */
  readonly read: (values: EventValues) => Said | null
}

const SECURITY = 'Microsoft-Windows-Security-Auditing'
const EVENT_LOG = 'Microsoft-Windows-Eventlog'
const LOCAL_SESSIONS = 'Microsoft-Windows-TerminalServices-LocalSessionManager'
const REMOTE_CONNECTIONS = 'Microsoft-Windows-TerminalServices-RemoteConnectionManager'
const DRIVERS = 'Microsoft-Windows-DriverFrameworks-UserMode'
const PLUG_AND_PLAY = 'Microsoft-Windows-Kernel-PnP'

const EVENTS: readonly EventRow[] = [
  { provider: SECURITY, number: 4624, read: logon('logon') },
  { provider: SECURITY, number: 4625, read: logon('logon-failed') },
  { provider: SECURITY, number: 4634, read: logon('logoff') },
  { provider: SECURITY, number: 4647, read: logon('logoff-asked') },
  { provider: SECURITY, number: 4648, read: logon('logon-as') },
  { provider: SECURITY, number: 4720, read: accountMade },
  { provider: SECURITY, number: 4616, read: clockChanged('PreviousTime', 'NewTime') },
  { provider: SECURITY, number: 6416, read: deviceSeen },
  { provider: 'Microsoft-Windows-Kernel-General', number: 1, read: clockChanged('OldTime', 'NewTime') },
  { provider: 'Microsoft-Windows-Partition', number: 1006, read: diskSeen },
  { provider: DRIVERS, number: 2003, read: driverHost('device-connected') },
  { provider: DRIVERS, number: 2100, read: driverHost('device-asked') },
  { provider: PLUG_AND_PLAY, number: 400, read: plugged('device-configured') },
  { provider: PLUG_AND_PLAY, number: 410, read: plugged('device-started') },
  { provider: LOCAL_SESSIONS, number: 21, read: session('session-logon') },
  { provider: LOCAL_SESSIONS, number: 24, read: session('session-left') },
  { provider: LOCAL_SESSIONS, number: 25, read: session('session-again') },
  { provider: REMOTE_CONNECTIONS, number: 1149, read: remoteUser },
  { provider: EVENT_LOG, number: 1102, read: logCleared },
  { provider: EVENT_LOG, number: 104, read: logCleared },
]

const BY_KEY = new Map(EVENTS.map((row) => [`${row.provider}:${row.number}`, row.read]))

export function readerOfEvent(provider: string, number: number): EventRow['read'] | null {
  return BY_KEY.get(`${provider}:${number}`) ?? null
}

/** The system, its services, window managers, font drivers, and connections without a name. */
const OWN_ACCOUNTS = /^S-1-5-(7|18|19|20|80-.*|90-.*|96-.*)$/

function logon(event: string): EventRow['read'] {
  return (values) => {
    const sid = stated(values, 'TargetUserSid')
    const name = stated(values, 'TargetUserName')
    // A name that ends with a dollar sign is that of a machine.
    if ((sid !== undefined && OWN_ACCOUNTS.test(sid)) || name === undefined || name.endsWith('$')) return null
    return {
      event,
      person: account(values, 'TargetDomainName', 'TargetUserName'),
      sid,
      by: event === 'logon-as' ? account(values, 'SubjectDomainName', 'SubjectUserName') : undefined,
      logonType: countOf(values, 'LogonType'),
      address: stated(values, 'IpAddress'),
      machine: stated(values, 'WorkstationName') ?? stated(values, 'TargetServerName'),
    }
  }
}

function accountMade(values: EventValues): Said {
  return {
    event: 'account-made',
    person: account(values, 'TargetDomainName', 'TargetUserName'),
    sid: stated(values, 'TargetSid'),
    by: account(values, 'SubjectDomainName', 'SubjectUserName'),
  }
}

/** Programs that keep the time move the clock by seconds, often: such changes say nothing. */
const LEAST_CHANGE_MS = 60_000

function clockChanged(from: string, to: string): EventRow['read'] {
  return (values) => {
    const [before, after] = [stated(values, from), stated(values, to)]
    const change = Math.abs(Date.parse(after ?? '') - Date.parse(before ?? ''))
    if (change < LEAST_CHANGE_MS) return null
    const person = account(values, 'SubjectDomainName', 'SubjectUserName')
    return { event: 'clock-changed', person, sid: stated(values, 'SubjectUserSid'), before, after }
  }
}

function deviceSeen(values: EventValues): Said | null {
  const device = stated(values, 'DeviceId')
  if (!isPortable(device)) return null
  return { event: 'device-seen', device, model: stated(values, 'DeviceDescription') }
}

/** A disk came, or one whose size is nought went. */
function diskSeen(values: EventValues): Said | null {
  const sizeBytes = countOf(values, 'Capacity')
  const device = stated(values, 'ParentId')
  if (!isPortable(device)) return null
  const model = [stated(values, 'Manufacturer'), stated(values, 'Model')].filter(Boolean).join(' ')
  return {
    event: sizeBytes === 0 ? 'disk-gone' : 'disk-seen',
    device,
    model: model === '' ? undefined : model,
    serial: stated(values, 'SerialNumber'),
    sizeBytes: sizeBytes === 0 ? undefined : sizeBytes,
  }
}

function driverHost(event: string): EventRow['read'] {
  return (values) => {
    const device = stated(values, 'instance') ?? stated(values, 'InstanceId')
    return isPortable(device) ? { event, device } : null
  }
}

function plugged(event: string): EventRow['read'] {
  return (values) => {
    const device = stated(values, 'DeviceInstanceId')
    return isPortable(device) ? { event, device } : null
  }
}

/** On USB, in a slot for cards, or shown as a portable device. */
function isPortable(device: string | undefined): boolean {
  return device !== undefined && /\b(USB|USBSTOR|WPDBUSENUM(ROOT)?|SD|MTP)[\\#]/i.test(device)
}

function session(event: string): EventRow['read'] {
  return (values) => ({ event, person: stated(values, 'User'), address: stated(values, 'Address') })
}

function remoteUser(values: EventValues): Said {
  const person = account(values, 'Param2', 'Param1')
  return { event: 'remote-user', person, address: stated(values, 'Param3') }
}

function logCleared(values: EventValues): Said {
  return {
    event: 'log-cleared',
    person: account(values, 'SubjectDomainName', 'SubjectUserName'),
    sid: stated(values, 'SubjectUserSid'),
    log: stated(values, 'Channel'),
  }
}

function account(values: EventValues, domain: string, name: string): string | undefined {
  const of = stated(values, name)
  const by = stated(values, domain)
  return of === undefined || by === undefined ? of : `${by}\\${of}`
}

/** A minus stands for a value that is not known. */
function stated(values: EventValues, name: string): string | undefined {
  const value = values.get(name)?.trim()
  return value === undefined || value === '' || value === '-' ? undefined : value
}

function countOf(values: EventValues, name: string): number | undefined {
  const value = stated(values, name)
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined
}

export function paramsOf(
  said: Said,
  of: Pick<Params, 'number' | 'record' | 'channel'> & { readonly computer?: string | undefined },
): Params {
  const { person: _, ...params } = said
  return definedOnly({ ...params, ...of }) as Params
}
