/**
 * What processes say that hostile bytes have taken over. Each lie is told wherever its occasion comes, so also by the process that is
 * started in place of the first.
 *
 * `tell` gets a frame that is about to be sent, what was asked for, and tools; it gives the bytes that go in its place, or null.
 * `harmless`: what is said may be left out or taken, and nothing is to be seen of it in the end.
 */

/** The file about which is lied; on a mount or on the second volume of an image. Where several are lied about, each has a name of its own. */
export const TARGET = 'TARGET.BIN'
/** A file about which one of several lies is told; where each has a volume, on the volume of that number. */
export const targetNumbered = (number) => `T${String(number).padStart(2, '0')}.BIN`
/** A file that is told the truth about. */
export const OTHER = 'OTHER.BIN'

/** Made when they are sent: each process that lies, about whatever, would take 60 MB. */
const brackets = () => Buffer.alloc(60e6, '[')
const deep = () => Buffer.from(`{"a":${'['.repeat(100_000)}`)

/** Whatever the process: frames that are none. @param is whether this one is the occasion */
const frames = (is) => ({
  'no header': (frame, { frame: made }) => [made(frame.type, frame.job, undefined)],
  null: (frame, { frame: made }) => [made(frame.type, frame.job, null)],
  'a number': (frame, { frame: made }) => [made(frame.type, frame.job, 7)],
  'text that is no JSON': (frame, { frame: made }) => [made(frame.type, frame.job, Buffer.from('{"a":'))],
  '60 MB of brackets': (frame, { frame: made }) => [made(frame.type, frame.job, brackets())],
  'brackets a hundred thousand deep': (frame, { frame: made }) => [made(frame.type, frame.job, deep())],
  'a header of 4 GB': (frame, { frame: made }) => [
    made(frame.type, frame.job, {}, undefined, { header: 0xffff_ffff }),
  ],
  'bytes that nobody waits for': (frame, { frame: made }) => [
    made(frame.type, frame.job, {}, undefined, { payload: 0x7fff_ffff }),
  ],
  'a frame of a type that there is not': (frame, { frame: made }) => [made(99, frame.job, frame.header)],
  'a frame of another job': (frame, { frame: made }) => [made(frame.type, frame.job + 7, frame.header)],
  is,
})

function framesOf({ is, ...said }) {
  return Object.fromEntries(
    Object.entries(said).map(([name, make]) => [
      name,
      { tell: (frame, asked, tools) => (is(frame, asked) ? make(frame, tools) : null) },
    ]),
  )
}

/** A heartbeat that is none: the frame goes as it is, and before it the beat. */
const beats = (is) =>
  Object.fromEntries(
    Object.entries({
      'a heartbeat of one byte': Buffer.from([1]),
      'heartbeats of numbers out of range': Buffer.alloc(64, 0xff),
    }).map(([name, bytes]) => [
      name,
      {
        harmless: true,
        tell: (frame, asked, { beat }) => {
          if (is(frame, asked)) beat(bytes)
          return null
        },
      },
    ]),
  )

// ───────────────────────────────────────────────────────────────────────────── readers

const DIGESTED = 17

const indexOfTarget = ({ header, target }) => header.jobs?.findIndex(([path]) => path.endsWith(target)) ?? -1
const isOfTarget = (frame, asked) => frame.type === DIGESTED && indexOfTarget(asked) >= 0

/** @param change of the answer about the target */
const answer = (change) => ({
  tell: (frame, asked, { frame: made }) => {
    if (!isOfTarget(frame, asked)) return null
    const { answers, atimeTouched } = frame.header
    const said = answers.with(indexOfTarget(asked), change(answers[indexOfTarget(asked)], answers))
    return [made(frame.type, frame.job, { answers: said, atimeTouched })]
  },
})
const item = (index, value) => answer((given) => given.with(index, value))
const header = (change) => ({
  tell: (frame, asked, { frame: made }) =>
    isOfTarget(frame, asked) ? [made(frame.type, frame.job, change(frame.header))] : null,
})

