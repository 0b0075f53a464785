/**
 * Checking in one's own browser that one stood in a frozen pool: from the entry up to the published root, and from
 * one's own id to the pseudonym in the entry.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

import type { Proof } from '@/api/draws'

type Json = string | number | boolean | null | Json[] | { [name: string]: Json }

/** Canonical JSON (RFC 8785) of what these files hold: texts, whole numbers, lists, objects. */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const names = Object.keys(value).toSorted()
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name] ?? null)}`).join(',')}}`
}

function hashed(value: Json): string {
  return bytesToHex(sha256(utf8ToBytes(canonical(value))))
}

/** The root that entry and steps lead to. */
export function rootOf(entry: Json, steps: Proof['steps']): string {
  return steps.reduce((node, [side, hash]) => {
    if (side === 'left') return hashed(['node', hash ?? null, node])
    if (side === 'right') return hashed(['node', node, hash ?? null])
    return hashed(['node', node])
  }, hashed(['leaf', entry]))
}

export function pseudonymOf(expert: string, secret: string): string {
  return bytesToHex(sha256(utf8ToBytes(`park-draw-v1|${expert}|${secret}`)))
}

/** True when the entry is the person's own and stands under the root. */
export function proves(proof: Proof): boolean {
  const entry = proof.entry as { [name: string]: Json }
  return entry['id'] === pseudonymOf(proof.expert_id, proof.secret) && rootOf(entry, proof.steps) === proof.root
}
