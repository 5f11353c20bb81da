/** Recognises responses of Discord's servers by their fields. */
import type { Sample } from '../../../media-types/sample.ts'

/** A list of messages as Discord's servers send it; Discord's programs leave it in their caches. */
export function signature({ head }: Sample): string | null {
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
