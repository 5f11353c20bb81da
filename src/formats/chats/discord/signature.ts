/** Recognises JSON files of messengers by their fields. */
import type { Sample } from '../../../media-types/sample.ts'

export function messengerType(sample: Sample): string | null {
  return signalConfigType(sample) ?? discordType(sample)
}

/**
 * Settings of Signal Desktop with the database key. Newer versions store the key encrypted by the system (prefix
 * `v10`, `v11` in hex).
 */
function signalConfigType({ head, sizeBytes }: Sample): string | null {
  if (head[0] !== 0x7b || sizeBytes > 4096) return null
  const text = head.toString('latin1')
  // Other programs also store a key under that name. For older versions, another Signal setting must therefore be
  // present.
  const isOne =
    /"encryptedKey": ?"76313[01][0-9a-f]{64,}"/.test(text) ||
    (/"key": ?"[0-9a-f]{64}"/.test(text) && /"media(Camera)?Permissions"/.test(text))
  return isOne ? 'application/x-signal-config' : null
}

/** A list of messages as Discord's servers send it; Discord's programs leave it in their caches. */
function discordType({ head }: Sample): string | null {
  const first = head[0]
  if (first !== 0x5b && first !== 0x7b) return null
  const text = head.toString('latin1', 0, DISCORD_BYTES)
  return DISCORD_FIELDS.every((field) => field.test(text)) ? 'application/x-discord-messages' : null
}

/** The first message may contain long text and attachments before the other fields. */
const DISCORD_BYTES = 1 << 15
const DISCORD_FIELDS = [
  /"channel_id": ?"\d{15,20}"/,
  /"author": ?\{/,
  /"content": ?"/,
  /"timestamp": ?"\d{4}-\d\d-\d\dT/,
  /"mention_roles": ?\[/,
]
