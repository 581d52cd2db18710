// biome-ignore-all lint/correctness/noPrecisionLoss: these are u64, not numbers
/**
 * The search of `keccak.ts` with two nonces at a time: lane k of both states side by side in one 128-bit word.
 * 1.4 times as fast where there is wasm SIMD. Kept apart so that the rest loads where there is none.
 */

const ROUND_CONSTANTS = memory.data<u64>([
  0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b,
  0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088,
  0x0000000080008009, 0x000000008000000a, 0x000000008000808b, 0x800000000000008b, 0x8000000000008089,
  0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
  0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
])

const RATE: usize = 136
const STATE = memory.data(200, 16)
const FIRST = memory.data(400, 16)
const WORK = memory.data(400, 16)
const OUT = memory.data(400, 16)

export function state(): usize {
  return STATE
}

function rotate(x: v128, n: i32): v128 {
  return v128.or(v128.shl<u64>(x, n), v128.shr<u64>(x, 64 - n))
}

function chi(a: v128, b: v128, c: v128): v128 {
  return v128.xor(a, v128.andnot(c, b))
}

/** Permutes the pair of states at `from`, result to `to`. */
function permute(from: usize, to: usize): void {
  let a0 = v128.load(from, 0)
  let a1 = v128.load(from, 16)
  let a2 = v128.load(from, 32)
  let a3 = v128.load(from, 48)
  let a4 = v128.load(from, 64)
  let a5 = v128.load(from, 80)
  let a6 = v128.load(from, 96)
  let a7 = v128.load(from, 112)
  let a8 = v128.load(from, 128)
  let a9 = v128.load(from, 144)
  let a10 = v128.load(from, 160)
  let a11 = v128.load(from, 176)
  let a12 = v128.load(from, 192)
  let a13 = v128.load(from, 208)
  let a14 = v128.load(from, 224)
  let a15 = v128.load(from, 240)
  let a16 = v128.load(from, 256)
  let a17 = v128.load(from, 272)
  let a18 = v128.load(from, 288)
  let a19 = v128.load(from, 304)
  let a20 = v128.load(from, 320)
  let a21 = v128.load(from, 336)
  let a22 = v128.load(from, 352)
  let a23 = v128.load(from, 368)
  let a24 = v128.load(from, 384)
  for (let r: usize = 0; r < 24 * 8; r += 8) {
    const c0: v128 = v128.xor(v128.xor(v128.xor(v128.xor(a0, a5), a10), a15), a20)
    const c1: v128 = v128.xor(v128.xor(v128.xor(v128.xor(a1, a6), a11), a16), a21)
    const c2: v128 = v128.xor(v128.xor(v128.xor(v128.xor(a2, a7), a12), a17), a22)
    const c3: v128 = v128.xor(v128.xor(v128.xor(v128.xor(a3, a8), a13), a18), a23)
    const c4: v128 = v128.xor(v128.xor(v128.xor(v128.xor(a4, a9), a14), a19), a24)
    const d0: v128 = v128.xor(c4, rotate(c1, 1))
    const d1: v128 = v128.xor(c0, rotate(c2, 1))
    const d2: v128 = v128.xor(c1, rotate(c3, 1))
    const d3: v128 = v128.xor(c2, rotate(c4, 1))
    const d4: v128 = v128.xor(c3, rotate(c0, 1))
    const b0: v128 = v128.xor(a0, d0)
    const b1: v128 = rotate(v128.xor(a6, d1), 44)
    const b2: v128 = rotate(v128.xor(a12, d2), 43)
    const b3: v128 = rotate(v128.xor(a18, d3), 21)
    const b4: v128 = rotate(v128.xor(a24, d4), 14)
    const b5: v128 = rotate(v128.xor(a3, d3), 28)
    const b6: v128 = rotate(v128.xor(a9, d4), 20)
    const b7: v128 = rotate(v128.xor(a10, d0), 3)
    const b8: v128 = rotate(v128.xor(a16, d1), 45)
    const b9: v128 = rotate(v128.xor(a22, d2), 61)
    const b10: v128 = rotate(v128.xor(a1, d1), 1)
    const b11: v128 = rotate(v128.xor(a7, d2), 6)
    const b12: v128 = rotate(v128.xor(a13, d3), 25)
    const b13: v128 = rotate(v128.xor(a19, d4), 8)
    const b14: v128 = rotate(v128.xor(a20, d0), 18)
    const b15: v128 = rotate(v128.xor(a4, d4), 27)
    const b16: v128 = rotate(v128.xor(a5, d0), 36)
    const b17: v128 = rotate(v128.xor(a11, d1), 10)
    const b18: v128 = rotate(v128.xor(a17, d2), 15)
    const b19: v128 = rotate(v128.xor(a23, d3), 56)
    const b20: v128 = rotate(v128.xor(a2, d2), 62)
    const b21: v128 = rotate(v128.xor(a8, d3), 55)
    const b22: v128 = rotate(v128.xor(a14, d4), 39)
    const b23: v128 = rotate(v128.xor(a15, d0), 41)
    const b24: v128 = rotate(v128.xor(a21, d1), 2)
    a0 = v128.xor(chi(b0, b1, b2), v128.load_splat<u64>(ROUND_CONSTANTS + r))
    a1 = chi(b1, b2, b3)
    a2 = chi(b2, b3, b4)
    a3 = chi(b3, b4, b0)
    a4 = chi(b4, b0, b1)
    a5 = chi(b5, b6, b7)
    a6 = chi(b6, b7, b8)
    a7 = chi(b7, b8, b9)
    a8 = chi(b8, b9, b5)
    a9 = chi(b9, b5, b6)
    a10 = chi(b10, b11, b12)
    a11 = chi(b11, b12, b13)
    a12 = chi(b12, b13, b14)
    a13 = chi(b13, b14, b10)
    a14 = chi(b14, b10, b11)
    a15 = chi(b15, b16, b17)
    a16 = chi(b16, b17, b18)
    a17 = chi(b17, b18, b19)
    a18 = chi(b18, b19, b15)
    a19 = chi(b19, b15, b16)
    a20 = chi(b20, b21, b22)
    a21 = chi(b21, b22, b23)
    a22 = chi(b22, b23, b24)
    a23 = chi(b23, b24, b20)
    a24 = chi(b24, b20, b21)
  }
  v128.store(to, a0, 0)
  v128.store(to, a1, 16)
  v128.store(to, a2, 32)
  v128.store(to, a3, 48)
  v128.store(to, a4, 64)
  v128.store(to, a5, 80)
  v128.store(to, a6, 96)
  v128.store(to, a7, 112)
  v128.store(to, a8, 128)
  v128.store(to, a9, 144)
  v128.store(to, a10, 160)
  v128.store(to, a11, 176)
  v128.store(to, a12, 192)
  v128.store(to, a13, 208)
  v128.store(to, a14, 224)
  v128.store(to, a15, 240)
  v128.store(to, a16, 256)
  v128.store(to, a17, 272)
  v128.store(to, a18, 288)
  v128.store(to, a19, 304)
  v128.store(to, a20, 320)
  v128.store(to, a21, 336)
  v128.store(to, a22, 352)
  v128.store(to, a23, 368)
  v128.store(to, a24, 384)
}

