/**
 * Reads a message through postal-mime and gives out every part that is not text as an attachment. The type of a part is
 * the sender's claim: postal-mime adds a picture in a part of type text/plain or text/html to the text, where it is lost.
 */
import PostalMime, { type Attachment, type Email, type PostalMimeOptions } from 'postal-mime'
import { isNoText } from '../signatures/index.ts'

/** @throws Error when the message cannot be parsed */
export function messageWithParts(bytes: Buffer): Promise<Email> {
  return new PartParser({ forceRfc822Attachments: true, attachmentEncoding: 'arraybuffer' }).parse(bytes)
}

/** A leaf of the tree of parts. */
interface Part {
  /** Decoded bytes. */
  readonly content: ArrayBuffer | null
}

/** Methods of postal-mime 4.0.0 (postal-mime.ts) that sort the parts; its types leave them out. */
interface Sorting {
  readonly attachments: Attachment[]
  isInlineTextNode(part: Part): boolean
  collectAttachment(part: Part, content: ArrayBuffer, related: boolean, isTooDeep: boolean): void
}

const Parser = PostalMime as unknown as new (options: PostalMimeOptions) => PostalMime & Sorting

class PartParser extends Parser {
  override isInlineTextNode(part: Part): boolean {
    return super.isInlineTextNode(part) && !(part.content !== null && isNoText(Buffer.from(part.content)))
  }

  override collectAttachment(part: Part, content: ArrayBuffer, related: boolean, isTooDeep: boolean): void {
    super.collectAttachment(part, content, related, isTooDeep)
    // postal-mime decodes a calendar as text, which changes the bytes of a picture.
    if (isNoText(Buffer.from(content))) this.attachments.at(-1)!.content = content
  }
}
