// biome-ignore-all lint/correctness/noPrecisionLoss: these are u64, not numbers
/**
 * Keccak-f[1600], Keccak-256 over an input buffer, and the search for a nonce. AssemblyScript; `scripts/wasm.mjs`
 * builds it.
 *
 * No allocation: STATE (25 lanes of 8 bytes, little endian) and INPUT are fixed places in memory, into and out of which
 * the host copies.
 */

const ROUND_CONSTANTS = memory.data<u64>([
  0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b,
  0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088,
  0x0000000080008009, 0x000000008000000a, 0x000000008000808b, 0x800000000000008b, 0x8000000000008089,
  0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
  0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
])

const STATE_BYTES: usize = 200
/** Bytes that a block of Keccak-256 takes in. */
const RATE: usize = 136
/** 480 whole blocks. */
const INPUT_BYTES: usize = 65280
const STATE = memory.data(200, 16)
const FIRST = memory.data(200, 16)
const WORK = memory.data(200, 16)
const OUT = memory.data(200, 16)
const INPUT = memory.data(65280, 16)

export function state(): usize {
  return STATE
}

export function input(): usize {
  return INPUT
}

export function inputBytes(): usize {
  return INPUT_BYTES
}

/** Permutes the 25 lanes at `from`, result to `to`. One round a turn: unrolled further it gets slower in V8. */
function permute(from: usize, to: usize): void {
  let a0: u64 = load<u64>(from, 0)
  let a1: u64 = load<u64>(from, 8)
  let a2: u64 = load<u64>(from, 16)
  let a3: u64 = load<u64>(from, 24)
  let a4: u64 = load<u64>(from, 32)
  let a5: u64 = load<u64>(from, 40)
  let a6: u64 = load<u64>(from, 48)
  let a7: u64 = load<u64>(from, 56)
  let a8: u64 = load<u64>(from, 64)
  let a9: u64 = load<u64>(from, 72)
  let a10: u64 = load<u64>(from, 80)
  let a11: u64 = load<u64>(from, 88)
  let a12: u64 = load<u64>(from, 96)
  let a13: u64 = load<u64>(from, 104)
  let a14: u64 = load<u64>(from, 112)
  let a15: u64 = load<u64>(from, 120)
  let a16: u64 = load<u64>(from, 128)
  let a17: u64 = load<u64>(from, 136)
  let a18: u64 = load<u64>(from, 144)
  let a19: u64 = load<u64>(from, 152)
  let a20: u64 = load<u64>(from, 160)
  let a21: u64 = load<u64>(from, 168)
  let a22: u64 = load<u64>(from, 176)
  let a23: u64 = load<u64>(from, 184)
  let a24: u64 = load<u64>(from, 192)
  for (let r: usize = 0; r < 24 * 8; r += 8) {
    const c0: u64 = a0 ^ a5 ^ a10 ^ a15 ^ a20
    const c1: u64 = a1 ^ a6 ^ a11 ^ a16 ^ a21
    const c2: u64 = a2 ^ a7 ^ a12 ^ a17 ^ a22
    const c3: u64 = a3 ^ a8 ^ a13 ^ a18 ^ a23
    const c4: u64 = a4 ^ a9 ^ a14 ^ a19 ^ a24
    const d0: u64 = c4 ^ rotl<u64>(c1, 1)
    const d1: u64 = c0 ^ rotl<u64>(c2, 1)
    const d2: u64 = c1 ^ rotl<u64>(c3, 1)
    const d3: u64 = c2 ^ rotl<u64>(c4, 1)
    const d4: u64 = c3 ^ rotl<u64>(c0, 1)
    const b0: u64 = a0 ^ d0
    const b1: u64 = rotl<u64>(a6 ^ d1, 44)
    const b2: u64 = rotl<u64>(a12 ^ d2, 43)
    const b3: u64 = rotl<u64>(a18 ^ d3, 21)
    const b4: u64 = rotl<u64>(a24 ^ d4, 14)
    const b5: u64 = rotl<u64>(a3 ^ d3, 28)
    const b6: u64 = rotl<u64>(a9 ^ d4, 20)
    const b7: u64 = rotl<u64>(a10 ^ d0, 3)
    const b8: u64 = rotl<u64>(a16 ^ d1, 45)
    const b9: u64 = rotl<u64>(a22 ^ d2, 61)
    const b10: u64 = rotl<u64>(a1 ^ d1, 1)
    const b11: u64 = rotl<u64>(a7 ^ d2, 6)
    const b12: u64 = rotl<u64>(a13 ^ d3, 25)
    const b13: u64 = rotl<u64>(a19 ^ d4, 8)
    const b14: u64 = rotl<u64>(a20 ^ d0, 18)
    const b15: u64 = rotl<u64>(a4 ^ d4, 27)
    const b16: u64 = rotl<u64>(a5 ^ d0, 36)
    const b17: u64 = rotl<u64>(a11 ^ d1, 10)
    const b18: u64 = rotl<u64>(a17 ^ d2, 15)
    const b19: u64 = rotl<u64>(a23 ^ d3, 56)
    const b20: u64 = rotl<u64>(a2 ^ d2, 62)
    const b21: u64 = rotl<u64>(a8 ^ d3, 55)
    const b22: u64 = rotl<u64>(a14 ^ d4, 39)
    const b23: u64 = rotl<u64>(a15 ^ d0, 41)
    const b24: u64 = rotl<u64>(a21 ^ d1, 2)
    a0 = b0 ^ (~b1 & b2) ^ load<u64>(ROUND_CONSTANTS + r)
    a1 = b1 ^ (~b2 & b3)
    a2 = b2 ^ (~b3 & b4)
    a3 = b3 ^ (~b4 & b0)
    a4 = b4 ^ (~b0 & b1)
    a5 = b5 ^ (~b6 & b7)
    a6 = b6 ^ (~b7 & b8)
    a7 = b7 ^ (~b8 & b9)
    a8 = b8 ^ (~b9 & b5)
    a9 = b9 ^ (~b5 & b6)
    a10 = b10 ^ (~b11 & b12)
    a11 = b11 ^ (~b12 & b13)
    a12 = b12 ^ (~b13 & b14)
    a13 = b13 ^ (~b14 & b10)
    a14 = b14 ^ (~b10 & b11)
    a15 = b15 ^ (~b16 & b17)
    a16 = b16 ^ (~b17 & b18)
    a17 = b17 ^ (~b18 & b19)
    a18 = b18 ^ (~b19 & b15)
    a19 = b19 ^ (~b15 & b16)
    a20 = b20 ^ (~b21 & b22)
    a21 = b21 ^ (~b22 & b23)
    a22 = b22 ^ (~b23 & b24)
    a23 = b23 ^ (~b24 & b20)
    a24 = b24 ^ (~b20 & b21)
  }
  store<u64>(to, a0, 0)
  store<u64>(to, a1, 8)
  store<u64>(to, a2, 16)
  store<u64>(to, a3, 24)
  store<u64>(to, a4, 32)
  store<u64>(to, a5, 40)
  store<u64>(to, a6, 48)
  store<u64>(to, a7, 56)
  store<u64>(to, a8, 64)
  store<u64>(to, a9, 72)
  store<u64>(to, a10, 80)
  store<u64>(to, a11, 88)
  store<u64>(to, a12, 96)
  store<u64>(to, a13, 104)
  store<u64>(to, a14, 112)
  store<u64>(to, a15, 120)
  store<u64>(to, a16, 128)
  store<u64>(to, a17, 136)
  store<u64>(to, a18, 144)
  store<u64>(to, a19, 152)
  store<u64>(to, a20, 160)
  store<u64>(to, a21, 168)
  store<u64>(to, a22, 176)
  store<u64>(to, a23, 184)
  store<u64>(to, a24, 192)
}

