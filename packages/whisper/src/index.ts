/** Whisper v6 (EIP-627) with the Status extensions. */
export type { WhisperLink } from './link.ts'
