/** Files of messengers that are JSON, told by what stands in them. */
import type { Sample } from '../../media-types/sample.ts'

export function messengerType(sample: Sample): string | null {
  return signalConfigType(sample) ?? discordType(sample)
}

/** Settings of Signal Desktop: the key of its database, in newer versions encrypted by the system (`v10`, `v11` in hex before it). */
function signalConfigType({ head, sizeBytes }: Sample): string | null {
  if (head[0] !== 0x7b || sizeBytes > 4096) return null
  const text = head.toString('latin1')
  // Other programs keep a key under that name too: of older versions another of its own settings must stand beside it.
  const isOne =
    /"encryptedKey": ?"76313[01][0-9a-f]{64,}"/.test(text) ||
    (/"key": ?"[0-9a-f]{64}"/.test(text) && /"media(Camera)?Permissions"/.test(text))
  return isOne ? 'application/x-signal-config' : null
}

/** A list of messages as Discord's servers answer with, which its programs leave in their caches. */
function discordType({ head }: Sample): string | null {
  const first = head[0]
  if (first !== 0x5b && first !== 0x7b) return null
  const text = head.toString('latin1', 0, DISCORD_BYTES)
  return DISCORD_FIELDS.every((field) => field.test(text)) ? 'application/x-discord-messages' : null
}

/** A first message may have long words and what was attached before the rest. */
const DISCORD_BYTES = 1 << 15
const DISCORD_FIELDS = [
  /"channel_id": ?"\d{15,20}"/,
  /"author": ?\{/,
  /"content": ?"/,
  /"timestamp": ?"\d{4}-\d\d-\d\dT/,
  /"mention_roles": ?\[/,
]