function flipLastBit(pair: usize): void {
  const at = pair + 2 * (RATE - 8)
  v128.store(at, v128.xor(v128.load(at), v128.splat<u64>(0x8000000000000000)))
}

function leadingZeroBits(hash: usize): i32 {
  for (let at: usize = 0; at < 32; at += 8) {
    const word = bswap<u64>(load<u64>(hash + 2 * at))
    if (word !== 0) return <i32>(at << 3) + <i32>clz<u64>(word)
  }
  return 256
}

function storePair(at: usize, even: u64, odd: u64): void {
  store<u64>(at, even)
  store<u64>(at, odd, 8)
}

/** As in `keccak.ts`. */
export function search(taken: usize, start: u64, count: u32, zeroBits: i32): u32 {
  const straddles = taken >= RATE - 8
  const shift: u64 = (<u64>(taken & 7)) << 3
  const lane = taken & ~7
  const next = straddles ? 0 : lane + 8
  for (let at: usize = 0; at < 200; at += 8) v128.store(FIRST + 2 * at, v128.load_splat<u64>(STATE + at))
  memory.copy(WORK, FIRST, 400)
  flipLastBit(WORK)
  const laneBefore = load<u64>(STATE + lane)
  let evenBefore = load<u64>(WORK + 2 * next)
  let oddBefore = evenBefore
  let evenLast: u64 = 0
  let oddLast: u64 = 0
  const padding: u64 = (<u64>1) << shift
  for (let i: u32 = 0; i < count; ) {
    const even = bswap<u64>(start + i)
    const odd = bswap<u64>(start + i + 1)
    const evenPart = even << shift
    const oddPart = odd << shift
    if (!straddles) {
      storePair(WORK + 2 * lane, laneBefore ^ evenPart, laneBefore ^ oddPart)
    } else if (i === 0 || evenPart !== evenLast || oddPart !== oddLast) {
      storePair(FIRST + 2 * lane, laneBefore ^ evenPart, laneBefore ^ oddPart)
      permute(FIRST, WORK)
      flipLastBit(WORK)
      evenBefore = load<u64>(WORK)
      oddBefore = load<u64>(WORK, 8)
      evenLast = evenPart
      oddLast = oddPart
    }
    storePair(
      WORK + 2 * next,
      evenBefore ^ ((even >> 1) >> (63 - shift)) ^ padding,
      oddBefore ^ ((odd >> 1) >> (63 - shift)) ^ padding,
    )
    permute(WORK, OUT)
    if (leadingZeroBits(OUT) >= zeroBits) return i
    if (++i === count) break
    if (leadingZeroBits(OUT + 8) >= zeroBits) return i
    i++
  }
  return count
}
