/**
 * Machine code and WebAssembly in the packages of this release: SHA-256, version and name, as `npm ci` installs them;
 * it checks each package against package-lock.json.
 * For Linux on x64; WebAssembly is equal everywhere. A binary compiled at installation (the native form of BLAKE3) is
 * not listed.
 * test/parts/known-binaries.test.ts prints the rows for an updated package.
 */
const ROWS = `
e16c6997e2eaa89575c0dd1f305074be629c3f4d87246244d37fd19debc8a285  1.2.0  7z-wasm/7zz.wasm
4aa73553408c3964071728f4a231a8e86918e39bc49f1fbae75355f7ea933ea9  1.3.4  @img/sharp-libvips-linux-x64/lib/libvips-cpp.so.8.18.7
cf896cc1b7f3ae9c3e8eb3d7b2b198b8de2824ff7d0681d684bab5a825def335  0.35.5  @img/sharp-linux-x64/lib/sharp-linux-x64-0.35.5.node
ee449e93ac7cdab0f3150aa0243a736963b3a95a80885019a789e0cdb68494eb  0.7.0  @myriaddreamin/typst-ts-node-compiler-linux-x64-gnu/typst-ts-node-compiler.linux-x64-gnu.node
059a0873c1114a8a59195f6c4bc76eab9c4e928251003cd501b59bc8aaaf3fa0  0.1.100  @napi-rs/canvas-linux-x64-gnu/skia.linux-x64-gnu.node
9cb3b612806a753c9d1ee67c0b5e5e6fc0b36af80c018486532d6c2535f7be60  1.0.3  @napi-rs/xattr-linux-x64-gnu/xattr.linux-x64-gnu.node
fc847e48a4ea28aa34044eb916777505dfe6e6f62aab1ec5eb8a49dddc137532  6.1.1  @seydx/node-av-linux-x64/node-av.node
1a03a2916dd210925f8a074d460f0f7a2a28b1aeed2a1c3e2bf1a3b0322276cf  13.2.0  better-sqlite3/prebuilds/linux-x64.node
83fa110c518d8a0f17625053473e7d25d251b8b28a321c35a59f815e11bbe78e  13.2.0  better-sqlite3/prebuilds/linuxmusl-x64.node
1e36e2571a8398013ca4b814c87a4c28227e3603329281f0fa3d7b3acaf6d3f3  1.23.2  libheif-js/libheif-wasm/libheif-bundle.js
ffb75a925ba05e47b235bb66e3e3911714a80b328a9c9425539feb204aa32a23  1.30.0  onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime.so.1
ccdc60b981d93a490cf9513d3f583547252b6e285b72988a96a494f2f006c7b8  1.30.0  onnxruntime-node/bin/napi-v6/linux/x64/onnxruntime_binding.node
e6bee67724a7b5436fe8162638e3708cfc8d52b6342db69a49715e30ff27cfdc  5.6.205  pdfjs-dist/wasm/jbig2.wasm
67b8e2b162da472e98cb48d3d32e3e38fff481b9b32ff4818e78bb248af88ab2  5.6.205  pdfjs-dist/wasm/openjpeg.wasm
6017eca5939cde1836e88e6d8cd27ae039246f206515ea4487bdfd0e3fb16e26  5.6.205  pdfjs-dist/wasm/qcms_bg.wasm
34e8d50cac216427d86bf397d610fdd9f49492539bbcdfbfccc4eda20c810bea  7.0.0  tesseract.js-core/tesseract-core-simd-lstm.wasm
5003fb4b88c4fbd1fd518a2fd8c8ad365c519e183a08c03a322dddfea3cea84e  3.1.6  zxing-wasm/dist/reader/zxing_reader.wasm
`

export interface KnownBinary {
  readonly version: string
  readonly sha256: string
}

/** By the name of the part. */
export const KNOWN_BINARIES: ReadonlyMap<string, KnownBinary> = new Map(
  ROWS.trim()
    .split('\n')
    .map((row) => row.split('  ') as [string, string, string])
    .map(([sha256, version, name]) => [name, { version, sha256 }]),
)
