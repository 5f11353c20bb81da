/** A content that a reader did not read, and why. */
import type { Detail } from '../contracts/detail.ts'
import type { ReasonCode } from '../contracts/reason.ts'

/** A content was not read to its end; `bytesRead` bytes were read. */
export class NotRead extends Error {
  readonly reason: ReasonCode
  readonly detail: Detail | null
  readonly bytesRead: number
  constructor(reason: ReasonCode, detail: Detail | null, bytesRead = 0) {
    super(detail?.code ?? reason)
    this.reason = reason
    this.detail = detail
    this.bytesRead = bytesRead
  }
}