const READER = {
  ...framesOf(frames(isOfTarget)),
  ...beats(isOfTarget),
  'no answers': header(() => ({ atimeTouched: false })),
  'answers that are an object': header((said) => ({ ...said, answers: {} })),
  'an answer too few': header((said) => ({ ...said, answers: said.answers.slice(1) })),
  'an answer too many': header((said) => ({ ...said, answers: [...said.answers, said.answers[0]] })),
  'a flag that is a number': header((said) => ({ ...said, atimeTouched: 1 })),
  'an answer of null': answer(() => null),
  'an answer that breaks off': answer((given) => given.slice(0, 3)),
  'a size of 1.5': item(1, 1.5),
  'a size of −5': item(1, -5),
  'a size as text': item(1, '64'),
  'another size than was listed': answer((given) => given.with(1, given[1] + 1)),
  'a media type of two lines': item(2, 'text/plain\nimage/png'),
  'a media type of null': item(2, null),
  'an MD5 of one letter': item(4, 'a'),
  'an MD5 that is a path': item(4, '../../../../etc/passwd'),
  'a SHA-1 in capitals': answer((given) => given.with(5, given[5].toUpperCase())),
  'a SHA-256 that is no hex': item(6, 'g'.repeat(64)),
  'a SHA-256 that is a number': item(6, 5),
  'a BLAKE3 too long': answer((given) => given.with(7, `${given[7]}00`)),
  'digests of eDonkey that nobody asked for': answer((given) => [...given, given[4], given[4]]),
  'the SHA-256 of another file with its own MD5': answer((given, all) => {
    const other = all.find((one) => one !== given && one[0] === 'done')
    return other === undefined ? given : given.with(6, other[6])
  }),
  'a reason that there is not': answer(() => ['because', 0, null]),
  'a reason of another outcome': answer(() => ['directory', 0, null]),
  'a reason out of a prototype': answer(() => ['constructor', 0, null]),
  'a detail of no code': answer(() => ['io-error', 0, { code: 'x', params: {} }]),
  'a detail with other parameters': answer(() => ['io-error', 0, { code: 'errno', params: { errno: [] } }]),
  'bytes read that are negative': answer(() => ['io-error', -1, null]),
  'that it was sent': answer(() => ['sent', 64, null]),
  'an answer twice': {
    tell: (frame, asked, { frame: made }) => {
      if (!isOfTarget(frame, asked)) return null
      const once = made(frame.type, frame.job, frame.header)
      return [once, once]
    },
    harmless: true,
  },
  'pieces of a content that nobody asked for': {
    tell: (frame, asked, { frame: made }) =>
      isOfTarget(frame, asked) ? [made(18, frame.job, undefined, Buffer.alloc(64))] : null,
  },
}

// ───────────────────────────────────────────────────────────────────────────── listers

const LIST = { image: 48, entries: 49, range: 50, at: 51, end: 52, refused: 53, hashed: 54, verified: 55 }

const isListing = (asked) => asked.header.task === 'list'
const volumeOf = ({ target }) => (target === TARGET ? 2 : Number(target.slice(1, 3)))
const listed = (frame, { target }) =>
  frame.type === LIST.entries ? frame.header.entries.findIndex(([path]) => path.endsWith(target)) : -1
const isListed = (frame, asked) => listed(frame, asked) >= 0
const isRangeOfTarget = (frame, asked) =>
  frame.type === LIST.range && frame.header.range.range.number === volumeOf(asked)
const isFacts = (frame, asked) => frame.type === LIST.image && isListing(asked)

/** @param change of the target's entry */
const entry = (change) => ({
  tell: (frame, asked, { frame: made }) => {
    if (!isListed(frame, asked)) return null
    const { volume, entries } = frame.header
    const at = listed(frame, asked)
    const said = entries.with(at, change(entries[at], volumeOf(asked)))
    return [made(frame.type, frame.job, { volume, entries: said })]
  },
})
const entryItem = (index, value) => entry((given) => given.with(index, value))
const onImage = (index, value) => entry((given) => given.with(16, given[16].with(index, value)))
const place = (change) => entry((given) => given.with(16, given[16].with(5, change(given[16][5]))))
const named = (...findings) => entryItem(15, findings)
const range = (change) => ({
  tell: (frame, asked, { frame: made }) =>
    isRangeOfTarget(frame, asked)
      ? [made(frame.type, frame.job, change(structuredClone(frame.header), volumeOf(asked)))]
      : null,
})
const facts = (change) => ({
  tell: (frame, asked, { frame: made }) =>
    isFacts(frame, asked) ? [made(frame.type, frame.job, change(structuredClone(frame.header)))] : null,
})
const before = (is, make) => ({
  tell: (frame, asked, { frame: made }) =>
    is(frame, asked) ? [make(made), made(frame.type, frame.job, frame.header)] : null,
})

