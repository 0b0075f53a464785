/** Proving who one is, in the middle of something: asked for by the server, answered in a dialog, then it goes on. */
import { shallowRef } from 'vue'

import { whenProofIsWanted } from '@/api/client'

/** Set while the dialog is open; called with whether the proof was given. */
export const wanted = shallowRef<((given: boolean) => void) | null>(null)
let underWay: Promise<boolean> | null = null

/** Ask once, however many requests wait for the answer. */
function ask(): Promise<boolean> {
  underWay ??= new Promise<boolean>((resolve) => {
    wanted.value = (given) => {
      wanted.value = null
      underWay = null
      resolve(given)
    }
  })
  return underWay
}

whenProofIsWanted(ask)
