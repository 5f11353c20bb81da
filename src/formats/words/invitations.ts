/** Invitations to a group or a contact of a messenger, as its codes and links have them. The form alone identifies one. */
import { type Attribute, attribute } from '../../contracts/attribute.ts'

/** A link to a person or group, without its scheme; the rest after it is the invitation. */
const SERVICES: readonly (readonly [service: string, link: RegExp])[] = [
  ['whatsapp', /^(?:chat\.whatsapp\.com\/|wa\.me\/)\S/i],
  ['telegram', /^(?:t\.me|telegram\.me)\/\S/i],
  ['telegram', /^(?:join|resolve)\?\S/i],
  ['signal', /^signal\.(?:me|group)\/#\S/i],
  ['discord', /^(?:discord\.gg|discord(?:app)?\.com\/invite)\/\S/i],
  ['simplex', /^(?:simplex\.chat\/(?:contact|invitation|a)|[\w.-]+\.simplex\.im\/)\S*#\S/i],
  ['wire', /^(?:app\.wire\.com|wire\.com)\/\S*join\S/i],
  ['line', /^line\.me\/(?:R\/)?ti\/\S/i],
  ['viber', /^(?:invite\.viber\.com|chats\.viber\.com)\/\S/i],
  ['snapchat', /^(?:www\.)?snapchat\.com\/add\/\S/i],
  ['threema', /^threema\.id\/\S/i],
]
const SCHEME = /^(?:https?|tg|sgnl|simplex):(?:\/\/)?(?:www\.)?/i
const QUOTED = 199

export function invitationIn(text: string): Attribute[] {
  const link = text.trim()
  if (!SCHEME.test(link) || /\s/.test(link)) return []
  const rest = link.replace(SCHEME, '')
  const service = SERVICES.find(([, form]) => form.test(rest))?.[0]
  return service === undefined ? [] : [attribute('invitation-link', { service, link: link.slice(0, QUOTED) })]
}