const MODEL = { kind: 'score', classifier: 'none', modelSha256: 'a'.repeat(64), label: 'x' }

const LISTER = {
  ...framesOf(frames(isListed)),
  ...beats(isListed),
  'an entry of null': entry(() => null),
  'an entry that breaks off': entry((given) => given.slice(0, 5)),
  'an entry twice': {
    harmless: true,
    tell: (frame, asked, { frame: made }) => {
      if (!isListed(frame, asked)) return null
      const { volume, entries } = frame.header
      return [made(frame.type, frame.job, { volume, entries: [...entries, entries[listed(frame, asked)]] })]
    },
  },
  'an entry of another volume': entry((given, volume) =>
    given.with(0, given[0].replace(`volume:${volume}`, 'volume:1')),
  ),
  'a path with a step that no listing has': entry((given) => given.with(0, `${given[0]}\0member:x`)),
  'a path with an escape that is none': entry((given) => given.with(0, `${given[0]}\x01\x07`)),
  'a path of letters that are no bytes': entry((given) => given.with(0, `${given[0]}\u2028`)),
  'the volume itself': entry((given, volume) => given.with(0, `\0volume:${volume}`)),
  'a kind that there is not': entryItem(1, 'picture'),
  'a folder that is to be read': entryItem(1, 'directory'),
  'a size of 1.5': entryItem(2, '1.5'),
  'a size of −5': entryItem(2, '-5'),
  'a size of twenty digits': entryItem(2, '99999999999999999999'),
  'a content larger than any image': entryItem(2, '9007199254740991'),
  'a time that is none': entryItem(4, ['now', null, null, null]),
  'times on a clock that there is not': entryItem(5, 'stat/ns/mars'),
  'an owner of 1.5': entryItem(10, 1.5),
  'a band of −1': entryItem(13, -1),
  'that a file was read': entryItem(14, { result: 'done' }),
  'that a file is a folder and not read': entryItem(14, {
    result: 'not-applicable',
    reason: 'directory',
    detail: null,
  }),
  'a reason that there is not': entryItem(14, { result: 'not-done', reason: 'x', detail: null }),
  'a reason that no listing gives': entryItem(14, {
    result: 'not-done',
    reason: 'privileged',
    detail: null,
  }),
  'a score of a model that does not exist': named({ ...MODEL, scorePer10k: 9999, thresholdPer10k: 1 }),
  'an attribute that there is not': named({ kind: 'attribute', code: 'guilty', params: {} }),
  'the beginning of a content that no list has': named({
    kind: 'attribute',
    code: 'listed-beginning',
    params: { list: 'Illegal', meaning: 'illegal', md5: 'a'.repeat(32), bytes: 64, agreement: 'whole' },
  }),
  'a stated digest of no digest': named({
    kind: 'attribute',
    code: 'stated-digest',
    params: { algorithm: 'md5', digest: 'x' },
  }),
  'an original name by a witness that there is not': named({
    kind: 'attribute',
    code: 'original-path',
    params: { path: 'C:\\x', by: 'the suspect' },
  }),
  'a volume of −1': onImage(0, -1),
  'a status that there is not': onImage(1, 'planted'),
  'a record of 1.5': onImage(3, 1.5),
  'a place of null': place(() => null),
  'a place of {}': place(() => ({})),
  'runs of {}': place((given) => ({ ...given, runs: {} })),
  'a run of −5': place((given) => ({ ...given, runs: [{ offset: -5, length: 64 }] })),
  'a run of 1.5': place((given) => ({ ...given, runs: [{ offset: 1.5, length: 64 }] })),
  'a stated hash of the wrong length': place((given) => ({
    ...given,
    stated: [{ algorithm: 'md5', hex: 'abc' }],
  })),
  'a carved content outside of the volume': entry((given, volume) => {
    const at = 2 ** 50
    const lies = { kind: 'runs', runs: [{ offset: at, length: 64 }], validBytes: 64 }
    const on = given[16].with(1, 'carved').with(2, 'signature').with(3, at).with(5, lies)
    return given.with(0, `\0volume:${volume}\0unallocated:${at}`).with(2, '64').with(16, on)
  }),
  'notes that are sentences': onImage(8, ['An illegal picture.']),
  'a range that the image does not have': range((said) => {
    said.range.range.offset += 512
    return said
  }),
  'more bytes than the range has': range((said) => {
    said.range.classes.allocated = Number.MAX_SAFE_INTEGER
    return said
  }),
  'classes of −1': range((said) => {
    said.range.classes.slack = -1
    return said
  }),
  'more damage than the range has': range((said) => {
    said.damage = [{ kind: 'damaged', of: null, bytes: 2 ** 40 }]
    return said
  }),
  'a sample that nobody drew': range((said, volume) => {
    const counts = { blockBytes: 512, blocks: 9, drawn: 9, read: 9, empty: 9, matched: 9 }
    said.samples = [{ volume, seed: 'x', ...counts, hashSetSha256: null }]
    return said
  }),
  'a range twice': {
    // The first is taken, and nothing more is asked of that volume.
    harmless: true,
    tell: (frame, asked, { frame: made }) => {
      if (!isRangeOfTarget(frame, asked)) return null
      const once = made(frame.type, frame.job, frame.header)
      return [once, once]
    },
  },
  'the end in place of a range': {
    tell: (frame, asked, { frame: made }) => (isRangeOfTarget(frame, asked) ? [made(LIST.end, 0)] : null),
  },
  'a volume for a second time': before(isListed, (made) => made(LIST.at, 0, 1)),
  'a volume that there is not': before(isListed, (made) => made(LIST.at, 0, 99)),
  'that the image cannot be opened': before(isListed, (made) =>
    made(LIST.refused, 0, { code: 'x', message: 'no' }),
  ),
  'hashes that nobody asked for': before(isListed, (made) =>
    made(LIST.verified, 0, { hashes: [{ algorithm: 'md5', hex: 'a'.repeat(32) }], damage: [], opened: [] }),
  ),
  'facts for a second time': {
    tell: (frame, asked, { frame: made }) => {
      if (!isFacts(frame, asked)) return null
      const once = made(frame.type, frame.job, frame.header)
      return [once, once]
    },
  },
  'facts of another image': facts((said) => {
    said.image.format = 'ewf-e01'
    return said
  }),
  'facts of a larger image': facts((said) => {
    said.image.sizeBytes += 512
    return said
  }),
  'ranges that overlap': facts((said) => {
    said.ranges[1].range.length += 512
    return said
  }),
  'ranges of {}': facts((said) => ({ ...said, ranges: {} })),
}