function flip8(at: usize, bits: u8): void {
  store<u8>(at, load<u8>(at) ^ bits)
}

/** Takes `count` whole blocks of INPUT into STATE. */
export function absorb(count: u32): void {
  let block = INPUT
  for (let i: u32 = 0; i < count; i++) {
    for (let at: usize = 0; at < RATE; at += 8)
      store<u64>(STATE + at, load<u64>(STATE + at) ^ load<u64>(block + at))
    permute(STATE, STATE)
    block += RATE
  }
}

/** Pads the block that has `taken` bytes (0 .. 135) in it; then the hash is the first 32 bytes of STATE. */
export function finish(taken: usize): void {
  flip8(STATE + taken, 0x01)
  flip8(STATE + RATE - 1, 0x80)
  permute(STATE, STATE)
}

/** Keccak-256 of the first `length` bytes of INPUT, to the first 32 bytes of STATE. */
export function hash(length: usize): void {
  memory.fill(STATE, 0, STATE_BYTES)
  const blocks = length / RATE
  absorb(<u32>blocks)
  const whole = blocks * RATE
  for (let at = whole; at < length; at++) flip8(STATE + at - whole, load<u8>(INPUT + at))
  finish(length - whole)
}

function leadingZeroBits(hash: usize): i32 {
  for (let at: usize = 0; at < 32; at += 8) {
    const word = bswap<u64>(load<u64>(hash + at))
    if (word !== 0) return <i32>(at << 3) + <i32>clz<u64>(word)
  }
  return 256
}

/**
 * STATE holds a prefix, `taken` bytes (0 .. 135) of it in the block that is not full. Tries `count` nonces from `start`
 * on and returns how many were in vain before one fitted; `count` if none did.
 *
 * The 8 bytes of the nonce and the padding byte 01 cover two neighbouring lanes at one bit offset:
 *
 * ```
 * lane taken / 8 : .. | start of the nonce      bswap(nonce) << shift
 * the next lane  : rest of the nonce | 01       bswap(nonce) >> (64 - shift) | 1 << shift
 * ```
 *
 * From `taken` = 128 on the next lane is the first of another block. The block before it is permuted anew only when
 * its part of the nonce has changed.
 */
export function search(taken: usize, start: u64, count: u32, zeroBits: i32): u32 {
  const straddles = taken >= RATE - 8
  const shift: u64 = (<u64>(taken & 7)) << 3
  const lane = taken & ~7
  const next = straddles ? 0 : lane + 8
  memory.copy(FIRST, STATE, STATE_BYTES)
  memory.copy(WORK, STATE, STATE_BYTES)
  flip8(WORK + RATE - 1, 0x80)
  const laneBefore = load<u64>(STATE + lane)
  let nextBefore = load<u64>(WORK + next)
  let lastPart: u64 = 0
  for (let i: u32 = 0; i < count; i++) {
    const nonce = bswap<u64>(start + i)
    const part = nonce << shift
    if (!straddles) {
      store<u64>(WORK + lane, laneBefore ^ part)
    } else if (i === 0 || part !== lastPart) {
      store<u64>(FIRST + lane, laneBefore ^ part)
      permute(FIRST, WORK)
      flip8(WORK + RATE - 1, 0x80)
      nextBefore = load<u64>(WORK)
      lastPart = part
    }
    store<u64>(WORK + next, nextBefore ^ ((nonce >> 1) >> (63 - shift)) ^ ((<u64>1) << shift))
    permute(WORK, OUT)
    if (leadingZeroBits(OUT) >= zeroBits) return i
  }
  return count
}
