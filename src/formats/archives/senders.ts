/** Checks the senders and recipients of a message against the privilege list before the message is opened. */
import type { PrivilegedSenders } from '../../contracts/privilege.ts'
import { isPrivilegedSender } from '../../privilege/privilege-list.ts'
import { wholeOf } from './common/container.ts'
import { mailAddresses } from './mail.ts'
import { outlookAddresses } from './outlook.ts'
import type { Place } from './place.ts'

export async function isPrivileged(
  { mediaType, source }: Place,
  privileged: PrivilegedSenders,
  heldBytes: number,
): Promise<boolean> {
  if (source === null || source.sizeBytes > heldBytes || !hasSenders(mediaType)) return false
  return isPrivilegedSender(privileged, await addressesIn(mediaType, wholeOf(source)))
}

function hasSenders(mediaType: string): boolean {
  return mediaType === 'message/rfc822' || OUTLOOK.has(mediaType)
}

/** Addresses of all senders and recipients; empty when the content is not a message. */
async function addressesIn(mediaType: string, bytes: Buffer): Promise<readonly string[]> {
  if (mediaType === 'message/rfc822') return mailAddresses(bytes)
  return OUTLOOK.has(mediaType) ? outlookAddresses(bytes) : []
}

const OUTLOOK = new Set(['application/vnd.ms-outlook', 'application/x-cfb'])