// ───────────────────────────────────────────────────────────────────────────── walkers

/** Where the program tries its processes on a file of its own. */
const TRIED = 'seized-tried-'

/** Frames of a walk that are sent in one piece. */
const held = []
const WALK = { entries: 32, about: 33, end: 34, refused: 35 }

const walked = (frame, { target }) =>
  frame.type === WALK.entries
    ? frame.header.findIndex(([path, , , , , , , , , , , , , , read]) => path === target && read === null)
    : -1
const isWalked = (frame, asked) => walked(frame, asked) >= 0

const walkedEntry = (change) => ({
  tell: (frame, asked, { frame: made }) =>
    isWalked(frame, asked)
      ? [
          made(
            frame.type,
            frame.job,
            frame.header.with(walked(frame, asked), change(frame.header[walked(frame, asked)], frame.header)),
          ),
        ]
      : null,
})
const walkedItem = (index, value) => walkedEntry((given) => given.with(index, value))

const WALKER = {
  ...framesOf(frames(isWalked)),
  ...beats(isWalked),
  'entries of {}': {
    tell: (frame, asked, { frame: made }) =>
      isWalked(frame, asked) ? [made(frame.type, frame.job, {})] : null,
  },
  'no entries': {
    tell: (frame, asked, { frame: made }) =>
      isWalked(frame, asked) ? [made(frame.type, frame.job, [])] : null,
  },
  'an entry of null': walkedEntry(() => null),
  'an entry that breaks off': walkedEntry((given) => given.slice(0, 5)),
  'an entry twice': {
    tell: (frame, asked, { frame: made }) =>
      isWalked(frame, asked)
        ? [made(frame.type, frame.job, [...frame.header, frame.header[walked(frame, asked)]])]
        : null,
  },
  'a path out of the exhibit': walkedItem(0, 'a/../../../etc/passwd'),
  'an absolute path': walkedItem(0, '/etc/passwd'),
  'a path that ends in a folder': walkedItem(0, `${TARGET}/`),
  'a path with a step that no walk has': walkedItem(0, `${TARGET}\0member:x`),
  'a path of a volume': walkedItem(0, '\0volume:1'),
  'a path of letters that are no bytes': walkedItem(0, `${TARGET}\u2028`),
  'a path of null': walkedItem(0, null),
  'a kind that there is not': walkedItem(1, 'picture'),
  'a link that is to be read': walkedItem(1, 'symlink'),
  'a size of 1.5': walkedItem(2, '1.5'),
  'a size of −5': walkedItem(2, '-5'),
  'a size as a number': walkedItem(2, 64),
  'a size of no file': walkedItem(2, '9223372036854775807'),
  'a size of 60 digits': walkedItem(2, '9'.repeat(60)),
  'bytes allocated of 1.5': walkedItem(3, '1.5'),
  'times that are too few': walkedItem(4, ['1']),
  'a time that is none': walkedItem(4, ['now', null, null, null]),
  'times on a clock that there is not': walkedItem(5, 'stat/ns/mars'),
  'a device of letters': walkedItem(6, 'sda'),
  'an inode of −1': walkedItem(7, '-1'),
  'a mode of 1.5': walkedItem(9, 1.5),
  'an owner of −1': walkedItem(10, -1),
  'a link to letters that are no bytes': walkedItem(12, '\u{1f600}'),
  'a band of a million': walkedItem(13, 1e6),
  'that a file was read': walkedItem(14, { result: 'done' }),
  'that a file is a folder and not read': walkedItem(14, {
    result: 'not-applicable',
    reason: 'directory',
    detail: null,
  }),
  'that a file is out of scope': walkedItem(14, {
    result: 'out-of-scope',
    reason: 'scope-pattern',
    detail: null,
  }),
  'a reason that there is not': walkedItem(14, { result: 'not-done', reason: 'x', detail: null }),
  'a score of a model that does not exist': walkedItem(15, [
    { ...MODEL, scorePer10k: 9999, thresholdPer10k: 1 },
  ]),
  'an attribute of a content': walkedItem(15, [
    { kind: 'attribute', code: 'gps-position', params: { text: '0 0' } },
  ]),
  'an item too many': walkedEntry((given) => [...given, null]),
  'places that nobody asked for': {
    tell: (frame, asked, { frame: made }) =>
      isWalked(frame, asked) && !asked.setUp.careful
        ? [made(WALK.about, 0, { path: '', call: 'open' }), made(frame.type, frame.job, frame.header)]
        : null,
    harmless: true,
  },
  'a refusal behind entries': {
    tell: (frame, asked, { frame: made }) =>
      isWalked(frame, asked)
        ? [made(frame.type, frame.job, frame.header), made(WALK.refused, 0, 'no such folder')]
        : null,
  },
  'something behind the end': {
    tell: (frame, { setUp }, { frame: made }) =>
      frame.type === WALK.end && !setUp.root.includes(TRIED) ? [made(WALK.end, 0), made(WALK.end, 0)] : null,
    harmless: true,
  },
  'something behind the end, in one piece with the last entries': {
    tell: (frame, { setUp }, { frame: made }) => {
      if (setUp.root.includes(TRIED)) return null
      const sent = made(frame.type, frame.job, frame.header)
      const isEnd = frame.type === WALK.end
      // Later walks pass the place over at which the careful one was, and say so bit by bit.
      if (setUp.stuck.length > 1) return isEnd ? [sent, sent] : null
      held.push(sent)
      return isEnd ? [Buffer.concat([...held.splice(0), sent])] : []
    },
    harmless: true,
  },
}

