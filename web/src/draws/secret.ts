/**
 * The random number of somebody who takes part in a draw: made and hashed in this browser, handed over only to reveal it.
 *
 * It is remembered in this tab alone, until somebody signs out: whoever uses the computer next must not find it. Who promises
 * has taken a copy away before, for without the number the draw cannot go on. The hash is not made by
 * `crypto.subtle`, which browsers keep from pages that did not come over TLS.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

const PROTOCOL = 'park-draw-v1'
const BYTES = 32
const PREFIX = 'park.draw.'
const SHAPE = /^[0-9a-f]{64}$/

/** A number nobody can have known: 32 bytes of the system's randomness, written in hexadecimal. */
export function newSecret(): string {
  return bytesToHex(crypto.getRandomValues(new Uint8Array(BYTES)))
}

/**
 * What is published before the draw: the SHA-256 of protocol, draw, party and number as canonical JSON (RFC 8785), so that
 * nobody can repeat another's. Throws RangeError when the text is no such number.
 */
export function commitmentOf(draw: string, party: string, secret: string): string {
  const nonce = readSecret(secret)
  if (nonce === null) throw new RangeError('a secret is 64 hexadecimal digits')
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify([PROTOCOL, draw, { nonce, party }]))))
}

/** The number in a text as people paste it: blanks, line ends and capitals do no harm; null when it is none. */
export function readSecret(text: string): string | null {
  const plain = text.replaceAll(/\s/g, '').toLowerCase()
  return SHAPE.test(plain) ? plain : null
}

const keyOf = (draw: string, account: string): string => `${PREFIX}${draw}.${account}`

export function rememberSecret(draw: string, account: string, secret: string): void {
  sessionStorage.setItem(keyOf(draw, account), secret)
}

/** What this tab remembers; null where another one was used, or the number was revealed already. */
export function rememberedSecret(draw: string, account: string): string | null {
  return readSecret(sessionStorage.getItem(keyOf(draw, account)) ?? '')
}

export function forgetSecret(draw: string, account: string): void {
  sessionStorage.removeItem(keyOf(draw, account))
}

/** The text file somebody keeps: what it is for, the number, its hash. */
export function secretFile(title: string, secret: string, commitment: string): Blob {
  const lines = [title, `secret ${secret}`, `sha256 ${commitment}`, '']
  return new Blob([lines.join('\n')], { type: 'text/plain' })
}
