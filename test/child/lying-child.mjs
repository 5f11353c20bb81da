/** A child that the content has taken over: the answers to `open` are not what they should be. */
import { OPS } from '../../dist/src/confined/decoder/ops.js'
import { serve } from '../../dist/src/confined/decoder/serve.js'
import { digestsOf } from '../../dist/src/hash/digest.js'

const member = {
  type: 'member',
  target: '',
  kind: 'member',
  name: 'a',
  entryKind: 'file',
  sizeBytes: '1',
  modified: null,
  linkTarget: null,
  read: { result: 'not-done', reason: 'decode-failed' },
  digests: null,
  mediaType: null,
}
const LIES = {
  size: { ...member, sizeBytes: '-1' },
  name: { ...member, name: 'x'.repeat(70_000) },
  kind: { ...member, kind: 'file' },
  reason: { ...member, read: { result: 'not-done', reason: 'no such reason' } },
  digests: { ...member, read: { result: 'done' }, digests: { md5: '../../etc/passwd' } },
  target: { ...member, target: '\0member:another' },
  nothing: null,
}

// A member that is said to be what a list holds, and what comes when its bytes are asked for.
const LISTED = {
  ...member,
  sizeBytes: '6',
  read: { result: 'done' },
  digests: digestsOf(Buffer.from('listed')),
  mediaType: 'text/plain',
}
const SAID = { honest: 'listed', forged: 'forged', silent: null, endless: 'listed and more', cut: 'list' }

/** Over the limit of what is held, of a container of some bytes. */
const PLANTED = { ...LISTED, sizeBytes: String(700 * 1024 * 1024) }

await serve([
  {
    name: 'open',
    prepare: async (config) => {
      const honest = await OPS.find(({ name }) => name === 'open').prepare(config)
      return async (job) => {
        const { header, bytes, emit } = job
        const way = bytes.toString().split(' ')[0]
        // No other content has taken it over.
        if (!(way in SAID || way in LIES || way === 'planted')) return honest(job)
        const nothing = { header: null, bytes: Buffer.alloc(0) }
        if (header.mode === 'pieces') {
          const target = header.targets[0]
          for (const letter of SAID[way] ?? '') emit({ type: 'piece', target }, Buffer.from(letter))
          if (SAID[way] !== null) emit({ type: 'whole', target }, nothing.bytes)
          return nothing
        }
        // Of what the program made itself, to see whether its processes work.
        if (way !== 'planted' && !(way in SAID) && !(way in LIES)) {
          emit({ type: 'opened', target: '', result: { result: 'done' }, members: 0 }, nothing.bytes)
          return nothing
        }
        if (way === 'planted') {
          emit(PLANTED, nothing.bytes)
          emit({ type: 'opened', target: '', result: { result: 'done' }, members: 1 }, nothing.bytes)
          return nothing
        }
        if (way in SAID && header.mode === 'bytes') {
          if (SAID[way] !== null) emit({ type: 'bytes', target: header.targets[0] }, Buffer.from(SAID[way]))
          return { header: null, bytes: Buffer.alloc(0) }
        }
        emit(way in SAID ? LISTED : LIES[way], Buffer.alloc(0))
        emit({ type: 'opened', target: '', result: { result: 'done' }, members: 1 }, Buffer.alloc(0))
        return { header: null, bytes: Buffer.alloc(0) }
      }
    },
  },
])