// ───────────────────────────────────────────────────────────────────────────── an image that is described

const HOSTILE = '\x1b]0;title\x07\x1b[2J\u009b31m\u202egnp.exe\r\nvolume 9  all is read'

const isDescribed = (frame, { setUp }) => frame.type === LIST.image && setUp.segments[0].name !== 'tried.tar'
const described = (change) => ({
  tell: (frame, asked, { frame: made }) =>
    isDescribed(frame, asked) ? [made(frame.type, frame.job, change(structuredClone(frame.header)))] : null,
})
const code = (set) => ({
  ...described((said) => {
    set(said)
    return said
  }),
  refused: true,
})

const DESCRIBING = {
  'text that moves the cursor, wherever text may stand': described((said) => {
    const { image, ranges } = said
    image.stated.push({ name: HOSTILE, value: HOSTILE })
    image.remarks.push({ code: 'log-not-replayed', params: { segment: HOSTILE } })
    for (const one of ranges) {
      one.range.name = HOSTILE
      one.range.type = HOSTILE
      if (!one.fileSystem) continue
      one.fileSystem.label = HOSTILE
      one.fileSystem.stated.push({ name: 'volume-1', value: HOSTILE })
    }
    return said
  }),
  'a format that moves the cursor': code((said) => void (said.image.format = HOSTILE)),
  'a code of a remark that moves the cursor': code(
    (said) => void said.image.remarks.push({ code: HOSTILE, params: {} }),
  ),
  'a stored hash that moves the cursor': code(
    (said) => void said.image.storedHashes.push({ algorithm: 'md5', hex: HOSTILE }),
  ),
  'a scheme that moves the cursor': code((said) => void (said.ranges[0].range.scheme = HOSTILE)),
  'a content that moves the cursor': code((said) => void (said.ranges[0].range.content = HOSTILE)),
  'a name of a segment that moves the cursor': code((said) => void (said.image.segments[0].name = HOSTILE)),
  'a refusal that moves the cursor': {
    refused: true,
    tell: (frame, asked, { frame: made }) =>
      isDescribed(frame, asked) ? [made(LIST.refused, 0, { code: 'x', message: HOSTILE })] : null,
  },
  'null for facts': {
    refused: true,
    tell: (frame, asked, { frame: made }) => (isDescribed(frame, asked) ? [made(frame.type, 0, null)] : null),
  },
  'ranges that leave bytes out': code((said) => void said.ranges.pop()),
  'a volume without a number': code((said) => {
    for (const { range } of said.ranges) range.number = null
  }),
}

