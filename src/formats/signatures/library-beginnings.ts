/**
 * First bytes of the signatures of the file-type library (21.3.4): first byte, and the second bytes that may follow
 * it. A test reads the source of the library and fails when a new version has another signature.
 */
const PAIRS = `
  00:00,01,61 04:00,22 06:06,0e 0b:77 1a:45 1f:8b,9d,a0 21:3c,42 23:21 24:46 25:21,50 28:b5 2d:2d 2e:52 30:26,37
  37:7a 38:42 3c:3f 41:43,52 42:45,4c,4d,50,5a 43:72 44:52,53 45:78 46:4c,4f,55 47:any 49:44,49,4d,53,54 4b:61
  4c:00,5a 4d:41,4d,50,53,54,5a 4e:45 4f:54,62,67 50:41,4b 52:45,49,61 53:51 57:45 60:ea 62:6f 66:4c 67:69,6c 69:63
  72:65 73:6f 74:74 77:4f,76 78:01 7b:5c 7e:10,18 7f:45 89:50 a1:b2 ab:4b c5:d0 c7:71 ca:fe ce:fa cf:fa d0:cf d4:c3
  ed:ab ef:bb fd:37 fe:ed,ff ff:0a,4f,d8,e0,fe,ff`

/** Indexed by the two bytes as a big-endian number: 1 when a signature starts with them. */
const BEGINS = new Uint8Array(65536)
for (const pair of PAIRS.trim().split(/\s+/)) {
  const [first, seconds] = pair.split(':') as [string, string]
  const high = Number.parseInt(first, 16) << 8
  if (seconds === 'any') BEGINS.fill(1, high, high + 256)
  else for (const second of seconds.split(',')) BEGINS[high | Number.parseInt(second, 16)] = 1
}

/** @returns whether a signature of the library starts with these two bytes */
export function libraryBeginsWith(first: number, second: number): boolean {
  return BEGINS[(first << 8) | second] === 1
}
