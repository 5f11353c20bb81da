/**
 * Reads a message through postal-mime and gives out every part that is not text as an attachment. The type of a part is
 * the sender's claim: postal-mime adds a picture in a part of type text/plain or text/html to the text, where it is
 * lost. It also leaves out what lies before, behind and between parts, and changes line ends in binary parts.
 */
import PostalMime, { type Attachment, type Email, type PostalMimeOptions } from 'postal-mime'
import { isNoText } from '../signatures/index.ts'

export interface MessageParts {
  readonly mail: Email
  /** Texts that are no members: bodies, and lines outside of all parts. */
  readonly texts: readonly Buffer[]
}

/** @throws Error when the message cannot be parsed */
export async function messageWithParts(bytes: Buffer): Promise<MessageParts> {
  const parser = new PartParser({ forceRfc822Attachments: true, attachmentEncoding: 'arraybuffer' })
  const mail = await parser.parse(bytes)
  return { mail, texts: [...parser.bodies, parser.outside()] }
}

/** A part in the tree of parts. */
interface Part {
  /** Decoded bytes. */
  readonly content: ArrayBuffer | null
  readonly state: 'header' | 'body' | 'finished'
  readonly contentType: { readonly multipart: string | false }
  readonly contentTransferEncoding: { readonly encoding: string }
  getTextContent(): string
}

/** Methods and fields of postal-mime 4.0.0 (postal-mime.ts); its types leave them out. */
interface Sorting {
  readonly attachments: Attachment[]
  readonly currentNode: Part
  /** All bytes, and the offset behind the line that was read last. */
  readonly av: Uint8Array
  readonly readPos: number
  processLine(line: Uint8Array, isFinal: boolean): Promise<void>
  isInlineTextNode(part: Part): boolean
  collectAttachment(part: Part, content: ArrayBuffer, related: boolean, isTooDeep: boolean): void
}

const Parser = PostalMime as unknown as new (options: PostalMimeOptions) => PostalMime & Sorting

const LINE_END = Buffer.from('\r\n')
const ENCODED = /base64|quoted-printable/i

class PartParser extends Parser {
  readonly bodies: Buffer[] = []
  readonly #outside: Uint8Array[] = []
  /** Where the body of a part lies in the message. */
  readonly #ranges = new Map<Part, { readonly from: number; to: number }>()

  outside(): Buffer {
    return Buffer.concat(this.#outside.flatMap((line) => [line, LINE_END]))
  }

  override async processLine(line: Uint8Array, isFinal: boolean): Promise<void> {
    const { currentNode: before } = this
    const wasHeader = before.state === 'header'
    await super.processLine(line, isFinal)
    const { currentNode: part } = this
    if (part !== before) return
    if (wasHeader) {
      this.#ranges.set(part, { from: this.readPos, to: this.readPos })
      return
    }
    if (part.contentType.multipart !== false) this.#outside.push(line)
    const range = this.#ranges.get(part)
    if (range) range.to = this.readPos
  }

  override isInlineTextNode(part: Part): boolean {
    if (!super.isInlineTextNode(part)) return false
    if (part.content !== null && isNoText(Buffer.from(this.#asSent(part) ?? part.content))) return false
    this.bodies.push(Buffer.from(part.getTextContent()))
    return true
  }

  override collectAttachment(part: Part, content: ArrayBuffer, related: boolean, isTooDeep: boolean): void {
    super.collectAttachment(part, content, related, isTooDeep)
    const sent = this.#asSent(part) ?? content
    // postal-mime decodes a calendar as text, which changes the bytes of a picture.
    if (isNoText(Buffer.from(sent))) this.attachments.at(-1)!.content = sent
  }

  /** Bytes of a part that is not encoded; the line end before a boundary belongs to the boundary. */
  #asSent(part: Part): ArrayBuffer | null {
    const range = this.#ranges.get(part)
    if (!range || ENCODED.test(part.contentTransferEncoding.encoding)) return null
    const sent = Buffer.from(this.av.subarray(range.from, range.to))
    const ending = range.to === this.av.length ? 0 : sent.at(-2) === 0x0d ? 2 : 1
    return new Uint8Array(sent.subarray(0, sent.length - ending)).buffer
  }
}