// ───────────────────────────────────────────────────────────────────────────── extents of a VMDK

const EXTENTS_FRAME = 57
const extents = (header, times = 1) => ({
  tell: (frame, _asked, { frame: made }) =>
    frame.type === EXTENTS_FRAME ? Array(times).fill(made(frame.type, frame.job, header)) : null,
})

const EXTENTS = {
  'a file of another folder': extents({ names: ['../secret'] }),
  'a file by its whole path': extents({ names: ['/etc/passwd'] }),
  'a name that moves the cursor': extents({ names: ['\x1b[2J\u009b31m'] }),
  'letters that are no bytes': extents({ names: ['\u{1f600}'] }),
  'names that are none': extents({ names: [7] }),
  'more extents than a disk has': extents({ names: Array(5000).fill('a') }),
  'its names twice': extents({ names: ['disk-flat.vmdk'] }, 2),
  null: extents(null),
}

// ───────────────────────────────────────────────────────────────────────────── what is left out

const SILENT = {
  'nothing of what it counts': {
    tell: (frame, asked) => (frame.type === LIST.entries && isListing(asked) ? [] : null),
  },
  'folders alone of what it counts': {
    tell: (frame, asked, { frame: made }) => {
      if (frame.type !== LIST.entries || !isListing(asked)) return null
      const { volume, entries } = frame.header
      const folders = entries.filter(([, kind]) => kind === 'directory')
      return folders.length === 0 ? [] : [made(frame.type, frame.job, { volume, entries: folders })]
    },
  },
}

export const LIES = {
  'image-reader': READER,
  'image-lister': LISTER,
  'reader-child': READER,
  'walk-child': WALKER,
  describing: DESCRIBING,
  silent: SILENT,
  extents: EXTENTS,
  honest: { 'a frame that never comes': { tell: () => null } },
}
