/**
 * Kinds of finding that the court's edition does not list. It gives digest conflicts, near matches, references and
 * leads as numbers.
 */
import { HASHES_ARE_FOR_MATCHING, type LeavesOut } from '../model/leaves-out.ts'

export const COURT_LEAVES_OUT: LeavesOut = {
  signal: 'A sign in a text is for who works on the case: the working edition quotes it.',
  attribute: 'Neutral facts of a content stand in the working edition.',
  'perceptual-hash': HASHES_ARE_FOR_MATCHING,
  record: 'Records of the device stand in the timeline and in the working edition.',
}
